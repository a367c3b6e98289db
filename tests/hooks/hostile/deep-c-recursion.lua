-- E0902: gsub in gsub in gsub
local function f() return (("x"):gsub("x", f)) end f()
