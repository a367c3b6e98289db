return {
  api = 1,
  object = { kind = "ConfigMap", component = "broker", run = function(obj)
    obj.data["orders-broker-1.properties"] = nil
  end },
}
