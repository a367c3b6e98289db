-- E0908: the same with a hundred thousand arguments
local keys = {} for i = 1, 90000 do keys[i] = "a" end
return { api = 1, object = function(obj) gregor.ensure(obj, table.unpack(keys)) end }
