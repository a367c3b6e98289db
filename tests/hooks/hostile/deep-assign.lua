-- E0908: the same by assignment
return { api = 1, object = function(obj) local p = obj.metadata for i = 1, 1000000 do p.a = {} p = p.a end end }
