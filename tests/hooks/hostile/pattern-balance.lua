-- E0905: %b on a text that never closes
local s = ("("):rep(200000) while true do s:find("%b()") end
