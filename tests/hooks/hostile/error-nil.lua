-- E0902: error(nil)
error(nil)
