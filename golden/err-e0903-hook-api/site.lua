return {
  api = 1,
  objekt = function(obj) end,
}
