-- A ConfigMap full of braces.
return {
  api = 1,
  objects = function(list, plan)
    list[#list + 1] = {
      apiVersion = "v1", kind = "ConfigMap",
      metadata = { name = "braces", namespace = plan.namespace, annotations = { braces = string.rep("{{", 100000) } },
      data = { braces = string.rep("{{", 500000) },
    }
  end,
}
