-- E0902: reading a file
return io.open("/etc/passwd")
