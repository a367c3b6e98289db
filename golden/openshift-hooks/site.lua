-- Adds what a site adds: a label, a container beside Kafka of the same image, an object.
return {
  api = 1,
  object = { kind = "StatefulSet", run = function(obj)
    local pod = obj.spec.template.spec
    obj.metadata.labels["example.com/owner"] = "payments"
    table.insert(pod.containers, {
      name = "tail", image = pod.containers[1].image, command = { "tail", "-F", "/tmp/{{ x }}" },
      securityContext = pod.containers[1].securityContext,
    })
  end },
  objects = function(list)
    list[#list + 1] = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "orders-site", namespace = list[1].metadata.namespace },
                        data = { note = "{{ .Release.Name }} ${HOSTNAME}" } }
  end,
}
