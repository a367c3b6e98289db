-- A ConfigMap of letters in no order; gzip looks back no further than 32 KiB.
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"
local function noise(n)
  local seed, parts = 1, {}
  for i = 1, n do
    seed = (seed * 1664525 + 1013904223) % 4294967296
    local a = seed // 67108864 + 1
    parts[i] = letters:sub(a, a)
  end
  return table.concat(parts)
end
return {
  api = 1,
  objects = function(list, plan)
    list[#list + 1] = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "noise", namespace = plan.namespace },
                        data = { text = string.rep(noise(40000), 13) } }
  end,
}
