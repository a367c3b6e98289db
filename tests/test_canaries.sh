#!/bin/bash
# Passwords that must not be seen: tests/test_canaries.sh path/to/gregor. Each has a number, stands in a place where somebody could put
# it, and is looked for in everything that comes out: findings in all forms, dumps, manifests, names, arguments, the memory image of a
# run that is killed, and files. Written down plainly or as base64.
set -u
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
export LC_ALL=C NO_COLOR= 
cd "$WORK" || exit 1
canaries=0 failed=0 next=0 turn=0

canary() { next=$((next + 1)); C="k4n4ry-$next-Zq"; canaries=$((canaries + 1)); }
fail()   { failed=$((failed + 1)); echo "FAILED $*"; }

# "k4n4ry-" in every spelling: plain, quoted, cut off, and in base64, where it begins at one of three places of a group.
LOOKED_FOR=$'k4n4ry-\nazRuNHJ5L\ns0bjRyeS\nrNG40cnkt'
seen() { grep -qaF -e "$LOOKED_FOR" "$@"; }
for before in '' Y YY; do printf '%sk4n4ry-9' "$before" | base64 > probe && seen probe || fail "the test would not notice base64"; done
rm -f probe

# looked WHAT FILE...: none of the files has a canary.
looked() {
    local what=$1
    shift
    seen "$@" && { fail "$what"; grep -aF -e "$LOOKED_FOR" "$@" | head -3 | cut -c1-200; }
}

# all_ways WHAT: everything that can be asked about d.yaml, and nothing of it shows.
all_ways() {
    local form forms="json" # holds the text as well
    ((++turn % 6)) || forms="json text sarif github"
    for form in $forms; do
        "$GREGOR" check --diagnostics "$form" "${ARGS[@]}" d.yaml > "out.$form" 2> "err.$form" < /dev/null
    done
    for form in source tree; do
        "$GREGOR" build --dump "$form" "${ARGS[@]}" d.yaml > "out.$form" 2> "err.$form" < /dev/null
    done
    "$GREGOR" build -o manifests "${ARGS[@]}" d.yaml > out 2> err < /dev/null
    ((turn % 6)) || "$GREGOR" why "${ARGS[@]}" d.yaml StatefulSet/orders-broker spec.replicas > out.why 2> err.why < /dev/null
    looked "$1" out* err*
    [ ! -e manifests ] || looked "$1, manifests" manifests
    rm -f out* err* manifests
}
ARGS=()

