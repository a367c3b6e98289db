return {
  api = 1,
  object = {
    { kind = "StatefulSet", component = "broker", run = function(obj)
        obj.spec.template.spec.terminationGracePeriodSeconds = 600
      end },
    { kind = { "Service", "ConfigMap" }, name = "orders-n*", run = function(obj)
        gregor.ensure(obj, "metadata", "annotations")["example.com/touched"] = "yes"
      end },
    { kind = "PodDisruptionBudget", run = function() return nil end },
  },
}
