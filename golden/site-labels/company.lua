-- Labels and cost centres of the company. The values come from `site:` of each description.
local k8s = require "k8s"
local policy = require "policy"

return {
  api = 1,
  object = function(obj, plan)
    local site = plan.site
    if not policy.require(site.owner and site.costCenter, "every cluster needs an owner and a cost centre", "site") then return end
    k8s.labels(obj, { ["example.com/owner"] = site.owner, ["example.com/stage"] = site.stage or "test" }, true)
    k8s.annotate(obj, "example.com/cost-center", site.costCenter)
  end,
}
