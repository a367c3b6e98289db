return {
  api = 1,
  objects = function(list)
    for _, obj in ipairs(list) do
      if obj.kind == "StatefulSet" then obj.spec.template.spec.containers[1].resources.limits = { cpu = 0.5 } end
    end
  end,
}
