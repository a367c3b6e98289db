-- E0905: __close set after setmetatable
local mt = {} local o = setmetatable({}, mt) mt.__close = function() while true do end end do local x <close> = o end
