#!/bin/bash
# For descriptions with the cluster `logins`: certificates of an own CA, users of every mechanism, a token issuer.
source "$(dirname "$0")/lib.sh"
space=live
ca
node_secret $space logins logins-broker

# SCRAM: the brokers' own user, one that the cluster begins with, and one that the scenario makes
mkdir -p passwords
for user in nodes admin shop; do word | tr -d '\n' >passwords/$user; done
printf -- '--add-scram\nSCRAM-SHA-512=[name=admin,password="%s"]\n' "$(<passwords/admin)" >first-users
secret $space logins-first add-scram=first-users >objects/first-users.yaml
secret $space logins-nodes password=passwords/nodes >objects/nodes.yaml
for user in nodes admin shop; do with_scram scram-$user $user "$(<passwords/$user)"; done
with_scram scram-wrong admin wrong

# PLAIN: a password with everything that JAAS gives a meaning to: pl"ain\ 1;
printf 'user_admin="pl\\"ain\\\\ 1;"\nuser_shop="%s"\n' "$(<passwords/shop)" >plain-users
secret $space plain-users users=plain-users >objects/plain-users.yaml
with_plain() { # NAME USER PASSWORD-IN-JAAS-IN-PROPERTIES PASSWORD
    properties "$1" security.protocol=SASL_SSL sasl.mechanism=PLAIN \
        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$2\" password=\"$3\";"
    kcat_settings "$1" security.protocol=sasl_ssl sasl.mechanisms=PLAIN "sasl.username=$2" "sasl.password=$4"
}
with_plain plain-admin admin 'pl\\"ain\\\\ 1;' 'pl"ain\ 1;'
with_plain plain-shop shop "$(<passwords/shop)" "$(<passwords/shop)"
with_plain plain-wrong admin wrong wrong

# client certificates: the common name is the user
for user in admin shop; do
    certificate $user "/O=live/OU=people/CN=$user"
    with_certificate $user
done

# tokens
url=https://issuer.$space.svc.cluster.local:8443
certificate issuer /CN=issuer DNS:issuer.$space.svc.cluster.local
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out tls/tokens.key 2>/dev/null
openssl pkey -in tls/tokens.key -noout -text | python3 -c '
import json, re, sys
parts = dict(re.findall(r"^(\w+):\n((?:    [0-9a-f:]+\n)+)", sys.stdin.read(), re.M))
hexes = {k: re.sub(r"[^0-9a-f]", "", v) for k, v in parts.items()}
print(json.dumps({"n": hexes["modulus"], "e": "10001", "d": hexes["privateExponent"]}))' >key.json
printf '{"issuer": "%s", "audience": "kafka", "clients": {"admin": "%s", "shop": "%s"}}\n' "$url" "$(<passwords/admin)" \
    "$(<passwords/shop)" >issuer.json
secret $space issuer issuer.json=issuer.json key.json=key.json tls.crt=tls/issuer.crt tls.key=tls/issuer.key >objects/issuer.yaml
secret $space issuer-ca ca.crt=tls/ca.crt >objects/issuer-ca.yaml
cat >objects/issuer-pod.yaml <<END
apiVersion: v1
kind: Service
metadata: {name: issuer, namespace: $space}
spec: {selector: {app: issuer}, ports: [{name: https, port: 8443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: issuer, namespace: $space}
spec:
  replicas: 1
  selector: {matchLabels: {app: issuer}}
  template:
    metadata: {labels: {app: issuer}}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: {runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000}
      containers:
      - name: issuer
        image: example.com/token-issuer:1.0
        command: [/usr/bin/python3, -u, /opt/issuer/issuer.py]
        readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 2}
        volumeMounts: [{name: issuer, mountPath: /etc/issuer, readOnly: true}]
      volumes: [{name: issuer, secret: {secretName: issuer, defaultMode: 0440}}]
END
for user in admin shop; do
    properties token-$user security.protocol=SASL_SSL sasl.mechanism=OAUTHBEARER \
        sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler \
        sasl.oauthbearer.token.endpoint.url=$url/token system.org.apache.kafka.sasl.oauthbearer.allowed.urls=$url/token \
        "sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"$user\" \
clientSecret=\"$(<passwords/$user)\" ssl.truststore.type=\"PEM\" ssl.truststore.location=\"$PWD/tls/ca.crt\";"
done
