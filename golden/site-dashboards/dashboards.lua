-- A dashboard a cluster: Grafana's sidecar picks up ConfigMaps with the label grafana_dashboard.
local configmap = require "configmap"

local function panel(title, expression, at)
  return {
    title = title, type = "timeseries", gridPos = { h = 8, w = 12, x = at * 12, y = 0 },
    targets = { { expr = expression, refId = "A" } },
  }
end

return {
  api = 1,
  objects = function(list, plan)
    local select = '{namespace="' .. plan.namespace .. '",pod=~"' .. plan.name .. '-broker-.*"}'
    local dashboard = {
      title = "Kafka " .. plan.name, uid = "kafka-" .. plan.name, schemaVersion = 39,
      panels = {
        panel("messages in a second", "sum(rate(kafka_server_brokertopicmetrics_messagesin_total" .. select .. "[5m]))", 0),
        panel("under-replicated partitions", "sum(kafka_server_replicamanager_underreplicatedpartitions" .. select .. ")", 1),
      },
    }
    local map = configmap.new(plan, "dashboard", { ["kafka.json"] = gregor.json(dashboard) })
    map.metadata.labels["grafana_dashboard"] = "1"
    list[#list + 1] = map
  end,
}
