-- E0905: a length that never ends
local _ = #setmetatable({}, { __len = function() while true do end end })
