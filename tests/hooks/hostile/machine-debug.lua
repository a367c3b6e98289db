-- E0902: the debug library
return debug.getregistry()
