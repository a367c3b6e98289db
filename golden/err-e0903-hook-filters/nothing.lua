return { api = 1, object = { kind = "StatefulSet" } }
