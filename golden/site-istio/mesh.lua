-- Ports between nodes stay out of the mesh: Kafka finds its peers by pod, not by Service.
local istio = require "istio"

return {
  api = 1,
  object = {
    kind = "StatefulSet", run = function(obj)
      istio.inject(obj, true)
      istio.hold(obj)
      istio.bypass(obj, 9090, 9091)
    end,
  },
}
