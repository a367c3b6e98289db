-- vault: files that the agent injector of HashiCorp Vault writes into pods (annotations vault.hashicorp.com/...).
local k8s = require "k8s"
local pod = require "pod"
local vault = {}

local function annotate(obj, key, value)
  local template = k8s.template(obj)
  if template then k8s.annotate(template, "vault.hashicorp.com/" .. key, value) end
end

-- Injects the agent; it logs in with that role and a token of its own, made for Vault alone: no container of ours sees it, and the
-- token of the ServiceAccount stays unmounted.
-- Example:
--   vault.inject(obj, "kafka")
--   assert(k8s.template(obj).metadata.annotations["vault.hashicorp.com/role"] == "kafka")
--   assert(list.find(k8s.pod(obj).volumes, "name", "vault-token").projected)
function vault.inject(obj, role)
  if not k8s.template(obj) then return end
  annotate(obj, "agent-inject", "true")
  annotate(obj, "role", role)
  annotate(obj, "agent-init-first", "true")
  annotate(obj, "agent-service-account-token-volume-name", "vault-token")
  pod.volume(obj, {
    name = "vault-token",
    projected = { sources = { { serviceAccountToken = { path = "token", audience = "vault", expirationSeconds = 3600 } } } },
  })
end

-- Names the folder into which the agent writes (/vault/secrets).
-- Example:
--   vault.folder(obj, "/etc/kafka-tls")
--   assert(k8s.template(obj).metadata.annotations["vault.hashicorp.com/secret-volume-path"] == "/etc/kafka-tls")
function vault.folder(obj, path)
  annotate(obj, "secret-volume-path", path)
end

-- Writes a secret to a file in that folder; `template` is one of Vault's agent, or nil for all keys.
-- Example:
--   vault.secret(obj, "tls.key", "kv/data/kafka/tls", '{{ with secret "kv/data/kafka/tls" }}{{ .Data.data.key }}{{ end }}')
--   assert(k8s.template(obj).metadata.annotations["vault.hashicorp.com/agent-inject-secret-tls.key"] == "kv/data/kafka/tls")
function vault.secret(obj, file, path, template)
  annotate(obj, "agent-inject-secret-" .. file, path)
  if template then annotate(obj, "agent-inject-template-" .. file, template) end
end

return vault
