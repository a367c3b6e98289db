-- E0906: a gigabyte by repetition
return ("x"):rep(1000000000)
