-- E0920: a flood of findings
local n = 0 while true do n = n + 1 gregor.deny("finding " .. n) end
