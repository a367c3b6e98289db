-- k8s: labels and annotations, and the pod that an object makes.
local k8s = {}

local paths = {
  StatefulSet = { "spec", "template" }, Deployment = { "spec", "template" }, DaemonSet = { "spec", "template" },
  Job = { "spec", "template" }, CronJob = { "spec", "jobTemplate", "spec", "template" }, Pod = {},
}

-- Labels and annotations are texts; `site:` gives whole numbers and booleans as such.
local function text(value)
  local kind = type(value)
  if kind == "number" then return tostring(math.tointeger(value) or value) end
  return kind == "boolean" and tostring(value) or value
end

-- Sets a label of the object; nil removes it. Numbers and booleans become texts.
-- Example:
--   k8s.label(obj, "team", "payments")
--   k8s.label(obj, "tier", 1)
--   assert(obj.metadata.labels.team == "payments" and obj.metadata.labels.tier == "1")
function k8s.label(obj, key, value)
  gregor.ensure(obj, "metadata", "labels")[key] = text(value)
end

-- Sets an annotation of the object, as k8s.label() sets a label.
-- Example:
--   k8s.annotate(obj, "example.com/cost-center", 4711)
--   assert(obj.metadata.annotations["example.com/cost-center"] == "4711")
function k8s.annotate(obj, key, value)
  gregor.ensure(obj, "metadata", "annotations")[key] = text(value)
end

-- Sets all labels of a table; on the object, and with `pods` on the pods that it makes as well. New labels of pods
-- restart them.
-- Example:
--   k8s.labels(obj, { team = "payments", tier = "data" }, true)
--   assert(obj.metadata.labels.tier == "data" and k8s.template(obj).metadata.labels.team == "payments")
function k8s.labels(obj, labels, pods)
  local template = pods and k8s.template(obj)
  for key, value in pairs(labels) do
    k8s.label(obj, key, value)
    if template then k8s.label(template, key, value) end
  end
end

-- Sets all annotations of a table; with `pods` on the pods that the object makes as well.
-- Example:
--   k8s.annotations(obj, { ["example.com/owner"] = "payments" })
--   assert(obj.metadata.annotations["example.com/owner"] == "payments")
function k8s.annotations(obj, annotations, pods)
  local template = pods and k8s.template(obj)
  for key, value in pairs(annotations) do
    k8s.annotate(obj, key, value)
    if template then k8s.annotate(template, key, value) end
  end
end

-- The pod template of a workload (StatefulSet, Deployment, DaemonSet, Job, CronJob), the Pod itself, or nil for anything else.
-- Example:
--   assert(k8s.template(obj).metadata.labels["app.kubernetes.io/component"] == "broker")
--   assert(k8s.template({ kind = "Pod", spec = {} }).spec and k8s.template({ kind = "Service", spec = {} }) == nil)
function k8s.template(obj)
  local at = obj
  for _, key in ipairs(paths[obj.kind] or { "no such field" }) do
    at = at and at[key]
  end
  return at
end

-- The spec of the pod that a workload makes, or nil.
-- Example:
--   assert(k8s.pod(obj).containers[1].name == "kafka")
function k8s.pod(obj)
  local template = k8s.template(obj)
  return template and template.spec
end

-- The value of a label of the object, or nil.
-- Example:
--   assert(k8s.get_label(obj, "app.kubernetes.io/name") == "kafka")
function k8s.get_label(obj, key)
  local labels = obj.metadata and obj.metadata.labels
  return labels and labels[key]
end

return k8s
