-- E0914: a module by path
return require "../../../etc/passwd"
