-- E0905: errors made of errors
local s = "" while true do local ok, e = pcall(error, s) s = #tostring(e) < 1000 and e .. "x" or "" end
