-- E0905: a tail call without an end
local function f() return f() end f()
