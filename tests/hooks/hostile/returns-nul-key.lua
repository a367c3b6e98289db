-- E0904: a NUL in a key
return { api = 1, object = function(obj) obj["metadata\0x"] = 1 end }
