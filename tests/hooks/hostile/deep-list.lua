-- E0908: lists in lists
local p = array {} for i = 1, 1000000 do p[1] = array {} p = p[1] end
