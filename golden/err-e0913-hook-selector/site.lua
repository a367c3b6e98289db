return {
  api = 1,
  object = { kind = "StatefulSet", run = function(obj)
    for _, labels in ipairs { obj.metadata.labels, obj.spec.selector.matchLabels, obj.spec.template.metadata.labels } do
      labels.team = "payments"
    end
  end },
}
