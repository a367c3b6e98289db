local k8s = require "k8s"
k8s.lable(map {}, "team", "payments")
