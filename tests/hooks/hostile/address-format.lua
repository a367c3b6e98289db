-- E0902: an address by %p
return string.format("%p", {})
