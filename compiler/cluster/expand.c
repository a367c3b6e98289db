/* expand.c: what a layer means, before layers meet: short forms written out, since `storage: 500Gi` over a preset's
 * `{size, class}` must change the size and keep the class; and the nulls that are no removal of a lower layer's value (cluster.h). */
#include "cluster/cluster.h"

#include "cluster/fields.h"

/* Without a type: inside a partial Kubernetes object, where null removes what gregor emits, long after the layers have met. */
static struct val expand(struct arena *a, const struct type *t, struct val v);

static struct val expand_field(struct arena *a, const struct field *f, struct val v)
{
    if (f != NULL && (f->kind == F_OBJECT || (f->kind == F_OBJECTS && v.kind == V_SEQ)))
        return expand(a, f->type, v);
    return f != NULL && (f->flags & PARTIAL) && v.kind == V_MAP ? expand(a, NULL, v) : v;
}

static struct val expand_list(struct arena *a, const struct type *t, struct val v)
{
    struct val *items = NEWS(a, struct val, v.len + 1);
    for (uint32_t i = 0; i < v.len; i++)
        items[i] = expand(a, t, v.seq[i]);
    v.seq = items;
    return v;
}

static struct val expand_map(struct arena *a, const struct type *t, struct val v)
{
    struct pair *pairs  = NEWS(a, struct pair, v.len + 1);
    struct pos  *places = NEWS(a, struct pos, v.len + 1);
    for (uint32_t i = 0; i < v.len; i++) {
        const struct pair p = v.map[i];
        pairs[i]  = (struct pair){ p.key, t == NULL ? expand(a, NULL, p.v) : expand_field(a, field_of(t, p.key), p.v) };
        places[i] = tree_key_at(&v, i);
    }
    struct val out = tree_map_at(a, pairs, places, v.len);
    out.at = v.at;
    return out;
}

static struct val written_out(struct arena *a, const struct type *t, struct val v)
{
    const struct pair p = { t->short_for, v };
    struct val map = tree_map_at(a, &p, &v.at, 1);
    map.at = v.at;
    return map;
}

static struct val expand(struct arena *a, const struct type *t, struct val v)
{
    switch (v.kind) {
    case V_STR:  return t != NULL && t->short_for != NULL ? written_out(a, t, v) : v;
    case V_NULL: v.flags |= t == NULL ? VF_KEPT : 0; return v;
    case V_SEQ:  return expand_list(a, t, v);
    case V_MAP:  return expand_map(a, t, v);
    default:     return v;
    }
}

struct val expand_short_forms(struct arena *a, struct val layer)
{
    return expand(a, &description_type, layer);
}
