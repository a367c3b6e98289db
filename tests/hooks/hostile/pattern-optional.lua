-- E0905: a? 35 times: exponential in C
return string.find(("a"):rep(35), ("a?"):rep(35) .. ("a"):rep(35))
