-- service: Services, and how the world reaches them.
local k8s = require "k8s"
local service = {}

-- The port of that name, or nil.
-- Example: Service/orders-bootstrap
--   assert(service.port(obj, "tcp-internal").port == 9092)
function service.port(obj, name)
  for _, port in ipairs(obj.spec.ports or {}) do
    if port.name == name then return port end
  end
end

-- Makes a load balancer of it: class of the controller and addresses that may connect (lists of CIDRs); both may be left out.
-- Example: Service/orders-bootstrap
--   service.load_balancer(obj, "service.k8s.aws/nlb", { "10.0.0.0/8" })
--   assert(obj.spec.type == "LoadBalancer" and obj.spec.loadBalancerSourceRanges[1] == "10.0.0.0/8")
function service.load_balancer(obj, class, ranges)
  obj.spec.type = "LoadBalancer"
  if class then obj.spec.loadBalancerClass = class end
  if ranges then obj.spec.loadBalancerSourceRanges = ranges end
end

-- Keeps traffic on the node that it reached, so that the address of the client is seen.
-- Example: Service/orders-bootstrap
--   service.load_balancer(obj)
--   service.keep_client_address(obj)
--   assert(obj.spec.externalTrafficPolicy == "Local")
function service.keep_client_address(obj)
  obj.spec.externalTrafficPolicy = "Local"
end

-- Names the host for external-dns.
-- Example: Service/orders-bootstrap
--   service.dns(obj, "kafka.example.com")
--   assert(obj.metadata.annotations["external-dns.alpha.kubernetes.io/hostname"] == "kafka.example.com")
function service.dns(obj, host)
  k8s.annotate(obj, "external-dns.alpha.kubernetes.io/hostname", host)
end

return service
