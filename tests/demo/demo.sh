#!/bin/bash
# demo.sh path/to/gregor: the main job, to look at.
set -euo pipefail
GREGOR=$(realpath "$1")
cd "$(dirname "$0")/../.."
out=$(dirname "$GREGOR")/demo
rm -rf "$out"
mkdir -p "$out"

build() { # DESCRIPTION
    local name start end
    name=$(basename "$1" .yaml)
    echo "\$ gregor build $1 > $name.yaml"
    start=${EPOCHREALTIME/./}
    "$GREGOR" build --color never "$1" >"$out/$name.yaml"
    end=${EPOCHREALTIME/./}
    echo "  $(grep -vcE '^ *(#|$)' "$1") lines become $(grep -c '^---$' "$out/$name.yaml") objects," \
        "$(wc -c <"$out/$name.yaml") bytes, in $(((end - start) / 1000)).$(((end - start) % 1000 / 100)) ms with the process"
}

objects() { # kind/name of each document, several of a kind on one line
    awk '/^---$/ { kind = name = ""; meta = 0 }
         /^kind: / { kind = $2 }
         /^metadata:$/ { meta = 1; next }
         /^[^ ]/ { meta = 0 }
         meta && /^  name: / && name == "" {
             name = $2
             if (!(kind in names)) order[++kinds] = kind
             names[kind] = names[kind] " " name }
         END { for (i = 1; i <= kinds; i++) printf "  %-22s%s\n", order[i], names[order[i]] }' "$1" | cut -c1-150
}

build presets/dev.yaml
objects "$out/dev.yaml"
echo
build tests/demo/orders.yaml
objects "$out/orders.yaml"
echo
echo "The start of its first broker StatefulSet:"
awk '/^---$/ { if (hit) exit; text = ""; next } { text = text "  " $0 "\n" } /^kind: StatefulSet/ { set = 1 }
     set && /^  name: orders-broker/ { hit = 1; set = 0 } hit && ++n > 60 { exit } /^kind: / && !/StatefulSet/ { set = 0 }
     END { if (hit) printf "%s", text }' "$out/orders.yaml" | head -n 48
echo "  ..."
echo
echo "What a mistake looks like:"
sed 's/^  count: 6/  cuont: 6/; s/16Gi/16GB/' tests/demo/orders.yaml >"$out/mistake.yaml"
(cd "$out" && "$GREGOR" build --color never mistake.yaml) || true
echo
echo "All of it: $out"
