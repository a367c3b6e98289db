return {
  api = 1,
  object = { kind = "StatefulSet", component = "broker", run = function(obj)
    obj.spec.template.spec.tolerations = {}
    obj.spec.template.spec.imagePullSecrets = { name = "regcred" }
  end },
  objects = function(list)
    list[#list + 1] = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "notes" } }
  end,
}
