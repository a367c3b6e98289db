#!/bin/bash
# gregor post-render, from the outside: tests/test_post_render.sh path/to/gregor (or GREGOR=path/to/gregor). Same rules as tests/test_command.sh.
GREGOR=$(realpath "${1:-${GREGOR:?path of gregor}}")
. "$(dirname "$0")/facts.sh"

renders() { # STATUS ARGS...; from `in`
    local wanted=$1 got=0
    shift
    "$GREGOR" post-render "$@" > out 2> err < in || got=$?
    [ "$got" = "$wanted" ] || { echo "gregor post-render $*: exit $got, not $wanted"; head -5 out err; return 1; }
}
says() { grep -qF -- "$2" "$1" || { echo "$1 does not say '$2':"; head -20 "$1"; return 1; }; }
service() { printf -- '---\n# Source: shop/templates/%s.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: %s\nspec: %s\n' "$1" "$1" "$2"; }

what_is_right_leaves_as_it_came() {
    { service web '{ports: [{port: 0x50, name: "http"}], selector: {app: "on"}}'
      printf -- '---\n# Source: shop/templates/c.yaml\n\n# why\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n'
      printf '  annotations: {postrenderer.helm.sh/postrender-filename: "shop/templates/c.yaml"}\ndata: {a: |-\n    x, b: "1e3"}\n' | sed 's/{a: |-/\n  a: |+/; s/    x, b: "1e3"}/    --- x\n\n/'
      printf '---\n---\n# nothing but a comment\n'; } > in
    sed -i 's/0x50/80/' in && renders 0 && cmp in out && [ ! -s err ]
}
an_error_names_the_template_and_writes_nothing() {
    { service web '{ports: [{port: 80}]}'; service db '{ports: [{port: "80"}], typ: ClusterIP}'; } > in && renders 1 && [ ! -s out ] \
        && says err "shop/templates/db.yaml:5:23: error[E0702]: 'spec.ports[0].port' must be a number" && says err "did you mean 'type'?" && says err '2 errors'
}
text_that_is_no_yaml_is_an_error() {
    { service web '{ports: [{port: 80}]}'; service db '{ports: ['; } > in && renders 1 && [ ! -s out ] && says err 'shop/templates/db.yaml:'
}
a_namespace_may_be_left_to_helm() {
    service web '{ports: [{port: 80}]}' > in && renders 0 && [ ! -s err ] && ! grep -q namespace out
}
the_version_decides_which_kinds_there_are() {
    printf 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n' > in && renders 1 && says err "standard input:2" \
        && renders 2 --kubernetes 1.99 && says err 'from 1.25 to 1.36' && renders 2 --kubernetes x && renders 1 --kubernetes v1.34.2
}
warnings_pass_unless_they_are_errors() {
    printf 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n' > in && renders 0 && cmp in out && says err 'warning[W0761]' \
        && renders 1 -W error && [ ! -s out ] && renders 0 -q && [ ! -s err ]
}
two_of_one_name_are_an_error() {
    { service web '{ports: [{port: 80}]}'; service web '{ports: [{port: 80}]}'; } > in && renders 1 && says err 'E0763'
}
hooks_change_what_they_touch_and_nothing_else() {
    { service web '{ports: [{port: 80}]}'
      printf -- '---\n# Source: shop/templates/t.yaml\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: {ratio: 0.5, mode: 3, x: [true, "0.5", 1e3]}\n'
      printf -- '---\n# Source: shop/templates/c.yaml\n# stays\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a:   "1e3"}\n'
      printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone}\n'; } > in
    cat > site.lua <<'END'
local kinds = { Service = true, Thing = true }
return { api = 1, object = function(obj, plan)
  if obj.metadata.name == "gone" then return nil end
  if kinds[obj.kind] then obj.metadata.labels = { on = plan.description.kubernetes } end
end }
END
    renders 0 -q --hook site.lua --kubernetes 1.33 && diff - out <<'END'
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    "on": "1.33"
spec:
  ports:
  - port: 80
---
apiVersion: example.com/v1
kind: Thing
metadata:
  name: t
  labels:
    "on": "1.33"
spec:
  ratio: 0.5
  mode: 3
  x:
  - true
  - "0.5"
  - 1e3
---
# Source: shop/templates/c.yaml
# stays
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a:   "1e3"}
END
}
a_hook_that_breaks_an_object_is_named() {
    service web '{ports: [{port: 80}]}' > in
    echo 'return { api = 1, object = function(obj) obj.spec.typ = "x" end }' > site.lua && renders 1 --hook site.lua && [ ! -s out ] && says err 'site.lua:1:' && says err "'spec.typ'" \
        && echo 'return { api = 1, object = function(obj) error("no " .. obj.kind) end }' > site.lua && renders 1 --hook site.lua && says err 'no Service'
}
# What charts hold: Secrets, passwords in scripts, nulls where a list of values is empty, and what the server writes itself.
chart() {
    printf -- '---\n# Source: c/templates/s.yaml\napiVersion: v1\nkind: Secret\nmetadata: {name: s, creationTimestamp: null, labels: }\ndata: {password: aGVsbG8=}\nstringData: {x: hunter21}\n'
    printf -- '---\n# Source: c/templates/c.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: ~}\ndata: {a.sh: "x --password hunter22", DB_PASSWORD: hunter23}\n'
    printf -- '---\n# Source: c/templates/p.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  nodeSelector:\n  containers:\n  - name: x\n    image: %s\n    env: [{name: A_PASSWORD, value: hunter24}]\nstatus: {}\n' "$1"
}
secrets_nulls_and_states_of_others_pass() {
    chart i > in && renders 0 -q && cmp in out && [ ! -s err ] \
        && echo 'return { api = 1, object = function(obj) obj.metadata.labels = { on = "yes" } end }' > site.lua && renders 0 -q --hook site.lua && [ ! -s err ] \
        && [ "$(grep -c hunter out) $(grep -c '"on": "yes"' out)" = '4 3' ]
}
a_null_is_no_value() { chart null > in && renders 1 -q && says err "c/templates/p.yaml:7:5: error[E0703]: 'spec.containers[0].image' is missing"; }
secrets_of_a_hook_do_not_pass() {
    chart i > in
    echo 'return { api = 1, object = function(obj) if obj.kind == "Secret" then obj.data.more = "aHVudGVy" end end }' > site.lua && renders 1 -q --hook site.lua && says err 'error[E0860]: Secret/s' && ! grep -q aHVudGVy err \
        && echo 'return { api = 1, object = function(obj) if obj.kind == "Pod" then table.insert(obj.spec.containers[1].env, { name = "B_TOKEN", value = "hunter25" }) end end }' > site.lua \
        && renders 1 -q --hook site.lua && says err "error[E0860]: Pod/p: 'value' holds a secret" && ! grep -q hunter err \
        && echo 'return { api = 1, objects = function(list) list[4] = { apiVersion = "v1", kind = "Secret", stringData = { a = "hunter26" }, metadata = { name = "n" } } end }' > site.lua \
        && renders 1 -q --hook site.lua && says err 'error[E0860]: Secret/n' && ! grep -q hunter err
}
a_hook_of_clusters_meets_an_empty_site() {
    service web '{ports: [{port: 80}]}' > in
    echo 'return { api = 1, description = function() error("no page") end, object = function(obj, plan)
  obj.metadata.labels = { owner = plan.site.owner, on = plan.kubernetes, name = plan.name } end }' > site.lua && renders 0 --hook site.lua --kubernetes 1.33 \
        && says out 'on": "1.33"' && ! grep -q owner out
}
# What Helm and kubectl read: anchors, brackets that end at the margin, keys without values.
what_templates_write_is_read() {
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: &l {app: shop}, annotations: *l}\ndata: {a: &a "1", b: *a}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {}}\nspec:\n  containers:\n  - name: x\n    image: i\n    args: [\n    "a"\n    ]\n' > in \
        && renders 0 -q && cmp in out && [ ! -s err ] && sed -i 's/\*l/*m/' in && renders 1 -q && says err "standard input:3:58: error[E0108]: the alias '*m' stands for nothing"
}
aliases_stay_small() {
    thing() { printf 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n'; }
    { thing; echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'; for i in 1 2 3 4 5 6 7 8 9; do echo "a$i: &a$i [$(printf "*a$((i - 1)), %.0s" 1 2 3 4 5 6 7 8 9)x]"; done; } > in && renders 1 -q && says err E0113 \
        && { thing; echo "a: &a $(printf '[%.0s' {1..40})$(printf ']%.0s' {1..40})"; echo "b: $(printf '[%.0s' {1..30})*a$(printf ']%.0s' {1..30})"; } > in && renders 1 -q && says err E0112 \
        && { thing; echo 'a: &a [*a]'; } > in && renders 1 -q && says err E0108
}
nothing_leaves_as_nothing() {
    : > in && renders 0 && [ ! -s out ] && [ ! -s err ] && renders 2 file
}

facts_run 'renders|says|service|chart|thing'
