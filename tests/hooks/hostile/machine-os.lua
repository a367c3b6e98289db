-- E0902: ending the process
os.exit(0)
