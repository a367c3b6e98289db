-- E0905: .- six times on 3000 bytes
return string.find(("a"):rep(3000), (".-"):rep(6) .. "b")
