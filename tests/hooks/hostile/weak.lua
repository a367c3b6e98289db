-- E0902: a weak table, which tells when garbage is collected
return setmetatable({}, { __mode = "k" })
