-- E0905: a capture compared again and again
return string.find(("ab"):rep(20000), "(.*)%1%1x")
