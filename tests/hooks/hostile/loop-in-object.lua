-- E0905: a loop in a hook point
return { api = 1, object = function() while true do end end }
