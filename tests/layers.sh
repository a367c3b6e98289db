#!/bin/bash
# layers.sh: proves that the stages stand above each other. A file may include headers of its own folder and of those before it.
set -euo pipefail
cd "$(dirname "$0")/.."

order=(base print source pki model cluster plan emit hook verify compile pack command main)

# FILE HEADER: why. An include that breaks the order on purpose.
exceptions=(
)

rank() {
    for i in "${!order[@]}"; do
        [[ ${order[i]} == "$1" ]] && { echo "$i"; return; }
    done
    echo 99
}

checks=0 failed=0
bad() {
    echo "$1"
    failed=$((failed + 1))
}

declare -A ranks
for stage in "${order[@]}"; do ranks[$stage]=$(rank "$stage"); done

# Every stage has its place; programs that run on the building machine stand outside.
for dir in compiler/*/; do
    stage=$(basename "$dir")
    [[ $stage == generate || -n ${ranks[$stage]-} ]] || bad "compiler/$stage has no place in the order of tests/layers.sh"
done

stage_of() { # compiler/base/text.c, base/text.h, compile.h
    local path=${1#compiler/}
    [[ $path == */* ]] && echo "${path%%/*}" || echo "${path%%.*}"
}

used=""
while IFS=: read -r file line; do
    header=${line#*\"}
    header=${header%%\"*}
    own=$(stage_of "$file") other=$(stage_of "$header")
    checks=$((checks + 1))
    [[ $own == generate ]] && continue
    if [[ $header == *.def ]]; then continue; fi
    [[ $header == */* || $header == compile.h || $header == *.h && ! -e compiler/$header ]] ||
        bad "$file: include \"$header\" by its path below compiler/"
    if [[ -z ${ranks[$other]-} ]]; then
        bad "$file: includes \"$header\", which belongs to no stage"
    elif ((ranks[$other] > ranks[$own])); then
        allowed=no
        for e in "${exceptions[@]}"; do
            [[ ${e%%:*} == "$file $header" ]] && allowed=yes used="$used|${e%%:*}|"
        done
        [[ $allowed == yes ]] || bad "$file: includes \"$header\", but $other stands above $own"
    fi
done < <(grep -rE --include='*.[ch]' '^#include "' compiler)

for e in "${exceptions[@]}"; do
    [[ $used == *"|${e%%:*}|"* ]] || bad "the exception '${e%%:*}' is not needed any more"
done

# What a library function of ours must leave to others. PATTERN, FILES that may, WHY.
only() {
    local pattern=$1 allowed=$2 why=$3 found
    checks=$((checks + 1))
    found=$(grep -rnE --include='*.[ch]' "$pattern" compiler | grep -vE "^compiler/($allowed)" | grep -vE '^[^:]*:[0-9]+: *(\*|/\*)') || return 0
    bad "$found"
    bad "  ^ $why"
}
only '\b(malloc|calloc|realloc|strdup|asprintf) ?\(' 'base/memory\.[ch]|generate/' 'all memory comes through base/memory.h, so that a test can make it fail'
only '\b(printf|puts|putchar|fputs|perror|exit|abort|_exit) ?\(' 'command/|main\.c|generate/|hook/limit\.c' 'only commands print, and only main, and the last resort against a hook, ends the process'
only '\bio_read(_below)? ?\(' 'base/|command/|pki/store\.c' 'stages read files through base/input.h, so that --depfile knows them all'
only '#include <yaml\.h>' 'source/' 'one loop over libyaml'"'"'s events, in source/'
only '#include <openssl/' 'pki/|base/sha256\.h' 'libcrypto is met in one folder, but for SHA-256'
only '#include <lua5\.4/' 'hook/|generate/modules\.c' 'Lua is met in hook/, and where modules are compiled'
only '#include <cyaml/' 'cluster/schema\.c' 'libcyaml is met in one file'
only '\b(time|clock_gettime|gettimeofday|rand|random|getrandom|getenv|setlocale|gethostname|localtime|gmtime) ?\(' 'command/|generate/|main\.c' 'no time, chance or environment reaches the output'

echo "$((checks - failed)) passed, $failed failed"
[[ $failed == 0 ]]
