-- E0905: captures that are tried again
return string.match(("a"):rep(3000), ("(.-)"):rep(10) .. "b")
