/* The walk over a value and its type. It runs on every object of every build, so the fine path does no more than one table
 * lookup a key; everything needed for a message is found out once something is wrong. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

/* ---- what is known already ---------------------------------------------------------------------------- */

static size_t slot_of(const void *text, const void *of)
{
    const uintptr_t a = (uintptr_t)text;
    return (a ^ a >> 8 ^ (uintptr_t)of >> 4) % K8S_MEMO;
}

/* What `text` is known to be for `of`: the row of a key of a type, anything for a text that has passed a field's rules. */
static inline const void *recall(const struct k8s_walk *w, const void *text, const void *of)
{
    const struct k8s_memo *m = w->c->memo;
    const size_t i = slot_of(text, of);
    return m != NULL && m->at[i].text == text && m->at[i].of == of ? m->at[i].known : NULL;
}

static void remember(const struct k8s_walk *w, const void *text, const void *of, const void *known)
{
    struct k8s_memo *m = w->c->memo;
    const size_t i = slot_of(text, of);
    if (m == NULL)
        return;
    m->at[i].text  = text;
    m->at[i].of    = of;
    m->at[i].known = known;
}

/* An emitted value whose kind says it all. */
static inline bool is_easy(const struct k8s_row *r, const struct val *v)
{
    return v->kind == r->easy && !(v->flags & VF_PLAIN) && v->kind != V_NONE
        && (v->kind != V_INT || (v->i >= r->min && v->i <= r->max));
}

static const struct k8s_row *find_row(const struct k8s_walk *w, const struct k8s_type *t, const char *key)
{
    const struct k8s_row *r = recall(w, key, t);
    if (r == NULL && (r = k8s_find_row(t, key)) != NULL)
        remember(w, key, t, r);
    return r;
}

/* ---- fields ------------------------------------------------------------------------------------------- */

/* How often a spelling is guessed at: a page of nonsense must not take seconds. */
enum { GUESSES = 100 };

struct names {
    const struct k8s_type *type;
    int                    minor;
};

static const char *field_name(const void *list, size_t i)
{
    const struct names *n = list;
    if (i >= n->type->count)
        return NULL;
    const struct k8s_row *r = &n->type->rows[i];
    return n->minor >= r->since && n->minor <= r->last ? r->name : "";
}

static void unknown_field(struct k8s_walk *w, const struct k8s_type *t, const struct val *map, uint32_t i,
                          const struct k8s_step *at)
{
    struct val key = map->map[i].v;
    if (map->flags & VF_KEYS)
        key.at = tree_key_at(map, i);
    if (strcmp(map->map[i].key, "status") == 0) {
        struct diag *d = k8s_report(w, E_K8S_FIELD, &key, at, "is written by the cluster, not by you");
        diag_hint(w->c->cx, d, "remove it");
        return;
    }
    const struct names names = { t, w->c->minor };
    struct diag *d = k8s_report(w, E_K8S_FIELD, &key, at, "is no field of the Kubernetes API");
    if (w->guesses++ < GUESSES)
        diag_did_you_mean(w->c->cx, d, str_nearest(map->map[i].key, field_name, &names));
}

static void wrong_version(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    const bool early = w->c->minor < r->since;
    struct diag *d = k8s_report(w, E_K8S_VERSION, v, at, early ? "needs Kubernetes 1.%d or later, and the target is 1.%d"
                                                               : "is gone since Kubernetes 1.%d, and the target is 1.%d",
                                early ? r->since : r->last + 1, w->c->minor);
    diag_hint(w->c->cx, d, "leave it out, or set 'kubernetes' to a version that has it");
}

static void report_null(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    struct diag *d = k8s_report(w, E_K8S_NULL, v, at, "is null");
    diag_hint(w->c->cx, d, "remove it or give it a value");
}

/* A strategic merge may say `$patch: delete` (or replace, merge) in any map of a fragment. */
static bool is_directive(const struct k8s_walk *w, const struct pair *p)
{
    return w->c->partial && strcmp(p->key, "$patch") == 0
        && (k8s_is(&p->v, "delete") || k8s_is(&p->v, "replace") || k8s_is(&p->v, "merge"));
}

static void report_missing(struct k8s_walk *w, const struct k8s_type *t, uint64_t missing, const struct val *v,
                           const struct k8s_step *at)
{
    for (unsigned i = 0; i < t->count; i++)
        if (missing >> i & 1)
            k8s_report_in(w, E_K8S_MISSING, v, at, t->rows[i].name, "is missing");
}

