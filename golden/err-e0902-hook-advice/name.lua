local obj = map { spec = map { replicas = 3 } }
obj.spec.replicas = obj.spec.replcas * 2
