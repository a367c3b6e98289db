-- E0902: chance
return math.random()
