-- E0902: the environment
return os.getenv("HOME")