static const char *alternatives(struct k8s_walk *w, const struct k8s_type *t, uint64_t mask)
{
    struct text text = { .a = w->c->cx->a };
    unsigned shown = 0;
    for (unsigned i = 0; i < t->count; i++)
        if (mask >> i & 1 && w->c->minor >= t->rows[i].since && w->c->minor <= t->rows[i].last && ++shown <= 8)
            text_join(&text, shown > 1 ? ", " : "", t->rows[i].name, NULL);
    text_add(&text, shown > 8 ? " ..." : "");
    return text_str(&text);
}

static void report_choice(struct k8s_walk *w, const struct k8s_type *t, uint64_t seen, const struct val *v,
                          const struct k8s_step *at)
{
    const uint64_t mask = t->one | t->most;
    if ((seen & mask) == 0) {
        struct diag *d = k8s_report(w, E_K8S_RULE, v, at, "needs one more field");
        diag_hint(w->c->cx, d, "give one of: %s", alternatives(w, t, mask));
    } else {
        k8s_report(w, E_K8S_RULE, v, at, "has fields of which only one may stand: %s", alternatives(w, t, seen & mask));
    }
}

static bool several(uint64_t mask)
{
    return (mask & (mask - 1)) != 0;
}

static void check_fields(struct k8s_walk *w, const struct k8s_type *t, uint64_t seen, const struct val *v,
                         const struct k8s_step *at)
{
    const uint64_t missing = t->required & ~seen;
    if (missing != 0 && !w->c->partial)
        report_missing(w, t, missing, v, at);
    if (several(seen & t->one) || several(seen & t->most) || (t->one != 0 && (seen & t->one) == 0 && !w->c->partial))
        report_choice(w, t, seen, v, at);
}

static void walk_value(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at);
static void walk_field(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at);

static void walk_entry(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    w->noted |= 1u << r->note;
    if (w->c->minor < r->since || w->c->minor > r->last)
        wrong_version(w, r, v, at);
    else if (v->kind == V_NULL && !w->c->partial)
        report_null(w, v, at);
    else if (v->kind != V_NULL && r->shape == K8S_ONE && !(r->flags & KR_SERVER))
        walk_value(w, r, v, at);
    else if (v->kind != V_NULL)
        walk_field(w, r, v, at);
}

static void walk_object(struct k8s_walk *w, const struct k8s_type *t, const struct val *v, const struct k8s_step *at)
{
    uint64_t seen = 0;
    if (v->kind != V_MAP) {
        k8s_report(w, E_K8S_TYPE, v, at, "must be a map");
        return;
    }
    for (uint32_t i = 0; i < v->len; i++) {
        const struct pair *p = &v->map[i];
        const struct k8s_step step = { at, p->key, 0 };
        const struct k8s_row *r = find_row(w, t, p->key);
        if (r == NULL) {
            if (!is_directive(w, p) && p->v.kind != V_POISON)
                unknown_field(w, t, v, i, &step);
            continue;
        }
        const uint64_t bit = (uint64_t)1 << (r - t->rows);
        if (seen & bit)
            k8s_report(w, E_K8S_DUPLICATE, &p->v, &step, "stands twice");
        if (r->shape != K8S_ONE || !is_easy(r, &p->v) || w->c->minor < r->since || w->c->minor > r->last)
            walk_entry(w, r, &p->v, &step);
        if (p->v.kind != V_NULL)
            seen |= bit;
    }
    if ((t->required & ~seen) | t->one | t->most)
        check_fields(w, t, seen, v, at);
    if (t->rule != NULL)
        t->rule(w, v, at);
}

/* ---- lists and maps ----------------------------------------------------------------------------------- */

static void walk_text(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    const bool failed = w->failed;
    if (recall(w, v->s, r) != NULL)
        return;
    w->failed = false;
    k8s_walk_scalar(w, &k8s_types[r->type], r, v, at);
    if (!w->failed && !(v->flags & VF_PLAIN))
        remember(w, v->s, r, v->s);
    w->failed |= failed;
}

static void walk_value(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_type *t = &k8s_types[r->type];
    if (is_easy(r, v) || v->kind == V_POISON || v->kind == V_NONE)
        return;
    if (v->kind == V_NULL)
        report_null(w, v, at);
    else if (t->form == K8S_OBJECT)
        walk_object(w, t, v, at);
    else if (v->kind == V_STR)
        walk_text(w, r, v, at);
    else
        k8s_walk_scalar(w, t, r, v, at);
}

