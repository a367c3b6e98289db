-- E0902: what pairs() of an object gives, called with nothing
return { api = 1, object = function(obj) local step = pairs(obj) step() end }
