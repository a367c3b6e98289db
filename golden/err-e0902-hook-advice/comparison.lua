return map {} < 3
