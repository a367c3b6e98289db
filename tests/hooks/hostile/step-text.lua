-- E0902: what pairs() of an object gives, called with a text
return { api = 1, object = function(obj) local step = pairs(obj) step(("x"):rep(1000)) end }
