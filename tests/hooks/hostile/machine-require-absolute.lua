-- E0914: a module by absolute path
return require "/etc/passwd"
