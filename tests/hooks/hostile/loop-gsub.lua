-- E0905: gsub with a function that loops
("a"):gsub("a", function() while true do end end)
