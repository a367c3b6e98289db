/* Giving the scalars of a description their types, and laying a fragment over an object as strategic merge does. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

/* ---- types -------------------------------------------------------------------------------------------- */

static const struct k8s_type any = { .name = "any", .form = K8S_ANY };

static struct val at_place(struct val v, struct pos at)
{
    v.at = at;
    return v;
}

static struct val as_string(struct val v)
{
    v.flags &= (uint8_t)~VF_PLAIN;
    return v;
}

static struct val as_number(struct val v)
{
    int64_t n;
    return k8s_int(&v, &n) ? at_place(t_int(n), v.at) : as_string(v);
}

static struct val as_boolean(struct val v)
{
    return (v.flags & VF_PLAIN) && (strcmp(v.s, "true") == 0 || strcmp(v.s, "false") == 0)
        ? at_place(t_bool(v.s[0] == 't'), v.at) : as_string(v);
}

/* A field that takes anything gets what a reader of YAML 1.2 makes of the scalar. */
static struct val as_anything(struct val v)
{
    const struct val b = as_boolean(v);
    return b.kind == V_BOOL ? b : as_number(v);
}

static struct val typed_scalar(struct arena *a, const struct k8s_type *t, struct val v)
{
    if (t->form == K8S_QUANTITY && v.kind == V_INT)
        return at_place(t_str(k8s_quantity(a, str_int(a, v.i))), v.at);
    if (v.kind != V_STR)
        return v;
    switch (t->form) {
    case K8S_INT32:
    case K8S_INT64:
    case K8S_INT_OR_STRING: return as_number(v);
    case K8S_BOOL:          return as_boolean(v);
    case K8S_QUANTITY:      return at_place(t_str(k8s_quantity(a, v.s)), v.at);
    case K8S_ANY:           return as_anything(v);
    default:                return as_string(v);
    }
}

static struct val typed(struct arena *a, const struct k8s_type *t, struct val v, bool nulls);

static struct val typed_list(struct arena *a, const struct k8s_type *t, struct val v, bool nulls)
{
    struct val *kept = arena_alloc(a, v.len * sizeof *kept);
    uint32_t n = 0;
    for (uint32_t i = 0; i < v.len; i++)
        if (v.seq[i].kind != V_NULL || nulls)
            kept[n++] = typed(a, t, v.seq[i], nulls);
    v.seq = kept;
    v.len = n;
    return v;
}

/* Returns the same map with other values: `kept` pairs, their keys at `places`. */
static struct val same_map(struct arena *a, struct val v, const struct pair *kept, const struct pos *places, uint32_t n)
{
    struct val map = tree_map_at(a, kept, places, n);
    map.flags = v.flags;
    map.at    = v.at;
    return map;
}

static struct val typed_values(struct arena *a, const struct k8s_type *t, struct val v, bool nulls);

static struct val typed_field(struct arena *a, const struct k8s_row *r, struct val v, bool nulls)
{
    if (r == NULL)
        return typed(a, &any, v, nulls);
    if (r->shape == K8S_LIST && v.kind == V_SEQ)
        return typed_list(a, &k8s_types[r->type], v, nulls);
    if (r->shape == K8S_MAP && v.kind == V_MAP)
        return typed_values(a, &k8s_types[r->type], v, nulls);
    return typed(a, &k8s_types[r->type], v, nulls);
}

/* `t` is the type of each value, or of the whole map when it has fields of its own and `whole` is set. */
static struct val typed_map(struct arena *a, const struct k8s_type *t, bool whole, struct val v, bool nulls)
{
    struct pair *kept   = arena_alloc(a, v.len * sizeof *kept);
    struct pos  *places = arena_alloc(a, v.len * sizeof *places);
    uint32_t n = 0;
    for (uint32_t i = 0; i < v.len; i++) {
        const struct pair *p = &v.map[i];
        if (p->v.kind == V_NULL && !nulls)
            continue;
        kept[n].key = p->key;
        kept[n].v   = whole ? typed_field(a, k8s_find_row(t, p->key), p->v, nulls) : typed(a, t, p->v, nulls);
        places[n++] = tree_key_at(&v, i);
    }
    return same_map(a, v, kept, places, n);
}

static struct val typed_values(struct arena *a, const struct k8s_type *t, struct val v, bool nulls)
{
    return typed_map(a, t, false, v, nulls);
}

static struct val typed(struct arena *a, const struct k8s_type *t, struct val v, bool nulls)
{
    if (v.kind == V_MAP)
        return t->form == K8S_OBJECT ? typed_map(a, t, true, v, nulls) : typed_values(a, t, v, nulls);
    if (v.kind == V_SEQ)
        return typed_list(a, t, v, nulls);
    return typed_scalar(a, t, v);
}

struct val k8s_typed(struct arena *a, const struct k8s_type *type, struct val v)
{
    return typed(a, type, v, false);
}

struct val k8s_typed_patch(struct arena *a, const struct k8s_type *type, struct val v)
{
    return typed(a, type, v, true);
}

/* ---- merging ------------------------------------------------------------------------------------------ */

static bool has_directive(const struct val *v, const char *directive)
{
    return k8s_is(tree_get(v, "$patch"), directive);
}

