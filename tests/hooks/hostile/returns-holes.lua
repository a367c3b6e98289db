-- E0904: a list with holes
return { api = 1, object = function(obj) obj.spec = { 1, nil, 3 } end }
