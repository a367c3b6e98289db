-- E0902: rawset past the metatable
return { api = 1, object = function(obj) rawset(obj, "kind", "Secret") end }
