#!/bin/bash
# A folder of the result changes as a whole: tests/test_folder.sh path/to/gregor (or GREGOR=path/to/gregor).
# A test is a function named after the fact it states; it fails by returning non-zero. Each runs in a folder of its own.
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
. "$(dirname "$0")/facts.sh"

# build STATUS ARGS...: into o/a, one file an object.
build() {
    local wanted=$1 got=0
    shift
    "$GREGOR" build -d o --per-file=object "$@" a.yaml > out 2> err < /dev/null || got=$?
    [ "$got" = "$wanted" ] || { echo "build $*: exit $got, not $wanted"; head -5 err; return 1; }
}
says()    { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; head -5 "$1"; return 1; }; }
describe() { "$GREGOR" init a > a.yaml; }
# The result with NetworkPolicies; then without, with a StorageClass and another label: files come, go and change.
first()   { describe && echo 'networkPolicy: {clients: [{namespace: shop}]}' >> a.yaml && build 0; }
second()  { describe && printf 'storageClasses: [{name: fast, provisioner: x.example.com}]\nlabels: {team: x}\n' >> a.yaml; }
files()   { (cd "$1" && find . -type f ! -path './mine/*' ! -name 'note*' -exec sha256sum {} + | sort -k 2); }
only_a()  { [ "$(ls -A o)" = a ] || { echo "o holds $(ls -A o | tr '\n' ' ')"; return 1; }; }

