string.upper(map {})
