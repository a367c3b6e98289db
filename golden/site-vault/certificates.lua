-- No Secret holds a key: Vault's agent writes the files into memory, into the folder that gregor's configuration reads.
local k8s = require "k8s"
local list = require "list"
local vault = require "vault"

local folder = "/etc/kafka-tls"

local function issue(field)
  return '{{ with secret "pki/issue/kafka" "common_name=kafka" }}{{ .Data.' .. field .. " }}{{ end }}"
end

local function mounted(c)
  for _, mount in ipairs(c.volumeMounts) do
    if mount.mountPath == folder then return mount.name end
  end
end

return {
  api = 1,
  object = {
    kind = "StatefulSet", run = function(obj)
      local pod = k8s.pod(obj)
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
