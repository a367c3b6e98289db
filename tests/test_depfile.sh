#!/bin/bash
# What `build --depfile` tells make and Ninja, by make and Ninja: tests/test_depfile.sh path/to/gregor (or GREGOR=path/to/gregor).
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
README=$(realpath "$(dirname "$0")/../README.md")
. "$(dirname "$0")/facts.sh"
export ASAN_OPTIONS=detect_leaks=0 # nothing can be traced otherwise
unset MAKEFLAGS MFLAGS MAKELEVEL  # of the make that runs the tests
NOW=2026-11-20T12:00:00Z

# run STATUS ARGS...: gregor, into out and err.
run() {
    local wanted=$1 got=0
    shift
    "$GREGOR" "$@" >out 2>err </dev/null || got=$?
    [ "$got" = "$wanted" ] || { echo "gregor $*: exit $got, not $wanted"; head -5 err; return 1; }
}
says()  { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; cat "$1"; return 1; }; }
page()  { printf 'gregor: 1\nname: %s\nkafka: {version: 4.3.1}\n' "$1"; }
topic() { printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, labels: {config: kafka-topic}}\ndata: {partitions: "3"}\n' "$1"; }
# A folder with everything that a build reads: its inputs, one a line, are in the file `inputs`. `build` are the options that read them.
everything() {
    mkdir -p in/topics in/pki && topic a >in/topics/a.yaml && topic b >in/topics/b.yaml && topic c >in/c.yaml && echo 'labels: {team: x}' >over.yaml
    printf 'local m = require "mine"\nlocal k8s = require "k8s"\nreturn {api = 1}\n' >in/site.lua && echo "return {}" >in/mine.lua && echo "return {api = 1}" >more.lua
    { page orders; cat <<'Y'; } >in/orders.yaml
namespace: streaming
presets: [staging]
tls: generated
authorization: acl
listeners: [{name: internal, port: 9092, tls: true, auth: scram-sha-512}]
users: [{name: app, password: {file: app}}]
include: [c.yaml, "topics/*.yaml"]
hooks: [site.lua]
Y
    run 0 pki -q --now $NOW in/orders.yaml && run 0 users in/orders.yaml || return 1
    build=(build --now $NOW -f over.yaml --hook more.lua --secrets secrets.yaml)
    printf '%s\n' in/orders.yaml over.yaml in/site.lua in/mine.lua more.lua in/c.yaml in/topics/a.yaml in/topics/b.yaml in/secrets/app in/secrets/.scram-salt \
        in/pki/ca.crt in/pki/orders-{broker,controller}-tls.{crt,key} | sort >inputs
}
listed()   { sed -n 's/^\(.*\):$/\1/p' "$1" | sort; }                 # what the rules without prerequisites name
needed()   { sed -n 's/^  \([^ ]*\).*/\1/p' "$1" | sort; }
# makes WANTED: one run of make builds, or does not. Time does not pass between two runs: files are given theirs.
makes() {
    local got=no
    make -r --no-print-directory >made 2>&1 </dev/null || { cat made; return 1; }
    grep -q '^BUILD' made && got=yes
    [ "$got" = "$1" ] || { echo "make built: $got, not $1"; cat made ./*.d; return 1; }
    find . -type f ! -newermt @1000000001 -o -type f -exec touch -d @1000000000 {} +
}
touched() { touch -d @1000000002 "$1"; }

every_file_that_is_read_is_listed() {
    everything && run 0 "${build[@]}" -o out.yaml --depfile out.d in/orders.yaml && listed out.d | diff inputs - && needed out.d | diff inputs - \
        && [ "$(head -n 2 out.d)" = 'out.yaml secrets.yaml: \
  in/orders.yaml \' ]
}
nothing_else_is_opened() {
    everything && mkdir real && strace -f -qq -o trace -e trace=openat "$GREGOR" "${build[@]}" -o real/out.yaml --depfile real/out.d in/orders.yaml 2>/dev/null \
        || { echo "skipped: nothing can be traced here"; return 0; }
    sed -n 's/.*openat([^"]*"\([^"]*\)", O_RDONLY.* = [0-9].*/\1/p' trace | sed "s|^$PWD/||" | grep -E '^(in/|[a-z]+\.(yaml|lua)$)' | while read -r f; do
        [ -f "$f" ] && echo "$f"
    done | grep -vxF secrets.yaml | sort -u | diff inputs -
}
make_builds_again_when_an_input_is_touched() {
    everything && printf '%s\n' 'out.yaml: in/orders.yaml' "	@echo BUILD; $GREGOR ${build[*]} -o \$@ --depfile out.d in/orders.yaml && touch \$@ secrets.yaml" '-include out.d' >Makefile
    makes yes && makes no || return 1
    while read -r input; do
        touched "$input" && makes yes && makes no || { echo "when $input was touched"; return 1; }
    done <inputs
}
make_goes_on_when_an_input_is_deleted() {
    everything && printf '%s\n' 'out.yaml: in/orders.yaml' "	@echo BUILD; $GREGOR ${build[*]} -o \$@ --depfile out.d in/orders.yaml && touch \$@ secrets.yaml" '-include out.d' >Makefile
    makes yes && rm in/topics/b.yaml && makes yes && makes no && ! grep -q topics/b out.d && ! grep -q 'topic b ' out.yaml
}
ninja_reads_the_same() {
    type -P ninja >/dev/null || { echo "skipped: no ninja"; return 0; }
    everything && run 0 "${build[@]}" -o out.yaml --depfile out.d in/orders.yaml && printf '%s\n' 'rule gregor' \
        "  command = echo BUILD; $GREGOR ${build[*]} -o out.yaml --depfile out.d in/orders.yaml" '  depfile = out.d' '  restat = 1' \
        'build out.yaml secrets.yaml: gregor in/orders.yaml' >build.ninja
    ninjas yes && ninjas no || return 1
    while read -r input; do
        touch -d "+${n:=2} seconds" "$input" && n=$((n + 2)) && ninjas yes && ninjas no || { echo "when $input was touched"; return 1; }
    done <inputs
    rm in/topics/b.yaml && ninjas yes && ninjas no && ! grep -q topics/b out.d
}
ninjas() {
    local got=no
    ninja >made 2>&1 </dev/null || { cat made; return 1; }
    grep -q BUILD made && got=yes
    [ "$got" = "$1" ] || { echo "ninja built: $got, not $1"; ninja -d explain -n 2>&1 | head -3; return 1; }
}
the_makefile_of_the_readme_works() {
    sed -n '/^# Makefile:/,/^```/p' "$README" | sed '/^```/d; s/^\tgregor/\t@echo BUILD; $(GREGOR)/' >Makefile && grep -q 'BUILD.*--depfile' Makefile || return 1
    page x >x.yaml && page y >y.yaml && printf 'include: [topic.yaml]\n' | tee -a x.yaml >>y.yaml && topic a >topic.yaml
    printf '%s\n' 'all: x.out.yaml y.out.yaml' | cat - Makefile >both && mv both Makefile
    export GREGOR && makes yes && makes no && touched topic.yaml && makes yes && [ "$(grep -c BUILD made)" = 2 ] && makes no && touched y.yaml && makes yes \
        && [ "$(grep -c BUILD made)" = 1 ] && makes no && topic b >topic.yaml && touched topic.yaml && makes yes && says x.out.yaml 'topic b ' && says y.out.yaml 'topic b '
}
what_judges_the_result_is_no_input() {
    page x >a.yaml && run 0 build -q -d o a.yaml && run 0 build -q -d o --against o --depfile a.d a.yaml && [ "$(listed a.d)" = a.yaml ]
}
# What has a meaning for either: blanks, $, #, :, backslashes, brackets, letters that are not ASCII.
names_that_need_an_escape_are_read_back() {
    local name tool
    for name in 'a b' ' a' 'a  b' 'a$b' '$$' 'a#b' '#a' 'a:b' 'a\b' 'a\\b' 'a\ b' 'a\\ b' 'a(1) b' 'a{b}' 'a~b' 'a@b,c+d!e' 'é' '-a'; do
        mkdir d && cd d && page x >"./$name" && run 0 build -o out.yaml --depfile out.d -- "$name" || return 1
        printf '%s\n' 'out.yaml:' '	@echo BUILD; touch $@' 'include out.d' >Makefile
        printf '%s\n' 'rule touch' '  command = echo BUILD; touch out.yaml' '  depfile = out.d' 'build out.yaml: touch' >build.ninja
        touch -d @1000000000 ./* && makes no && touched "./$name" && makes yes && makes no && rm -- "./$name" && makes yes || { echo "make: '$name'"; return 1; }
        page x >"./$name" && run 0 build -o out.yaml --depfile out.d -- "$name"
        type -P ninja >/dev/null && { ninjas yes && ninjas no && touch -d '+5 seconds' -- "./$name" && ninjas yes && rm -- "./$name" && ninjas yes || { echo "ninja: '$name'"; return 1; }; }
        cd .. && rm -r d
    done
}
targets_are_escaped_too() {
    page x >a.yaml && run 0 build -o 'o $#.yaml' --depfile a.d a.yaml && says a.d 'o\ $$\#.yaml: \' && run 0 build --depfile a.d --depfile-target 'a b' a.yaml && says a.d 'a\ b: \'
}
names_that_cannot_be_spelt_are_refused() {
    local name
    for name in 'a=b' 'a%b' 'a;b' 'a*b' 'a?b' 'a[1]' 'a|b' 'a&b' 'a"b' "a'b" 'a`b' 'a<b' 'a^b' '~a' 'a\' 'a:' 'a)' 'a\#b' 'a\$b' 'a\\:b' $'a\tb' $'a\nb'; do
        page x >"./$name" && run 3 build -o out.yaml --depfile out.d -- "$name" && says err "do not both read" && [ ! -e out.yaml ] && [ ! -e out.d ] || { echo "'$name'"; return 1; }
    done
}
a_build_that_fails_leaves_the_file() {
    page x >a.yaml && run 0 build -o o.yaml --depfile a.d a.yaml && cp a.d was && echo 'brokers: {count: 0}' >>a.yaml && page y >b.yaml \
        && run 1 build -o o.yaml --depfile a.d a.yaml b.yaml && cmp a.d was && run 1 build -d out.dir --depfile a.d a.yaml b.yaml && cmp a.d was \
        && run 1 build -o o.yaml --depfile b.d a.yaml && [ ! -e b.d ]
}
a_file_that_would_not_change_is_not_touched() {
    page x >a.yaml && run 0 build -o o.yaml --depfile a.d a.yaml && touch -d @1000000000 a.d && run 0 build -o o.yaml --depfile a.d a.yaml && [ "$(stat -c %Y a.d)" = 1000000000 ]
}
each_cluster_of_a_folder_has_a_rule() {
    page x >a.yaml && page y >b.yaml && echo 'hooks: [s.lua]' | tee -a a.yaml >>b.yaml && echo "return {api = 1}" >s.lua && run 0 build -q -d o/ --depfile a.d a.yaml b.yaml && diff - a.d <<'D'
o/x.yaml: \
  a.yaml \
  s.lua
o/y.yaml: \
  b.yaml \
  s.lua

a.yaml:
s.lua:
b.yaml:
D
}
a_folder_a_cluster_is_its_index() {
    everything && mkdir s && run 0 "${build[@]}" -q --secrets s -d . --per-file=object --depfile a.d in/orders.yaml && says a.d 'orders/.gregor-index s/orders-secrets.yaml: \' \
        && [ -e orders/.gregor-index ] && [ -e s/orders-secrets.yaml ] && run 0 build -q -d k --to kustomize --now $NOW --depfile a.d in/orders.yaml && says a.d 'k/orders/.gregor-index: \'
}
a_target_of_the_caller_has_all_inputs() {
    page x >a.yaml && page y >b.yaml && run 0 build -q -d o --depfile a.d --depfile-target o/.stamp a.yaml b.yaml && [ "$(head -n 3 a.d)" = 'o/.stamp: \
  a.yaml \
  b.yaml' ] && run 0 build --depfile b.d --depfile-target o/.stamp a.yaml b.yaml && cmp a.d b.d
}
a_fleet_that_grows_is_built_by_one_rule() {
    page x >a.yaml && page y >b.yaml && printf '%s\n' 'ALL = $(wildcard ?.yaml)' 'stamp: $(ALL)' "	@echo BUILD; $GREGOR build -q -d o --depfile o.d --depfile-target \$@ \$(ALL) && touch \$@" \
        '-include o.d' >Makefile && makes yes && makes no && page z >c.yaml && touched c.yaml && makes yes && makes no && [ -e o/z.yaml ] && rm b.yaml && makes yes && makes no
}
the_number_of_threads_does_not_show() {
    local i
    for i in 1 2 3 4 5 6 7 8 9; do page c$i >c$i.yaml; done
    run 0 build -q -j 1 -d o --depfile a.d c*.yaml && run 0 build -q -j 4 --check -d o --depfile b.d c*.yaml && cmp a.d b.d
}
standard_input_and_presets_are_no_files() { page x | "$GREGOR" build -p dev -o o.yaml --depfile a.d - && [ "$(cat a.d)" = 'o.yaml:' ]; }
options_that_make_no_sense_are_refused() {
    page x >a.yaml && run 2 build --depfile a.d a.yaml && says err "--depfile-target" && run 2 build --depfile a.d -o - a.yaml && run 2 build --depfile - -o o.yaml a.yaml \
        && run 2 build --depfile o.yaml -o o.yaml a.yaml && run 2 build --depfile s --secrets s -o o.yaml a.yaml && run 2 build --depfile-target x -o o.yaml a.yaml \
        && run 2 check --depfile a.d a.yaml && [ ! -e a.d ] && [ ! -e o.yaml ]
}
a_file_that_cannot_be_written_is_told() { page x >a.yaml && run 3 build -o o.yaml --depfile no/a.d a.yaml && says err "cannot open the folder 'no'"; }

facts_run 'run|says|page|topic|everything|listed|needed|makes|touched|ninjas'
