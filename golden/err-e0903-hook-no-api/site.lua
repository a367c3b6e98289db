return { object = function(obj) end }
