-- Brokers of hall-a have NVMe, those of the others what was there.
local classes = { ["hall-a"] = "nvme-a", ["hall-b"] = "ssd-b", ["hall-c"] = "ssd-c" }

local function zone_of(obj)
  for zone in pairs(classes) do
    if obj.metadata.name:sub(-#zone) == zone then return zone end
  end
end

return {
  api = 1,
  object = {
    kind = "StatefulSet", component = "broker", run = function(obj)
      local zone = zone_of(obj)
      if not zone then
        gregor.deny("there is no storage class for the zone of " .. obj.metadata.name, "brokers.zones")
        return
      end
      for _, claim in ipairs(obj.spec.volumeClaimTemplates) do claim.spec.storageClassName = classes[zone] end
    end,
  },
}
