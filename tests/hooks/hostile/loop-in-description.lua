-- E0906: a loop before the description is checked
return { api = 1, description = function(d) while true do d.labels = { a = "b" } end end }
