k8s.label(map {}, "team", "payments")
