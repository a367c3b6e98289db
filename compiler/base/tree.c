#include "base/tree.h"

#include <stdlib.h>

struct val tree_map(struct arena *a, const struct pair *pairs)
{
    uint32_t n = 0;
    for (const struct pair *p = pairs; p->key != NULL; p++)
        n += p->v.kind != V_NONE;
    if (n == 0)
        return t_none();
    struct pair *kept = arena_alloc(a, n * sizeof *kept), *to = kept;
    for (const struct pair *p = pairs; p->key != NULL; p++)
        if (p->v.kind != V_NONE)
            *to++ = *p;
    return (struct val){ .kind = V_MAP, .len = n, .map = kept };
}

struct val tree_seq(struct arena *a, const struct val *items)
{
    uint32_t n = 0;
    for (const struct val *v = items; v->kind != V_END; v++)
        n += v->kind != V_NONE;
    if (n == 0)
        return t_none();
    struct val *kept = arena_alloc(a, n * sizeof *kept), *to = kept;
    for (const struct val *v = items; v->kind != V_END; v++)
        if (v->kind != V_NONE)
            *to++ = *v;
    return (struct val){ .kind = V_SEQ, .len = n, .seq = kept };
}

void vals_add(struct vals *l, struct val v)
{
    if (v.kind == V_NONE)
        return;
    if (l->len == l->cap) {
        const uint32_t cap = l->cap < 8 ? 8 : l->cap * 2;
        l->at  = arena_grow(l->a, l->at, l->cap * sizeof v, l->len * sizeof v, cap * sizeof v);
        l->cap = cap;
    }
    l->at[l->len++] = v;
}

void pairs_add(struct pairs *l, const char *key, struct val v)
{
    if (v.kind == V_NONE)
        return;
    if (l->len == l->cap) {
        const uint32_t cap = l->cap < 8 ? 8 : l->cap * 2;
        l->at  = arena_grow(l->a, l->at, l->cap * sizeof *l->at, l->len * sizeof *l->at, cap * sizeof *l->at);
        l->cap = cap;
    }
    l->at[l->len++] = (struct pair){ key, v };
}

void pairs_set(struct pairs *l, const char *key, struct val v)
{
    for (uint32_t i = 0; i < l->len; i++)
        if (strcmp(l->at[i].key, key) == 0) {
            l->at[i].v = v;
            return;
        }
    pairs_add(l, key, v);
}

struct val vals_done(const struct vals *l)
{
    return l->len == 0 ? t_none() : (struct val){ .kind = V_SEQ, .len = l->len, .seq = l->at };
}

struct val pairs_done(const struct pairs *l)
{
    return l->len == 0 ? t_none() : (struct val){ .kind = V_MAP, .len = l->len, .map = l->at };
}

const struct val *tree_get(const struct val *map, const char *key)
{
    if (map == NULL || map->kind != V_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->len; i++)
        if (map->map[i].key[0] == key[0] && strcmp(map->map[i].key, key) == 0)
            return &map->map[i].v;
    return NULL;
}

const struct val *tree_at(const struct val *v, ...)
{
    va_list ap;
    const char *key;
    va_start(ap, v);
    while (v != NULL && (key = va_arg(ap, const char *)) != NULL)
        v = tree_get(v, key);
    va_end(ap);
    return v;
}

const char *tree_str(const struct val *map, const char *key)
{
    const struct val *v = tree_get(map, key);
    return v != NULL && v->kind == V_STR ? v->s : NULL;
}

struct pos tree_key_at(const struct val *map, uint32_t i)
{
    if (!(map->flags & VF_KEYS))
        return map->at;
    return ((const struct pos *)(const void *)(map->map + map->len))[i];
}

struct val tree_map_at(struct arena *a, const struct pair *pairs, const struct pos *keys, uint32_t n)
{
    struct pair *copy   = arena_alloc(a, n * (sizeof *pairs + sizeof *keys));
    struct pos  *places = (struct pos *)(void *)(copy + n);
    if (n > 0) {
        memcpy(copy, pairs, n * sizeof *pairs);
        memcpy(places, keys, n * sizeof *keys);
    }
    return (struct val){ .kind = V_MAP, .flags = VF_KEYS, .len = n, .map = copy };
}

