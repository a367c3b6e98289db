-- E0902: recursion that keeps its frames
local function f(...) return 1 + f(1, 2, 3, ...) end f()
