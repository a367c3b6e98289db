-- policy: what a site forbids or advises against. Findings point at the line of the description.
local policy = {}

-- Refuses the build. `where` is a path of the description ("brokers.count"), or a part of an object and a path in it.
-- Example:
--   local fine = pcall(policy.deny, "not used here") -- a finding, not an error: the function returns
--   assert(fine)
-- Fails: not used here
function policy.deny(message, ...)
  gregor.deny(message, ...)
end

-- Warns.
-- Example:
--   policy.warn("three zones would be better", "brokers.count")
-- Warns: orders.yaml:4:18: warning[W0921]: three zones would be better
function policy.warn(message, ...)
  gregor.warn(message, ...)
end

-- Refuses the build unless the condition holds. Returns whether it does.
-- Example:
--   assert(policy.require(plan.kafka ~= "0.8", "Kafka 0.8 is too old", "kafka.version"))
--   assert(not policy.require(plan.replicationFactor > 3, "four copies of everything", "brokers.count"))
-- Fails: orders.yaml:4:18: error[E0920]: four copies of everything
function policy.require(condition, message, ...)
  if not condition then gregor.deny(message, ...) end
  return condition and true or false
end

-- Refuses images that come from anywhere but these registries (prefixes): those of containers, and of image volumes.
-- Example:
--   policy.images(obj, { "apache/" })
--   local sidecar = { name = "shipper", image = "example.com/shipper:1" }
--   policy.images({ kind = "Pod", spec = map { containers = { sidecar } } }, { "apache/" })
-- Fails: error[E0920]: StatefulSet/orders-broker: image 'example.com/shipper:1' does not come from a registry of ours
function policy.images(obj, prefixes)
  local pod = require("k8s").pod(obj)
  local function check(part, key)
    local name, fine = part[key] or "", false
    for _, prefix in ipairs(prefixes) do fine = fine or name:sub(1, #prefix) == prefix end
    policy.require(fine, "image '" .. name .. "' does not come from a registry of ours", part, key)
  end
  for _, list in ipairs { pod and pod.initContainers or {}, pod and pod.containers or {} } do
    for _, c in ipairs(list) do check(c, "image") end
  end
  for _, volume in ipairs(pod and pod.volumes or {}) do
    if volume.image then check(volume.image, "reference") end
  end
end

return policy
