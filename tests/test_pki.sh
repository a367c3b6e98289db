#!/bin/bash
# Certificates of `gregor pki`, judged by openssl: tests/test_pki.sh path/to/gregor (or GREGOR=path/to/gregor).
# A test is a function named after the fact it states; it fails by returning non-zero. Each runs in a folder of its own.
set -u
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
type -P openssl >/dev/null || { echo "openssl is not here"; exit 77; }
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
export LC_ALL=C NO_COLOR=
unset TERM SOURCE_DATE_EPOCH

NOW=2026-11-20T12:00:00Z
describe() { # [BROKERS]
    cat > orders.yaml <<END
gregor: 1
name: orders
namespace: shop
kafka: {version: 4.1.1}
brokers: {count: ${1:-3}}
tls: {source: generated}
listeners:
  - {name: internal, port: 9092, tls: true, auth: mtls}
  - {name: external, port: 9094, tls: true, expose: loadbalancer, host: "b{id}.kafka.example.com", bootstrap: kafka.example.com}
  - {name: nodes, port: 9095, tls: true, expose: nodeport, host: 203.0.113.7, nodePortBase: 32000}
END
}
zoo()   { sed -i 's/kafka:.*/kafka: {version: 3.9.1, metadata: zookeeper}/; $a zookeeper: {tls: true}' orders.yaml; }
own()   { sed -i 's/source: generated/source: generated, secret: "{pod}-tls"/' orders.yaml; }
run() { # STATUS ARGS...
    local wanted=$1 got=0
    shift
    "$GREGOR" "$@" > out 2> err < /dev/null || got=$?
    [ "$got" = "$wanted" ] || { echo "gregor $*: exit $got, not $wanted"; head -5 err; return 1; }
}
pki()   { run 0 pki --now "$NOW" "$@" orders.yaml; }
says()  { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; head -20 "$1"; return 1; }; }
names() { openssl x509 -in "$1" -noout -ext subjectAltName | tr ',' '\n' | sed -n 's/^ *//; /^DNS:/p; /^IP/p' | sort; }
field() { openssl x509 -in "$1" -noout "$2" | sed 's/^[^=]*= *//'; }
leaves() { ls pki/*.crt | grep -v '/ca'; }
verify() { # BUNDLE: every certificate in the folder
    local f
    for f in $(leaves); do
        openssl verify -x509_strict -attime "$(date -d "$NOW" +%s)" -purpose sslserver -CAfile "$1" "$f" > verified 2>&1 \
            || { cat verified; return 1; }
    done
}
fits() { [ "$(openssl x509 -in "$1.crt" -noout -pubkey)" = "$(openssl pkey -in "$1.key" -pubout)" ] || { echo "$1: key and certificate differ"; return 1; }; }
at()   { openssl verify -attime "$(date -d "$2" +%s)" -CAfile pki/ca.crt "$1" > /dev/null 2>&1; }

# ---- made ----------------------------------------------------------------------------------------------------------
certificates_verify_and_fit_their_keys() {
    describe && pki --client app && verify pki/ca.crt || return 1
    openssl verify -x509_strict -purpose sslclient -CAfile pki/ca.crt $(leaves) > verified || return 1
    for f in $(leaves); do fits "${f%.crt}" || return 1; done
}
certificates_have_exactly_the_names_of_pods_and_listeners() {
    describe && pki && names pki/orders-broker-tls.crt > got && sort > wanted <<'END'
DNS:*.orders-nodes.shop.svc
DNS:*.orders-nodes.shop.svc.cluster.local
DNS:orders-bootstrap
DNS:orders-bootstrap.shop
DNS:orders-bootstrap.shop.svc
DNS:orders-bootstrap.shop.svc.cluster.local
DNS:kafka.example.com
DNS:b0.kafka.example.com
DNS:b1.kafka.example.com
DNS:b2.kafka.example.com
IP Address:203.0.113.7
END
    diff wanted got && names pki/orders-controller-tls.crt > got && printf 'DNS:*.orders-nodes.shop.svc\nDNS:*.orders-nodes.shop.svc.cluster.local\n' | diff - got
}
each_pod_can_have_a_certificate_with_its_names_alone() {
    describe && own && pki && verify pki/ca.crt && [ "$(ls pki/*.key | wc -l)" = 7 ] && names pki/orders-broker-1-tls.crt > got && sort > wanted <<'END'
DNS:orders-broker-1.orders-nodes.shop.svc
DNS:orders-broker-1.orders-nodes.shop.svc.cluster.local
DNS:orders-bootstrap
DNS:orders-bootstrap.shop
DNS:orders-bootstrap.shop.svc
DNS:orders-bootstrap.shop.svc.cluster.local
DNS:kafka.example.com
DNS:b1.kafka.example.com
IP Address:203.0.113.7
END
    diff wanted got && names pki/orders-controller-2-tls.crt > got \
        && printf 'DNS:orders-controller-2.orders-nodes.shop.svc\nDNS:orders-controller-2.orders-nodes.shop.svc.cluster.local\n' | diff - got
}
a_client_has_its_name_and_no_other() {
    describe && pki --client app && [ "$(field pki/client-app.crt -subject)" = "CN = app" ] && [ -z "$(names pki/client-app.crt)" ]
}
keys_are_pkcs8_on_p256() {
    describe && pki && head -n 1 pki/orders-broker-tls.key | grep -qx -- '-----BEGIN PRIVATE KEY-----' \
        && openssl pkey -in pki/orders-broker-tls.key -noout -text | grep -q 'NIST CURVE: P-256'
}
keys_can_be_rsa() {
    describe && pki --key rsa2048 && openssl pkey -in pki/orders-broker-tls.key -noout -text | grep -q '2048 bit' && verify pki/ca.crt
}
dates_are_those_asked_for() {
    describe && pki --days 90 && [ "$(field pki/orders-broker-tls.crt -enddate)" = "Feb 18 12:00:00 2027 GMT" ] \
        && [ "$(field pki/orders-broker-tls.crt -startdate)" = "Nov 20 11:00:00 2026 GMT" ] \
        && [ "$(field pki/ca.crt -enddate)" = "Nov 17 12:00:00 2036 GMT" ]
}
source_date_epoch_is_the_time() {
    describe && SOURCE_DATE_EPOCH=1795176000 run 0 pki orders.yaml && [ "$(field pki/orders-broker-tls.crt -enddate)" = "Nov 20 12:00:00 2027 GMT" ]
}
a_leaf_does_not_outlive_its_authority() {
    describe && pki && NOW=2036-11-01 pki --renew all && [ "$(field pki/orders-broker-tls.crt -enddate)" = "Nov 17 12:00:00 2036 GMT" ]
}

# ---- files ---------------------------------------------------------------------------------------------------------
keys_are_private_under_any_umask() {
    describe
    for mask in 000 022 077 007; do
        (umask $mask; pki --client app) || return 1
        [ "$(stat -c %a pki)" = 700 ] || { echo "umask $mask: folder"; return 1; }
        [ -z "$(find pki -name '*.key' ! -perm 600)" ] || { echo "umask $mask: keys"; return 1; }
        rm -rf pki
    done
}
keys_stay_out_of_git() { describe && pki && [ "$(cat pki/.gitignore)" = '*.key' ]; }
nothing_of_a_key_is_printed() {
    describe && pki --client app && for k in pki/*.key; do
        ! grep -qF -- "$(sed -n 2p "$k")" out err || { echo "$k was printed"; return 1; }
    done
}
a_second_run_changes_nothing() {
    describe && pki --client app && cp -a pki before && touch -d @1000000000 pki/* && pki && diff -r before pki \
        && [ -z "$(find pki -name '*.[ck]*' -newermt @1000000001)" ] && ! grep -v kept out
}
what_is_missing_is_made() {
    describe && pki && cp -a pki before && rm pki/orders-broker-tls.crt && pki && verify pki/ca.crt && fits pki/orders-broker-tls \
        && cmp before/ca.key pki/ca.key && cmp before/orders-controller-tls.crt pki/orders-controller-tls.crt
}
a_pair_that_does_not_fit_is_made_again() {
    describe && pki && cp pki/orders-controller-tls.key pki/orders-broker-tls.key && pki && says out "did not fit" \
        && fits pki/orders-broker-tls && verify pki/ca.crt
}
a_broker_more_keeps_the_key() {
    describe && pki && cp -a pki before && describe 4 && pki && says out "names were missing" \
        && cmp before/orders-broker-tls.key pki/orders-broker-tls.key && names pki/orders-broker-tls.crt | grep -qx DNS:b3.kafka.example.com \
        && fits pki/orders-broker-tls && cmp before/orders-controller-tls.crt pki/orders-controller-tls.crt
}
a_broker_less_keeps_the_certificate() { describe 4 && pki && cp -a pki before && describe 3 && pki && diff -r before pki; }
keys_of_others_are_not_replaced() {
    describe && pki && openssl genrsa -traditional 2048 2> /dev/null > pki/orders-broker-tls.key && cp pki/orders-broker-tls.key theirs
    run 3 pki orders.yaml && says err "PKCS#8" && cmp theirs pki/orders-broker-tls.key
}
without_the_key_of_the_authority_nothing_is_signed() {
    describe && pki && rm pki/ca.key && pki && rm pki/orders-broker-tls.crt && run 3 pki --now "$NOW" orders.yaml && says err "ca.key is not there"
}
a_folder_that_is_a_link_is_refused() { describe && mkdir real && ln -s real pki && run 3 pki orders.yaml && says err "is a link" && [ -z "$(ls -A real)" ]; }
another_folder_can_be_named() { describe && run 0 pki -d elsewhere orders.yaml && [ -f elsewhere/ca.key ] && [ ! -e pki ]; }
the_folder_lies_beside_the_description() { mkdir d && (cd d && describe) && run 0 pki d/orders.yaml && [ -f d/pki/ca.key ]; }
two_at_once_do_not_mix() {
    describe && pki && (flock -x 9 && ! "$GREGOR" pki orders.yaml 2> err) 9< pki && says err "another gregor is at work"
}

curves_are_those_of_java() { # a leaf that signed itself, beside an authority on P-256
    describe 1 && sed -i 's/source: generated/source: existing, folder: pki/' orders.yaml && run 0 pki --now "$NOW" orders.yaml || return 1
    for curve in prime256v1 secp384r1 secp521r1 secp224r1 secp256k1 brainpoolP256r1 prime239v1; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:$curve -nodes -keyout k -out pki/orders-broker-tls.crt -subj /CN=x 2> /dev/null
        "$GREGOR" check orders.yaml > out 2> err < /dev/null; [ $? = 1 ] || return 1
        case $curve in
        prime256v1 | secp384r1 | secp521r1) says err "nodes are called 'orders'" && ! grep E0637 err || return 1 ;;
        *) says err "another curve than P-256" || { echo $curve; return 1; } ;;
        esac
    done
}

# ---- renewed -------------------------------------------------------------------------------------------------------
what_ends_soon_is_renewed_with_a_new_key() {
    describe && pki && cp -a pki before && NOW=2027-10-25 pki && diff -r before pki && NOW=2027-10-25 pki --renew 30 \
        && [ "$(field pki/orders-broker-tls.crt -enddate)" = "Oct 24 00:00:00 2028 GMT" ] && cmp before/ca.crt pki/ca.crt \
        && ! cmp -s before/orders-broker-tls.key pki/orders-broker-tls.key && NOW=2027-10-25 verify before/ca.crt && fits pki/orders-broker-tls
}
what_has_ended_is_renewed_unasked() {
    describe && pki && ! at pki/orders-broker-tls.crt 2028-01-01 && NOW=2028-01-01 pki && at pki/orders-broker-tls.crt 2028-01-02
}
clients_of_earlier_runs_are_renewed_too() {
    describe && pki --client app && cp -a pki before && pki --renew all && ! cmp -s before/client-app.crt pki/client-app.crt \
        && fits pki/client-app && [ "$(field pki/client-app.crt -subject)" = "CN = app" ]
}

# ---- another authority: at each step every certificate verifies against every bundle that may still be in use --------
an_authority_is_replaced_without_a_gap() {
    describe && pki --client app && cp -a pki s0 && pki --rotate-ca trust && cp -a pki s1 && pki --rotate-ca keys && cp -a pki s2 \
        && pki --rotate-ca finish || return 1
    verify s0/ca.crt && return 1                                        # the new authority is another one
    verify pki/ca.crt && verify s2/ca.crt && verify s1/ca.crt || return 1 # leaves of the end: bundles of the end and of both steps
    rm -rf pki && cp -a s2 pki && verify s1/ca.crt && verify s2/ca.crt || return 1
    rm -rf pki && cp -a s1 pki && verify s0/ca.crt && verify s1/ca.crt && verify s2/ca.crt || return 1
    [ "$(grep -c BEGIN s1/ca.crt)" = 2 ] && [ "$(grep -c BEGIN s2/ca.crt)" = 2 ] && cmp s0/ca.key s1/ca.key && ! cmp -s s1/ca.key s2/ca.key
}
the_last_step_leaves_one_authority() {
    describe && pki && for s in trust keys finish; do pki --rotate-ca $s || return 1; done
    [ "$(grep -c BEGIN pki/ca.crt)" = 1 ] && [ "$(field pki/ca.crt -subject)" = "CN = orders CA 2" ] && ! ls pki | grep -q 'next\|old' && fits pki/ca
}
steps_out_of_order_are_refused() {
    describe && pki && run 3 pki --rotate-ca keys orders.yaml && says err "--rotate-ca trust comes first" \
        && run 3 pki --rotate-ca finish orders.yaml && says err "nothing to finish" && pki --rotate-ca trust \
        && run 3 pki --rotate-ca finish orders.yaml && says err "--rotate-ca keys comes first" && pki --rotate-ca keys \
        && run 3 pki --rotate-ca trust orders.yaml && says err "--rotate-ca finish first" && verify pki/ca.crt
}
a_step_taken_twice_is_taken_once() {
    describe && pki || return 1
    for s in trust keys; do pki --rotate-ca $s && rm -rf before && cp -a pki before && pki --rotate-ca $s && diff -r before pki || return 1; done
}
# Every write of a step is killed in turn: what is left verifies against the bundle, and the step can be taken again.
a_killed_step_leaves_no_gap() {
    type -P strace > /dev/null && strace -o /dev/null true 2> /dev/null || return 0
    describe && pki --client app && cp -a pki s0 || return 1
    for step in trust keys finish; do
        for n in 1 2 3 4 5 6 7 8 9; do
            rm -rf pki && cp -a s0 pki
            strace -f -qq -o /dev/null -e inject=renameat:signal=KILL:when=$n "$GREGOR" pki --now "$NOW" --rotate-ca $step orders.yaml > /dev/null 2>&1
            [ $? = 137 ] || break
            [ -f pki/ca.crt ] && verify pki/ca.crt || { echo "$step, killed at $n"; return 1; }
            pki --rotate-ca $step && verify pki/ca.crt || { echo "$step again, killed at $n"; return 1; }
        done
        rm -rf s0 && cp -a pki s0
    done
}

# ---- built ---------------------------------------------------------------------------------------------------------
build()    { run 0 build --now "$NOW" -o out.yaml "$@" orders.yaml; }
checksum() { grep "gregor/config-checksum:" out.yaml | sha256sum; }
value()    { awk -v s="$1" -v k="$2:" '/^  name:/ { at = $2 } at == s && $1 == k { print $2 }' secrets.yaml | base64 -d; } # SECRET KEY

secrets_hold_what_pods_mount() {
    describe && pki && build --secrets secrets.yaml && [ "$(stat -c %a secrets.yaml)" = 600 ] || return 1
    for s in orders-broker-tls orders-controller-tls; do
        value $s tls.crt > got.crt && value $s tls.key > got.key && value $s ca.crt > ca.crt && cmp got.crt pki/$s.crt && cmp got.key pki/$s.key \
            && cmp ca.crt pki/ca.crt && fits got && grep -q "secretName: $s" out.yaml || return 1
    done
    [ "$(grep -c '^type: kubernetes.io/tls' secrets.yaml)" = 2 ] && ! grep -q 'kind: Secret' out.yaml
}
a_pod_has_a_secret_of_its_own() {
    describe && own && pki && build --secrets secrets.yaml && fits pki/orders-broker-1-tls || return 1
    value orders-broker-1-tls tls.key | cmp - pki/orders-broker-1-tls.key && [ "$(grep -c '^type: kubernetes.io/tls' secrets.yaml)" = 6 ] \
        && grep -q 'path: orders-broker-1/tls.key' out.yaml && grep -q 'subPathExpr: $(POD_NAME)/tls.key' out.yaml
}
users_with_certificates_get_theirs() {
    describe && sed -i '$a authorization: acl\nusers: [{name: app, auth: mtls, consume: [{topic: orders, group: app}]}]' orders.yaml && pki && fits pki/client-app \
        && build --secrets secrets.yaml && value orders-user-app-tls tls.crt | cmp - pki/client-app.crt \
        && value orders-user-app-tls tls.key | cmp - pki/client-app.key && rm pki/client-app.crt \
        && run 1 build --now "$NOW" --secrets s.yaml orders.yaml && says err "pki/client-app.crt" && [ ! -e s.yaml ]
}
the_lag_exporter_restarts_with_its_certificate() {
    describe && sed -i '$a users: [{name: lag, auth: mtls}]\nmonitoring: {lagExporter: {user: lag}}' orders.yaml && pki && build --secrets secrets.yaml \
        && value orders-user-lag-tls tls.crt | cmp - pki/client-lag.crt && sed -n '/^kind: Deployment/,/^---/p' out.yaml > d0 && grep -q checksum d0 || return 1
    rm pki/client-lag.* && pki && build && sed -n '/^kind: Deployment/,/^---/p' out.yaml > d1 && ! cmp -s d0 d1 \
        && diff d0 d1 | grep '^>' | grep -qv checksum && return 1
    return 0
}
zookeeper_has_key_and_chain_in_one() {
    describe && zoo && pki && build --secrets secrets.yaml && value orders-zookeeper-tls tls-combined.pem | cmp - <(cat pki/orders-zookeeper-tls.key pki/orders-zookeeper-tls.crt)
}
builds_read_no_keys()  { describe && pki && rm pki/*.key && build && run 1 build --now "$NOW" --secrets s.yaml orders.yaml && says err "gregor pki" && [ ! -e s.yaml ]; }
a_key_of_another_certificate_makes_no_secret() {
    describe && pki && cp pki/orders-controller-tls.key pki/orders-broker-tls.key && run 1 build --now "$NOW" --secrets s.yaml orders.yaml \
        && says err "error[E0641]: 'pki/orders-broker-tls.key' does not belong to its certificate" && [ ! -e s.yaml ]
}
pods_restart_for_each_change_and_no_other() {
    describe && "$@" && pki && build && checksum > s0 && pki && pki --client app && build && checksum | cmp - s0 || return 1
    pki --renew all && build && checksum > s1 && ! cmp -s s0 s1 || return 1
    for step in trust keys finish; do
        pki --rotate-ca $step && build && checksum > s2 && ! cmp -s s1 s2 && mv s2 s1 || return 1
    done
}
# Servers of ZooKeeper read their certificates when they start, as brokers do: each change restarts all of both.
zookeeper_restarts_with_its_brokers() {
    local sums
    describe && zoo && pki && build && grep config-checksum: out.yaml > s0 && [ "$(wc -l < s0)" = 2 ] && pki && build && grep config-checksum: out.yaml | cmp - s0 || return 1
    for change in "--renew all" "--rotate-ca trust" "--rotate-ca keys" "--rotate-ca finish"; do
        pki $change && build && grep config-checksum: out.yaml > s1 && sums=$(cat s0 s1 | sort -u | wc -l) && [ "$sums" = 4 ] && mv s1 s0 || return 1
    done
}
pods_with_own_certificates_do_as_well() { pods_restart_for_each_change_and_no_other own; }
# The hint of each finding is a command that ends it.
the_hint_repairs() { # CODE
    run 1 build --now "$NOW" -o out.yaml orders.yaml && says err "error[$1]" || return 1
    local command
    command=$(sed -n 's/.*hint: run `gregor \(.*\)`$/\1/p' err | head -n 1)
    [ -n "$command" ] && eval "SOURCE_DATE_EPOCH=$(date -d "$NOW" +%s) run 0 $command" && build
}
what_is_missing_has_a_command()    { describe && the_hint_repairs E0630 && rm pki/orders-broker-tls.crt && the_hint_repairs E0630; }
names_that_are_missing_have_one()  { describe && pki && describe 5 && the_hint_repairs E0632; }
pods_that_are_missing_have_one()   { describe && own && pki && describe 5 && own && the_hint_repairs E0630; }
certificates_that_ended_have_one() { describe && pki && NOW=2028-01-01 the_hint_repairs E0633; }
the_command_repeats_the_options()  {
    describe && run 1 build --set 'annotations={team: a b}' -p dev orders.yaml && says err "gregor pki -p dev --set 'annotations={team: a b}' orders.yaml"
}

# ---- refused -------------------------------------------------------------------------------------------------------
a_description_without_tls_is_refused()  { describe && sed -i '/^tls/d; s/tls: true, auth: mtls/tls: false/; s/tls: true/tls: false/' orders.yaml && run 1 pki orders.yaml && says err "no 'tls'" && [ ! -e pki ]; }
cert_manager_needs_no_files()           { describe && sed -i 's/source: generated/source: cert-manager, issuer: x/' orders.yaml && run 1 pki orders.yaml && says err "cert-manager" && [ ! -e pki ]; }
a_client_with_the_name_of_the_nodes_is_refused() { describe && run 1 pki --client orders orders.yaml && says err "the name of the nodes" && [ ! -e pki ]; }
a_client_with_the_login_of_the_nodes_is_refused() {
    describe && sed -i '/name: internal/s/mtls/plain/; $a interBroker: internal\nsasl: {interBroker: {mechanism: plain, user: kafka, password: {secret: n}}, plain: p}' orders.yaml \
        && run 1 pki --client kafka orders.yaml && says err "the name of the nodes" && [ ! -e pki ] && run 0 pki --client app orders.yaml
}
a_cluster_may_be_called_as_files_of_clients_are() {
    describe && sed -i 's/^name: .*/name: client-orders/' orders.yaml && pki --client app && [ -f pki/client-orders-broker-tls.crt ] && verify pki/ca.crt
}
the_files_of_the_authority_are_its_own() {
    describe && sed -i 's/^tls: .*/tls: {source: existing, secret: ca}/' orders.yaml && run 1 pki -d pki orders.yaml && says err "the authority's files" && [ ! -e pki ]
}
names_that_are_paths_are_refused()      { describe && run 2 pki --client ../x orders.yaml && run 2 pki --client '' orders.yaml && [ ! -e pki ]; }
strange_times_are_refused()             { describe && for t in tomorrow 2026-13-01 2026-11-20T25:00:00Z -5 ''; do run 2 pki --now "$t" orders.yaml || return 1; done; }
a_broken_description_makes_nothing()    { describe && echo 'bogus: 1' >> orders.yaml && run 1 pki orders.yaml && [ ! -e pki ]; }

passed=0 failed=0
for test in $(compgen -A function | grep _ | grep -vx the_hint_repairs); do
    mkdir "$WORK/$test" && cd "$WORK/$test" || exit 1
    if $test > "$WORK/log" 2>&1; then passed=$((passed + 1)); else
        failed=$((failed + 1)); echo "FAIL $test"; sed 's/^/    /' "$WORK/log"
    fi
    cd "$WORK" && chmod -R u+rwX "$test" && rm -rf "$test"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
