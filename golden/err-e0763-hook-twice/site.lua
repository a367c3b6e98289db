return {
  api = 1,
  objects = function(list, plan)
    table.insert(list, 1, {
      apiVersion = "v1", kind = "ConfigMap", metadata = { name = plan.name .. "-kafka", namespace = plan.namespace },
    })
  end,
}
