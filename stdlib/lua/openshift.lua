-- openshift: what OpenShift wants beside plain Kubernetes. `platform: openshift` of the description does most of it.
local k8s = require "k8s"
local openshift = {}

-- Lets the SCC choose user and groups: removes the fixed ones of pod and containers (restricted-v2 gives each project its own).
-- Example:
--   openshift.any_user(obj)
--   assert(k8s.pod(obj).securityContext.runAsUser == nil and k8s.pod(obj).securityContext.fsGroup == nil)
function openshift.any_user(obj)
  local spec = k8s.pod(obj)
  if not spec then return end
  local contexts = { spec.securityContext or {} }
  for _, list in ipairs { spec.initContainers or {}, spec.containers } do
    for _, c in ipairs(list) do contexts[#contexts + 1] = c.securityContext or {} end
  end
  for _, context in ipairs(contexts) do
    context.runAsUser, context.runAsGroup, context.fsGroup = nil, nil, nil
  end
end

-- A Route with TLS passed through to the Service's port. Put it into the list of `objects`.
-- Example:
--   local r = openshift.route(plan, "ui", "ui.example.com", "orders-ui", "https")
--   assert(r.spec.tls.termination == "passthrough" and r.spec.to.name == "orders-ui")
function openshift.route(plan, suffix, host, service, port)
  return {
    apiVersion = "route.openshift.io/v1", kind = "Route",
    metadata = { name = plan.name .. "-" .. suffix, namespace = plan.namespace },
    spec = {
      host = host, port = { targetPort = port }, tls = { termination = "passthrough" },
      to = { kind = "Service", name = service, weight = 100 },
    },
  }
end

return openshift
