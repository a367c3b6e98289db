#!/bin/bash
# run.sh LOGS COMMAND...: runs test programs one after the other. A line for each, what they wrote only when they fail, and
# "N passed, N failed" at the end. Counts come from cmocka's words, or from the program's own "N passed, N failed" or
# "N facts, N failed"; a program with neither counts as one test. Exit status 77 means "skipped": the last line says why.
set -uo pipefail
logs=$1
shift
mkdir -p "$logs"
export LC_ALL=C
all_passed=0 all_failed=0

# Sets `passed` and `failed` from what a program wrote.
count() {
    read -r passed failed < <(awk '
        /^\[  PASSED  \] [0-9]+ test/          { p += $4; seen = 1 }
        /^\[  FAILED  \] [0-9]+ test/          { f += $4; seen = 1 }
        /(^|: )[0-9]+ passed, [0-9]+ failed$/ { p += $(NF - 3); f += $(NF - 1); seen = 1 }
        /: [0-9]+ facts, [0-9]+ failed$/       { p += $(NF - 3) - $(NF - 1); f += $(NF - 1); seen = 1 }
        END { if (seen) print p + 0, f + 0; else print "- -" }' "$1")
    [[ $passed == - ]] && passed=$((status == 0)) failed=$((status != 0))
    [[ $status != 0 && $failed == 0 ]] && failed=1
}

for command in "$@"; do
    name=$(basename "${command%% *}")
    log=$logs/$name.log
    start=${EPOCHREALTIME/./}
    $command >"$log" 2>&1 </dev/null
    status=$?
    if [[ $status == 77 ]]; then
        printf '%-28s skipped: %s\n' "$name" "$(tail -n 1 "$log")"
        continue
    fi
    count "$log"
    printf '%-28s %5d passed' "$name" "$passed"
    [[ $failed != 0 ]] && printf ', %d FAILED' "$failed"
    printf '  %6d ms\n' $(((${EPOCHREALTIME/./} - start) / 1000))
    grep -h '^note: ' "$log" | sed 's/^note: /    /'
    [[ $status != 0 ]] && tail -n 200 "$log"
    ((all_passed += passed, all_failed += failed))
done
echo "$all_passed passed, $all_failed failed"
[[ $all_failed == 0 ]]
