return {
  api = 1,
  object = { kind = "StatefulSet", component = "broker", run = function(obj, plan)
    if plan.site.stage == "production" and plan.replicationFactor < 3 then
      gregor.deny("production keeps three copies", "brokers.count")
      gregor.warn("and spreads them", obj, "spec.replicas")
    end
  end },
}
