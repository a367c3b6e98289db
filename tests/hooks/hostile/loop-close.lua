-- E0902: __close, which runs while an error unwinds
local x <close> = setmetatable({}, { __close = function() while true do end end }) error("x")
