return {
  api = 1,
  object = function(obj, plan)
    plan.namespace = "elsewhere"
  end,
}
