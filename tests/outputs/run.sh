#!/bin/bash
# run.sh GREGOR TOOLS: what the real tools make of the forms of the output. Without the tools (no Go) it says that it was skipped.
set -uo pipefail
gregor=$(realpath "$1") tools=$(realpath -m "$2")
cd "$(dirname "$0")"
for tool in kustomize kpt helm helm4 oc kyaml applyset sarif; do
    [[ -x $tools/$tool ]] || { echo "skipped: there is no $tool; \`make tools\` builds it with Go"; exit 0; }
done
all_passed=0 all_failed=0
for judge in *.py; do
    log=$(mktemp)
    start=$SECONDS
    python3 -B "$judge" "$gregor" "$tools" </dev/null >"$log" 2>&1
    status=$?
    read -r passed failed < <(awk '/(^|: )[0-9]+ passed, [0-9]+ failed$/ { p = $(NF - 3); f = $(NF - 1) } END { print p + 0, f + 0 }' "$log")
    [[ $status != 0 && $failed == 0 ]] && failed=1
    printf '%-28s %5d passed, %d failed, %d s\n' "$judge" "$passed" "$failed" $((SECONDS - start))
    [[ $status != 0 ]] && tail -n 100 "$log"
    rm -f "$log"
    ((all_passed += passed, all_failed += failed))
done
echo "$all_passed passed, $all_failed failed"
[[ $all_failed == 0 ]]
