-- E0905: a loop without an end
while true do end
