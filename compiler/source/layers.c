#include "source/layers.h"
#include "source/index.h"

/* ---- maps --------------------------------------------------------------------------------------------- */

struct keyed {
    struct pair *pairs;
    struct pos  *keys;
    uint32_t     len;
};

static struct keyed keyed_copy(struct arena *a, const struct val *map, uint32_t more)
{
    const size_t cap = (size_t)map->len + more;
    struct keyed k = { arena_alloc(a, cap * sizeof *k.pairs), arena_alloc(a, cap * sizeof *k.keys), map->len };
    for (uint32_t i = 0; i < map->len; i++) {
        k.pairs[i] = map->map[i];
        k.keys[i]  = tree_key_at(map, i);
    }
    return k;
}

static void add(struct keyed *k, struct pair p, struct pos key_at)
{
    k->pairs[k->len]  = p;
    k->keys[k->len++] = key_at;
}

/* A removed pair is V_NONE until here. */
static struct val map_of(struct arena *a, struct keyed *k, struct pos at)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < k->len; i++)
        if (k->pairs[i].v.kind != V_NONE) {
            k->pairs[kept]  = k->pairs[i];
            k->keys[kept++] = k->keys[i];
        }
    struct val v = tree_map_at(a, k->pairs, k->keys, kept);
    v.at = at;
    return v;
}

static bool removes(const struct val *v)
{
    return v->kind == V_NULL && !(v->flags & VF_KEPT);
}

static struct val merge_maps(struct ctx *cx, const struct val *below, const struct val *above)
{
    struct keyed k = keyed_copy(cx->a, below, above->len);
    const struct index ix = index_pairs(cx->a, below->map, below->len);
    for (uint32_t i = 0; i < above->len; i++) {
        const struct pair *p = &above->map[i];
        const uint32_t at = index_find(&ix, p->key);
        if (at == INDEX_NONE) {
            if (!removes(&p->v))
                add(&k, *p, tree_key_at(above, i));
            continue;
        }
        k.pairs[at].v = removes(&p->v) ? t_none() : layers_merge(cx, k.pairs[at].v, p->v);
        k.keys[at]    = tree_key_at(above, i);
    }
    return map_of(cx->a, &k, above->at);
}

/* ---- lists of named things ---------------------------------------------------------------------------- */

static bool all_named(const struct val *list)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (tree_str(&list->seq[i], "name") == NULL)
            return false;
    return list->len > 0;
}

/* Each item of `above` goes to the first item of that name that no other has taken: a name that is written twice stays
 * twice, and is reported where duplicates are checked. */
static uint32_t take(const struct index *ix, bool *taken, const char *name)
{
    uint32_t at = index_find(ix, name);
    while (at != INDEX_NONE && taken[at])
        at = index_next(ix, at, name);
    if (at != INDEX_NONE)
        taken[at] = true;
    return at;
}

static struct val merge_named(struct ctx *cx, const struct val *below, const struct val *above)
{
    struct val *items = arena_alloc(cx->a, (below->len + above->len) * sizeof *items);
    bool *taken = arena_zalloc(cx->a, below->len * sizeof *taken);
    const struct index ix = index_names(cx->a, below);
    uint32_t len = below->len;
    memcpy(items, below->seq, below->len * sizeof *items);
    for (uint32_t i = 0; i < above->len; i++) {
        const uint32_t at = take(&ix, taken, tree_str(&above->seq[i], "name"));
        if (at == INDEX_NONE)
            items[len++] = above->seq[i];
        else
            items[at] = layers_merge(cx, items[at], above->seq[i]);
    }
    return (struct val){ .kind = V_SEQ, .len = len, .seq = items, .at = above->at };
}

struct val layers_merge(struct ctx *cx, struct val below, struct val above)
{
    if (above.kind == V_NONE)
        return below;
    if (below.kind == V_MAP && above.kind == V_MAP)
        return merge_maps(cx, &below, &above);
    if (below.kind == V_SEQ && above.kind == V_SEQ && all_named(&below) && all_named(&above))
        return merge_named(cx, &below, &above);
    return above;
}

/* ---- the nulls that are left -------------------------------------------------------------------------- */

static bool holds_null(const struct val *v)
{
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++)
        if (removes(&v->map[i].v) || holds_null(&v->map[i].v))
            return true;
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++)
        if (holds_null(&v->seq[i]))
            return true;
    return false;
}

static struct val without_nulls(struct ctx *cx, struct val v)
{
    if (v.kind == V_SEQ) {
        struct val *items = arena_alloc(cx->a, v.len * sizeof *items);
        for (uint32_t i = 0; i < v.len; i++)
            items[i] = without_nulls(cx, v.seq[i]);
        v.seq = items;
    }
    if (v.kind != V_MAP)
        return v;
    struct keyed k = keyed_copy(cx->a, &v, 0);
    for (uint32_t i = 0; i < k.len; i++)
        k.pairs[i].v = removes(&k.pairs[i].v) ? t_none() : without_nulls(cx, k.pairs[i].v);
    return map_of(cx->a, &k, v.at);
}

struct val layers_finish(struct ctx *cx, struct val v)
{
    return holds_null(&v) ? without_nulls(cx, v) : v;
}
