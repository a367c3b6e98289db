-- E0905: a long set for each byte
return string.find(("a"):rep(60000), "[" .. ("b"):rep(60000) .. "]*c")
