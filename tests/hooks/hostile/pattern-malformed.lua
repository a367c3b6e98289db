-- E0902: a set without an end
return string.find("a", "[a")
