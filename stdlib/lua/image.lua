-- image: the images of pods, for mirrors and air gaps. `images.registry` of the description does this for gregor's own images;
-- these functions reach those that hooks add, and names that a mirror changed.
local k8s = require "k8s"
local image = {}

-- Calls change(name) for each image of the pods that the object makes, image volumes included, and keeps what it returns.
-- Example:
--   image.each(obj, function(name) return name:gsub("^apache/", "mirror/apache-") end)
--   assert(pod.container(obj).image:find("^mirror/apache%-kafka:"))
function image.each(obj, change)
  local spec = k8s.pod(obj)
  if not spec then return end
  for _, list in ipairs { spec.initContainers or {}, spec.containers } do
    for _, c in ipairs(list) do c.image = (change(c.image)) end
  end
  for _, volume in ipairs(spec.volumes or {}) do
    if volume.image then volume.image.reference = (change(volume.image.reference)) end
  end
end

-- Exchanges the beginning of image names by a table: the longest that fits counts.
-- Example:
--   image.mirror(obj, { ["apache/"] = "mirror.example.com/dockerhub/apache/" })
--   assert(pod.container(obj).image:find("^mirror%.example%.com/dockerhub/apache/kafka:"))
function image.mirror(obj, prefixes)
  image.each(obj, function(name)
    local best
    for prefix in pairs(prefixes) do
      if name:sub(1, #prefix) == prefix and #prefix > #(best or "") then best = prefix end
    end
    return best and prefixes[best] .. name:sub(#best + 1) or name
  end)
end

return image
