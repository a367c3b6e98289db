return { api = 1, object = { function(obj) end } }
