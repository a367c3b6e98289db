-- E0902: more captures than there are
return ("x"):find(("()"):rep(40))
