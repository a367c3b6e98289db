return {
  api = 1,
  description = function(d)
    d.name = "orders-" .. d.kafka.version
  end,
}
