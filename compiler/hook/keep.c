/* What hooks must leave: selectors, names that others refer to, sizes. */
#include "hook/state.h"

const char *keep_address(struct arena *a, const struct val *o)
{
    const char *kind = tree_str(o, "kind"), *name = tree_str(tree_get(o, "metadata"), "name");
    return str_join(a, kind != NULL ? kind : "?", "/", name != NULL ? name : "?", NULL);
}

bool keep_identity(const struct val *a, const struct val *b)
{
    const struct val *m = tree_get(a, "metadata"), *n = tree_get(b, "metadata");
    return str_eq(tree_str(a, "kind"), tree_str(b, "kind")) && str_eq(tree_str(m, "name"), tree_str(n, "name"))
        && str_eq(tree_str(m, "namespace"), tree_str(n, "namespace"));
}

const struct val *keep_same_in(const struct val *list, const struct val *o, uint32_t hint)
{
    if (hint < list->len && keep_identity(&list->seq[hint], o))
        return &list->seq[hint];
    for (uint32_t i = 0; i < list->len; i++)
        if (keep_identity(&list->seq[i], o))
            return &list->seq[i];
    return NULL;
}

void keep_gone(struct hooks *h, const struct val *o, struct pos at, bool renamed)
{
    const char *space = tree_str(tree_get(o, "metadata"), "namespace");
    struct gone *g = NEW(h->cx->a, struct gone);
    *g = (struct gone){ .kind = tree_str(o, "kind"), .space = space != NULL ? space : "",
                        .name = tree_str(tree_get(o, "metadata"), "name"), .at = at, .renamed = renamed, .next = h->gone };
    h->gone = g;
}

const struct pos *hook_gone(const struct hooks *h, const char *kind, const char *space, const char *name, bool *renamed)
{
    for (const struct gone *g = h == NULL ? NULL : h->gone; g != NULL; g = g->next)
        if (str_eq(g->kind, kind) && str_eq(g->name, name) && (space == NULL || str_eq(g->space, space))) {
            *renamed = g->renamed;
            return &g->at;
        }
    return NULL;
}

/* The first line of a hook inside a value, or no place. */
static struct pos line_inside(const struct hooks *h, const struct val *v)
{
    struct pos at = ctx_from_hook(h->cx, v->at) ? v->at : no_pos();
    for (uint32_t i = 0; (v->kind == V_MAP || v->kind == V_SEQ) && i < v->len && at.line == 0; i++)
        at = line_inside(h, v->kind == V_MAP ? &v->map[i].v : &v->seq[i]);
    return at;
}

/* The workload is bound to its pods, and ours to each other, by these. */
static void check_fixed(struct hooks *h, const struct val *before, const struct val *after, const char *field)
{
    const struct val *a = tree_get(tree_get(before, "spec"), field), *b = tree_get(tree_get(after, "spec"), field);
    if (a == NULL || a == b || (b != NULL && tree_same(a, b)))
        return;
    const struct pos at = b != NULL ? line_inside(h, b) : no_pos();
    struct diag *d = error_report(h, E_HOOK_IMMUTABLE, at.line > 0 ? at : after->at,
                                  b == NULL ? "'spec.%s' is removed" : "'spec.%s' is changed", field);
    diag_hint(h->cx, d, "it is immutable once the object exists, and other objects rely on it; leave it as it is");
}

/* So few values cannot make an object too large or too deep: it need not be measured. */
enum { FEW = 1000 };

void keep_check(struct hooks *h, const struct val *before, const struct val *after)
{
    const char *kind = tree_str(before, "kind");
    size_t count = 0;
    h->object = keep_address(h->cx->a, before);
    if (h->converted > FEW && !part_measure(after, HOOK_DEPTH, &count, HOOK_NODES))
        error_report(h, E_HOOK_SIZE, after->at, "the object has become larger than %zu entries or %d levels", HOOK_NODES, HOOK_DEPTH);
    else if (!keep_identity(before, after))
        keep_gone(h, before, after->at, true);
    else if (str_eq(kind, "StatefulSet") || str_eq(kind, "Deployment")) {
        check_fixed(h, before, after, "selector");
        check_fixed(h, before, after, "serviceName");
    } else if (str_eq(kind, "Service")) {
        check_fixed(h, before, after, "clusterIP"); /* None: pods have names of their own */
    }
}

/* ---- files of pods ------------------------------------------------------------------------------------------------ */

/* True when a volume, or the environment, comes from the ConfigMap of that name. */
bool keep_reads(const struct val *v, const char *name)
{
    bool found = false;
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len && !found; i++) {
        const char *key = v->map[i].key;
        const bool refers = strcmp(key, "configMap") == 0 || strcmp(key, "configMapRef") == 0 || strcmp(key, "configMapKeyRef") == 0;
        found = (refers && str_eq(tree_str(&v->map[i].v, "name"), name)) || keep_reads(&v->map[i].v, name);
    }
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len && !found; i++)
        found = keep_reads(&v->seq[i], name);
    return found;
}

static bool any_reads(const struct val *objects, const char *name)
{
    bool found = false;
    for (uint32_t i = 0; i < objects->len && !found; i++)
        found = keep_reads(&objects->seq[i], name);
    return found;
}

static void check_files(struct hooks *h, const struct val *before, const struct val *after, const struct val *objects)
{
    const struct val *had = tree_get(before, "data"), *has = tree_get(after, "data");
    const char *name = tree_str(tree_get(before, "metadata"), "name");
    for (uint32_t i = 0; had != NULL && had != has && had->kind == V_MAP && i < had->len; i++) {
        if (tree_get(has, had->map[i].key) != NULL || !any_reads(objects, name))
            continue;
        h->object = keep_address(h->cx->a, before);
        struct diag *d = error_report(h, E_HOOK_GONE, after->at, "'%s' is removed, and pods mount it", had->map[i].key);
        diag_hint(h->cx, d, "a pod without its file does not start; change the file, or leave it");
        return; /* one is enough */
    }
}

/* Of several of one name verify tells. */
static bool is_only_one(const struct val *objects, const struct val *o)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < objects->len; i++)
        n += keep_identity(o, &objects->seq[i]);
    return n == 1;
}

void keep_files(struct hooks *h, const struct val *emitted, const struct val *objects)
{
    for (uint32_t i = 0; i < emitted->len; i++) {
        const struct val *before = &emitted->seq[i];
        const struct val *after = str_eq(tree_str(before, "kind"), "ConfigMap") ? keep_same_in(objects, before, i) : NULL;
        if (after != NULL && after->at.line > 0 && is_only_one(objects, before))
            check_files(h, before, after, objects);
    }
    h->object = NULL;
}
