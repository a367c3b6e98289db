-- E0905: greedy repetition, nested
return string.find(("a"):rep(5000), (".*"):rep(5) .. "b")
