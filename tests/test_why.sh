#!/bin/bash
# `gregor why` leaves out each value of a description in turn, so it compiles pages that nobody would write: tests/test_why.sh path/to/gregor
GREGOR=$(realpath "${1:?path of gregor}")
GOLDEN=$(realpath "$(dirname "$0")/../golden")
. "$(dirname "$0")/facts.sh"

# The first StatefulSet of a case; nothing when there is none.
first_set() { awk '/^kind: StatefulSet$/ { set = 1 } set && /^  name:/ { print $2; exit }' "$1/expect.yaml"; }

# Cases that compile as they stand: every third, and all in which files of the site take part.
cases() {
    local folder n=0
    for folder in "$GOLDEN"/*/; do
        [[ -f $folder/expect.yaml && -f $folder/input.yaml && ! -f $folder/args ]] || continue
        n=$((n + 1))
        [[ $((n % 3)) == 0 || $folder == */include-* || $folder == */hook-* || $folder == */topics-* ]] && echo "$folder"
    done
}

a_value_of_each_case_is_explained() {
    local folder set asked=0
    for folder in $(cases); do
        set=$(first_set "$folder")
        [[ -n $set ]] || continue
        asked=$((asked + 1))
        "$GREGOR" why "$folder/input.yaml" "StatefulSet/$set" spec.replicas >out 2>err || { echo "$folder: exit status $?"; head -5 err; return 1; }
        grep -q . out || { echo "$folder: nothing is said"; return 1; }
    done
    [[ $asked -gt 70 ]] || { echo "only $asked cases were asked"; return 1; }
}
an_object_of_the_site_is_explained_by_its_file() {
    "$GREGOR" why "$GOLDEN/include-order/input.yaml" PersistentVolumeClaim/backup spec.resources.requests.storage >out 2>err || { cat err; return 1; }
    grep -qE '/site.yaml:9:103: spec.resources.requests.storage: 10Gi \(include\)$' out || { cat out; return 1; }
}

facts_run 'cases|first_set'
