#!/bin/bash
# run.sh FOLDER SECONDS: lets each fuzzer in FOLDER run for a while, starting from the inputs of golden/ and what earlier runs
# found. A crash leaves its input beside the fuzzer, and the end of the log on the terminal.
set -uo pipefail
folder=$1 seconds=$2
seeds=$folder/seeds
mkdir -p "$seeds"
for input in golden/*/input.yaml; do
    [[ -e $input ]] && cp "$input" "$seeds/$(basename "$(dirname "$input")").yaml"
done
# Hostile hooks are no seeds: what only the last resort ends would end the fuzzer too. tests/test_hook.c runs them.
for hook in golden/*/*.lua stdlib/lua/*.lua; do
    [[ -e $hook ]] && cp "$hook" "$seeds/${hook//\//-}"
done
cp presets/*.yaml tests/demo/*.yaml "$seeds/"
passed=0 failed=0
for fuzzer in "$folder"/fuzz_*; do
    [[ -x $fuzzer && ! -d $fuzzer ]] || continue
    mkdir -p "$fuzzer.corpus"
    "$fuzzer" -max_total_time="$seconds" -dict="$folder/words.dict" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -max_len=8192 -artifact_prefix="$fuzzer." "$fuzzer.corpus" "$seeds" >"$fuzzer.log" 2>&1 </dev/null
    if [[ $? == 0 ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        tail -n 40 "$fuzzer.log"
    fi
    awk -v name="$(basename "$fuzzer")" '/number_of_executed_units/ { n = $2 } / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
        END { printf "%-28s %d inputs, %d edges\n", name, n, cov }' "$fuzzer.log"
done
echo "$passed passed, $failed failed"
[[ $failed == 0 && $passed -gt 0 ]]
