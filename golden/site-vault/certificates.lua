-- No Secret holds a key: Vault's agent writes the files into memory, into the folder that gregor's configuration reads.
local k8s = require "k8s"
local list = require "list"
local vault = require "vault"

local folder = "/etc/kafka-tls"

-- Peers check the name that they connect to: any pod behind the Service of the nodes, and the bootstrap Service. A list of all pods
-- would change with each new broker, and restart the others. The agent asks once for what it is asked three times in the same words.
local function certificate(plan)
  local pods = plan.workloads[1].nodes[1].address:gsub("^[^.]+", "*")
  local bootstrap = plan.bootstrap:gsub(":%d+$", "")
  local request = string.format('"common_name=kafka" "alt_names=%s,%s" "private_key_format=pkcs8"', pods, bootstrap)
  return function(field) -- Kafka reads keys in PKCS#8 only
    return '{{ with secret "pki/issue/kafka" ' .. request .. ' }}{{ .Data.' .. field .. ' }}{{ end }}'
  end
end

local function mounted(c)
  for _, mount in ipairs(c.volumeMounts) do
    if mount.mountPath == folder then return mount.name end
  end
end

return {
  api = 1,
  object = {
    kind = "StatefulSet", run = function(obj, plan)
      local pod, issue = k8s.pod(obj), certificate(plan)
      local volume = mounted(pod.containers[1])
      if not volume then return end
      list.remove(pod.containers[1].volumeMounts, "name", volume)
      list.remove(pod.volumes, "name", volume)
      vault.inject(obj, "kafka")
      vault.folder(obj, folder)
      vault.secret(obj, "tls.crt", "pki/issue/kafka", issue "certificate")
      vault.secret(obj, "tls.key", "pki/issue/kafka", issue "private_key")
      vault.secret(obj, "ca.crt", "pki/issue/kafka", issue "issuing_ca")
    end,
  },
}
