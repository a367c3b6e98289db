return {
  api = 1,
  objects = function(list)
    for i, obj in ipairs(list) do
      if obj.kind == "Service" then list[i] = nil end
    end
  end,
}
