return {
  api = 1,
  object = { kind = "Service", name = "*-nodes", run = function(obj)
    obj.spec = { selector = obj.spec.selector, ports = obj.spec.ports }
  end },
}
