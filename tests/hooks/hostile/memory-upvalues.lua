-- E0906: closures that hold closures
local f for i = 1, math.huge do local g = f f = function() return g end end
