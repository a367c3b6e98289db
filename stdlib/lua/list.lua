-- list: lists of things with a name, as Kubernetes likes them: containers, env, volumes, ports.
local list = {}

-- The list at a key of `part`, made where it is missing.
-- Example:
--   local tolerations = list.at(k8s.pod(obj), "tolerations")
--   assert(#tolerations == 0)
function list.at(part, key)
  if part[key] == nil then part[key] = array {} end
  return part[key]
end

-- The first item whose `key` has that value, or nil. `items` may be nil.
-- Example:
--   assert(list.find(k8s.pod(obj).containers, "name", "kafka") and list.find(nil, "name", "x") == nil)
function list.find(items, key, value)
  for _, item in ipairs(items or {}) do
    if item[key] == value then return item end
  end
end

-- Puts an item into the place of the one that has the same `key`, else at the end.
-- Example:
--   list.put(list.at(pod.container(obj), "env"), "name", { name = "A", value = "1" })
--   list.put(list.at(pod.container(obj), "env"), "name", { name = "A", value = "2" })
--   assert(container.get_env(pod.container(obj), "A") == "2")
function list.put(items, key, item)
  for i, other in ipairs(items) do
    if other[key] == item[key] then
      items[i] = item
      return
    end
  end
  items[#items + 1] = item
end

-- Removes all items whose `key` has that value.
-- Example:
--   list.remove(k8s.pod(obj).containers[1].volumeMounts, "name", "data")
--   list.remove(obj.spec.volumeClaimTemplates[1].spec.accessModes, "name", "nobody")
--   assert(list.find(k8s.pod(obj).containers[1].volumeMounts, "name", "data") == nil)
function list.remove(items, key, value)
  for i = #items, 1, -1 do
    if type(items[i]) == "table" and items[i][key] == value then table.remove(items, i) end
  end
end

return list
