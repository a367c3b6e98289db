-- E0908: the same in a map that belongs to no object
local p = map {} for i = 1, 1000000 do p.a = map {} p = p.a end
