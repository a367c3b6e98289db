return {
  api = 1,
  object = function(obj)
    local s = "x"
    repeat s = s .. s until false
  end,
}
