-- E0902: code from a file
return loadfile("/etc/passwd")
