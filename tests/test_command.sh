#!/bin/bash
# The command line, from the outside: tests/test_command.sh path/to/gregor (or GREGOR=path/to/gregor).
# A test is a function named after the fact it states; it fails by returning non-zero. Each runs in a folder of its own.
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
MODULES=$(realpath "$(dirname "$0")/../stdlib/lua")
. "$(dirname "$0")/facts.sh"

describe() { "$GREGOR" init "$1" > "${2:-$1}.yaml"; }
broken()   { printf 'gregor: 1\nname: %s\nkafka: {version: 4.3.1, bogus: 1}\n' "$1" > "$1.yaml"; }

# run STATUS ARGS...: runs gregor with standard output in `out` and standard error in `err`; fails unless it exits like that.
run() {
    local wanted=$1 got=0
    shift
    "$GREGOR" "$@" > out 2> err < /dev/null || got=$?
    [ "$got" = "$wanted" ] || { echo "gregor $*: exit $got, not $wanted"; head -5 err; return 1; }
}
empty() { [ ! -s "$1" ] || { echo "$1 is not empty:"; head -3 "$1"; return 1; }; }
says()  { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; head -5 "$1"; return 1; }; }
count() { [ "$(grep -c -- "$2" "$1")" = "$3" ] || { echo "$1: not $3 times '$2'"; return 1; }; }

# ---- usage ---------------------------------------------------------------------------------------------------------
nothing_to_do_is_a_usage_error()       { run 2 && empty out && says err "usage: gregor"; }
help_is_a_result()                     { run 0 --help && empty err && says out "usage: gregor"; }
help_of_a_verb_lists_its_options()     { run 0 build --help && says out "--per-file" && run 0 help why && says out "KIND/NAME"; }
help_fits_a_screen()                   { run 0 --help && [ "$(wc -l < out)" -le 24 ] && [ "$(wc -L < out)" -le 80 ]; }
version_is_one_line()                  { run 0 --version && [ "$(wc -l < out)" = 1 ] && says out "gregor "; }
a_misspelt_verb_has_a_neighbour()      { run 2 biuld && empty out && says err "did you mean 'build'"; }
a_misspelt_option_has_a_neighbour()    { run 2 build --presett && says err "did you mean '--preset'"; }
a_misspelt_choice_has_a_neighbour()    { run 2 build --to=jsn x.yaml && says err "did you mean 'json'"; }
an_option_of_another_verb_is_refused() { run 2 check -d x y.yaml && says err "takes no option '--dir'"; }
an_option_without_its_value_is_refused() { run 2 build --set && says err "needs PATH=VALUE"; }
a_flag_with_a_value_is_refused()       { run 2 build --quiet=yes x.yaml && says err "takes no value"; }
a_strange_number_of_jobs_is_refused()  { for j in x -1 1x 99999999999999999999 ""; do run 2 build -j "$j" x.yaml || return 1; done; }
options_that_exclude_each_other_are_refused() {
    run 2 build -d x -o y z.yaml && run 2 build --per-file=object z.yaml && run 2 build --dump=tree -d x z.yaml
}
all_spellings_of_an_option_mean_the_same() {
    describe a && run 0 build --to json a.yaml && mv out first && run 0 build --to=json a.yaml && cmp out first \
        && run 0 --to json build a.yaml && cmp out first && run 0 build a.yaml --to json && cmp out first \
        && run 0 build -qj2 --to json a.yaml && cmp out first && run 0 build -j 2 --to json a.yaml && cmp out first
}
two_dashes_end_the_options() { describe a -o && run 0 build -- -o.yaml && says out "kind: StatefulSet"; }
a_file_alone_means_build()   { describe a && run 0 a.yaml && mv out first && run 0 build a.yaml && cmp out first; }
arguments_cannot_drive_the_terminal() { run 2 "$(printf 'x\033[31my')" && ! grep -q "$(printf '\033')" err; }

# ---- what was applied before -------------------------------------------------------------------------------------------
with_topic() { describe "$1" && printf 'topics: [{name: t, partitions: %s}]\n' "$2" >> "$1.yaml"; }
what_cannot_become_is_not_written() {
    with_topic a 9 && run 0 build -d o a.yaml && run 0 build -o old a.yaml && cp -r o before && with_topic a 8 && run 1 build -d o --against o a.yaml && says err E0847 \
        && diff -r o before && run 1 build -o new --against old a.yaml && [ ! -e new ] && run 1 build --against old a.yaml && empty out \
        && with_topic a 10 && run 0 check --against old -W error a.yaml && run 0 build -d o --against o a.yaml && ! diff -r o before > diff
}
a_folder_of_objects_is_what_was_before_too() {
    with_topic a 9 && run 0 build -d o --per-file object a.yaml && with_topic a 8 && run 1 check --against o a.yaml && says err E0847
}
nothing_before_is_told() {
    with_topic a 9 && mkdir o && run 0 check --against o a.yaml && says err W0849 && run 1 check -W error --against o a.yaml && run 3 check --against none a.yaml \
        && says err "none: error[E0100]"
}
standard_input_before_serves_one() {
    with_topic a 9 && with_topic b 9 && run 2 check --against - a.yaml b.yaml && run 2 build --check --against - a.yaml && run 2 check --against - - \
        && "$GREGOR" a.yaml | "$GREGOR" check --against - -W error a.yaml
}

