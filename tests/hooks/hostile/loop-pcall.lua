-- E0905: pcall around the loop, again and again
while true do pcall(function() while true do end end) end