HEAD=$'gregor: 1\nname: orders\nkafka: {version: 4.3.1}\n'
page() { canary; local text=${1//@/$C}; printf '%s%b\n' "$HEAD" "${text//\~at\~/@}" > d.yaml; all_ways "$1"; }

# ---- in a description, where a text can stand ----------------------------------------------------------------------
keys=(password db_password DB_PASSWD ssl.key.password keystorePassphrase apiToken client_secret api-key secretKey private_key)
for key in "${keys[@]}"; do
    page "annotations: {a/$key: @}"
    page "labels: {$key: @}"
    page "brokers: {annotations: {$key: \"@\"}}"
    page "brokers: {jvm: {properties: {$key: @}}}"
    page "storageClasses: [{name: x, provisioner: y, parameters: {$key: @}}]"
    page "brokers: {env: [{name: ${key//[.-]/_}, value: '@'}]}"
    page "brokers:\n  pod:\n    spec:\n      containers:\n        - name: side\n          image: x:1\n          env:\n            - name: $key\n              value: @"
    page "brokers: {pod: {spec: {containers: [{name: side, image: x:1, args: [--$key, @]}]}}}"
    page "brokers: {pod: {metadata: {annotations: {$key: @}}}}"
    page "listeners: [{name: a, port: 9092, expose: loadbalancer, annotations: {$key: @}}]"
    page "$key: @"
    page "brokers: {$key: @, count: x}"
    page "users: [{name: app, $key: @}]"
done
for key in ssl.keystore.password ssl.truststore.password sasl.jaas.password listener.name.x.ssl.key.password my.plugin.secret.key; do
    page "controllers: {config: {$key: @}}"
    page "zookeeper: {config: {$key: @}}"
    canary; printf 'gregor: 1\nname: orders\nkafka: {version: 4.3.1, config: {%s: %s, num.partitions: %s}}\n' "$key" "$C" "$C" > d.yaml; all_ways "config $key"
done
shapes=('org.x.PlainLoginModule required username=\"a\" password=\"@\";' '-Djavax.net.ssl.trustStorePassword=@' 'https://user:@~at~example.com/'
    '--password @ --user x' 'api_key=@')
for shape in "${shapes[@]}"; do
    page "annotations: {note: \"$shape\"}"
    page "brokers: {jvm: {options: [\"$shape\"]}}"
    page "controllers: {config: {some.plugin.setting: \"$shape\"}}"
    page "brokers: {env: [{name: NOTE, value: \"$shape\"}]}"
    page "monitoring: {labels: {note: \"$shape\"}}"
done
page 'annotations:\n  key: |\n    -----BEGIN PRIVATE KEY-----\n    @\n    -----END PRIVATE KEY-----'
page 'brokers: {pod: {metadata: {annotations: {x: "-----BEGIN RSA PRIVATE KEY-----\\n@\\n-----END RSA PRIVATE KEY-----"}}}}'
page 'users: [{name: app, password: {secret: x, key: y, password: @}}]'
page 'sasl: {interBroker: {mechanism: plain, user: x, password: @}}'
page 'sasl: {controller: {mechanism: plain, user: x, password: [@]}}'

# ---- in YAML that is none ------------------------------------------------------------------------------------------
for broken in 'password: "@' "password: '@" 'password: *@' 'password: !@ x' 'password: &@ x' 'password:@' 'a: [password: @' 'a: {password: @' \
    'password: @: x' 'password: @@' 'password: %@' 'password: `@' '\tpassword: @' 'password: ]@' 'password: }@' 'password: @\n password: @' \
    'password: @\npassword: @' '- password: @' 'password: |2x\n  @' 'password: >-\n\n  @\n x' 'password: "\\q@"' 'password: "@\\q"' '? password\n: @\n: x' \
    'password: @\xff' 'password: "@\\0"' 'name: x\nname: y\npassword: @' 'password: ,@' 'password: {@' 'password: [@' 'password: -@: -'; do
    page "$broken"
done

# ---- in layers above, and in files beside --------------------------------------------------------------------------
printf '%s' "$HEAD" > d.yaml
for set in 'users[0].password=@' 'kafka.config.ssl.key.password=@' 'password=@' 'brokers.env[0].password=@' 'annotations.password=@' 'brokers.count.password=@'; do
    canary; ARGS=(--set "${set//@/$C}"); all_ways "--set $set"
done
for over in 'annotations: {password: @}' 'password: "@' 'brokers: {count: x, password: @}' 'kafka: {config: {ssl.key.password: @}}'; do
    canary; echo "${over//@/$C}" > over.yaml; ARGS=(-f over.yaml); all_ways "overlay $over"
done
ARGS=()
for variable in PASSWORD KAFKA_PASSWORD KAFKA_OPTS GREGOR_SECRET; do canary; export "$variable=$C"; all_ways "variable $variable"; unset "$variable"; done

# ---- in the private files ------------------------------------------------------------------------------------------
mkdir private && cd private || exit 1
{
    printf 'gregor: 1\nname: orders\nkafka: {version: 4.3.1}\ntls: existing\nauthorization: acl\nsasl: {plain: orders-plain}\n'
    printf 'listeners: [{name: i, port: 9092, tls: true, auth: [scram-sha-512, scram-sha-256, plain]}]\nusers:\n'
    for i in $(seq 24); do
        way=(scram-sha-512 scram-sha-256 plain)
        printf '  - {name: u%s, auth: %s, password: {file: f%s}, produce: [t]}\n' "$i" "${way[i % 3]}" "$i"
    done
} > d.yaml
mkdir -m 700 secrets
(umask 077; for i in $(seq 24); do canary; printf '%s' "$C" > "secrets/f$i"; done; canary; printf '%s%s' "$C" "$(seq -s '' 20)" > secrets/.scram-salt)
all_ways "password files"
"$GREGOR" build --secrets s -o m d.yaml > out 2> err || fail "the description does not compile: $(head -3 err)"
looked "beside --secrets" out err m
[ "$(stat -c %a s)" = 600 ] && seen s || fail "the file of --secrets"
[ "$(ls -A | tr '\n' ' ')" = "d.yaml err m out s secrets " ] || fail "files that nobody asked for: $(ls -A)"
"$GREGOR" build --check --secrets sd -d md d.yaml > out 2> err && looked "beside --secrets, folder" out err md/orders.yaml && fail "" 
seen sd/orders-secrets.yaml || fail "the folder of --secrets"
"$GREGOR" users d.yaml > out 2> err && looked "gregor users" out err
for i in 1 2 3; do # what cannot be used is not quoted
    canary; printf '%s\n%s' "$C" "$C" > "secrets/f$i"
    "$GREGOR" build --diagnostics json --secrets t d.yaml > out 2> err && fail "a password of two lines"
    looked "a bad password file" out err
done
chmod 644 secrets/f5; "$GREGOR" build --secrets t d.yaml > out 2> err; looked "a file that others can read" out err
for i in 1 2 3; do printf 'k4n4ry-%s' "$i" > "secrets/f$i"; done
mkdir ro && chmod 500 ro && { "$GREGOR" build --secrets ro/s/x d.yaml > out 2> err && fail "a folder that is not there"; looked "a failed write" out err; }
"$GREGOR" build --secrets /dev/full/x d.yaml > out 2> err; looked "another failed write" out err

# ---- in memory: no core, no look from outside, nothing left when it is killed --------------------------------------
mkfifo gate
ulimit -c unlimited
"$GREGOR" build --secrets gate -o killed d.yaml > out 2> err & pid=$!
for _ in $(seq 100); do grep -q '^SigCgt' "/proc/$pid/status" 2> /dev/null && [ "$(awk '{print $3}' "/proc/$pid/stat" 2> /dev/null)" = S ] && break; sleep 0.02; done
tr '\0' '\n' < "/proc/$pid/cmdline" > argv 2> /dev/null; looked "arguments" argv
limit=$(awk '/^Max core file size/ { print $5 }' "/proc/$pid/limits" 2> /dev/null)
[ "$limit" = 0 ] || fail "core files are allowed: $limit"
kill -ABRT "$pid" 2> /dev/null; wait "$pid" 2> /dev/null
[ -z "$(find . -name 'core*' -o -name '.gregor-*')" ] && [ ! -e killed ] || fail "a killed run leaves $(ls -A)"
looked "a killed run" out err

# Killed at any moment: the old file or the new, and what is half-written is private.
cp s old
for wait in 0 0.001 0.002 0.004 0.006 0.008 0.012 0.016; do
    printf 'k4n4ry-%s' "$wait" > secrets/f9
    "$GREGOR" build --secrets s -o m d.yaml > out 2> err & pid=$!
    sleep $wait; kill -KILL $pid 2> /dev/null; wait $pid 2> /dev/null
    looked "killed after $wait" out err m
    [ "$(stat -c %a s)" = 600 ] && [ "$(tail -c 1 s | od -An -c | tr -d ' ')" = '\n' ] || fail "a killed run leaves half a file"
    for f in .gregor-*; do [ ! -e "$f" ] || [ "$(stat -c %a "$f")" = 600 ] || ! seen "$f" || fail "a temporary file that others can read"; done
    rm -f .gregor-*
done

[ "$canaries" -ge 200 ] || fail "only $canaries canaries"
echo "test_canaries: $((canaries - failed)) passed, $failed failed"
[ "$failed" = 0 ]
