-- E0904: a table that is list and map
return { api = 1, object = function(obj) obj.spec = { 1, 2, a = 3 } end }
