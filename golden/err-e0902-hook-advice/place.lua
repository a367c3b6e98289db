gregor.deny("too few", 3)
