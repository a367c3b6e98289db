-- E0905: comparison that never ends
local mt = {} mt.__eq = function(a, b) while true do end end local _ = setmetatable({}, mt) == setmetatable({}, mt)
