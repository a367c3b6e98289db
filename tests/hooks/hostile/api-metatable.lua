-- E0905: a result whose metatable loops
return setmetatable({}, { __index = function() while true do end end })
