return {
  api = 1,
  object = { name = "orders-broker", kind = "StatefulSet", run = function(obj)
    obj.spec.template.spec.containers[1].resources = { limits = { cpu = 1 / 2 } }
  end },
}
