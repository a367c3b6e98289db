-- E0763: the same object twice
return { api = 1, objects = function(list) list[#list + 1] = list[1] end }
