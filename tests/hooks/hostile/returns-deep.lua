-- E0904: a map of a thousand levels
return { api = 1, object = function(obj) local t = {} local inner = t for i = 1, 1000 do inner.x = {} inner = inner.x end obj.spec = t end }
