-- E0905: a module that is required again and again
while true do pcall(require, "no-such-module") end
