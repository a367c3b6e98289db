return {
  api = 1,
  object = { kind = "StatefulSet", component = "broker", run = function(obj)
    local main = obj.spec.template.spec.containers[1]
    table.insert(main.env, { name = "DB_PASSWORD", value = "hunter2" })
    main.env[1].value = "https://admin:hunter2@example.com/"
    gregor.ensure(obj, "metadata", "annotations")["example.com/token"] = "abc" .. 123
  end },
  objects = function(list, plan)
    list[#list + 1] = { apiVersion = "v1", kind = "Secret", metadata = { name = "made", namespace = plan.namespace }, stringData = { a = "b" } }
  end,
}
