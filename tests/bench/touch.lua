-- What the figures of hooks are measured with: every object is touched, by way of the standard library.
local k8s = require "k8s"

return {
  api = 1,
  object = function(obj, plan)
    k8s.label(obj, "team", "payments")
    k8s.annotate(obj, "example.com/cost-center", "4711")
    if obj.kind == "StatefulSet" then
      local pod = obj.spec.template.spec
      pod.priorityClassName = "high"
      pod.containers[1].env = pod.containers[1].env or array {}
      table.insert(pod.containers[1].env, { name = "SITE", value = plan.namespace })
    end
  end,
}
