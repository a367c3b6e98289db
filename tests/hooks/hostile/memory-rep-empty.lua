-- E0903: nothing, repeated without end
return (""):rep(math.maxinteger)
