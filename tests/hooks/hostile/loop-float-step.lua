-- E0905: a loop whose step is lost in rounding
for i = 1.0, 1e308, 1e-300 do end
