-- E0902: the metatable that all texts share
getmetatable("").__index = function() end
