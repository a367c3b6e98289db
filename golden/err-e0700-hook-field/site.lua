return {
  api = 1,
  object = {
    { kind = "StatefulSet", run = function(obj)
        obj.spec.template.spec.containers[1].imagePulPolicy = "Always"
        obj.spec.replicas = "three"
        obj.spec.template.spec.containers[1].imagePullPolicy = "Sometimes"
      end },
    { kind = "Service", run = function(obj)
        obj.spec.type = null
      end },
  },
  objects = function(list, plan)
    list[#list + 1] = { apiVersion = "v1", kind = "ServiceAccount", metadata = { name = plan.name, namespace = plan.namespace } }
  end,
}
