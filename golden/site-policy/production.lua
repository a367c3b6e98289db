-- What production means here. Other stages may do as they like.
local policy = require "policy"

local function production(plan)
  return plan.site.stage == "production"
end

return {
  api = 1,
  objects = function(list, plan)
    if not production(plan) then return end
    local d = plan.description
    policy.require(plan.replicationFactor >= 3, "production keeps three copies of everything", "brokers.count")
    policy.require(not d.controllers or d.controllers.count ~= 1, "production needs a quorum of controllers", "controllers.count")
    if not d.networkPolicy then policy.warn("production should name its clients: networkPolicy", "name") end
  end,
}