the_index_is_what_sha256sum_reads() { first && (cd o/a && sha256sum --quiet -c .gregor-index) && [ "$(wc -l < o/a/.gregor-index)" = "$(ls o/a | wc -l)" ]; }
a_run_that_changes_nothing_touches_nothing() {
    first && find o -exec touch -h -d @1000000000 {} + && ls -liR --time-style=+%s o > before && build 0 && ls -liR --time-style=+%s o | diff before - && says err "0 files written"
}
only_what_changed_is_written() {
    first && find o -type f -exec touch -d @1000000000 {} + && echo 'brokers: {count: 5}' >> a.yaml && build 0 \
        && says err unchanged && [ "$(find o -type f ! -name '.gregor*' -newermt @1000000001 | wc -l)" = "$(sed -n 's/^\([0-9]*\) files* written.*/\1/p' err)" ] \
        && [ "$(find o -type f ! -newermt @1000000001 | wc -l)" -gt 2 ]
}
what_the_result_lost_is_removed() {
    first && ls o/a | grep -q networkpolicy && second && build 0 && ! ls o/a | grep -q networkpolicy && ls o/a | grep -q storageclass && says err removed \
        && (cd o/a && sha256sum --quiet -c .gregor-index) && only_a
}
files_links_and_folders_of_others_stay() {
    first && echo mine > o/a/notes && ln -s notes o/a/note-link && mkdir -p o/a/mine/deep && echo x > o/a/mine/deep/y && ln -s /nowhere o/a/note-dangling \
        && stat -c %i o/a/notes > before && second && build 0 && [ "$(cat o/a/notes o/a/note-link o/a/mine/deep/y)" = "$(printf 'mine\nmine\nx')" ] \
        && [ "$(readlink o/a/note-dangling)" = /nowhere ] && [ "$(stat -c %i o/a/notes)" = "$(cat before)" ] && only_a
}
a_changed_file_is_replaced_with_a_warning() {
    first && f=$(ls o/a/*statefulset*broker*) && cp "$f" was && echo '# by hand' >> "$f" && build 0 && says err "$f: warning[W0950]" && cmp "$f" was && build 0 && ! grep -q W0950 err
}
a_changed_file_that_is_no_part_of_the_result_stays() {
    first && f=$(ls o/a/*networkpolicy* | head -n 1) && echo '# by hand' >> "$f" && second && build 0 && says err "$f: warning[W0951]" \
        && grep -q 'by hand' "$f" && ! grep -qF "${f##*/}" o/a/.gregor-index && build 0 && ! grep -q W0951 err && [ -e "$f" ]
}
warnings_of_the_folder_are_errors_when_asked() { first && echo '#' >> "$(ls o/a/*statefulset* | head -n 1)" && build 1 -W error && says err W0950; }
a_file_of_others_is_never_replaced() {
    first && cp -r o p && f=$(ls o/a | grep broker | head -n 1) && rm -r o && mkdir -p o/a && echo mine > "o/a/$f" && build 1 && says err "error[E0952]" \
        && [ "$(ls -A o/a)" = "$f" ] && [ "$(cat "o/a/$f")" = mine ] && only_a
}
another_form_of_the_cluster_is_told() {
    describe && "$GREGOR" build -q -d f a.yaml && "$GREGOR" build -d f a.yaml 2> err && ! grep -q W0954 err && "$GREGOR" build -d f --per-file=object a.yaml 2> err && says err "f/a.yaml: warning[W0954]" \
        && "$GREGOR" build -d f --to json a.yaml 2> err && says err "f/a.yaml: warning[W0954]" && says err "f/a: warning[W0954]" && [ "$(grep -c W0954 err)" = 2 ] && rm -r f/a f/a.yaml \
        && "$GREGOR" build -d f --to json a.yaml 2> err && ! grep -q W0954 err && "$GREGOR" build -d . --per-file=object a.yaml 2> err && ! grep -q W0954 err
}
# refuses NAME ARGS...: an error, and the file NAME is as it was.
refuses() {
    local name=$1; shift
    cp "$name" was; "$GREGOR" "$@" > out 2> err < /dev/null && { echo "gregor $*: passes"; return 1; }
    cmp "$name" was
}
a_result_never_replaces_what_it_is_made_of() {
    describe && printf 'brokers: {count: 3}\n' > more.yaml && echo 'return { api = 1 }' > site.lua && mkdir clusters && cp a.yaml clusters/b.yaml && ln a.yaml clusters/c.yaml \
        && refuses a.yaml build -d . a.yaml && says err './a.yaml: error[E0953]' && says err '0 files written' && refuses clusters/b.yaml build -d clusters --set name=b a.yaml clusters/b.yaml && says err E0953 \
        && refuses more.yaml build -d . --set name=more -f more.yaml a.yaml && says err E0953 && refuses clusters/c.yaml build -d clusters --set name=c a.yaml && says err E0953 \
        && refuses a.yaml build -o ./a.yaml a.yaml && says err "'--output' would replace 'a.yaml', which is read" && refuses site.lua build -o o.yaml --depfile site.lua --hook site.lua a.yaml \
        && refuses more.yaml images -o more.yaml -f more.yaml a.yaml && refuses a.yaml diff -o a.yaml a.yaml clusters/b.yaml && refuses a.yaml build --applyset a.yaml -o o.yaml a.yaml && [ ! -e o.yaml ]
}
an_included_file_is_not_replaced() {
    describe && printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: default}\n' > m.yaml && echo 'include: [m.yaml]' >> a.yaml && refuses m.yaml build -d . --set name=m a.yaml && says err './m.yaml: error[E0953]'
}
what_the_description_names_is_not_replaced() {
    describe && printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: default}\n' > m.yaml && mkdir -m 700 secrets && printf mine > secrets/app \
        && printf 'include: [m.yaml]\ntls: existing\nlisteners: [{name: i, port: 9092, tls: true, auth: plain}]\nsasl: {plain: p}\nusers: [{name: app, password: {file: app}}]\n' >> a.yaml \
        && chmod 600 secrets/app && refuses secrets/app build --secrets secrets/app -o o.yaml a.yaml && says err "'secrets/app' is read" && refuses m.yaml build -o m.yaml a.yaml \
        && refuses m.yaml build --depfile ./m.yaml -o o.yaml a.yaml && refuses secrets/app build --secrets s -o ./secrets/../secrets/app a.yaml && [ ! -e o.yaml ] && [ ! -e s ] \
        && "$GREGOR" build --secrets s -o o.yaml a.yaml && "$GREGOR" build --secrets s -o o.yaml a.yaml
}
a_folder_that_holds_descriptions_of_other_names_is_written() { describe && cp a.yaml a.kafka.yaml && rm a.yaml && "$GREGOR" build -q -d . a.kafka.yaml && "$GREGOR" build -q -d . a.kafka.yaml && grep -q StatefulSet a.yaml; }
the_same_bytes_without_an_index_are_taken_over() { first && rm o/a/.gregor-index && build 0 && (cd o/a && sha256sum --quiet -c .gregor-index) && second && build 0 && only_a; }
a_link_in_place_of_a_file_or_folder_is_refused() {
    describe && mkdir -p o t && ln -s ../t o/a && build 3 && [ -z "$(ls -A t)" ] && rm o/a && build 0 && f=$(ls o/a | head -n 1) && cp "o/a/$f" t/f && echo x > t/f && rm "o/a/$f" \
        && ln -s ../../t/f "o/a/$f" && build 3 && says err "too many levels" && [ "$(cat t/f)" = x ]
}
an_index_that_lies_harms_nobody() {
    first && echo keep > outside && h=$(sha256sum < outside | cut -c 1-64) \
        && printf '%s  ../../outside\n%s  /etc/hostname\n%s  a/../../x\nrubbish\n%s  \n' "$h" "$h" "$h" "$h" > o/a/.gregor-index && build 0 && [ "$(cat outside)" = keep ] \
        && (cd o/a && sha256sum --quiet -c .gregor-index)
}
a_full_disk_leaves_the_old_folder() {
    first && files o/a > before && second
    mkdir small && mount -t tmpfs -o size=256k tmpfs small 2> /dev/null || { echo "skipped: no mount here"; return 0; }
    cp -a o small/ && dd if=/dev/zero of=small/fill bs=4k 2> /dev/null; sed -i '/^gregor:/a\# x' a.yaml
    "$GREGOR" build -d small/o --per-file=object a.yaml 2> err; local got=$?
    [ $got = 3 ] && says err "no space left" && files small/o/a | diff before - && [ "$(ls -A small/o)" = a ] && rm small/fill \
        && "$GREGOR" build -q -d small/o --per-file=object a.yaml && build 0 && diff -r o small/o; got=$?
    umount small
    return $got
}
a_file_size_limit_leaves_the_old_folder() {
    first && files o/a > before && second && (ulimit -f 4; build 3) && says err "file too large" && files o/a | diff before - && only_a && build 0
}