static bool same_entries(const struct val *a, const struct val *b)
{
    for (uint32_t i = 0; i < a->len; i++) {
        const bool same = a->kind == V_SEQ
            ? tree_same(&a->seq[i], &b->seq[i])
            : strcmp(a->map[i].key, b->map[i].key) == 0 && tree_same(&a->map[i].v, &b->map[i].v);
        if (!same)
            return false;
    }
    return true;
}

bool tree_same(const struct val *a, const struct val *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case V_BOOL: return a->b == b->b;
    case V_INT:  return a->i == b->i;
    case V_STR:  return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
    case V_SEQ:
    case V_MAP:  return a->len == b->len && same_entries(a, b);
    default:     return true;
    }
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

struct val tree_sorted(struct arena *a, struct val map)
{
    if (map.kind != V_MAP || map.len < 2)
        return map;
    struct pair *copy = arena_alloc(a, map.len * sizeof *copy);
    memcpy(copy, map.map, map.len * sizeof *copy);
    qsort(copy, map.len, sizeof *copy, by_key);
    map.map = copy;
    map.flags &= (uint8_t)~VF_KEYS;
    return map;
}

struct val tree_overlay(struct arena *a, struct val below, const struct val *above)
{
    const struct val low  = tree_sorted(a, below);
    const struct val high = tree_sorted(a, above == NULL ? t_none() : *above);
    const uint32_t low_len = low.kind == V_MAP ? low.len : 0, high_len = high.kind == V_MAP ? high.len : 0;
    struct pairs out = { .a = a };
    uint32_t i = 0, j = 0;
    while (i < low_len || j < high_len) {
        const int order = i == low_len ? 1 : j == high_len ? -1 : strcmp(low.map[i].key, high.map[j].key);
        const struct pair *next = order < 0 ? &low.map[i] : &high.map[j];
        pairs_add(&out, next->key, next->v);
        i += order <= 0;
        j += order >= 0;
    }
    return pairs_done(&out);
}

static struct val with_item(struct arena *a, const struct val *v, const struct tree_step *steps, uint32_t n, struct val leaf)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; v != NULL && v->kind == V_SEQ && i < v->len; i++)
        vals_add(&out, i == steps->i ? tree_with(a, &v->seq[i], steps + 1, n - 1, leaf) : v->seq[i]);
    struct val made = out.len == 0 ? t_empty_seq() : vals_done(&out);
    made.at = v == NULL ? no_pos() : v->at;
    return made;
}

static struct val with_key(struct arena *a, const struct val *v, const struct tree_step *steps, uint32_t n, struct val leaf)
{
    const uint32_t len = v != NULL && v->kind == V_MAP ? v->len : 0;
    struct pair *pairs = NEWS(a, struct pair, len + 1);
    struct pos  *keys  = NEWS(a, struct pos, len + 1);
    uint32_t kept = 0;
    bool met = false;
    for (uint32_t i = 0; i <= len; i++) {
        const bool here = i < len ? strcmp(v->map[i].key, steps->key) == 0 : !met;
        met |= here;
        if (i == len && !here)
            break;
        keys[kept]  = i < len ? tree_key_at(v, i) : no_pos();
        pairs[kept] = i < len ? v->map[i] : (struct pair){ steps->key, t_none() };
        if (here)
            pairs[kept].v = tree_with(a, i < len ? &v->map[i].v : NULL, steps + 1, n - 1, leaf);
        kept += pairs[kept].v.kind != V_NONE;
    }
    struct val made = tree_map_at(a, pairs, keys, kept);
    made.at = v == NULL ? no_pos() : v->at;
    return made;
}

struct val tree_with(struct arena *a, const struct val *v, const struct tree_step *steps, uint32_t n, struct val leaf)
{
    if (n == 0)
        return leaf;
    return steps->key == NULL ? with_item(a, v, steps, n, leaf) : with_key(a, v, steps, n, leaf);
}
