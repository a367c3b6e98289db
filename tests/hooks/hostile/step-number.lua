-- E0902: what pairs() gives, called with a number as if it were a table's address
return pairs({ a = 1 })(0x414141414141)
