-- E0902: __gc, where no hook of Lua counts
setmetatable({}, { __gc = function() while true do end end })
