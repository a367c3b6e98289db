-- E0905: __tostring that loops, by way of print
print(setmetatable({}, { __tostring = function() while true do end end }))
