return {
  api = 1,
  object = { kind = "StatefulSet", component = "broker", run = function(obj)
    local kafka = obj.spec.template.spec.containers[1]
    table.insert(kafka.env, { name = "BACKUP_PASSWORD", value = "hunter22" })
    table.insert(kafka.env, { name = "GOOD_PASSWORD", valueFrom = { secretKeyRef = { name = "backup", key = "password" } } })
    gregor.ensure(obj, "metadata", "annotations")["example.com/hook"] = "https://me:hunter23@example.com/"
  end },
  objects = function(list, plan)
    list[#list + 1] = { apiVersion = "v1", kind = "Secret", metadata = { name = "orders-backup", namespace = plan.namespace },
      stringData = { password = "hunter24" } }
  end,
}
