return { api = 1, object = { kind = "StatefulSet", { name = "orders-*", run = function(obj) end } } }
