local configmap = require "configmap"
local properties = require "properties"

return {
  api = 1,
  object = { kind = "ConfigMap", component = "broker", run = function(obj)
    configmap.each(obj, ".properties", function(text) return properties.set(text, "num.partitons", 12) end)
    configmap.each(obj, ".properties", function(text)
      text = properties.set(text, "num.network.threads", "many")
      text = properties.set(text, "acme.auditor.endpoint", "https://audit.example.com")
      return text .. "# fine:\nlistener.name.internal.max.connections=10\nsocket.send.buffer.bytes : 1048576\nnum.io.threads\\\n =x\n"
    end)
  end },
}
