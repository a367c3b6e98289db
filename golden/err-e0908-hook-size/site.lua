return {
  api = 1,
  object = { kind = "ServiceAccount", run = function(obj)
    for i = 1, 64 do
      obj.metadata.annotations = { a = obj.metadata, b = obj.metadata }
    end
  end },
}
