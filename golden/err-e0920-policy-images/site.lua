local pod = require "pod"
local policy = require "policy"

return {
  api = 1,
  object = {
    kind = "StatefulSet", component = "broker", run = function(obj)
      pod.sidecar(obj, { name = "shipper", image = "example.com/shipper:1" })
      pod.volume(obj, { name = "agent", image = { reference = "example.com/agent:1" } })
      policy.images(obj, { "apache/" })
    end,
  },
}
