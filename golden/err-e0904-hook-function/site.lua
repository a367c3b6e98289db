return {
  api = 1,
  object = { name = "orders-broker", kind = "StatefulSet", run = function(obj)
    local list = { "a", "b", { deep = print } }
    obj.spec.template.spec.containers[1].args = list
  end },
}
