-- E0902: what pairs() of an object gives, called with null
return { api = 1, object = function(obj) local step = pairs(obj) step(null) end }
