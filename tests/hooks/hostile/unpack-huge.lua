-- E0905: unpack of 10^8 nils
return table.unpack({}, 1, 100000000)
