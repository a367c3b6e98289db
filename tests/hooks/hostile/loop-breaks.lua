-- E0905: loops over an object that are all left early
return { api = 1, object = function(obj) while true do for _ in pairs(obj) do break end end end }
