-- E0903: the step of ipairs() behind the last number there is
local step = ipairs({}) step({}, math.maxinteger)