# killed CALL: kills a run at each occurrence of a system call. Of our files the folder holds the old ones or the new ones, and the
# next run needs no help.
killed() {
    local n=1 got
    while rm -rf o && cp -a before o && got=0; do
        strace -qq -o trace -e trace="$1" -e inject="$1:signal=KILL:when=$n" "$GREGOR" build -q -d o --per-file=object a.yaml > out 2> err || got=$?
        [ $got = 0 ] && break
        files o/a > now
        cmp -s now old || cmp -s now new || { echo "killed at $1 $n: a mix"; diff old now; diff new now; return 1; }
        build 0 && files o/a | cmp -s - new && only_a && [ "$(cat o/a/mine/x o/a/notes)" = "$(printf 'x\nnotes')" ] || { echo "after a kill at $1 $n"; ls -AR o; return 1; }
        n=$((n + 1))
    done
    [ $n -gt 1 ] || { echo "nothing was killed at $1"; return 1; }
}
traced() { [ "${VARIANT:-plain}" = plain ] && type -P strace > /dev/null && strace -o /dev/null true 2> /dev/null; }
a_killed_run_leaves_old_or_new() {
    traced || { echo "skipped: no strace"; return 0; }
    first && mkdir o/a/mine && echo x > o/a/mine/x && echo notes > o/a/notes && files o/a > old && cp -a o before && second && build 0 && files o/a > new || return 1
    for call in mkdirat write linkat renameat renameat2 unlinkat fchmod; do killed $call || return 1; done
}
a_call_that_fails_leaves_old_or_new() {
    traced || { echo "skipped: no strace"; return 0; }
    first && mkdir o/a/mine && echo x > o/a/mine/x && echo notes > o/a/notes && files o/a > old && cp -a o before && second && build 0 && files o/a > new || return 1
    for fault in mkdirat:EDQUOT write:ENOSPC write:EIO renameat:EXDEV renameat2:EACCES unlinkat:EIO openat:EMFILE linkat:EPERM fchmod:EPERM; do
        for n in 1 2 3 5 8 13 21; do
            rm -rf o && cp -a before o
            strace -qq -o trace -e trace=${fault%:*} -e inject=${fault%:*}:error=${fault#*:}:when=$n "$GREGOR" build -q -d o --per-file=object a.yaml > out 2> err < /dev/null
            [ $? -le 3 ] && files o/a > now && { cmp -s now old || cmp -s now new; } && build 0 && files o/a | cmp -s - new && only_a && [ "$(cat o/a/mine/x)" = x ] \
                || { echo "$fault at $n"; cat err; ls -A o o/a; return 1; }
        done
    done
}
without_an_exchange_the_names_are_taken_one_by_one() {
    traced || { echo "skipped: no strace"; return 0; }
    first && mkdir o/a/mine && echo x > o/a/mine/x && cp -a o before && second && build 0 && files o/a > new && rm -r o && cp -a before o \
        && strace -qq -o trace -e trace=renameat2 -e inject=renameat2:error=EINVAL "$GREGOR" build -q -d o --per-file=object a.yaml && files o/a | diff new - && only_a && [ -e o/a/mine/x ] || return 1
    for n in 1 2 3 4; do
        rm -r o && cp -a before o
        strace -qq -o trace -e trace=renameat,renameat2 -e inject=renameat2:error=EINVAL -e inject=renameat:signal=KILL:when=$n "$GREGOR" build -q -d o --per-file=object a.yaml 2> err
        build 0 && files o/a | diff new - && only_a && [ -e o/a/mine/x ] || { echo "killed at $n"; return 1; }
    done
}
a_folder_that_cannot_be_renamed_gets_its_files_one_by_one() {
    traced || { echo "skipped: no strace"; return 0; }
    first && mkdir o/a/mine && echo x > o/a/mine/x && echo notes > o/a/notes && cp -a o before && second && build 0 && files o/a > new || return 1
    for n in 0 3 4 5 6 8 10 13 16; do
        rm -r o && cp -a before o
        strace -qq -o trace -e trace=renameat,renameat2 -e inject=renameat2:error=EBUSY -e inject=renameat:error=EBUSY:when=2 \
            $([ $n = 0 ] || echo -e inject=renameat:signal=KILL:when=$n) "$GREGOR" build -q -d o --per-file=object a.yaml 2> err
        [ $n != 0 ] || { files o/a | diff new - && only_a && (cd o/a && sha256sum --quiet -c .gregor-index); } || return 1
        build 0 && files o/a | diff new - && only_a && [ "$(cat o/a/mine/x o/a/notes)" = "$(printf 'x\nnotes')" ] || { echo "killed at $n"; return 1; }
    done
}
a_mount_point_is_no_hindrance() {
    first && second && mkdir small && mount -t tmpfs tmpfs small 2> /dev/null || { echo "skipped: no mount here"; return 0; }
    cp -a o/a/. small/ && mount --bind small o/a && build 0; local got=$?
    (cd o/a && sha256sum --quiet -c .gregor-index) && [ "$(ls -A o)" = a ] && ! ls o/a | grep -q networkpolicy || got=1
    umount o/a small
    return $got
}
runs_at_once_do_not_meet() {
    describe && cp a.yaml b.yaml && second && local i pids=
    for i in 1 2 3 4 5 6 7 8; do
        if [ $((i % 2)) = 0 ]; then cp a.yaml in$i.yaml; else cp b.yaml in$i.yaml; fi
        "$GREGOR" build -q -d o --per-file=object in$i.yaml & pids="$pids $!"
    done
    for i in $pids; do wait $i || return 1; done
    only_a && (cd o/a && sha256sum --quiet -c .gregor-index) && build 0
}
a_lock_that_stays_is_told() {
    describe && mkdir o && (flock 9; touch locked; sleep 0.4) 9< o & while [ ! -e locked ]; do sleep 0.01; done
    build 0 && only_a && wait
}
any_umask_and_mode_of_the_folder_is_kept() { first && chmod 2750 o/a && second && build 0 && [ "$(stat -c %a o/a)" = 2750 ] && only_a; }

facts_run 'build|says|refuses|describe|first|second|files|only_a|killed|traced'
