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
function policy.warn(message, ...)
  gregor.warn(message, ...)
end

-- Refuses the build unless the condition holds. Returns whether it does.
-- Example:
--   assert(policy.require(plan.kafka ~= "0.8", "Kafka 0.8 is too old", "kafka.version"))
function policy.require(condition, message, ...)
  if not condition then gregor.deny(message, ...) end
  return condition and true or false
end

-- Refuses images that come from anywhere but these registries (prefixes).
-- Example:
--   policy.images(obj, { "apache/" })
function policy.images(obj, prefixes)
  local k8s = require "k8s"
  local pod = k8s.pod(obj)
  for _, list in ipairs { pod and pod.initContainers or {}, pod and pod.containers or {} } do
    for _, c in ipairs(list) do
      local fine = false
      for _, prefix in ipairs(prefixes) do
        fine = fine or c.image:sub(1, #prefix) == prefix
      end
      policy.require(fine, "image '" .. c.image .. "' does not come from a registry of ours", c, "image")
    end
  end
end

return policy
