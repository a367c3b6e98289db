-- E0902: a pattern that recurses deeper than the stack
return string.find("", ("("):rep(300))
