-- Every image comes from the mirror of its origin; what has none is refused.
local image = require "image"
local pod = require "pod"
local policy = require "policy"

local mirrors = { ["apache/"] = "mirror/hub/apache/", ["bitnami/"] = "mirror/vmware/" }

return {
  api = 1,
  object = {
    kind = { "StatefulSet", "Deployment", "Job", "CronJob" }, run = function(obj)
      image.mirror(obj, mirrors)
      policy.images(obj, { "mirror/" })
      pod.pull_secret(obj, "mirror")
    end,
  },
}
