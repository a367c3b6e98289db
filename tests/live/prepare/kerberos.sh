#!/bin/bash
# For descriptions with the cluster `tickets`: a realm with a KDC of its own (MIT Kerberos), keytabs of brokers and clients.
source "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
space=live realm=LIVE.EXAMPLE
ca
node_secret $space tickets tickets-broker

# Java and MIT read the same file; TCP alone.
cat >krb5.conf <<END
[libdefaults]
default_realm = $realm
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
$realm = {
  kdc = kdc.$space.svc.cluster.local:8888
}
[logging]
kdc = STDERR
END

# kdc_conf FOLDER: of a KDC whose files lie there
kdc_conf() {
    cat <<END
[kdcdefaults]
kdc_listen = 8888
kdc_tcp_listen = 8888
[realms]
$realm = {
  database_name = $1/principal
  key_stash_file = $1/stash
  max_life = 12h
}
END
}

# The realm: brokers are kafka/HOST, with the host that they advertise
mkdir -p here keytabs
kdc_conf "$PWD/here" >here.conf
kdc_conf /tmp/kdc >kdc.conf
export KRB5_CONFIG=$PWD/krb5.conf KRB5_KDC_PROFILE=$PWD/here.conf
kdb5_util create -s -r $realm -P "$(word)" >/dev/null
realm_has() { kadmin.local -r $realm -q "$*" >>kadmin.log 2>&1; }
for i in 0 1 2; do
    host=tickets-broker-$i.tickets-nodes.$space.svc.cluster.local
    realm_has add_principal -randkey kafka/$host
    realm_has ktadd -norandkey -k keytabs/tickets-broker-$i.keytab kafka/$host
done
for user in admin shop; do
    realm_has add_principal -randkey +requires_preauth $user
    realm_has ktadd -norandkey -k keytabs/old-$user.keytab $user
    realm_has change_password -randkey $user
    realm_has ktadd -norandkey -k keytabs/$user.keytab $user
done
pairs=()
for i in 0 1 2; do pairs+=("tickets-broker-$i.keytab=keytabs/tickets-broker-$i.keytab"); done
secret $space tickets-keytabs "${pairs[@]}" >objects/keytabs.yaml
{
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: live-krb5, namespace: %s}\ndata:\n  krb5.conf: |\n' $space
    sed 's/^/    /' krb5.conf
} >objects/krb5.yaml

# The KDC, from the files of the realm
pairs=(krb5.conf=krb5.conf kdc.conf=kdc.conf)
for file in here/*; do pairs+=("${file#here/}=$file"); done
secret $space kdc "${pairs[@]}" >objects/kdc.yaml
cat >objects/kdc-pod.yaml <<END
apiVersion: v1
kind: Service
metadata: {name: kdc, namespace: $space}
spec: {selector: {app: kdc}, ports: [{name: kerberos, port: 8888}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kdc, namespace: $space}
spec:
  replicas: 1
  selector: {matchLabels: {app: kdc}}
  template:
    metadata: {labels: {app: kdc}}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: {runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000}
      containers:
      - name: kdc
        image: example.com/kdc:1.0
        command: [bash, -ec, "mkdir -p /tmp/kdc; cp -f /etc/kdc/* /tmp/kdc; chmod 600 /tmp/kdc/*; exec krb5kdc -n"]
        env:
        - {name: KRB5_CONFIG, value: /tmp/kdc/krb5.conf}
        - {name: KRB5_KDC_PROFILE, value: /tmp/kdc/kdc.conf}
        - {name: KRB5RCACHENAME, value: "none:"}
        readinessProbe: {tcpSocket: {port: 8888}, periodSeconds: 2}
        volumeMounts: [{name: kdc, mountPath: /etc/kdc, readOnly: true}, {name: tmp, mountPath: /tmp}]
      volumes: [{name: kdc, secret: {secretName: kdc, defaultMode: 0440}}, {name: tmp, emptyDir: {}}]
END

# Clients: as gregor's client.properties says, and with a keytab. One has keys of before, one goes by the bootstrap Service.
own=$("$GREGOR" build "$1" 2>/dev/null | sed -n '/^  client.properties: |/,/^[^ ]/s/^    \(bootstrap\|security\|sasl\)/\1/p')
with_keytab() { # NAME USER KEYTAB
    properties "$1" "system.java.security.krb5.conf=$PWD/krb5.conf" "$own" \
        "sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true \
keyTab=\"$PWD/keytabs/$3.keytab\" principal=\"$2@$realm\";"
}
for user in admin shop; do with_keytab ticket-$user $user $user; done
with_keytab ticket-old shop old-shop
with_keytab ticket-service shop shop
sed -i '/^bootstrap.servers=/d' clients/ticket-service.properties
