#!/bin/bash
# gregor as a KRM function, without the tools that run it (they are in tests/outputs): tests/test_krm.sh path/to/gregor.
# A test is a function named after the fact it states; it fails by returning non-zero. Each runs in a folder of its own.
set -u
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
export LC_ALL=C NO_COLOR=

# krm STATUS [ARGS...]: runs the function on `in`; the list that leaves is in `out`.
krm() {
    local wanted=$1 got=0
    shift
    "$GREGOR" "${@-krm}" < in > out 2> err || got=$?
    [ "$got" = "$wanted" ] || { echo "gregor ${*-krm}: exit $got, not $wanted"; head -5 err; return 1; }
}
says()  { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; head -20 "$1"; return 1; }; }
empty() { [ ! -s "$1" ] || { echo "$1 is not empty:"; head -3 "$1"; return 1; }; }
count() { [ "$(grep -c -- "$2" "$1")" = "$3" ] || { echo "$1: not $3 times '$2'"; return 1; }; }
# py EXPRESSION: true of `l`, the list that left, and of `m`, the objects of a plain build in `plain`.
py() { python3 -c "
import sys, yaml
l = yaml.safe_load(open('out'))
m = [o for o in yaml.safe_load_all(open('plain')) if o] if __import__('os').path.exists('plain') else []
own = [o for o in l['items'] if 'gregor.dev/cluster' in o['metadata'].get('annotations', {})]
def bare(o):
    o['metadata']['annotations'] = {k: v for k, v in o['metadata']['annotations'].items() if 'kubernetes.io/' not in k and k != 'gregor.dev/cluster'}
    if not o['metadata']['annotations']: del o['metadata']['annotations']
    return o
assert $1, ($1, l)"; }

config() {
    cat << END
functionConfig:
  apiVersion: gregor.dev/v1
  kind: KafkaCluster
  metadata: {name: orders, namespace: shop${1:+, annotations: {$1\}}}
  spec:
    kafka: {version: 4.3.1}
END
}
list() {
    cat << 'END'
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: theirs, annotations: {internal.config.kubernetes.io/id: "4", config.kubernetes.io/path: a.yaml, n: "1"}}
  data: {version: "1.10", n: "no"}
- apiVersion: example.com/v1
  kind: Thing
  metadata: {name: thing}
  spec: {long: 12345678901234567890123, float: 1.10, exponent: 1e3, octal: 0o17, old: 0644, date: 2026-11-20, bool: yes, none: ~, word: plain, text: "1.10", empty: "", one: '1', map: {}, list: []}
END
}
both()  { { list; config "${1-}"; } > in; "$GREGOR" build -q --set name=orders --set namespace=shop - > plain <<< "gregor: 1
kafka: {version: 4.3.1}"; }

the_objects_of_the_cluster_are_added() { both && krm 0 && empty err && py "[bare(o) for o in own] == m and len(l['items']) == 2 + len(m)"; }
what_is_not_ours_passes_with_its_spelling() {
    both && krm 0 && for s in 'long: 12345678901234567890123' 'float: 1.10' 'exponent: 1e3' 'octal: 0o17' 'old: 0644' 'date: 2026-11-20' 'bool: yes' 'none: null' 'word: plain' \
        'text: "1.10"' 'empty: ""' 'one: "1"' 'map: {}' 'list: \[\]' 'version: "1.10"' 'internal.config.kubernetes.io/id: "4"' 'n": "1"'; do count out " *\"*$s\$" 1 || return 1; done
    py "l['items'][:2] == yaml.safe_load(open('in'))['items']"
}
a_second_run_changes_nothing() { both && krm 0 && cp out first && cp out in && krm 0 && cmp out first; }
what_the_cluster_lost_is_left_out() {
    both && sed -i 's/^    kafka:.*/&\n    networkPolicy: {clients: [{namespace: x}]}/' in && krm 0 && grep -q 'kind: NetworkPolicy' out && cp out in && sed -i '/^    networkPolicy/,/^    - /d; /^    networkPolicy/d' in \
        && python3 - << 'END' && krm 0 && ! grep -q 'kind: NetworkPolicy' out && py "len(l['items']) == 2 + len(m)"
import yaml
l = yaml.safe_load(open("in")); l["functionConfig"]["spec"].pop("networkPolicy", None)
yaml.safe_dump(l, open("in", "w"))
END
}
annotations_of_the_orchestrator_stay_with_the_object() {
    both && krm 0 && python3 - << 'END' && krm 0 && py "own[3]['metadata']['annotations']['internal.config.kubernetes.io/path'] == 'elsewhere/x.yaml' and own[3]['metadata']['annotations']['config.k8s.io/id'] == '9'"
import yaml
l = yaml.safe_load(open("out"))
own = [o for o in l["items"] if "gregor.dev/cluster" in o["metadata"].get("annotations", {})]
own[3]["metadata"]["annotations"].update({"internal.config.kubernetes.io/path": "elsewhere/x.yaml", "config.k8s.io/id": "9"})
yaml.safe_dump(l, open("in", "w"))
END
}
two_clusters_live_in_one_list() {
    both && krm 0 && cp out in && sed -i 's/name: orders, namespace: shop/name: bills, namespace: shop/; s/^    name: orders$/    name: bills/' in && python3 - << 'END' && krm 0 && py "len({o['metadata']['annotations']['gregor.dev/cluster'] for o in own}) == 2"
import yaml
l = yaml.safe_load(open("out")); l["functionConfig"]["metadata"]["name"] = "bills"
yaml.safe_dump(l, open("in", "w"))
END
}
an_object_of_others_is_not_taken_over() {
    both && sed -i 's/^items:/items:\n- {apiVersion: v1, kind: Service, metadata: {name: orders-bootstrap, namespace: shop}}/' in && krm 1 && says err 'error[E0962]' && py "len(l['items']) == 3 and l['results'][0]['tags']['code'] == 'E0962'"
}
a_finding_is_a_result_with_its_place() {
    both 'config.kubernetes.io/path: kafka/fn.yaml, internal.config.kubernetes.io/index: "2", internal.config.kubernetes.io/path: kafka/fn.yaml' && sed -i 's/^    kafka:.*/&\n    brokers: {cout: 3}/' in && krm 1 \
        && py "l['results'][0]['field'] == {'path': 'spec.brokers.cout'} and l['results'][0]['file'] == {'path': 'kafka/fn.yaml', 'index': 2} and l['results'][0]['severity'] == 'error'" \
        && py "'cout' in l['results'][0]['message'] and 'did you mean' in l['results'][0]['message'] and l['results'][0]['resourceRef']['name'] == 'orders' and len(l['items']) == 2"
}
warnings_are_results_and_results_of_others_stay() {
    { list; echo 'results: [{message: before, severity: info}]'; config; } > in && sed -i 's/^    kafka:.*/    kafka: {version: 3.9.1, protocol: "3.8"}/' in && krm 0 && py "l['results'][0] == {'message': 'before', 'severity': 'info'} and {r['severity'] for r in l['results'][1:]} == {'warning'}" \
        && krm 1 krm -W error && py "len(l['items']) == 2"
}
a_config_map_holds_a_description() {
    { list; printf 'functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  data:\n    brokers.count: "5"\n    description: |\n      gregor: 1\n      name: orders\n      kafka: {version: 4.3.1}\n'; } > in \
        && krm 0 && py "[o['spec']['replicas'] for o in own if o['metadata']['name'] == 'orders-broker' and o['kind'] == 'StatefulSet'] == [5]" && sed -i 's/4.3.1/9.9/' in && krm 1 && py "l['results'][0]['field']['path'] == 'data.description' and l['results'][0]['tags']['line'] == '3'"
}
arguments_of_kpt_are_values() {
    { list; printf 'functionConfig: {apiVersion: v1, kind: ConfigMap, data: {name: orders, namespace: shop, kafka.version: 4.3.1}}\n'; } > in && both_plain && krm 0 && py "[bare(o) for o in own] == m"
}
anchors_of_others_are_followed() {
    both && sed -i 's/^  data: {version: "1.10", n: "no"}/  data: {version: \&v "1.10", n: "no", m: *v}/' in && grep -q '&v' in && krm 0 && py "l['items'][0]['data'] == {'version': '1.10', 'n': 'no', 'm': '1.10'}"
}
a_value_of_a_config_map_is_found_there() {
    { list; printf 'functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c\n    annotations:\n      config.kubernetes.io/path: x/fn.yaml\n  data:\n    name: orders\n    kafka.version: 4.3.1\n    brokers.count: x\n'; } > in \
        && krm 1 && py "[(r['field']['path'], r['file']['path'], r['tags']['line'], r['tags']['column']) for r in l['results']] == [('data.brokers.count', 'x/fn.yaml', '8', '20')]" \
        && sed -i 's/brokers.count: x/brokers.cont: 5/' in && krm 1 && py "[(r['field']['path'], r['tags']['line']) for r in l['results']] == [('data.brokers.cont', '8')]"
}
both_plain() { cp in kept && both && cp kept in; }
json_is_read_too() { both && python3 -c 'import json, yaml; json.dump(yaml.load(open("in"), yaml.BaseLoader), open("j", "w"), indent=1)' && mv j in && krm 0 && py "[bare(o) for o in own] == m"; }
without_arguments_a_list_is_enough() { both && krm 0 && cp out wanted && "$GREGOR" < in > out && cmp out wanted && cat in | "$GREGOR" | cmp - wanted && ln -s "$GREGOR" gregor-krm && ./gregor-krm < in | cmp - wanted; }
without_arguments_and_a_list_it_is_a_usage_error() { echo 'gregor: 1' > in && { "$GREGOR" < in > out 2> err; [ $? = 2 ]; } && empty out && { "$GREGOR" < /dev/null > out 2> err; [ $? = 2 ]; }; }
under_the_name_of_its_kind_it_is_a_plugin() {
    both && config | sed -n 's/^  //p' > fn.yaml && ln -s "$GREGOR" KafkaCluster && ./KafkaCluster fn.yaml < /dev/null | cmp - plain && "$GREGOR" krm fn.yaml | cmp - plain
}
one_document_leaves_without_a_marker() { both && krm 0 && ! grep -q '^---' out && [ "$(head -n 1 out)" = 'apiVersion: config.kubernetes.io/v1' ]; }
an_empty_list_stays_a_list() { { echo '{apiVersion: config.kubernetes.io/v1, kind: ResourceList}'; } > in && krm 1 && count out '^items: \[\]$' 1 && py "l['results'][0]['tags']['code'] == 'E0961'"; }
what_is_no_list_is_refused() {
    for text in '' '[]' 'kind: List' '{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: {}}' '{apiVersion: x/v1, kind: ResourceList}' 'a: *b' "$(printf 'x: \001')"; do
        printf '%s' "$text" > in && krm 1 && empty out && says err 'error[' || { echo "for '$text'"; return 1; }
    done
}
a_config_map_holds_a_thousand_settings_and_no_more() {
    { list; printf 'functionConfig: {apiVersion: v1, kind: ConfigMap, data: {kafka.version: 4.3.1'; printf ', labels.l%d: a' {1..1000}; echo '}}'; } > in \
        && krm 1 && says out 'have 1001 settings: at most 1000 are taken'
}
other_kinds_hold_no_description() {
    for config in '{apiVersion: v1, kind: Secret}' '{apiVersion: gregor.dev/v2, kind: KafkaCluster, spec: {}}' '{apiVersion: gregor.dev/v1, kind: KafkaCluster}' '{apiVersion: v1, kind: ConfigMap, data: {description: [1]}}'; do
        { list; echo "functionConfig: $config"; } > in && krm 1 && says err E0961 && py "len(l['items']) == 2" || { echo "for $config"; return 1; }
    done
}
a_list_may_be_large() {
    { echo 'apiVersion: config.kubernetes.io/v1'; echo 'kind: ResourceList'; echo 'items:'; for ((i = 0; i < 20000; i++)); do echo "- {apiVersion: v1, kind: ConfigMap, metadata: {name: n$i}, data: {k: \"$i\"}}"; done; config; } > in && krm 0 && count out '^  kind: ConfigMap' 20003
}

failed=0 ran=0
for fact in $(grep -oE '^[a-z_0-9]+\(\)' "$0" | tr -d '()' | grep -vxE 'krm|says|empty|count|py|config|list|both|both_plain'); do
    mkdir -p "$WORK/$fact" && cd "$WORK/$fact" || exit 1
    ran=$((ran + 1))
    if said=$($fact 2>&1); then
        case "$said" in *skipped*) echo "note: $fact: $said" ;; esac
    else
        failed=$((failed + 1))
        echo "FAILED $fact"
        echo "$said" | sed 's/^/  /' | cut -c 1-600
    fi
done
echo "test_krm: $((ran - failed)) passed, $failed failed"
[ "$failed" = 0 ]
