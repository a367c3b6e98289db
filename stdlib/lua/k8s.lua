-- k8s: labels and annotations of an object.
local k8s = {}

-- Sets a label of the object.
function k8s.label(obj, key, value)
  gregor.ensure(obj, "metadata", "labels")[key] = value
end

-- Sets an annotation of the object.
function k8s.annotate(obj, key, value)
  gregor.ensure(obj, "metadata", "annotations")[key] = value
end

return k8s
