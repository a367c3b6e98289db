local function depth(part)
  if type(part) ~= "table" then return part.depth end
  local deepest = 0
  for _, item in pairs(part) do
    deepest = math.max(deepest, 1 + depth(item))
  end
  return deepest
end

return {
  api = 1,
  object = { kind = "StatefulSet", run = function(obj)
    assert(depth(obj.spec) < 20)
  end },
}
