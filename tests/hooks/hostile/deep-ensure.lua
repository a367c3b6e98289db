-- E0908: a part in a part in a part, step by step
return { api = 1, object = function(obj) local p = obj.metadata for i = 1, 1000000 do p = gregor.ensure(p, "a") end end }
