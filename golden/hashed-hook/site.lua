-- Adds an owner to every object, and an object of the site's own.
return {
  api = 1,
  object = function(obj)
    obj.metadata.labels.owner = "payments"
    return obj
  end,
  objects = function(list, plan)
    list[#list + 1] = {
      apiVersion = "v1", kind = "ConfigMap", metadata = { name = "contact", namespace = plan.namespace, labels = { owner = "payments" } },
      data = { phone = "0815", text = "one\n\n  two\n" },
    }
  end,
}
