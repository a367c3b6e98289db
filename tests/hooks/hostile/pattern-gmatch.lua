-- E0905: gmatch of nothing
local s = ("a"):rep(100000) while true do for _ in s:gmatch("a*b") do end end
