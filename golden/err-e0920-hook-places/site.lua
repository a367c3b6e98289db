return {
  api = 1,
  objects = function(list, plan)
    gregor.deny("by name", "listeners.people.port")
    gregor.deny("by name in brackets", "listeners[name=people].name")
    gregor.deny("by number", "listeners[0].port")
    gregor.deny("a key with dots", "kafka.config.num.partitions")
    gregor.deny("what is not there", "topics.orders.replicas")
    gregor.deny("a part of plan", plan.description, "topics.orders.partitions")
  end,
}
