-- E0904: a NUL in a text
return { api = 1, object = function(obj) obj.metadata.name = "a\0b" end }
