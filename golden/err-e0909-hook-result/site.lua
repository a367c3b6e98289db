return {
  api = 1,
  object = function(obj)
    return obj.metadata.name
  end,
}
