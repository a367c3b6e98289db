-- E0902: the order of tables as keys
for k in pairs({ [{}] = 1, [{}] = 2 }) do end
