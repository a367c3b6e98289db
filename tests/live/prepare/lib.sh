# What the scripts here share: source it. They run in an empty folder and write objects/*.yaml (what a person has made before the
# manifests are applied) and clients/<name>.properties, <name>.kcat (how clients connect).
set -euo pipefail

# word: a password of 24 hex digits
word() { openssl rand -hex 12; }

# ca: tls/ca.crt and its key
ca() {
    mkdir -p tls
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out tls/ca.key 2>/dev/null
    openssl req -x509 -new -key tls/ca.key -subj "/CN=live" -days 7 -out tls/ca.crt
}

# certificate NAME SUBJECT SAN...: tls/NAME.crt and tls/NAME.key (PKCS#8); a SAN is DNS:... or IP:...
certificate() {
    local name=$1 subject=$2 IFS=,
    shift 2
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "tls/$name.key" 2>/dev/null
    openssl req -new -key "tls/$name.key" -subj "$subject" -out "tls/$name.csr"
    {
        echo "extendedKeyUsage=serverAuth,clientAuth"
        [[ $# == 0 ]] || echo "subjectAltName=$*"
    } >"tls/$name.ext"
    openssl x509 -req -in "tls/$name.csr" -CA tls/ca.crt -CAkey tls/ca.key -days 7 -extfile "tls/$name.ext" -out "tls/$name.crt" 2>/dev/null
}

# secret NAMESPACE NAME KEY=FILE...: objects/NAME.yaml
secret() {
    local namespace=$1 name=$2 pair
    shift 2
    printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: %s}\ndata:\n' "$name" "$namespace"
    for pair in "$@"; do
        printf '  %s: "%s"\n' "${pair%%=*}" "$(base64 -w0 "${pair#*=}")"
    done
}

# node_secret NAMESPACE CLUSTER SET [NAME...]: the certificate of a StatefulSet, with these names of the namespace: by default those of
# its pods and of the bootstrap Service
node_secret() {
    local namespace=$1 cluster=$2 set=$3 s
    local names=()
    shift 3
    (( $# > 0 )) || set -- "*.$cluster-nodes" "$cluster-bootstrap"
    for s; do
        names+=("DNS:$s.$namespace.svc" "DNS:$s.$namespace.svc.cluster.local")
    done
    certificate "$set" "/CN=$cluster" "${names[@]}"
    cat "tls/$set.key" "tls/$set.crt" >"tls/$set.pem"
    secret "$namespace" "$set-tls" "tls.crt=tls/$set.crt" "tls.key=tls/$set.key" "tls-combined.pem=tls/$set.pem" ca.crt=tls/ca.crt \
        >"objects/$set-tls.yaml"
}

# properties NAME LINE...: clients/NAME.properties, which trusts the CA; kcat NAME LINE...: the same for kcat
properties() {
    local name=$1
    shift
    printf '%s\n' "ssl.truststore.type=PEM" "ssl.truststore.location=$PWD/tls/ca.crt" "$@" >"clients/$name.properties"
}
kcat_settings() {
    local name=$1
    shift
    printf '%s\n' "ssl.ca.location=$PWD/tls/ca.crt" "$@" >"clients/$name.kcat"
}

# with_certificate NAME: a client that shows tls/NAME.crt
with_certificate() {
    cat "tls/$1.key" "tls/$1.crt" >"tls/$1.pem"
    properties "$1" security.protocol=SSL ssl.keystore.type=PEM "ssl.keystore.location=$PWD/tls/$1.pem"
    kcat_settings "$1" security.protocol=ssl "ssl.certificate.location=$PWD/tls/$1.crt" "ssl.key.location=$PWD/tls/$1.key"
}

# librdkafka before 2.6.1 repeats its nonce in a SCRAM login, which brokers refuse since CVE-2024-56128 was mended.
kcat_knows_scram() {
    local have
    have=$(kcat -V | sed -n 's/.*librdkafka \([0-9.]*\).*/\1/p')
    [[ $(printf '%s\n' 2.6.1 "$have" | sort -V | head -1) == 2.6.1 ]]
}

# with_scram NAME USER PASSWORD: a client that logs in with SCRAM-SHA-512
with_scram() {
    properties "$1" security.protocol=SASL_SSL sasl.mechanism=SCRAM-SHA-512 \
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"$2\" password=\"$3\";"
    ! kcat_knows_scram || kcat_settings "$1" security.protocol=sasl_ssl sasl.mechanisms=SCRAM-SHA-512 "sasl.username=$2" "sasl.password=$3"
}
