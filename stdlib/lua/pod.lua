-- pod: what a pod holds beside its main container, and where it may run. Functions take the workload that makes the pod.
local k8s = require "k8s"
local list = require "list"
local pod = {}

local function spec(obj)
  return k8s.pod(obj) or error("a " .. tostring(obj.kind) .. " makes no pods", 3)
end

-- A copy with the privileges of the main container where it says none.
local function secured(container, s)
  local c = gregor.copy(container)
  if c.securityContext == nil then c.securityContext = s.containers[1].securityContext end
  return c
end

-- The container of that name, init containers included; without a name the main one (the first). nil: there is none.
-- Example:
--   assert(pod.container(obj).name == "kafka" and pod.container(obj, "nobody") == nil)
function pod.container(obj, name)
  local s = spec(obj)
  if name == nil then return s.containers[1] end
  return list.find(s.containers, "name", name) or list.find(s.initContainers, "name", name)
end

-- Adds a container that runs beside the main one, or replaces the one of its name. What it does not say about privileges
-- is that of the main container, so that the pod stays restricted.
-- Example:
--   local shipper = { name = "shipper", image = "example.com/shipper:1.2" }
--   pod.sidecar(obj, shipper)
--   assert(pod.container(obj, "shipper").securityContext.allowPrivilegeEscalation == false)
--   assert(shipper.securityContext == nil) -- the table stays as it is, and serves the next workload
function pod.sidecar(obj, container)
  local s = spec(obj)
  list.put(s.containers, "name", secured(container, s))
end

-- Adds an init container behind those that are there, or replaces the one of its name. With `restartPolicy = "Always"` it is
-- a sidecar that starts before and ends after the main container (Kubernetes 1.29).
-- Example:
--   pod.init(obj, { name = "wait", image = "example.com/wait:1", restartPolicy = "Always" })
--   assert(pod.container(obj, "wait").restartPolicy == "Always")
function pod.init(obj, container)
  local s = spec(obj)
  list.put(list.at(s, "initContainers"), "name", secured(container, s))
end

-- Adds a volume, or replaces the one of its name.
-- Example:
--   pod.volume(obj, { name = "scratch", emptyDir = { sizeLimit = "1Gi" } })
--   assert(k8s.pod(obj).volumes[#k8s.pod(obj).volumes].name == "scratch")
function pod.volume(obj, volume)
  list.put(list.at(spec(obj), "volumes"), "name", volume)
end

-- Adds a volume and mounts it, read only, into a container (without a name: the main one).
-- Example:
--   pod.mount(obj, { name = "ca", configMap = { name = "corporate-ca" } }, "/etc/corporate-ca")
--   assert(container.mount(pod.container(obj), "ca").mountPath == "/etc/corporate-ca")
function pod.mount(obj, volume, path, name)
  pod.volume(obj, volume)
  local c = pod.container(obj, name) or error("there is no container '" .. tostring(name) .. "'", 2)
  list.put(list.at(c, "volumeMounts"), "mountPath", { name = volume.name, mountPath = path, readOnly = true })
end

-- Lets the pods run on nodes with a taint. Without a value any value of the key is meant.
-- Example:
--   pod.tolerate(obj, "dedicated", "kafka", "NoSchedule")
--   assert(k8s.pod(obj).tolerations[1].operator == "Equal")
function pod.tolerate(obj, key, value, effect)
  local tolerations = list.at(spec(obj), "tolerations")
  tolerations[#tolerations + 1] = { key = key, operator = value and "Equal" or "Exists", value = value, effect = effect }
end

-- Wants a label of the node.
-- Example:
--   pod.select_node(obj, "example.com/disk", "nvme")
--   assert(k8s.pod(obj).nodeSelector["example.com/disk"] == "nvme")
function pod.select_node(obj, key, value)
  gregor.ensure(spec(obj), "nodeSelector")[key] = value
end

-- Keeps the pods away from nodes that run pods with these labels. `topology`: what counts as the same place (a node).
-- Example:
--   pod.avoid(obj, { app = "elasticsearch" })
--   local terms = k8s.pod(obj).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution
--   assert(terms[#terms].labelSelector.matchLabels.app == "elasticsearch")
function pod.avoid(obj, labels, topology)
  local anti = gregor.ensure(spec(obj), "affinity", "podAntiAffinity")
  local terms = list.at(anti, "requiredDuringSchedulingIgnoredDuringExecution")
  terms[#terms + 1] = { labelSelector = { matchLabels = labels }, topologyKey = topology or "kubernetes.io/hostname" }
end

-- Names a Secret for pulling images, once.
-- Example:
--   pod.pull_secret(obj, "mirror")
--   pod.pull_secret(obj, "mirror")
--   assert(#k8s.pod(obj).imagePullSecrets == 1)
function pod.pull_secret(obj, name)
  list.put(list.at(spec(obj), "imagePullSecrets"), "name", { name = name })
end

-- Adds a line to /etc/hosts of the pods.
-- Example:
--   pod.host(obj, "192.0.2.7", "ldap.example.com")
--   assert(k8s.pod(obj).hostAliases[1].hostnames[1] == "ldap.example.com")
function pod.host(obj, address, name)
  local aliases = list.at(spec(obj), "hostAliases")
  local one = list.find(aliases, "ip", address)
  if one then
    one.hostnames[#one.hostnames + 1] = name
  else
    aliases[#aliases + 1] = { ip = address, hostnames = { name } }
  end
end

return pod
