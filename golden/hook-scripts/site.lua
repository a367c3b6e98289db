return {
  api = 1,
  object = function(obj)
    if obj.kind == "StatefulSet" then
      local kafka = obj.spec.template.spec.containers[1]
      kafka.command[3] = "ulimit -n 100000\n" .. kafka.command[3]
    elseif obj.kind == "ConfigMap" and obj.data["admin.sh"] then
      obj.data["admin.sh"] = obj.data["admin.sh"] .. "echo done\n"
    end
  end,
}
