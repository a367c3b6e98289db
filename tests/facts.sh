# facts.sh: what test scripts share; they source it. A fact is a function of the script named after what it states. It runs in an empty
# folder of its own below $WORK, fails by returning non-zero, and what it said is then shown; one that cannot be shown here says "skipped".
set -u
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
export LC_ALL=C NO_COLOR=
unset TERM

# facts_run 'HELPER|HELPER...': runs every function of the script but the helpers. Returns non-zero when one failed.
facts_run() {
    local fact said ran=0 failed=0 name
    name=$(basename "$0" .sh)
    for fact in $(grep -oE '^[a-z_0-9]+\(\)' "$0" | tr -d '()' | grep -vxE "$1"); do
        ran=$((ran + 1))
        if said=$(mkdir "$WORK/$fact" && cd "$WORK/$fact" && "$fact" 2>&1); then
            case "$said" in *skipped*) echo "note: $fact: $said" ;; esac
        else
            failed=$((failed + 1))
            printf 'FAILED %s\n%s\n' "$fact" "$(sed 's/^/  /' <<<"$said")"
        fi
    done
    echo "$name: $((ran - failed)) passed, $failed failed"
    [ "$ran" -gt 0 ] && [ "$failed" = 0 ]
}