/* What a patch adds where there was nothing: without its nulls and directives. */
static struct val added(struct arena *a, struct val v)
{
    struct pairs pairs = { .a = a };
    struct vals  items = { .a = a };
    if (v.kind == V_NULL || has_directive(&v, "delete"))
        return t_none();
    for (uint32_t i = 0; v.kind == V_MAP && i < v.len; i++)
        if (strcmp(v.map[i].key, "$patch") != 0)
            pairs_add(&pairs, v.map[i].key, added(a, v.map[i].v));
    for (uint32_t i = 0; v.kind == V_SEQ && i < v.len; i++)
        vals_add(&items, added(a, v.seq[i]));
    if (v.kind == V_MAP)
        return at_place(pairs.len > 0 ? pairs_done(&pairs) : t_empty_map(), v.at);
    if (v.kind == V_SEQ)
        return at_place(items.len > 0 ? vals_done(&items) : t_empty_seq(), v.at);
    return v;
}

static struct val merge_maps(struct arena *a, const struct k8s_type *t, bool whole, bool retain, const struct val *base,
                             const struct val *patch);

static bool same_key(const struct val *a, const struct val *b, const char *key)
{
    const struct val *x = tree_get(a, key), *y = tree_get(b, key);
    return x != NULL && y != NULL && tree_same(x, y);
}

static const struct val *find_item(const struct val *list, const struct val *item, const char *key)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (same_key(&list->seq[i], item, key))
            return &list->seq[i];
    return NULL;
}

static bool replaces(const struct val *list)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (has_directive(&list->seq[i], "replace") && list->seq[i].len == 1)
            return true;
    return false;
}

/* Items keep their order; those that only the patch has follow in its order. */
static struct val merge_lists(struct arena *a, const struct k8s_row *r, const struct val *base, const struct val *patch)
{
    const struct k8s_type *t = &k8s_types[r->type];
    struct vals out = { .a = a };
    const bool replace = replaces(patch);
    for (uint32_t i = 0; !replace && i < base->len; i++) {
        const struct val *over = find_item(patch, &base->seq[i], r->merge);
        if (over == NULL)
            vals_add(&out, base->seq[i]);
        else if (!has_directive(over, "delete"))
            vals_add(&out, merge_maps(a, t, true, r->flags & KR_RETAIN, &base->seq[i], over));
    }
    for (uint32_t i = 0; i < patch->len; i++) {
        const bool marker = has_directive(&patch->seq[i], "replace") && patch->seq[i].len == 1;
        if (!marker && (replace || find_item(base, &patch->seq[i], r->merge) == NULL))
            vals_add(&out, added(a, patch->seq[i]));
    }
    return at_place(vals_done(&out), patch->at.line > 0 ? patch->at : base->at);
}

static struct val merge_field(struct arena *a, const struct k8s_row *r, const struct val *base, const struct val *patch)
{
    if (r == NULL || base->kind != patch->kind)
        return added(a, *patch);
    if (r->shape == K8S_LIST && r->merge != NULL && patch->kind == V_SEQ)
        return merge_lists(a, r, base, patch);
    if (r->shape == K8S_MAP && patch->kind == V_MAP)
        return merge_maps(a, &k8s_types[r->type], false, false, base, patch);
    if (r->shape == K8S_ONE && patch->kind == V_MAP && k8s_types[r->type].form == K8S_OBJECT)
        return merge_maps(a, &k8s_types[r->type], true, r->flags & KR_RETAIN, base, patch);
    return added(a, *patch);
}

/* A map of values without fields of their own (labels, requests) takes the patch's value as it is. */
static struct val merge_value(struct arena *a, const struct k8s_type *t, bool whole, const char *key, const struct val *base,
                              const struct val *patch)
{
    if (whole)
        return merge_field(a, k8s_find_row(t, key), base, patch);
    if (t->form == K8S_OBJECT && base->kind == V_MAP && patch->kind == V_MAP)
        return merge_maps(a, t, true, false, base, patch);
    return added(a, *patch);
}

static struct val merge_maps(struct arena *a, const struct k8s_type *t, bool whole, bool retain, const struct val *base,
                             const struct val *patch)
{
    struct pairs out = { .a = a };
    if (has_directive(patch, "replace") || has_directive(patch, "delete"))
        return added(a, *patch);
    for (uint32_t i = 0; i < base->len; i++) {
        const struct val *over = tree_get(patch, base->map[i].key);
        if (over != NULL)
            pairs_add(&out, base->map[i].key, merge_value(a, t, whole, base->map[i].key, &base->map[i].v, over));
        else if (!retain)
            pairs_add(&out, base->map[i].key, base->map[i].v);
    }
    for (uint32_t i = 0; i < patch->len; i++)
        if (strcmp(patch->map[i].key, "$patch") != 0 && tree_get(base, patch->map[i].key) == NULL)
            pairs_add(&out, patch->map[i].key, added(a, patch->map[i].v));
    return at_place(out.len > 0 ? pairs_done(&out) : t_empty_map(), patch->at.line > 0 ? patch->at : base->at);
}

struct val k8s_merge(struct arena *a, const struct k8s_type *type, struct val base, struct val patch)
{
    if (patch.kind == V_NONE || patch.kind == V_POISON)
        return base;
    if (base.kind != V_MAP || patch.kind != V_MAP)
        return added(a, patch);
    return merge_maps(a, type, true, false, &base, &patch);
}
