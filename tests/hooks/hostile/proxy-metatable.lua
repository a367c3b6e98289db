-- E0902: the metatable of objects
return { api = 1, object = function(obj) getmetatable(obj).__index = nil end }
