-- E0905: a flood of lines
while true do print("flood") end
