-- argocd: the order in which Argo CD syncs objects, and how.
local k8s = require "k8s"
local argocd = {}

-- Sets the sync wave: lower numbers are applied first and must be healthy before the next.
-- Example:
--   argocd.wave(obj, 2)
--   assert(obj.metadata.annotations["argocd.argoproj.io/sync-wave"] == "2")
function argocd.wave(obj, number)
  k8s.annotate(obj, "argocd.argoproj.io/sync-wave", tostring(math.tointeger(number) or error("a wave is a whole number", 2)))
end

-- Adds sync options, for example "ServerSideApply=true", "Prune=false"; each once.
-- Example:
--   argocd.options(obj, "Prune=false")
--   argocd.options(obj, "Prune=false", "ServerSideApply=true")
--   assert(obj.metadata.annotations["argocd.argoproj.io/sync-options"] == "Prune=false,ServerSideApply=true")
function argocd.options(obj, ...)
  local key = "argocd.argoproj.io/sync-options"
  local all = obj.metadata.annotations and obj.metadata.annotations[key]
  for _, option in ipairs { ... } do
    if not ("," .. (all or "") .. ","):find("," .. option .. ",", 1, true) then all = all and all .. "," .. option or option end
  end
  k8s.annotate(obj, key, all)
end

-- Waves by what objects are: what others need first (-2), configuration (-1), ensembles and controllers (0), brokers (1), the rest (2).
-- Example:
--   argocd.by_component(obj)
--   assert(obj.metadata.annotations["argocd.argoproj.io/sync-wave"] == "1")
function argocd.by_component(obj)
  local first = { Namespace = -2, StorageClass = -2, PersistentVolume = -2, ServiceAccount = -2, ConfigMap = -1, Secret = -1, Service = -1 }
  local components = { zookeeper = 0, controller = 0, broker = 1 }
  local workload = obj.kind == "StatefulSet" and components[k8s.get_label(obj, "app.kubernetes.io/component") or ""]
  argocd.wave(obj, first[obj.kind] or workload or 2)
end

return argocd
