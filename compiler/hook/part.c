#include "hook/part.h"

struct part *part_new(struct part_memory *m, struct val v, struct tree *tree, bool text)
{
    struct part *n = m->alloc(m, sizeof *n);
    *n = (struct part){ .v = v, .tree = tree, .text = text };
    return n;
}

static struct pair *pairs_of(const struct part *n)
{
    return (struct pair *)(uintptr_t)n->v.map; /* the caller knows that they are own */
}

static struct val *items_of(const struct part *n)
{
    return (struct val *)(uintptr_t)n->v.seq;
}

static const struct val *entry(const struct part *n, uint32_t i)
{
    return n->v.kind == V_MAP ? &n->v.map[i].v : &n->v.seq[i];
}

static struct val *own_entry(struct part *n, uint32_t i)
{
    return n->v.kind == V_MAP ? &pairs_of(n)[i].v : &items_of(n)[i];
}

static void *moved(struct part_memory *m, const void *old, size_t used, size_t size)
{
    void *p = m->alloc(m, size);
    if (used > 0)
        memcpy(p, old, used);
    return p;
}

static void make_kids(struct part_memory *m, struct part *n, uint32_t room)
{
    if (n->room >= room)
        return;
    struct part **kids = moved(m, n->kids, n->room * sizeof *kids, room * sizeof *kids);
    memset(kids + n->room, 0, (room - n->room) * sizeof *kids);
    n->kids = kids;
    n->room = room;
}

struct part *part_kid(struct part_memory *m, struct part *n, uint32_t i)
{
    make_kids(m, n, n->cap > n->v.len ? n->cap : n->v.len);
    if (n->kids[i] == NULL) {
        n->kids[i] = part_new(m, *entry(n, i), NULL, n->text);
        n->kids[i]->up    = n;
        n->kids[i]->depth = n->depth + 1;
    }
    return n->kids[i];
}

int64_t part_find(const struct part *n, const char *key, size_t len)
{
    for (uint32_t i = 0; n->v.kind == V_MAP && i < n->v.len; i++) {
        const char *k = n->v.map[i].key;
        if (k[0] == key[0] && strlen(k) == len && memcmp(k, key, len) == 0)
            return i;
    }
    return -1;
}

