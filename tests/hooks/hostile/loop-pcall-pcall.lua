-- E0905: pcall of pcall of pcall
while true do pcall(pcall, pcall, pcall, error) end
