-- Three objects of the site: Flux should leave one alone, replace in another, and nobody has thought of the third.
local function config(plan, name, annotations)
  return { apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = plan.namespace, annotations = annotations },
           data = { text = "in ${REGION}" } }
end
return {
  api = 1,
  objects = function(list, plan)
    list[#list + 1] = config(plan, "spared", { ["kustomize.toolkit.fluxcd.io/substitute"] = "disabled" })
    list[#list + 1] = config(plan, "meant", { ["kustomize.toolkit.fluxcd.io/substitute"] = "enabled" })
    list[#list + 1] = config(plan, "forgotten")
  end,
}
