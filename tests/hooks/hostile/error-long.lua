-- E0902: a message of ten megabytes
error(("x"):rep(10000000))
