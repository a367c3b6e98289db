-- Takes all variables away from the container, which mounts a file by the name of its pod.
return {
  api = 1,
  object = function(obj)
    if obj.kind == "StatefulSet" then obj.spec.template.spec.containers[1].env = nil end
    return obj
  end,
}
