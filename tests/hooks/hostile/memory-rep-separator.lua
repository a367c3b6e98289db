-- E0906: repetition with a separator
return (""):rep(1000000000, "x")
