return {
  api = 1,
  object = function(obj)
    obj.metadata.labels.home = os.getenv("HOME")
  end,
}
