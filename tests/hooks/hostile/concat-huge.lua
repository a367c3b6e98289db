-- E0905: concat of a range without end
return table.concat({}, "", 1, math.maxinteger)
