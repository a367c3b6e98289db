-- E0902: native libraries
return package.loadlib("libc.so.6", "*")
