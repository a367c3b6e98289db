local function notes(name, text)
  return { apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = "default" }, data = { notes = text } }
end

return {
  api = 1,
  objects = function(list)
    list[#list + 1] = notes("fits", string.rep("x", 200000))
    list[#list + 1] = notes("needs-server-side", string.rep("<", 50000))
    list[#list + 1] = notes("fits-nowhere", string.rep("x", 1048577))
  end,
}
