-- E0904: a function in an object
return { api = 1, object = function(obj) obj.spec = print end }
