-- E0904: not a number
return { api = 1, object = function(obj) obj.spec = { a = 0 / 0 } end }
