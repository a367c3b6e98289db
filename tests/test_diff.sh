#!/bin/bash
# gregor diff, from the outside: tests/test_diff.sh path/to/gregor (or GREGOR=path/to/gregor). Same rules as tests/test_command.sh.
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
. "$(dirname "$0")/facts.sh"

describe() { printf 'gregor: 1\nname: orders\nkafka: {version: 4.3.1}\nbrokers: {count: 3, storage: 100Gi}\ncontrollers: {count: 3, storage: 10Gi}\n%s\n' "${1-}"; }
differs() { # STATUS ARGS...
    local wanted=$1 got=0
    shift
    "$GREGOR" diff "$@" > out 2> err < /dev/null || got=$?
    [ "$got" = "$wanted" ] || { echo "gregor diff $*: exit $got, not $wanted"; head -5 out err; return 1; }
}
prints() { diff - out || { echo "(< wanted, > printed)"; return 1; }; }
says()   { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; head -20 "$1"; return 1; }; }
quiet()  { [ ! -s out ] && [ ! -s err ]; }

equal_states_differ_in_nothing() {
    describe > a.yaml && "$GREGOR" a.yaml > a.out && "$GREGOR" build --to json a.yaml > a.json && "$GREGOR" build --to kyaml a.yaml > a.kyaml.yaml
    "$GREGOR" build -d one a.yaml 2> /dev/null && "$GREGOR" build -d many --per-file object a.yaml 2> /dev/null
    for x in a.out a.json a.kyaml.yaml one many/orders; do differs 0 "$x" a.yaml && quiet && differs 0 a.yaml "$x" && quiet || return 1; done
    differs 0 -d one a.yaml && quiet && differs 0 -d many a.yaml && quiet
}
a_changed_setting_restarts_pods() {
    describe > a.yaml && describe 'kafka: {version: 4.3.1, config: {num.partitions: 12}}' | sed 3d > b.yaml && differs 1 a.yaml b.yaml \
        && sed -i 's/config-checksum: .*/config-checksum: X -> Y/' out && prints <<'END'
ConfigMap/orders-broker (default): changed
    data.orders-broker-0.properties:
      + num.partitions=12
      the same in 2 more, up to data.orders-broker-2.properties
ConfigMap/orders-controller (default): changed
    data.orders-controller-0.properties:
      + num.partitions=12
      the same in 2 more, up to data.orders-controller-2.properties
StatefulSet/orders-broker (default): changed
    spec.template.metadata.annotations.gregor/config-checksum: X -> Y
    -> restarts 3 pods, one at a time, orders-broker-2 first
StatefulSet/orders-controller (default): changed
    spec.template.metadata.annotations.gregor/config-checksum: X -> Y
    -> restarts 3 pods, one at a time, orders-controller-2 first
0 added, 0 removed, 4 changed; 6 pods restart
END
}
more_brokers_restart_nothing() {
    describe > a.yaml && describe | sed 's/brokers: {count: 3/brokers: {count: 5/' > b.yaml && differs 1 a.yaml b.yaml && prints <<'END' || return 1
ConfigMap/orders-broker (default): changed
  + data.orders-broker-3.properties: 24 lines
  + data.orders-broker-4.properties: 24 lines
StatefulSet/orders-broker (default): changed
    spec.replicas: 3 -> 5
    -> starts orders-broker-3 to orders-broker-4
0 added, 0 removed, 2 changed
END
    differs 1 b.yaml a.yaml && says out '    -> stops orders-broker-4 to orders-broker-3; claims stay' && says out '  - data.orders-broker-4.properties: 24 lines'
}
what_cannot_be_changed_says_what_to_do() {
    describe > a.yaml && "$GREGOR" a.yaml > a.out && differs 1 --set brokers.storage=200Gi a.out a.yaml && prints <<'END'
StatefulSet/orders-broker (default): changed
  ! spec.volumeClaimTemplates[0].spec.resources.requests.storage: 100Gi -> 200Gi
      cannot be changed in an object that exists: `kubectl delete statefulset --cascade=orphan`, then apply: pods and data stay. Claims that exist keep size and class: `kubectl patch pvc` grows them, nothing shrinks them
0 added, 0 removed, 1 changed; 1 field cannot be changed
END
}
classes_of_the_site_cannot_be_changed() {
    printf 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: a}\nvalue: 1\ndescription: x\n---\napiVersion: storage.k8s.io/v1\nkind: VolumeAttributesClass\nmetadata: {name: a}\ndriverName: d\nparameters: {iops: "1"}\n---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: a}\nspec: {controller: a.b/c}\n' > a.yaml \
        && sed 's/value: 1/value: 2/; s/: x$/: y/; s/"1"/"2"/; s,a.b/c,a.b/d,' a.yaml > b.yaml && differs 1 a.yaml b.yaml && says out '  ! value: 1 -> 2' && says out '  ! parameters.iops: "1" -> "2"' \
        && says out '  ! spec.controller: a.b/c -> a.b/d' && says out '    description: x -> y' && says out '3 changed; 3 fields cannot be changed'
}
objects_come_and_go() {
    describe > a.yaml && describe 'networkPolicy: true' > b.yaml && differs 1 a.yaml b.yaml && says out 'NetworkPolicy/orders-broker (default): added' \
        && says out '2 added, 0 removed' && differs 1 b.yaml a.yaml \
        && says out 'NetworkPolicy/orders-broker (default): removed; `kubectl apply` leaves it until it is deleted or pruned' && says out '0 added, 2 removed'
}
what_a_topic_cannot_become_is_told_at_its_line() {
    describe 'topics: [{name: t, partitions: 12, replicas: 3}]' > a.yaml && "$GREGOR" a.yaml > a.out && "$GREGOR" build -d o a.yaml 2> /dev/null
    sed 's/partitions: 12/partitions: 6/' a.yaml > b.yaml && "$GREGOR" b.yaml > b.out || return 1
    for old in a.yaml a.out; do
        differs 1 "$old" b.yaml && says err "b.yaml:6:32: error[E0847]: 't' has 12 partitions and cannot get 6" && says out '+ topic t partitions=6 replicas=3' || return 1
    done
    differs 1 b.yaml a.yaml && [ ! -s err ] && mv b.yaml a.yaml && differs 1 -d o a.yaml && says err 'error[E0847]'
}
d_compares_with_what_build_wrote() {
    describe > a.yaml && "$GREGOR" build -d o a.yaml 2> /dev/null && differs 0 -d o a.yaml && describe 'networkPolicy: true' > a.yaml \
        && differs 1 -d o a.yaml && says out '2 added' && rm o/orders.yaml && differs 1 -d o a.yaml && says out 'StatefulSet/orders-broker (default): added'
}
spelling_is_no_difference() {
    printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a, uid: 1}\ndata: {x: "3", y: yes, "z": null}\nl: [{name: b, v: 1}, {name: c}]\n' > a
    printf '{"apiVersion": "v1", "kind": "ConfigMap", "l": [{"name": "c"}, {"v": 1, "name": "b"}], "status": {}, "metadata": {"name": "a"}, "data": {"x": "3", "y": yes}}' > b
    differs 0 a b && quiet && sed -i 's/"3"/3/' b && differs 1 a b && says out 'data.x: "3" -> 3'
}
another_version_of_an_api_is_the_same_object() {
    printf 'kind: A\napiVersion: x.io/v1\nmetadata: {name: a}\n' > a && sed s/v1/v2/ a > b && differs 1 a b && says out '    apiVersion: x.io/v1 -> x.io/v2' \
        && sed s/x.io/y.io/ a > c && differs 1 a c && says out '1 added, 1 removed'
}
values_of_secrets_are_not_shown() {
    printf 'kind: Secret\napiVersion: v1\nmetadata: {name: a}\ndata: {x: Y2FuYXJ5, y: b}\n' > a && sed 's/Y2FuYXJ5/b3RoZXI=/; s/y: b/z: Y2FuYXJ5/' a > b \
        && differs 1 a b && ! grep -qE 'Y2Fu|b3Ro' out && says out 'data.x: another value' && says out '+ data.z: (not shown)'
}
secrets_that_stand_elsewhere_are_not_shown() {
    cat > a <<'END'
kind: ConfigMap
apiVersion: v1
metadata: {name: a, annotations: {db-password: canary, url: "https://u:canary@h/"}}
data: {x: "ssl.key.password=canary\na=1\n", y: "password: canary\nb: 1\n", z: "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n"}
spec: [{name: DB_PASSWORD, value: canary}, {name: A, value: '-Dx.password=canary'}, {name: B, value: "${secret}"}]
END
    sed 's/canary/other-canary/; s/=canary/=another-canary/; s/: canary/: more-canary/; s/^canary/less-canary/; s/a=1/a=2/' a > b
    differs 1 a b && ! grep canary out && says out '      + a=2' && says out '+ ssl.key.password=(not shown)' && says out 'metadata.annotations.db-password: another value' \
        && printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n' > c && differs 1 a c && ! grep canary out && says out 'value: "${secret}"'
}
a_file_that_pods_read_is_told_when_nothing_restarts_them() {
    printf -- '---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata: {x: a}\n---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: d}\nspec: {replicas: 2, template: {spec: {volumes: [{name: v, configMap: {name: c}}], containers: [{name: m, image: i}]}}}\n' > a
    sed 's/x: a/x: b/' a > b && differs 1 a b && says out '    -> Deployment/d reads it; nothing in this change restarts its pods' \
        && sed 's/image: i/image: j/' b > c && differs 1 a c && ! grep -q 'reads it' out && says out 'spec.template.spec.containers[name=m].image: i -> j' && says out '    -> restarts 2 pods'
}
lines_that_moved_are_told_in_their_order() {
    printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata:\n  t: |\n    a\n    b\n    c\n    d\n' > a && sed 's/^    b$/    x\n    y/; /^    d$/d' a > b && differs 1 a b && prints <<'END'
ConfigMap/c: changed
    data.t:
      - b
      + x
      + y
      - d
0 added, 0 removed, 1 changed
END
}
failures_are_no_differences() {
    describe > a.yaml && differs 2 a.yaml && differs 2 -d o && differs 3 a.yaml nothing.yaml && says err 'nothing.yaml' && [ ! -s out ] \
        && echo 'a: [' > bad && differs 3 a.yaml bad && [ ! -s out ] && differs 3 --set brokers.count=x a.yaml a.yaml && says err "'brokers.count'"
}

facts_run 'describe|differs|prints|says|quiet'
