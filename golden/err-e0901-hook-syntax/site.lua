return {
  api = 1,
  object = function(obj)
    obj.spec.replicas == 3
  end,
}
