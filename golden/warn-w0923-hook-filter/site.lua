local function refuse(obj)
  gregor.deny("never seen", obj)
end

return {
  api = 1,
  object = {
    { kind = "StatfulSet", run = refuse },
    { kind = { "Route", "Configmap", "VirtualService", "HTTPRoute" }, run = refuse },
    { kind = "StatefulSet", component = "brokers", run = refuse },
    { component = "zookeeper", run = refuse },
    { name = "others-*", run = refuse },
  },
}
