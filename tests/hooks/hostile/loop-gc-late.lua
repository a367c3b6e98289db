-- E0903: __gc set after setmetatable has no effect
local mt = {} for i = 1, 1000 do setmetatable({}, mt) end mt.__gc = function() while true do end end return nil
