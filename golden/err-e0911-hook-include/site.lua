return {
  api = 1,
  description = function(d)
    d.include = { "extra.yaml" }
  end,
}
