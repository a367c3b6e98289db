local function zone_of(obj)
  return obj.spec.template.metadata.annotation["example.com/zone"]
end

return {
  api = 1,
  object = { kind = "StatefulSet", run = function(obj)
    obj.metadata.labels.zone = zone_of(obj)
  end },
}
