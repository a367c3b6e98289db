local function walk(value, depth)
  if type(value) ~= "table" then return 1 end
  local n = 0
  for _, item in pairs(value) do n = n + walk(item, depth + 1) end
  return n
end

return {
  api = 1,
  description = function(d) assert(walk(d, 0) > 3) end,
  object = function(obj, plan) assert(walk(obj, 0) > 5 and walk(plan, 0) > 20) return obj end,
  objects = function(list) assert(#list > 5 and walk(list, 0) > 100) end,
}
