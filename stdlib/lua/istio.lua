-- istio: Kafka in a mesh. Brokers speak TLS of their own among themselves: those ports stay out of the mesh.
local k8s = require "k8s"
local istio = {}

-- Lets the sidecar be injected, or keeps it out.
-- Example:
--   istio.inject(obj, false)
--   assert(k8s.template(obj).metadata.labels["sidecar.istio.io/inject"] == "false")
function istio.inject(obj, wanted)
  local template = k8s.template(obj)
  if template then k8s.label(template, "sidecar.istio.io/inject", wanted and "true" or "false") end
end

-- Keeps ports out of the mesh, both ways.
-- Example:
--   istio.bypass(obj, 9090, 9091)
--   assert(k8s.template(obj).metadata.annotations["traffic.sidecar.istio.io/excludeInboundPorts"] == "9090,9091")
function istio.bypass(obj, ...)
  local template, ports = k8s.template(obj), table.concat({ ... }, ",")
  if not template then return end
  k8s.annotate(template, "traffic.sidecar.istio.io/excludeInboundPorts", ports)
  k8s.annotate(template, "traffic.sidecar.istio.io/excludeOutboundPorts", ports)
end

-- Starts the containers of the pod only when the proxy is there: a broker without a network gives up.
-- Example:
--   istio.hold(obj)
--   assert(k8s.template(obj).metadata.annotations["proxy.istio.io/config"]:find("holdApplicationUntilProxyStarts"))
function istio.hold(obj)
  local template = k8s.template(obj)
  if template then k8s.annotate(template, "proxy.istio.io/config", '{"holdApplicationUntilProxyStarts": true}') end
end

return istio
