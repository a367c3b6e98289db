-- E0902: select of all
return select(-1)
