-- E0906: every byte becomes thousand
local s = ("x"):rep(60000) return s:gsub(".", ("y"):rep(10000))
