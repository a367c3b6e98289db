-- Texts that Flux would take for variables.
local function config(plan, name, data, annotations)
  return { apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = plan.namespace, annotations = annotations }, data = data }
end
return {
  api = 1,
  objects = function(list, plan)
    list[#list + 1] = config(plan, "greeting", { text = "I am ${HOSTNAME}" })
    list[#list + 1] = config(plan, "template", { text = "region: ${REGION}" },
                             { ["kustomize.toolkit.fluxcd.io/substitute"] = "enabled" })
    list[#list + 1] = config(plan, "price", { text = "5$" })
  end,
}
