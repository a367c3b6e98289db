-- E0905: a comparison that lies, over and over
local t = {} for i = 1, 200 do t[i] = i end while true do table.sort(t, function() return true end) end
