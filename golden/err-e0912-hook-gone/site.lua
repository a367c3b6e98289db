return {
  api = 1,
  object = { kind = "ConfigMap", run = function(obj)
    return nil
  end },
}
