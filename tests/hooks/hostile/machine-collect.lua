-- E0902: forcing a collection
return collectgarbage()
