local obj = map { metadata = map {} }
obj.metadata.annotations.team = "payments"
