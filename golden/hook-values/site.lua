local seen

return {
  api = 1,
  object = { kind = "StatefulSet", name = "orders-broker", run = function(obj)
    local pod = obj.spec.template.spec
    local main = pod.containers[1]
    -- Keys of a table go by name first, then by their bytes; a map that is filled step by step keeps that order.
    local sidecar = { image = "example.com/shipper:1.2", name = "shipper", volumeMounts = { { name = "spare", mountPath = "/spare" } } }
    sidecar.securityContext = main.securityContext
    sidecar.resources = map { limits = map { memory = "64Mi" } }
    sidecar.env = array {}
    table.insert(pod.containers, sidecar)
    sidecar.image = "not seen: assigning has copied it"
    pod.volumes[#pod.volumes + 1] = { name = "spare", emptyDir = {} }
    obj.spec.minReadySeconds = 2.0 * 15
    obj.spec.revisionHistoryLimit = 7 // 2
    table.sort(main.ports, function(a, b) return a.name > b.name end)
    for key in pairs(main.livenessProbe or {}) do seen = key end
    pod.terminationGracePeriodSeconds = nil
    assert(#pod.containers == 2 and pod.containers[2].name == "shipper" and next(pod.volumes) == 1)
    assert(obj.spec == obj.spec and gregor.same(main.ports, gregor.copy(main.ports)))
    assert(math.type(obj.spec.replicas) == "integer" and type(obj.spec) == "table" and type(null) == "null")
  end },
}
