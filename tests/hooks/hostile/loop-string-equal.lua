-- E0907: equality of long texts
local a = ("x"):rep(8000000) local b = ("x"):rep(7999999) .. "x" while true do local _ = a == b end
