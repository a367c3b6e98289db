-- E0760: another kind
return { api = 1, object = { kind = "ServiceAccount", run = function(obj) obj.kind = "Pwned" end } }
