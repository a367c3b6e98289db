-- E0902: bytecode by load
return load("\27Lua")
