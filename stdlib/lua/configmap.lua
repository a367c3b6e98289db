-- configmap: ConfigMaps of your own, and the texts inside them.
local configmap = {}

-- A new ConfigMap in the namespace of the cluster, with its labels. Put it into the list of `objects`.
-- Example:
--   local m = configmap.new(plan, "notes", { ["notes.txt"] = "hello\n" })
--   assert(m.metadata.name == "orders-notes" and m.data["notes.txt"] == "hello\n")
function configmap.new(plan, suffix, data)
  return {
    apiVersion = "v1", kind = "ConfigMap",
    metadata = {
      name = plan.name .. "-" .. suffix, namespace = plan.namespace,
      labels = { ["app.kubernetes.io/instance"] = plan.name, ["app.kubernetes.io/part-of"] = plan.name },
    },
    data = data,
  }
end

-- Calls change(text, key) for every text whose key ends with `suffix`, and keeps what it returns. Settings of brokers belong
-- into the description, where they are checked; this is for everything else.
-- Example: ConfigMap/orders-broker
--   configmap.each(obj, ".properties", function(text) return text .. "# reviewed\n" end)
--   assert(obj.data["orders-broker-0.properties"]:find("# reviewed\n", 1, true))
function configmap.each(obj, suffix, change)
  for key, text in pairs(obj.data or {}) do
    if key:sub(-#suffix) == suffix then obj.data[key] = change(text, key) end
  end
end

return configmap
