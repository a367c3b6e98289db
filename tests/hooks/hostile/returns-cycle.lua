-- E0904: a table that holds itself
return { api = 1, object = function(obj) local t = {} t.t = t obj.spec = t end }
