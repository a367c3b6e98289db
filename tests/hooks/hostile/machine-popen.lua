-- E0902: starting a process
return io.popen("id")
