local policy = require "policy"

return {
  api = 1,
  object = {
    kind = "StatefulSet", run = function(obj, plan)
      local site = plan.site
      policy.images(obj, site.registries)
      policy.require(obj.spec.replicas <= site.limits.pods and not site.limits.small, "too many pods", "brokers.count")
      for zone, class in pairs(site.classes) do
        if obj.metadata.name == "orders-broker-" .. zone then obj.spec.volumeClaimTemplates[1].spec.storageClassName = class end
      end
    end,
  },
}
