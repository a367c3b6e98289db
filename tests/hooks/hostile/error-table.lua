-- E0902: an error that is a table with a hostile __tostring
error(setmetatable({}, { __tostring = function() while true do end end }))
