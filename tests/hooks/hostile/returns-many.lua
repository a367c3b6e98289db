-- E0908: twenty thousand objects
return { api = 1, objects = function(list) for i = 1, 20000 do list[i] = list[1] end end }
