-- container: one container: its environment, mounts, resources, probes and arguments. See pod.container() for how to get one.
local list = require "list"
local container = {}

-- Sets an environment variable: a text, or a table such as { secretKeyRef = { name = ..., key = ... } }. Nothing is an error: a
-- value of `site:` that a page forgot must not become a text.
-- Example:
--   local c = pod.container(obj)
--   container.env(c, "HTTP_PROXY", "http://proxy.example.com:3128")
--   container.env(c, "TOKEN", { secretKeyRef = { name = "shipper", key = "token" } })
--   assert(container.get_env(c, "HTTP_PROXY") == "http://proxy.example.com:3128")
--   assert(not pcall(container.env, c, "OWNER", plan.site.owner))
function container.env(c, name, value)
  local entry = { name = name }
  if value == nil or value == null then error("the variable '" .. name .. "' has no value", 2) end
  if type(value) == "table" then entry.valueFrom = value else entry.value = tostring(value) end
  list.put(list.at(c, "env"), "name", entry)
end

-- The value of an environment variable, or nil when it has none or is not a text.
-- Example:
--   assert(container.get_env(pod.container(obj), "NOT_SET") == nil)
function container.get_env(c, name)
  for _, entry in ipairs(c.env or {}) do
    if entry.name == name then return entry.value end
  end
end

-- The mount of the volume of that name, or nil.
-- Example:
--   assert(container.mount(pod.container(obj), "nothing") == nil)
function container.mount(c, volume)
  for _, mount in ipairs(c.volumeMounts or {}) do
    if mount.name == volume then return mount end
  end
end

-- Sets requests and limits; what a table leaves out stays as it is.
-- Example:
--   local c = pod.container(obj)
--   container.resources(c, { cpu = "500m", memory = "2Gi" }, { memory = "2Gi" })
--   assert(c.resources.requests.cpu == "500m" and c.resources.limits.memory == "2Gi")
function container.resources(c, requests, limits)
  for key, value in pairs(requests or {}) do gregor.ensure(c, "resources", "requests")[key] = value end
  for key, value in pairs(limits or {}) do gregor.ensure(c, "resources", "limits")[key] = value end
end

-- Changes fields of a probe that is there: "startup", "readiness" or "liveness".
-- Example:
--   container.probe(pod.container(obj), "readiness", { periodSeconds = 20, failureThreshold = 5 })
--   assert(pod.container(obj).readinessProbe.periodSeconds == 20)
function container.probe(c, which, fields)
  local probe = c[which .. "Probe"] or error("the container has no " .. which .. " probe", 2)
  for key, value in pairs(fields) do probe[key] = value end
end

-- Opens a port, or changes the one of its name.
-- Example:
--   container.port(pod.container(obj), "debug", 5005)
--   assert(pod.container(obj).ports[#pod.container(obj).ports].containerPort == 5005)
function container.port(c, name, number, protocol)
  list.put(list.at(c, "ports"), "name", { name = name, containerPort = number, protocol = protocol })
end

return container