/* A fragment's item is merged into the one of the same key. */
static bool lacks_key(const struct val *item, const char *key)
{
    return item->kind == V_MAP && tree_get(item, key) == NULL && tree_get(item, "$patch") == NULL;
}

static void walk_list(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    if (v->kind != V_SEQ) {
        struct diag *d = k8s_report(w, E_K8S_TYPE, v, at, "must be a list");
        const char *in_lua = v->kind == V_MAP && v->len == 0 ? "array {} is an empty list, {} an empty map" : "a list with one entry is { entry }";
        diag_hint(w->c->cx, d, "%s", ctx_from_hook(w->c->cx, v->at) ? in_lua : "start each entry with '- '");
        return;
    }
    for (uint32_t i = 0; i < v->len; i++) {
        const struct k8s_step step = { at, NULL, i };
        walk_value(w, r, &v->seq[i], &step);
        if (w->c->partial && r->merge != NULL && lacks_key(&v->seq[i], r->merge))
            k8s_report_in(w, E_K8S_MISSING, &v->seq[i], &step, r->merge, "is missing: it says which entry is meant");
    }
    if (v->len < r->items && !w->c->partial)
        k8s_report(w, E_K8S_VALUE, v, at, "needs at least %d %s", r->items, r->items == 1 ? "entry" : "entries");
    if (r->most != 0 && v->len > r->most)
        k8s_report(w, E_K8S_VALUE, v, at, "may have at most %d %s", r->most, r->most == 1 ? "entry" : "entries");
    if (r->keys != NULL || (r->flags & KR_SET))
        k8s_walk_distinct(w, v, r->keys, at);
}

static const char *bad_map_key(unsigned syntax, const char *key)
{
    switch (syntax) {
    case SX_LABELS:
    case SX_NODE_LABELS: return k8s_bad_label_key(key);
    case SX_ANNOTATIONS: return k8s_bad_syntax(SX_QUALIFIED, key);
    case SX_DATA_KEYS:   return k8s_bad_data_key(key);
    case SX_RESOURCES:   return k8s_bad_resource(key);
    case SX_AMOUNTS:     return k8s_bad_label_key(key);
    case SX_QUOTAS:      return k8s_bad_quota(key);
    default:             return NULL;
    }
}

/* What a resource is counted in: a thousandth of a CPU, else whole bytes or pieces. */
static void check_grain(struct k8s_walk *w, const struct k8s_row *r, const struct pair *p, const struct k8s_step *at)
{
    const bool below = p->v.kind == V_INT && p->v.i < 0;
    const enum k8s_grain grain = p->v.kind == V_STR ? k8s_quantity_grain(p->v.s) : below ? KG_NEGATIVE : KG_NONE;
    const bool cpu = str_ends(p->key, "cpu") && strchr(p->key, '/') == NULL;
    if (grain == KG_NONE)
        walk_value(w, r, &p->v, at);
    else if (grain == KG_NEGATIVE)
        k8s_report(w, E_K8S_VALUE, &p->v, at, "must not be negative");
    else if (grain == KG_BELOW_MILLI || (grain == KG_MILLI && !cpu)) {
        struct diag *d = k8s_report(w, E_K8S_VALUE, &p->v, at, "is finer than %s: %s",
                                    cpu ? "a thousandth of a CPU" : "one", k8s_shown(w, p->v.s));
        if (!cpu && str_ends(p->v.s, "m"))
            diag_hint(w->c->cx, d, "'m' is a thousandth: did you mean 'M' or 'Mi'?");
    }
}

static void check_label_value(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const char *bad = v->kind == V_STR ? k8s_bad_label_value(v->s) : NULL;
    if (bad == NULL)
        return;
    struct diag *d = k8s_report(w, E_K8S_VALUE, v, at, "is '%s', which %s", k8s_shown(w, v->s), bad);
    diag_hint(w->c->cx, d, "what does not fit a label may stand in an annotation");
}