# ---- hooks -----------------------------------------------------------------------------------------------------------
labelling() { printf 'return { api = 1, object = function(obj) obj.metadata.labels.%s = "%s" end }\n' "$1" "$2"; }
hooks_lie_beside_their_description() {
    mkdir sub && describe a sub/a && echo 'hooks: [h.lua]' >> sub/a.yaml && labelling who file > sub/h.lua \
        && run 0 build sub/a.yaml && says out "who: file" && (cd sub && "$GREGOR" - < a.yaml | grep -q "who: file")
}
hooks_of_the_command_line_run_last() {
    describe a && echo 'hooks: [h.lua]' >> a.yaml && labelling who file > h.lua && labelling who line > l.lua && labelling who last > m.lua \
        && run 0 build --hook l.lua --hook m.lua a.yaml && says out "who: last" && ! grep -q "who: [^l]" out
}
a_hook_that_fails_prints_nothing() {
    describe a && echo 'error("no")' > h.lua && run 1 build --hook h.lua a.yaml && empty out && says err "h.lua:1:1: error[E0902]: no" \
        && run 1 check --hook h.lua a.yaml && run 1 build --hook none.lua a.yaml && says err "none.lua"
}
a_link_out_of_the_folder_is_no_hook() {
    mkdir sub && describe a sub/a && echo 'hooks: [h.lua]' >> sub/a.yaml && labelling who file > h.lua && ln -s ../h.lua sub/h.lua \
        && run 1 build sub/a.yaml && says err "E0900" && rm sub/h.lua && mv h.lua sub/g.lua && ln -s g.lua sub/h.lua && run 0 build sub/a.yaml
}
what_is_no_text_is_no_hook() {
    describe a && printf '\033Lua' > h.lua && run 1 build --hook h.lua a.yaml && says err "E0900" && says err "is compiled Lua" \
        && printf '\357\273\277\033Lua' > h.lua && run 1 build --hook h.lua a.yaml && says err "is compiled Lua" \
        && printf 'return {api = 1, \377}' > h.lua && run 1 build --hook h.lua a.yaml && says err "is not a text in UTF-8" \
        && printf 'return {api = 1}\0' > h.lua && run 1 build --hook h.lua a.yaml && says err "is not a text in UTF-8" \
        && printf '\033Lua' > m.lua && echo 'require "m"' > h.lua && run 1 build --hook h.lua a.yaml && says err "E0914" && says err "is compiled Lua" \
        && { echo 'return {api = 1}'; head -c 1048576 /dev/zero | tr '\0' '\n'; } > h.lua && run 1 build --hook h.lua a.yaml && says err "larger than 1048576 bytes"
}
many_descriptions_with_hooks_are_the_same_on_any_number_of_threads() {
    labelling who '" .. plan.name .. "' | sed 's/(obj)/(obj, plan)/' > h.lua
    for i in 1 2 3 4 5 6 7 8 9; do describe "c$i" && printf 'hooks: [h.lua]\n' >> "c$i.yaml"; done
    run 0 build -j 1 c*.yaml && mv out first && run 0 build -j 4 c*.yaml && cmp out first && says out "who: c7" && run 0 build --check -d d c*.yaml
}
the_page_of_hooks_names_every_function() {
    local f functions
    run 0 explain hooks && says out 'gregor.json(value), .yaml(value)' && for f in ensure copy same kind quantity deny warn; do says out "gregor.$f(" || return 1; done
    functions=$(grep -hoE '^function [^ ].*' "$MODULES"/*.lua | sed 's/^function //; s/, /,/g') && [ "$(wc -l <<<"$functions")" -gt 50 ] \
        && while read -r f; do says out "$f" || return 1; done <<<"$functions"
}
the_examples_of_the_page_of_hooks_run() { # on the smallest page there is
    run 0 explain hooks && sed -n '/^  return {/,/^  }/p' out > whole.lua && { echo 'return { api = 1,'; sed -n '/^  object = {/,/^  }/p' out; echo '}'; } > filters.lua \
        && [ "$(grep -c function whole.lua)" = 3 ] && [ "$(grep -c function filters.lua)" = 2 ] \
        && printf 'gregor: 1\nname: a\nkafka: {version: 4.3.1}\nsite: {owner: payments}\n' > a.yaml && run 0 build --hook whole.lua --hook filters.lua a.yaml && empty err && says out "run by payments" && says out "owner: payments" && says out "memory: 16Gi"
}

# ---- results and failures ------------------------------------------------------------------------------------------
a_description_becomes_manifests() { describe a && run 0 build a.yaml && says out "kind: StatefulSet" && ! grep -q error err; }
standard_input_is_a_file()        { describe a && "$GREGOR" - < a.yaml > first && run 0 a.yaml && cmp out first; }
a_folder_and_a_pipe_are_told_how_to_be_read() {
    describe a && mkdir d && mkfifo p && run 3 build d && says err "not a regular file" && says err "hint: name each file of a folder" \
        && run 3 build p && says err "read as '-'" && "$GREGOR" build - < <(cat a.yaml) > out && says out "kind: StatefulSet"
}
a_rejected_description_prints_nothing() {
    broken bad && run 1 build bad.yaml && empty out && says err "bad.yaml:3:25: error[E" && says err "1 error"
}
one_rejected_description_of_many_prints_nothing() { describe a && broken bad && run 1 build a.yaml bad.yaml && empty out; }
a_file_that_is_missing_is_no_finding()   { run 3 build nothing.yaml && empty out && says err "nothing.yaml"; }
a_folder_or_a_fifo_is_no_description()   { mkdir d && mkfifo f && run 3 build d && run 3 ./f && empty out; }
a_full_device_is_told() { describe a && "$GREGOR" a.yaml > /dev/full 2> err; [ $? = 3 ] && says err "no space left"; }
a_closed_output_is_told() { describe a && "$GREGOR" a.yaml >&- 2> err; [ $? = 3 ] && says err "cannot write to standard output"; }
a_closed_output_harms_no_file() {
    describe a && "$GREGOR" a.yaml >&- 2>&- ; [ $? = 3 ] && describe a again && cmp a.yaml again.yaml
}
a_broken_pipe_is_told() {
    for i in 1 2 3 4 5 6 7 8; do describe "p$i"; done
    { "$GREGOR" p?.yaml 2> err; echo $? > status; } | head -c 10 > /dev/null
    [ "$(cat status)" = 3 ] && says err "broken pipe"
}
a_file_size_limit_is_told() { describe a && (ulimit -f 1; "$GREGOR" -o big a.yaml 2> err); [ $? = 3 ] && [ ! -e big ] && says err "too large"; }
an_error_leaves_the_file_of_o_as_it_was() {
    broken bad && echo old > keep && run 1 build -o keep bad.yaml && [ "$(cat keep)" = old ]
}
o_writes_a_file_and_leaves_an_equal_one() {
    describe a && run 0 build -o x a.yaml && empty out && touch -d 2001-01-01 x && run 0 build -o x a.yaml \
        && [ "$(stat -c %Y x)" = "$(date -d 2001-01-01 +%s)" ] && run 0 build -o x --set brokers.count=5 a.yaml \
        && [ "$(stat -c %Y x)" != "$(date -d 2001-01-01 +%s)" ]
}
o_never_follows_a_link()  { describe a && echo old > t && ln -s t l && run 3 build -o l a.yaml && [ "$(cat t)" = old ]; }
o_can_be_a_device()       { describe a && run 0 build -o /dev/null a.yaml && [ -c /dev/null ] && run 0 build -o - a.yaml && says out kind; }
json_is_a_list() {
    describe a && run 0 build --to json a.yaml && says out '"kind": "List"' && ! grep -q '^---' out
}
every_stage_can_be_dumped() {
    describe a
    for s in source description plan tree; do run 0 build --dump $s a.yaml && [ -s out ] || return 1; done
    run 0 build a.yaml --dump source && says out "name: a"
}
findings_can_be_json() {
    broken bad && run 1 check --diagnostics json bad.yaml && empty out && count err '^{"schema":1' 1 && [ "$(wc -l < err)" = 1 ]
}
a_template_has_no_hashed_names() { describe a && run 2 build --to openshift-template --hash-names --set platform=openshift a.yaml && empty out && says err "'--hash-names' does not go with '--to openshift-template'"; }
images_are_listed_once_and_sorted() {
    describe a && describe b && printf 'monitoring: {prometheus: annotations, exporter: {image: "example/jmx:1.0"}}\n' >> b.yaml
    run 0 images a.yaml b.yaml && sort -u out | cmp - out && says out "apache/kafka:" && [ "$(wc -l < out)" -ge 2 ] || return 1
    run 0 build b.yaml --to json && python3 - <<'END'
import json
found = set()
def walk(v):
    if isinstance(v, dict):
        found.update(v[k] for k in ("image", "reference") if isinstance(v.get(k), str))
        for x in v.values(): walk(x)
    elif isinstance(v, list):
        for x in v: walk(x)
walk(json.load(open("out")))
open("wanted", "w").write("".join(f"{i}\n" for i in sorted(found)))
END
    run 0 images b.yaml && cmp wanted out
}
images_of_all_that_makes_pods_are_listed() {
    describe a && echo 'include: [site.yaml]' >> a.yaml && local kind pod='spec: {restartPolicy: Never, containers: [{name: a, image: IMAGE}]}'
    object() { printf -- '---\napiVersion: %s\nkind: %s\nmetadata: {name: x, namespace: default}\n%s\n' "$1" "$2" "$3" | sed "s/IMAGE/site\/${2,,}/"; }
    { object v1 Pod "$pod"; object v1 PodTemplate "template: {$pod}"; object v1 ReplicationController "spec: {template: {$pod}}"; object apps/v1 ReplicaSet "spec: {template: {$pod}}"
      object batch/v1 Job "spec: {template: {$pod}}"; object batch/v1 CronJob "spec: {schedule: '0 0 * * *', jobTemplate: {spec: {template: {$pod}}}}"
      for kind in Deployment DaemonSet; do object apps/v1 "$kind" "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, ${pod/Never/Always}}}"; done; } > site.yaml
    unset -f object
    run 0 images a.yaml && [ "$(grep -c '^site/' out)" = 8 ]
}
shapes_that_nothing_checks_harm_nobody() {
    describe a && echo 'include: [site.yaml]' >> a.yaml || return 1
    for pod in 'spec: x' 'spec: {containers: x, volumes: v}' 'spec: {containers: [x, [w]], initContainers: {a: b}}' \
        'spec: {containers: [{name: [x], image: {k: z}, env: {a: b}, envFrom: [x]}], volumes: [{configMap: {name: [a], items: a-kafka}}, {configMap: {name: a-kafka, items: xxxxxxxx}}]}'; do
        printf 'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: x, namespace: default}\nspec: {template: {%s}}\n' "$pod" > site.yaml && run 0 check a.yaml && says err W0761 && run 0 images a.yaml || return 1
    done
}
images_of_a_rejected_description_are_none() { describe a && broken bad && run 1 images a.yaml bad.yaml && empty out && says err "1 error"; }
findings_can_be_workflow_commands() {
    broken bad && run 1 check --diagnostics github bad.yaml && empty out \
        && says err "::error file=bad.yaml,line=3,endLine=3,col=25,endColumn=30,title=E0300::unknown field 'kafka.bogus'%0Ahint: " && [ "$(wc -l < err)" = 1 ]
}
findings_can_be_a_sarif_log() {
    describe a && broken bad && broken bad2 && run 3 check --diagnostics sarif a.yaml bad.yaml nothing.yaml bad2.yaml && empty out && python3 - err <<'END'
import json, sys
log = json.load(open(sys.argv[1]))
run = log["runs"][0]
where = [(r["ruleId"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for r in run["results"]]
assert where == [("E0300", "bad.yaml"), ("E0100", "nothing.yaml"), ("E0300", "bad2.yaml")], where
region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
assert region == {"startLine": 3, "startColumn": 25, "endLine": 3, "endColumn": 30}, region
assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["E0100", "E0300"] and not run["invocations"][0]["executionSuccessful"]
END
}
a_sarif_log_without_findings_is_one() {
    describe a && run 0 check --diagnostics sarif a.yaml && python3 -c 'import json; run = json.load(open("err"))["runs"][0]
assert run["results"] == [] and run["tool"]["driver"]["rules"] == [] and run["invocations"][0]["executionSuccessful"]'
}
what_set_says_is_shown_at_the_description() {
    describe a && run 1 check --set brokers.count=x --diagnostics github a.yaml && says err "::error file=a.yaml,title=E0303::--set: 'brokers.count'"
}
color_is_off_without_a_terminal() { broken bad && run 1 check bad.yaml && ! grep -q "$(printf '\033')" err; }
color_can_be_forced()  { broken bad && run 1 check --color=always bad.yaml && grep -q "$(printf '\033')" err; }
check_writes_nothing() { describe a && run 0 check a.yaml && empty out && [ "$(ls | sort | tr '\n' ' ')" = "a.yaml err out " ]; }
a_warning_is_no_failure_unless_asked() {
    describe a && printf 'brokers: {storage: {type: ephemeral}}\nkubernetes: "1.34"\ncontrollers: {count: 4}\n' >> a.yaml
    run 0 build a.yaml || return 1
    grep -q 'warning\[W' err || { echo "(no warning in this description)"; return 1; }
    run 1 build -W error a.yaml && empty out && run 0 build -q a.yaml && empty err
}

# ---- folders and fleets --------------------------------------------------------------------------------------------
fleet() { mkdir -p f && for i in $(seq "$1"); do sed "s/^name: .*/name: c$i/" base.yaml > "f/c$i.yaml"; done; }
d_writes_a_file_a_cluster() {
    describe base && fleet 5 && run 0 build -d o f/*.yaml && empty out && [ "$(ls o | wc -l)" = 5 ] && run 0 f/c3.yaml && cmp out o/c3.yaml
}
d_leaves_equal_files_alone() {
    describe base && fleet 3 && run 0 build -d o f/*.yaml && touch -d 2001-01-01 o/* && run 0 build -d o f/*.yaml \
        && says err "0 files written, 3 unchanged" && [ "$(stat -c %Y o/c2.yaml)" = "$(date -d 2001-01-01 +%s)" ]
}
d_writes_the_good_ones() {
    describe base && fleet 3 && broken bad && mkdir o && echo old > o/bad.yaml && run 1 build -d o f/*.yaml bad.yaml \
        && [ -s o/c3.yaml ] && [ "$(cat o/bad.yaml)" = old ]
}
d_touches_no_file_of_others() {
    describe a && mkdir o && echo mine > o/readme && run 0 build -d o a.yaml && [ "$(cat o/readme)" = mine ]
}
d_writes_through_no_link() { describe a && mkdir t && ln -s t l && run 3 build -d l a.yaml && [ -z "$(ls t)" ]; }
d_replaces_no_link_in_the_folder() {
    describe a && echo old > t && mkdir o && ln -s ../t o/a.yaml && run 3 build -d o a.yaml && [ "$(cat t)" = old ]
}
no_temporary_file_stays() { describe a && run 0 build -d o a.yaml && [ "$(ls -A o)" = a.yaml ]; }
an_object_a_file_when_asked() {
    describe a && run 0 build -d o --per-file object a.yaml && run 0 a.yaml && [ "$(ls o/a | wc -l)" = "$(grep -c '^kind:' out)" ] \
        && ls o/a | grep -q -- '-statefulset-a-broker.yaml$' && cat o/a/*.yaml | cmp - out
}
an_object_keeps_its_file_name_when_others_come() {
    describe a && run 0 build -d o --per-file=object a.yaml && ls o/a >before && echo 'networkPolicy: {clients: [{namespace: shop}]}' >>a.yaml \
        && run 0 build -d p --per-file=object a.yaml && ls p/a | grep -vxF -f before >new && [ "$(comm -23 before <(ls p/a) | wc -l)" = 0 ] && grep -q networkpolicy new
}
a_resource_list_holds_one_cluster() { describe a && describe b && run 2 build --to krm a.yaml b.yaml && run 0 build --to krm -d o a.yaml b.yaml && run 0 build --to krm a.yaml && says out "kind: ResourceList"; }
a_form_of_files_needs_a_folder()    { describe a && run 2 build --to kustomize a.yaml && says err "needs '--dir'" && run 2 build --to kustomize --per-file=object -d o a.yaml && [ ! -e o ]; }
kyaml_is_read_as_the_same_objects() {
    describe a && run 0 build --to kyaml a.yaml && cp out k && run 0 a.yaml && python3 -c '
import yaml
assert list(yaml.safe_load_all(open("k"))) == list(yaml.safe_load_all(open("out")))'
}
two_clusters_of_one_name_are_refused() {
    describe a && describe b && cp a.yaml a2.yaml && echo 'brokers: {count: 5}' >> a2.yaml
    for j in 1 4; do
        rm -rf o; run 1 build -j $j -d o a.yaml b.yaml a2.yaml && says err "a2.yaml: cluster 'a'" && count o/a.yaml '^  replicas: 5' 0 || return 1
    done
}
any_number_of_jobs_makes_the_same_bytes() {
    describe base && fleet 40 && broken bad && run 1 build -j 1 -d o1 f/*.yaml bad.yaml && cp err err1 \
        && run 1 build -j 7 -d o7 f/*.yaml bad.yaml && diff -r o1 o7 && cmp err err1
}
findings_come_in_the_order_of_the_files() {
    for i in 1 2 3 4 5 6 7 8; do broken b$i; done
    run 1 check -j 4 b8.yaml b1.yaml b7.yaml b2.yaml b6.yaml && [ "$(grep -o '^b[0-9]' err | tr -d '\n')" = b8b1b7b2b6 ] && says err "5 errors"
}
many_files_make_one_stream() {
    describe base && fleet 9 && run 0 build -j 3 f/*.yaml && for f in f/*.yaml; do "$GREGOR" "$f"; done | cmp - out
}
building_twice_makes_the_same_bytes() { describe base && fleet 9 && run 0 build --check -j 3 -d o f/*.yaml && run 0 build --check f/c1.yaml && cmp out o/c1.yaml; }
memory_does_not_grow_with_the_fleet() {
    [ -x /usr/bin/time ] || { echo "skipped: no /usr/bin/time"; return 0; }
    nm "$GREGOR" 2> /dev/null | grep -q __asan_init && { echo "skipped: sanitizers hold memory"; return 0; }
    describe base && fleet 300
    /usr/bin/time -f %M -o kb "$GREGOR" build -q -j 2 -d o f/*.yaml && [ "$(cat kb)" -le 10240 ] || { echo "$(cat kb) KB"; return 1; }
}
the_environment_changes_nothing() {
    describe a && run 0 a.yaml && mv out first && run 0 a.yaml && (umask 077; TZ=Asia/Tokyo HOME=/nowhere LANG=de_DE.UTF-8 LC_ALL=tr_TR.UTF-8 \
        "$GREGOR" a.yaml) | cmp - first && (cd / && "$GREGOR" "$OLDPWD/a.yaml") | cmp - first
}

# ---- Secrets go elsewhere ------------------------------------------------------------------------------------------
secrets_are_never_printed() {
    describe a && run 2 build --secrets - a.yaml && empty out && run 3 build --secrets /dev/stdout a.yaml && empty out \
        && run 3 build --secrets /dev/stderr a.yaml && run 2 build --secrets s --dump tree a.yaml && run 2 build --secrets s -o s a.yaml \
        && run 3 build --secrets out a.yaml && run 2 check --secrets s a.yaml && [ ! -e s ]
}
the_parent_of_an_applyset_stands_apart() {
    describe a && run 0 build --applyset p -o m a.yaml && [ "$(grep -c '^kind:' p)" = 1 ] && says p "name: a-applyset" && run 0 build a.yaml && cmp out m \
        && for o in "--applyset -" "--applyset m -o m" "--applyset m --secrets m" "--applyset m --dump tree" "--applyset m a.yaml"; do run 2 build $o a.yaml && empty out || return 1; done
    touch -d @1000000000 p && run 0 build --applyset p -o m a.yaml && [ "$(stat -c %Y p)" = 1000000000 ] && run 2 check --applyset q a.yaml && [ ! -e q ]
}
parents_of_a_fleet_have_a_folder() {
    describe base && fleet 3 && run 0 build --check -d o --applyset p --depfile d f/*.yaml && [ "$(ls p | tr '\n' ' ')" = "c1-applyset.yaml c2-applyset.yaml c3-applyset.yaml " ] \
        && says err "6 files written" && says d "o/c1.yaml p/c1-applyset.yaml: " && run 2 build -d o --applyset ./o/ f/*.yaml && ln -s p l && run 3 build -d o --applyset l f/*.yaml
}
secrets_have_a_private_file_under_any_umask() {
    describe a && for u in 000 022 077 777; do (umask $u; rm -f s; run 0 build --secrets s a.yaml) && [ "$(stat -c %a s)" = 600 ] || return 1; done
    chmod 644 s && run 0 build --secrets s a.yaml && [ "$(stat -c %a s)" = 600 ]
}
secrets_of_a_fleet_have_a_private_folder() {
    describe base && fleet 3 && (umask 0; run 0 build -d o --secrets s f/*.yaml) && [ "$(stat -c %a s)" = 700 ] \
        && [ "$(ls s | tr '\n' ' ')" = "c1-secrets.yaml c2-secrets.yaml c3-secrets.yaml " ] && [ "$(stat -c %a s/c2-secrets.yaml)" = 600 ] \
        && [ "$(stat -c %a o/c2.yaml)" = 644 ] && run 2 build -d o --secrets ./o/ f/*.yaml && ln -s s l && run 3 build -d o --secrets l f/*.yaml
}
with_users() {
    printf 'gregor: 1\nname: %s\nkafka: {version: 4.3.1}\ntls: existing\nlisteners: [{name: i, port: 9092, tls: true, auth: scram-sha-512}]\n' "$1"
    printf 'users: [{name: app, password: {file: app}}, {name: web, password: {file: web}}, {name: ext, password: {secret: x}}]\n'
}
users_makes_the_files_that_are_missing() {
    with_users a > a.yaml && mkdir secrets && printf mine > secrets/web && (umask 777; run 0 users a.yaml) && [ "$(sort out | tr '\n' ' ')" = "secrets/.scram-salt secrets/app " ] \
        && says err "2 files made, 1 kept" && [ "$(cat secrets/web)" = mine ] && [ "$(stat -c '%a %s' secrets/app)" = "600 32" ] \
        && [ -z "$(tr -d 'A-Za-z0-9' < secrets/app)" ] && cp -a secrets before && run 0 users a.yaml && empty out && diff -r before secrets
}
users_keeps_passwords_out_of_git() {
    with_users a > a.yaml && run 0 users a.yaml && [ "$(cat secrets/.gitignore)" = '*' ] && echo '!app' > secrets/.gitignore && run 0 users a.yaml \
        && says secrets/.gitignore '!app' && says err "0 files made, 3 kept" && mkdir o && echo x > o/x && run 0 users -d o a.yaml && [ ! -e o/.gitignore ]
}
users_makes_a_private_folder_where_asked() {
    with_users a > a.yaml && (umask 0; run 0 users -d keys a.yaml) && [ "$(stat -c %a keys)" = 700 ] && [ "$(ls -A keys | wc -l)" = 4 ] && [ ! -e secrets ] \
        && mkdir t && ln -s t l && run 3 users -d l a.yaml && [ -z "$(ls -A t)" ] && ! cmp -s keys/app keys/web
}
users_says_when_there_is_nothing_to_make() { describe a && run 1 users a.yaml && empty out && says err "whose password is a file" && run 2 users; }
secrets_hold_what_the_files_hold_and_nothing_else_does() {
    with_users a > a.yaml && run 0 users a.yaml && run 0 build --secrets s -o m a.yaml && empty out && empty err && cp s first \
        && run 0 build --check --secrets s -o m a.yaml && cmp s first && [ "$(grep -c '^kind: Secret' s)" = 3 ] && says s "$(base64 -w 0 < secrets/app)" || return 1
    for f in app web .scram-salt; do ! grep -qF -e "$(cat secrets/$f)" -e "$(base64 -w 0 < secrets/$f)" m || return 1; done
    run 0 build a.yaml && cmp out m && mv secrets gone && run 0 build a.yaml && cmp out m && run 1 build --secrets s a.yaml && empty out && cmp s first
}
a_link_is_no_file_for_secrets() { describe a && echo old > t && ln -s t l && run 3 build --secrets l a.yaml && empty out && [ "$(cat t)" = old ]; }
a_pipe_of_the_caller_takes_secrets() { describe a && mkfifo p && { cat p > got & } && run 0 build --secrets p a.yaml && wait $! && says out "kind: StatefulSet"; }

# ---- layers --------------------------------------------------------------------------------------------------------
layers_lie_over_each_other() {
    describe a && echo 'brokers: {count: 4}' > over.yaml && echo 'brokers: {count: 6}' > more.yaml
    run 0 build -p production a.yaml && run 0 build -f over.yaml a.yaml && count out '^  replicas: 4' 1 \
        && run 0 build -f over.yaml -f more.yaml a.yaml && count out '^  replicas: 6' 1 \
        && run 0 build --set brokers.count=5 -f over.yaml a.yaml && count out '^  replicas: 5' 1
}
every_preset_is_listed_and_printed() {
    run 0 presets && mv out list && describe a && [ "$(wc -l < list)" -gt 5 ] || return 1
    for p in $(grep -o '^  [a-z][a-z-]*' list); do run 0 presets "$p" && says out "gregor: 1" || return 1; done
    run 2 presets prodution && says err "did you mean 'production'"
}

# ---- the other verbs -----------------------------------------------------------------------------------------------
what_init_prints_compiles()  { run 0 init orders && mv out o.yaml && run 0 build o.yaml && says out "name: orders"; }
init_begins_with_the_modeline() { run 0 init && head -1 out | grep -qx '# yaml-language-server: $schema=[a-z.]*'; }
init_replaces_no_file()      { echo mine > a.yaml && run 3 init -o a.yaml && [ "$(cat a.yaml)" = mine ] && run 0 init -o b.yaml && [ -s b.yaml ]; }
init_names_presets()         { run 0 init -p production -p eks x && says out "presets: [production, eks]" && run 2 init -p produktion; }
init_refuses_bad_names()     { run 2 init Orders_1 && run 2 init "$(printf 'a%.0s' $(seq 41))"; }
explain_lists_and_documents() {
    run 0 explain && says out brokers && run 0 explain brokers.storage && says out "retain" && run 0 explain brokers.heap \
        && says out "from 64Mi to 256Gi" && run 0 explain 'listeners[0].port' && run 0 explain kafka.config.num.partitions
}
explain_has_a_neighbour()    { run 2 explain brokers.storrage && says err "did you mean 'storage'" && run 2 explain E9998; }
explain_tells_every_code() {
    run 0 explain codes && mv out list && [ "$(grep -c '^  [EW][0-9]' list)" -gt 20 ] || return 1
    for c in $(grep -o '^  [EW][0-9]*' list); do run 0 explain "$c" && [ "$(wc -l < out)" -ge 3 ] || return 1; done
}
what_explain_prints_is_80_wide() { run 0 explain && [ "$(wc -L < out)" -le 80 ] && run 0 explain brokers && [ "$(wc -L < out)" -le 80 ]; }
the_schema_is_draft_07_and_accepts_what_compiles() {
    run 0 schema && says out "http://json-schema.org/draft-07/schema#" && mv out s.json && describe a || return 1
    local python=python3 # Debian's has Debian's packages, another one that comes first may not
    "$python" -c 'import jsonschema, yaml' 2> /dev/null || python=/usr/bin/python3
    "$python" -c 'import jsonschema, yaml' 2> /dev/null || { echo "skipped in part: no python3-jsonschema and python3-yaml"; return 0; }
    mkdir p && for n in $("$GREGOR" presets | grep -o '^  [a-z][a-z-]*'); do "$GREGOR" presets "$n" > "p/$n.yaml"; done
    cat > forms.yaml <<'END'
gregor: 1
name: forms
kafka: {version: 3.9.1, layout: strimzi, config: {num.partitions: 12, log.roll.ms: 7d}}
kubernetes: "1.34"
brokers: {count: 6, storage: 500Gi, cpu: 2, memory: 1.5Gi, heap: auto, gracePeriod: 1h30m, zones: null, config: {a: [1, b]}}
disruptionBudget: auto
monitoring: annotations
networkPolicy: true
listeners: [{name: internal, port: 9092, gateway: public}]
END
    cat > wrong.yaml <<'END'
gregor: 1
name: wrong
brokers: {heap: 5 GB, storrage: 1, antiAffinity: maybe, count: -1, storage: big, gracePeriod: 30}
kafka: {layout: strimsy}
END
    "$python" - <<'END'
import json, yaml, glob, jsonschema
schema = json.load(open("s.json"))
jsonschema.Draft7Validator.check_schema(schema)
v = jsonschema.Draft7Validator(schema)
for f in ["a.yaml", "forms.yaml"] + glob.glob("p/*.yaml"):
    d = yaml.safe_load(open(f)); d.setdefault("name", "x")
    errors = [e.message for e in v.iter_errors(d)]
    assert not errors, (f, errors)
wrong = list(v.iter_errors(yaml.safe_load(open("wrong.yaml"))))
assert len(wrong) == 7, [e.message for e in wrong]
END
}
why_names_the_line_and_layer() {
    describe a && printf 'brokers:\n  count: 6\n' >> a.yaml && run 0 why a.yaml StatefulSet/a-broker spec.replicas \
        && says out "is 6" && says out "a.yaml:$(wc -l < a.yaml):10: brokers.count: 6 (description)" && [ "$(wc -l < out)" = 2 ]
}
why_takes_the_file_last()      { describe a && run 0 why StatefulSet/a-broker spec.replicas a.yaml && says out "brokers.count"; }
why_names_a_default()          { describe a && run 0 why a.yaml StatefulSet/a-broker spec.replicas && says out "default of 'brokers.count' (3)"; }
why_forgets_what_each_try_noted_of_the_lines() { # a read of what is gone shows under AddressSanitizer
    describe a && printf '# who has a password: everybody\ntls: existing\nlisteners:\n  - {name: internal, port: 9092, tls: true, auth: scram-sha-512}\n' >> a.yaml \
        && run 0 why a.yaml StatefulSet/a-broker spec.replicas && says out "default of 'brokers.count' (3)" && empty err
}
why_names_an_overlay_and_set() {
    describe a && echo 'brokers: {count: 4}' > over.yaml && run 0 why -f over.yaml a.yaml StatefulSet/a-broker spec.replicas \
        && says out "over.yaml:1:18: brokers.count: 4" && run 0 why --set brokers.count=5 a.yaml StatefulSet/a-broker spec.replicas \
        && says out "--set: brokers.count: 5"
}
rights_that_fit_into_no_object_are_told_at_the_users() {
    describe a && { printf 'tls: existing\nauthorization: acl\nlisteners: [{name: internal, port: 9092, tls: true, auth: mtls}]\nusers:\n'
        for n in $(seq 1000); do printf -- '- {name: "%060d", admin: [describe, topics, groups, cluster]}\n' "$n"; done; } >> a.yaml \
        && run 1 build a.yaml && says err "error[E0705]: 'data' holds" && says err 'ConfigMap/a-admin: `kubectl apply`' && ! grep -q 'fault of gregor' err
}
why_names_the_line_of_a_hook() {
    describe a && printf 'return { api = 1, description = function(d)\nd.brokers = { count = 4 } end,\nobject = function(obj)\nobj.metadata.labels.x = "y" end }\n' > h.lua \
        && run 0 why --hook h.lua a.yaml StatefulSet/a-broker spec.replicas && says out "h.lua:2:1: brokers.count: 4 (hook)" \
        && run 0 why --hook h.lua a.yaml ServiceAccount/a metadata.labels.x && says out "h.lua:4:1: written by a hook"
}
why_names_what_hooks_wrote_inside_a_map() {
    describe a && printf 'return { api = 1, object = function(obj)\n  obj.metadata.labels.x = "y"\n  if obj.spec and obj.spec.template then\n    obj.spec.template.spec.tolerations = { { operator = "Exists" } }\n  end\nend }\n' > h.lua \
        && run 0 why --hook h.lua a.yaml StatefulSet/a-broker metadata && says out "h.lua:2:3: labels.x: written by a hook" \
        && run 0 why --hook h.lua a.yaml StatefulSet/a-broker spec.template && says out "h.lua:4:5: spec.tolerations: written by a hook" && ! grep -q 'tolerations\[' out
}
why_names_the_hook_that_took_an_object_away() {
    describe a && printf 'return { api = 1,\n  object = { kind = "PodDisruptionBudget", run = function(obj) return nil end } }\n' > h.lua \
        && run 2 why --hook h.lua a.yaml PodDisruptionBudget/a-broker spec && says err "h.lua:2:3: dropped by a hook" \
        && run 2 why --hook h.lua a.yaml ServiceAccount/nobody metadata && ! grep -q "by a hook" err
}
a_hook_may_begin_with_a_byte_order_mark() { describe a && { printf '\357\273\277'; labelling who mark; } > h.lua && run 0 build --hook h.lua a.yaml && says out "who: mark"; }
why_names_a_preset() { describe a && run 0 why -p production a.yaml StatefulSet/a-broker spec.replicas && says out "production"; }
why_is_not_fooled_by_another_name() {
    describe a && run 0 why a.yaml StatefulSet/a-broker spec.replicas && ! grep -q 'name: a' out \
        && run 0 build a.yaml && local key=$(grep -o 'a-broker-0[a-z.0-9-]*properties' out | head -1) \
        && run 0 why a.yaml ConfigMap/a-broker "data.$key.min.insync.replicas" && ! grep -q 'name: a' out && says out "brokers.count" \
        && run 0 why a.yaml StatefulSet/a-broker metadata.name && says out "name: a (description)"
}
why_reads_lists_and_properties() {
    describe a && printf '  config: {num.partitions: 12}\n' > c && sed -i '/# config:/r c' a.yaml
    run 0 why a.yaml StatefulSet/a-broker 'spec.template.spec.containers[name=kafka].image' && says out "kafka.version" || return 1
    run 0 build a.yaml && local key=$(grep -o '[a-z.0-9-]*properties: |' out | head -1)
    run 0 why a.yaml ConfigMap/a-broker "data.${key%: |}.num.partitions" && says out "is 12" && says out "kafka.config.num.partitions: 12"
}
why_refuses_what_is_not_there() {
    describe a && run 2 why a.yaml StatefulSet/a-brokr spec.replicas && says err "did you mean 'StatefulSet/a-broker'" \
        && run 2 why a.yaml StatefulSet/a-broker spec.replicaz && says err "did you mean 'replicas'" && run 2 why a.yaml x
}
completion_is_valid_shell() {
    run 0 completion bash && bash -n out && cp out c.bash && run 0 completion zsh && run 0 completion fish && run 2 completion tcsh || return 1
    if command -v zsh > /dev/null; then "$GREGOR" completion zsh | zsh -n || return 1; fi
    if command -v fish > /dev/null; then "$GREGOR" completion fish | fish -n || return 1; fi
    . ./c.bash
    COMP_WORDS=(gregor build --to = y) COMP_CWORD=4; _gregor; [ "${COMPREPLY[*]}" = yaml ] || return 1
    COMP_WORDS=(gregor bu) COMP_CWORD=1; _gregor; [ "${COMPREPLY[*]}" = build ] || return 1
    COMP_WORDS=(gregor build -p produ) COMP_CWORD=3; _gregor; [ "${COMPREPLY[*]}" = production ]
}
the_manual_has_both_pages() {
    run 0 man && says out ".TH GREGOR 1" && mv out g.1 && run 0 man 5 && says out ".TH GREGOR 5" && says out "brokers.storage.size" && mv out g.5 \
        && run 2 man 8 || return 1
    command -v groff > /dev/null || { echo "skipped in part: no groff"; return 0; }
    for p in g.1 g.5; do [ -z "$(groff -man -ww -Tutf8 $p 2>&1 > /dev/null)" ] || { groff -man -ww -Tutf8 $p 2>&1 > /dev/null | head -3; return 1; }; done
}

facts_run 'with_topic|describe|broken|run|empty|says|count|fleet|with_users|labelling'
