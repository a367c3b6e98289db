-- E0908: an object that holds copies of itself
return { api = 1, object = function(obj) for i = 1, 64 do obj.metadata.annotations = { a = obj.metadata, b = obj.metadata } end end }