static void walk_map_entry(struct k8s_walk *w, const struct k8s_row *r, const struct pair *p, const struct k8s_step *at)
{
    const char *bad = bad_map_key(r->syntax, p->key);
    if (bad != NULL)
        k8s_report(w, E_K8S_VALUE, &p->v, at, "has a key that %s", bad);
    if (p->v.kind == V_NULL && w->c->partial)
        return;
    if (r->syntax == SX_RESOURCES || r->syntax == SX_AMOUNTS || r->syntax == SX_QUOTAS) {
        check_grain(w, r, p, at);
        return;
    }
    walk_value(w, r, &p->v, at);
    if (r->syntax == SX_LABELS || r->syntax == SX_NODE_LABELS)
        check_label_value(w, &p->v, at);
    if (r->syntax == SX_NODE_LABELS)
        k8s_advise_node_label(w, p->key, &p->v, at);
    if (r->syntax == SX_ANNOTATIONS)
        k8s_advise_annotation(w, p->key, &p->v, at);
}

/* The same few labels stand on every object. */
static void walk_label(struct k8s_walk *w, const struct k8s_row *r, const struct pair *p, const struct k8s_step *at)
{
    static const char keys, values;
    const bool failed = w->failed, text = p->v.kind == V_STR && !(p->v.flags & VF_PLAIN);
    if (text && recall(w, p->key, &keys) != NULL && recall(w, p->v.s, &values) != NULL)
        return;
    w->failed = false;
    walk_map_entry(w, r, p, at);
    if (text && !w->failed) {
        remember(w, p->key, &keys, p->key);
        remember(w, p->v.s, &values, p->v.s);
    }
    w->failed |= failed;
}

static void walk_map(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    if (v->kind != V_MAP) {
        k8s_report(w, E_K8S_TYPE, v, at, "must be a map");
        return;
    }
    for (uint32_t i = 0; i < v->len; i++) {
        const struct k8s_step step = { at, v->map[i].key, 0 };
        if (r->syntax == SX_LABELS)
            walk_label(w, r, &v->map[i], &step);
        else
            walk_map_entry(w, r, &v->map[i], &step);
    }
    k8s_walk_distinct(w, v, NULL, at);
}

static void walk_field(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    if (v->kind == V_POISON || v->kind == V_NONE)
        return;
    if (r->flags & KR_SERVER) {
        struct diag *d = k8s_report(w, E_K8S_FIELD, v, at, "is written by the cluster, not by you");
        diag_hint(w->c->cx, d, "remove it");
    } else if (r->shape == K8S_LIST) {
        walk_list(w, r, v, at);
    } else if (r->shape == K8S_MAP) {
        walk_map(w, r, v, at);
    } else {
        walk_value(w, r, v, at);
    }
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

/* What makes pods gives them its name, and pods are hosts. */
static void advise_name(struct k8s_walk *w, const char *kind, const struct val *name, const struct k8s_step *at)
{
    static const char *const kinds[] = { "CronJob", "DaemonSet", "Deployment", "Job", "Pod" };
    const struct k8s_step step = { at, "name", 0 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i]) == 0)
            k8s_advise(w, name, &step, "is '%s', and part of names of hosts, which have no dots and at most 63 characters",
                       k8s_shown(w, name->s));
}

static void check_object_name(struct k8s_walk *w, const struct k8s_type *t, const struct val *v, const struct k8s_step *at)
{
    const struct val *metadata = tree_get(v, "metadata"), *name = tree_get(metadata, "name");
    const struct k8s_step step = { at, "metadata", 0 };
    if (name == NULL || name->kind != V_STR) {
        if (name == NULL && tree_get(metadata, "generateName") == NULL)
            k8s_report_in(w, E_K8S_MISSING, k8s_written(metadata, v), &step, "name", "is missing");
        return;
    }
    const char *bad = k8s_bad_syntax(k8s_syntax_in(t->kind->name, w->c->minor), name->s);
    if (bad != NULL)
        k8s_report_in(w, E_K8S_VALUE, name, &step, "name", "is '%s', which %s", k8s_shown(w, name->s), bad);
    else if (name->len > 63 || strchr(name->s, '.') != NULL)
        advise_name(w, t->kind->kind, name, &step);
}

bool k8s_check_value(const struct k8s_check *c, const struct k8s_type *type, const struct val *v, const char *path)
{
    struct k8s_walk w = { .c = c };
    const struct k8s_step at = { NULL, path, 0 };
    if (v->kind == V_POISON || v->kind == V_NONE)
        return true;
    if (type->form == K8S_OBJECT)
        walk_object(&w, type, v, &at);
    else
        k8s_walk_scalar(&w, type, NULL, v, &at);
    if (type->kind != NULL && !c->partial && v->kind == V_MAP)
        check_object_name(&w, type, v, &at);
    return !w.failed;
}
