-- E0905: table.move over 10^15 entries
table.move({}, 1, 1000000000000000, 2)
