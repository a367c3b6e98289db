return {
  api = 1,
  object = { kind = "ServiceAccount", run = function(obj)
    print(obj.kind, obj.metadata.labels, {}, print, null, 1 // 1)
  end },
}
