#!/bin/bash
# The same input gives the same bytes, wherever and however it is compiled (design 6): tests/test_determinism.sh path/to/gregor
# A test is a function named after the fact it states; it fails by returning non-zero.
#
# What may change the output is the description alone. The order of keys of one map does not, but for values of Kubernetes, which are
# copied as they stand (pod, env, tolerations), and lists, whose order means something.
GREGOR=$(realpath "${1:?path of gregor}")
ROOT=$(realpath "$(dirname "$0")/..")
. "$(dirname "$0")/facts.sh"
export NO_COLOR=1

cp -r "$ROOT/presets" "$WORK/in"
cp "$ROOT/tests/demo/orders.yaml" "$WORK/in/orders.yaml"
ORDERS=$WORK/in/orders.yaml

build() { "$GREGOR" build -q "$@" </dev/null; }
build "$ORDERS" >"$WORK/orders.out" || { echo "tests/demo/orders.yaml does not compile"; exit 1; }

# same COMMAND...: what it writes is what the plain build wrote.
same() {
    "$@" >out 2>err </dev/null || { echo "exit status $?"; head -5 err; return 1; }
    cmp out "$WORK/orders.out"
}
same_folders() { diff -rq "$1" "$2" && [ -n "$(ls "$1")" ]; }

another_time_zone_changes_nothing() { same env TZ=Pacific/Kiritimati "$GREGOR" build -q "$ORDERS"; }
another_locale_changes_nothing() {
    local l
    for l in C C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8 no_such; do same env LANG="$l" LC_ALL="$l" "$GREGOR" build -q "$ORDERS" || return 1; done
}
another_home_user_and_path_change_nothing() { same env HOME=/nowhere USER=x LOGNAME=x PATH= "$GREGOR" build -q "$ORDERS"; }
an_empty_environment_changes_nothing() { same env -i "$GREGOR" build -q "$ORDERS"; }
tables_with_gaps_are_as_long_each_time() { # Lua's seed would be another in each run
    local i
    cat >gaps.lua <<'END'
local out = {}
for n = 1, 200 do
  local t = {}
  for i = 1, n do t["k" .. i] = i end
  for _, i in ipairs { 1, 2, 4, 7, 8, 3, 16, 11, 32, 31 } do t[i], t["x" .. i] = i, i out[#out + 1] = #t end
end
return { api = 1, objects = function(list) gregor.ensure(list[1], "metadata", "annotations").gaps = table.concat(out, ",") end }
END
    build --hook gaps.lua "$ORDERS" >first && grep -q 'gaps: "1,2,' first || return 1
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do build --hook gaps.lua "$ORDERS" | cmp - first || return 1; done
}
another_umask_changes_nothing() { (umask 077; same "$GREGOR" build -q "$ORDERS"); }
another_folder_changes_nothing() { (cd / && "$GREGOR" build -q "$ORDERS") >out && cmp out "$WORK/orders.out"; }
another_path_to_the_file_changes_nothing() { cp "$ORDERS" renamed.yml && same "$GREGOR" build -q ./renamed.yml; }
another_name_of_the_program_changes_nothing() { ln -s "$GREGOR" other && same ./other build -q "$ORDERS"; }
another_limit_of_the_stack_changes_nothing() { (ulimit -s 256 && same "$GREGOR" build -q "$ORDERS"); }
standard_input_is_like_a_file() { "$GREGOR" build -q - <"$ORDERS" >out && cmp out "$WORK/orders.out"; }
a_pipe_is_like_a_file() { cat "$ORDERS" | "$GREGOR" build -q - >out && cmp out "$WORK/orders.out"; }
an_output_file_is_like_standard_output() { "$GREGOR" build -q -o out "$ORDERS" && cmp out "$WORK/orders.out"; }
windows_line_ends_change_nothing() { sed 's/$/\r/' "$ORDERS" >crlf.yaml && same "$GREGOR" build -q crlf.yaml; }
comments_and_blank_lines_change_nothing() {
    awk '{ print "# remark"; print ""; print }' "$ORDERS" >remarks.yaml && same "$GREGOR" build -q remarks.yaml
}
a_byte_order_mark_changes_nothing() { { printf '\xef\xbb\xbf'; cat "$ORDERS"; } >bom.yaml && same "$GREGOR" build -q bom.yaml; }
the_order_of_configuration_changes_nothing() {
    local page='gregor: 1
name: orders
kafka: {version: 3.9.2, metadata: zookeeper, config: {A}}
brokers: {config: {B}, jvm: {properties: {C}}}
zookeeper: {config: {D}}
labels: {E}
topics: [{name: orders, config: {F}}]'
    local one=$page other=$page
    for pair in 'A num.partitions:~3 log.retention.ms:~7d' 'B num.io.threads:~4 background.threads:~5' 'C z:~1 a:~2' 'D syncLimit:~7 initLimit:~9' \
        'E team:~shop env:~test' 'F retention.ms:~5d cleanup.policy:~delete'; do
        set -- $pair
        one=${one//"{$1}"/"{${2/\~/ }, ${3/\~/ }}"} other=${other//"{$1}"/"{${3/\~/ }, ${2/\~/ }}"}
    done
    "$GREGOR" build -q - <<<"$one" >first 2>err && "$GREGOR" build -q - <<<"$other" >second 2>err || { cat err; return 1; }
    grep -q 'syncLimit=7' first && ! diff <(echo "$one") <(echo "$other") >differs && cmp first second
}
the_order_of_top_level_keys_changes_nothing() {
    awk 'function flush() { if (part != "") print part > (n++ % 2 ? "b" : "a"); part = "" }
         /^[a-z]/ { flush() } { part = part $0 "\n" } END { flush() }' "$ORDERS"
    cat b a >turned.yaml && ! cmp -s turned.yaml "$ORDERS" && same "$GREGOR" build -q turned.yaml
}
the_same_build_again_is_the_same() { local i; for i in 1 2 3 4 5; do same "$GREGOR" build -q "$ORDERS" || return 1; done; }
check_finds_no_difference() { "$GREGOR" build -q --check -d out "$WORK"/in/*.yaml; }

one_worker_writes_what_many_write() {
    "$GREGOR" build -q -j 1 -d one "$WORK"/in/*.yaml && "$GREGOR" build -q -j 2 -d two "$WORK"/in/*.yaml &&
        "$GREGOR" build -q -j 7 -d seven "$WORK"/in/*.yaml && same_folders one two && same_folders one seven
}
many_files_are_one_after_the_other() {
    local f
    for f in "$WORK"/in/*.yaml; do build "$f" || return 1; done >each
    build -j 2 "$WORK"/in/*.yaml >all && cmp each all
}
findings_come_in_the_order_of_the_files() {
    local i
    for i in 1 2 3 4 5 6 7 8 9; do printf 'gregor: 1\nname: c%s\nkafka: {version: 4.3.1, bogus: 1}\n' "$i" >"$i.yaml"; done
    "$GREGOR" check -j 1 [1-9].yaml 2>one
    "$GREGOR" check -j 4 [1-9].yaml 2>four
    cmp one four && [ "$(grep -c bogus one)" -ge 9 ]
}
a_folder_holds_what_standard_output_shows() { build -d out "$ORDERS" && cmp out/orders.yaml "$WORK/orders.out"; }
a_second_run_writes_nothing() {
    build -d out "$WORK"/in/*.yaml && find out -type f -exec touch -d @1000000000 {} + &&
        build -d out "$WORK"/in/*.yaml && [ -z "$(find out -type f -newermt @1000000001)" ]
}
json_does_not_depend_on_the_workers() {
    build --to json -j 1 "$WORK"/in/*.yaml >one && build --to json -j 3 "$WORK"/in/*.yaml >three && cmp one three
}
pages_made_from_the_tables_are_stable() {
    local page
    for page in schema man "man 5" "completion bash" presets; do
        [ "$("$GREGOR" $page | cksum)" = "$(cd / && env -i TZ=X "$GREGOR" $page | cksum)" ] || { echo "$page"; return 1; }
    done
}
no_trace_of_the_machine_is_in_the_output() {
    ! grep -nF -e "$(hostname)" -e "$WORK" -e "$PWD" -e "$ROOT" "$WORK/orders.out"
}
# The runner of golden/ calls the compiler as a function: this is what a person gets.
the_program_says_what_golden_says() {
    local d n=0
    for d in "$ROOT"/golden/*/; do
        [ -e "$d/input.yaml" ] && [ ! -e "$d/args" ] || continue
        (cd "$d" && "$GREGOR" build input.yaml </dev/null) >out 2>err
        [ ! -e "$d/expect.yaml" ] || cmp "$d/expect.yaml" out || return 1
        [ -e "$d/expect.yaml" ] || [ ! -s out ] || { echo "$d: output of a rejected case"; return 1; }
        [ ! -e "$d/expect.diag" ] || cmp "$d/expect.diag" err || return 1
        [ -e "$d/expect.diag" ] || [ ! -s err ] || { echo "$d: findings"; return 1; }
        n=$((n + 1))
    done
    [ "$n" -gt 0 ] || echo "skipped: no case"
}

facts_run 'build|same|same_folders'
