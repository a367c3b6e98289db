-- E0902: another metatable for texts
return setmetatable("", {})
