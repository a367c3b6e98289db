-- Brokers log to a file as well, and a sidecar ships it. The sidecar is an init container that goes on (Kubernetes 1.29): it starts
-- before Kafka and ends after it, so that no line is lost.
local configmap = require "configmap"
local list = require "list"
local pod = require "pod"

local file = [[
    RollingFile:
      name: FILE
      fileName: /var/log/kafka/server.log
      filePattern: /var/log/kafka/server.%i.log
      PatternLayout:
        pattern: "[%d] %p %m (%c)%n"
      Policies:
        SizeBasedTriggeringPolicy:
          size: 50MB
      DefaultRolloverStrategy:
        max: 3
]]

local settings = [[
[INPUT]
    Name  tail
    Path  /var/log/kafka/server.log
[OUTPUT]
    Name  forward
    Host  logs.monitoring.svc
]]

local function log_to_file(text)
  local out, appenders = text:gsub("  Appenders:\n", function(line) return line .. file end)
  local all, roots = out:gsub("        %- ref: STDOUT\n", function(line) return line .. "        - ref: FILE\n" end)
  assert(appenders == 1 and roots >= 1, "the logging configuration looks different now")
  return all
end

local function add_shipper(obj, plan)
  pod.init(obj, {
    name = "log-shipper", image = "fluent/fluent-bit:4.0.1", restartPolicy = "Always",
    resources = { requests = { cpu = "50m", memory = "64Mi" }, limits = { memory = "64Mi" } },
  })
  pod.mount(obj, { name = "log-shipper", configMap = { name = plan.name .. "-log-shipper" } }, "/fluent-bit/etc", "log-shipper")
  pod.volume(obj, { name = "logs", emptyDir = { sizeLimit = "250Mi" } })
  list.put(list.at(pod.container(obj), "volumeMounts"), "name", { name = "logs", mountPath = "/var/log/kafka" })
  list.put(list.at(pod.container(obj, "log-shipper"), "volumeMounts"), "name", { name = "logs", mountPath = "/var/log/kafka", readOnly = true })
end

return {
  api = 1,
  object = {
    { kind = "ConfigMap", name = "*-kafka", run = function(obj) configmap.each(obj, "log4j2.yaml", log_to_file) end },
    { kind = "StatefulSet", run = add_shipper },
  },
  objects = function(all, plan)
    all[#all + 1] = configmap.new(plan, "log-shipper", { ["fluent-bit.conf"] = settings })
  end,
}