const struct tree *part_tree(const struct part *n)
{
    while (n->up != NULL)
        n = n->up;
    return n->tree;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void copy_keys(struct part_memory *m, struct part *n, uint32_t cap)
{
    struct pos *keys = m->alloc(m, cap * sizeof *keys);
    for (uint32_t i = 0; i < n->v.len; i++)
        keys[i] = n->keys != NULL ? n->keys[i] : tree_key_at(&n->v, i);
    n->keys = keys;
}

/* The entries become own, with room for `more`. */
static void make_own(struct part_memory *m, struct part *n, uint32_t more)
{
    const uint32_t need = n->v.len + more;
    if (n->cap >= need && n->cap > 0)
        return;
    const uint32_t cap = need + (n->cap > 0 ? need : 2);
    if (n->v.kind == V_MAP) {
        if (n->v.flags & VF_KEYS)
            copy_keys(m, n, cap);
        n->v.map = moved(m, n->v.map, n->v.len * sizeof *n->v.map, cap * sizeof *n->v.map);
    } else {
        n->v.seq = moved(m, n->v.seq, n->v.len * sizeof *n->v.seq, cap * sizeof *n->v.seq);
    }
    n->cap = cap;
    if (n->kids != NULL)
        make_kids(m, n, cap);
}

static void mark(struct part *n, struct pos at)
{
    n->dirty = true;
    while (n->up != NULL) {
        n = n->up;
        n->dirty = true;
    }
    if (n->tree != NULL && n->tree->changed.line == 0)
        n->tree->changed = at;
}

/* A node that was taken out stays as it is, on its own: Lua may still hold it. */
static void detach(struct part *n, uint32_t i)
{
    struct part *kid = n->kids == NULL || i >= n->room ? NULL : n->kids[i];
    if (kid == NULL)
        return;
    kid->up    = NULL;
    kid->tree  = NULL;
    n->kids[i] = NULL;
}

void part_set(struct part_memory *m, struct part *n, uint32_t i, struct val v, struct pos at)
{
    if (i == n->v.len) {
        part_insert(m, n, i, v, at);
        return;
    }
    make_own(m, n, 0);
    detach(n, i);
    *own_entry(n, i) = v;
    mark(n, at);
}

void part_set_key(struct part_memory *m, struct part *n, const char *key, struct val v, struct pos at)
{
    const int64_t i = part_find(n, key, strlen(key));
    if (i >= 0) {
        part_set(m, n, (uint32_t)i, v, at);
        return;
    }
    make_own(m, n, 1);
    if (n->keys != NULL)
        n->keys[n->v.len] = at;
    pairs_of(n)[n->v.len++] = (struct pair){ key, v };
    mark(n, at);
}

/* ---- loops ------------------------------------------------------------------------------------------------------ */

enum { LOOPS = 16 }; /* over one node at a time: nobody nests that many, and those that were left early must not pile up */

struct cursor *part_loop(struct part_memory *m, struct part *n)
{
    struct cursor *c = m->alloc(m, sizeof *c), *last = c;
    *c = (struct cursor){ .older = n->loops };
    n->loops = c;
    for (int i = 1; i < LOOPS && last != NULL; i++)
        last = last->older;
    if (last != NULL)
        last->older = NULL;
    return c;
}

void part_loop_end(struct part *n, const struct cursor *c)
{
    struct cursor **at = &n->loops;
    while (*at != NULL && *at != c)
        at = &(*at)->older;
    if (*at != NULL)
        *at = c->older;
}

/* Entry `i` has gone, or another one stands before it now. */
static void move_loops(const struct part *n, uint32_t i, bool gone)
{
    for (struct cursor *c = n->loops; c != NULL; c = c->older)
        if (c->next > i)
            c->next = gone ? c->next - 1 : c->next + 1;
}

/* ---- entries that come and go ----------------------------------------------------------------------------------- */

void part_insert(struct part_memory *m, struct part *n, uint32_t i, struct val v, struct pos at)
{
    make_own(m, n, 1);
    const uint32_t behind = n->v.len - i;
    struct val *items = items_of(n);
    memmove(items + i + 1, items + i, behind * sizeof *items);
    items[i] = v;
    if (n->kids != NULL) {
        make_kids(m, n, n->cap);
        memmove(n->kids + i + 1, n->kids + i, behind * sizeof *n->kids);
        n->kids[i] = NULL;
    }
    move_loops(n, i, false);
    n->v.len++;
    mark(n, at);
}

void part_remove(struct part_memory *m, struct part *n, uint32_t i, struct pos at)
{
    make_own(m, n, 0);
    detach(n, i);
    const uint32_t behind = n->v.len - i - 1;
    if (n->v.kind == V_MAP)
        memmove(pairs_of(n) + i, pairs_of(n) + i + 1, behind * sizeof(struct pair));
    else
        memmove(items_of(n) + i, items_of(n) + i + 1, behind * sizeof(struct val));
    if (n->keys != NULL)
        memmove(n->keys + i, n->keys + i + 1, behind * sizeof *n->keys);
    if (n->kids != NULL) {
        make_kids(m, n, n->v.len);
        memmove(n->kids + i, n->kids + i + 1, behind * sizeof *n->kids);
        n->kids[n->v.len - 1] = NULL;
    }
    move_loops(n, i, true);
    n->v.len--;
    mark(n, at);
}

/* ---- the result ------------------------------------------------------------------------------------------------- */

/* Places of keys stand behind the pairs (tree.h). */
static struct val with_keys(struct part_memory *m, const struct part *n, struct val v)
{
    struct pair *pairs = m->alloc(m, v.len * (sizeof *pairs + sizeof(struct pos)));
    if (v.len > 0) {
        memcpy(pairs, v.map, v.len * sizeof *pairs);
        memcpy(pairs + v.len, n->keys, v.len * sizeof(struct pos));
    }
    v.map = pairs;
    return v;
}

struct val part_value(struct part_memory *m, const struct part *n)
{
    if (!n->dirty)
        return n->v;
    struct part copy = *n;
    copy.cap  = 0;
    copy.kids = NULL;
    make_own(m, &copy, 0);
    for (uint32_t i = 0; n->kids != NULL && i < n->v.len; i++)
        if (n->kids[i] != NULL)
            *own_entry(&copy, i) = part_value(m, n->kids[i]);
    return copy.keys != NULL ? with_keys(m, &copy, copy.v) : copy.v;
}

struct val part_finish(struct part_memory *m, struct part *n)
{
    if (!n->dirty)
        return n->v;
    make_own(m, n, 0);
    for (uint32_t i = 0; n->kids != NULL && i < n->v.len; i++)
        if (n->kids[i] != NULL)
            *own_entry(n, i) = part_finish(m, n->kids[i]);
    return n->keys != NULL ? with_keys(m, n, n->v) : n->v;
}

/* ---- messages and limits ---------------------------------------------------------------------------------------- */

static uint32_t place_in(const struct part *up, const struct part *kid)
{
    uint32_t i = 0;
    while (i < up->room && i < up->v.len && up->kids[i] != kid)
        i++;
    return i;
}

void part_path(const struct part *n, struct text *out)
{
    if (n->up == NULL)
        return;
    part_path(n->up, out);
    const uint32_t i = place_in(n->up, n);
    if (i >= n->up->v.len)
        return;
    if (n->up->v.kind == V_SEQ)
        text_f(out, "[%u]", i);
    else
        text_join(out, out->len > 0 ? "." : "", n->up->v.map[i].key, NULL);
}

bool part_measure(const struct val *v, unsigned depth, size_t *count, size_t most)
{
    *count += 1 + (v->kind == V_STR ? v->len / 16 : 0);
    if (*count > most || depth == 0)
        return false;
    for (uint32_t i = 0; (v->kind == V_MAP || v->kind == V_SEQ) && i < v->len; i++)
        if (!part_measure(v->kind == V_MAP ? &v->map[i].v : &v->seq[i], depth - 1, count, most))
            return false;
    return true;
}
