-- E0906: parts of objects that belong to nothing
local keep = {} while true do keep[#keep + 1] = map { a = "b" } end
