-- E0515: files of brokers with a hundred thousand lines, each another misspelt key
return { api = 1, object = { kind = "ConfigMap", run = function(obj)
  local lines = {}
  for i = 1, 30000 do lines[i] = "num.partiton" .. i .. "=1\n" end
  for key in pairs(obj.data) do obj.data[key] = table.concat(lines) end
end } }
