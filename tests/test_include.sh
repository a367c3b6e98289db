#!/bin/bash
# Included files, from the outside: tests/test_include.sh path/to/gregor. CORPUS=folder (../shared/corpus
# beside the checkout when there is one): real topic ConfigMaps below amadeus/.
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
CORPUS=$(realpath -m "${CORPUS:-$(dirname "$0")/../../shared/corpus}")
. "$(dirname "$0")/facts.sh"

describe() { printf 'gregor: 1\nname: orders\nkafka: {version: 4.3.1, config: {min.insync.replicas: 1}}\ninclude: %s\n' "$1" >"${2:-a.yaml}"; }
topic()    { printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, labels: {config: kafka-topic}}\ndata: {partitions: "%s"}\n' "$1" "$2"; }
builds()   { "$GREGOR" build "$@" >out 2>err </dev/null || { cat err; return 1; }; }
refuses()  { local says=$1; shift; ! "$GREGOR" build "$@" >out 2>err </dev/null && [ ! -s out ] && grep -qF -- "$says" err || { cat out err; return 1; }; }
holds()    { grep -qxF -- "    $1" out || { echo "no line '$1'"; grep -A20 'desired:' out; return 1; }; }

files_of_a_pattern_come_in_the_order_of_their_names() {
    mkdir t && topic a 2 >t/2.yaml && topic a 1 >t/10.yaml && describe '["t/*.yaml"]' && refuses "'topics[1]' has the name of 'topics[0]'" a.yaml \
        && grep -q '^t/2.yaml:3' err && grep -q 'note: t/10.yaml:3' err
}
hidden_files_are_left_out() {
    mkdir t && topic a 1 >t/a.yaml && topic b 1 >t/.b.yaml && describe '["t/*.yaml"]' && builds a.yaml && holds 'topic a partitions=1' && ! grep -q 'topic b' out
}
links_stay_below_the_folder() {
    mkdir in && topic a 1 >in/real.yaml && topic b 1 >outside.yaml && ln -s real.yaml in/good.yaml && ln -s ../outside.yaml in/bad.yaml \
        && describe '[good.yaml]' in/a.yaml && builds in/a.yaml && holds 'topic a partitions=1' \
        && describe '[bad.yaml]' in/a.yaml && refuses 'not below the folder' in/a.yaml \
        && ln -s .. in/up && describe '["up/*.yaml"]' in/a.yaml && refuses 'no file is called' in/a.yaml
}
only_regular_files_are_read() {
    mkfifo pipe.yaml && describe '[pipe.yaml]' && refuses 'not a regular file' a.yaml && describe '[/dev/zero]' && refuses 'not below the folder' a.yaml
}
a_file_has_a_size() {
    head -c 1100000 /dev/zero | tr '\0' '#' >big.yaml && describe '[big.yaml]' && refuses 'larger than 1048576 bytes' a.yaml
}
beyond_a_thousand_files_one_finding_says_so() {
    topic a 1 >a-topic.yaml && describe "[$(printf 'a-topic.yaml, %.0s' {1..1500})a-topic.yaml]" && refuses 'one file too many' a.yaml \
        && [ "$(grep -c 'one file too many' err)" = 1 ]
}
why_leaves_out_each_part_of_an_included_object() {
    echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: site, namespace: shop}, data: {a: b}}' >site.yaml && describe '[site.yaml]' \
        && echo 'brokers: {config: {my.plugin.bytes: 9223372036854775807}}' >>a.yaml \
        && "$GREGOR" why a.yaml ConfigMap/site data.a >out 2>err && grep -qF 'site.yaml:1:86: include[0].data.a: b' out \
        && "$GREGOR" why a.yaml StatefulSet/orders-broker spec.replicas >out 2>err && grep -qF "default of 'brokers.count' (3)" out || { cat out err; return 1; }
}
an_overlay_replaces_the_list() {
    topic a 1 >a-topic.yaml && topic b 1 >b-topic.yaml && describe '[a-topic.yaml]' && echo 'include: [b-topic.yaml]' >over.yaml \
        && builds -f over.yaml a.yaml && holds 'topic b partitions=1' && ! grep -q 'topic a' out
}
why_knows_the_included_line() {
    topic a 3 >a-topic.yaml && describe '[a-topic.yaml]' && "$GREGOR" why a.yaml ConfigMap/orders-admin data.desired >out 2>&1 && grep -q 'a-topic.yaml:3' out \
        || { cat out; return 1; }
}
real_topics_of_the_amadeus_operator_are_read() {
    local file n=0
    [ -e "$CORPUS/amadeus/INDEX.tsv" ] || { echo "skipped: no CORPUS"; return 0; }
    while IFS=$'\t' read -r file _ _ _ _ kinds kind _; do
        [ "$kinds" = ConfigMap ] || continue
        cp "$CORPUS/amadeus/$file" topic.yaml && describe '[topic.yaml]' && n=$((n + 1))
        case $kind in
        *badindent*)    refuses 'topic.yaml:9' a.yaml || return 1 ;;
        *invalid-name*) refuses "Kafka's own topic" a.yaml || return 1 ;;
        *)              builds a.yaml && grep -qE '^    topic [A-Za-z_-]+ partitions=[0-9]+ replicas=[0-9]$' out || { echo "$file"; return 1; } ;;
        esac
    done <"$CORPUS/amadeus/INDEX.tsv"
    [ "$n" -ge 8 ]
}

facts_run 'describe|topic|builds|refuses|holds'
