-- E0914: a library of Lua by its name
return require "os"
