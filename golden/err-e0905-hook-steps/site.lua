return {
  api = 1,
  object = function(obj)
    while true do
      pcall(function() while true do end end)
    end
  end,
}
