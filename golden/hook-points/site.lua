local k8s = require "k8s"

return {
  api = 1,
  description = function(d)
    d.brokers = { count = 3, memory = "4Gi" }
    d.labels = { stage = d.site.small and "test" or "production" }
  end,
  object = function(obj, plan)
    k8s.label(obj, "owner", plan.site.owner)
    k8s.annotate(obj, "example.com/cost-center", plan.site.costCenter)
    return obj
  end,
  objects = function(list, plan)
    list[#list + 1] = {
      data = { ["README"] = "run by " .. plan.site.owner .. "\n" },
      metadata = { namespace = plan.namespace, name = plan.name .. "-notes", labels = { owner = plan.site.owner } },
      kind = "ConfigMap", apiVersion = "v1",
    }
  end,
}
