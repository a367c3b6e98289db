-- E0904: bytes that are no text
return { api = 1, object = function(obj) obj.metadata.name = "\255\254" end }
