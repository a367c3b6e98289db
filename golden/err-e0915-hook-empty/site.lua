return { api = 1, object = function(obj) return nil end }
