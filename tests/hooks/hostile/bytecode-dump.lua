-- E0902: bytecode by string.dump
return string.dump(function() end)
