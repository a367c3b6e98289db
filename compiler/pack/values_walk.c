/* values_walk.c: two compilations, compared; whatever differs becomes a token, or a complaint. */
#include "base/text.h"
#include "pack/values.h"

#include <stdlib.h>

#define LONGEST_PIECE 64 /* a checksum */

static bool is_entries(const struct open_value *v)
{
    return v->row->type == VALUE_LABELS || v->row->type == VALUE_TEXTS;
}

/* The value whose mark is in the text, or NULL. */
static struct open_value *marked_by(const struct walk *w, const char *s)
{
    const char *mark = strstr(s, VALUE_MARK);
    const unsigned long i = mark == NULL ? w->len : strtoul(mark + strlen(VALUE_MARK), NULL, 10);
    return i < w->len ? &w->at[i] : NULL;
}

/* The value whose mark is somewhere inside, or NULL. */
static struct open_value *marked_inside(const struct walk *w, const struct val *v)
{
    struct open_value *found = v->kind == V_STR ? marked_by(w, v->s) : NULL;
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len && found == NULL; i++)
        found = marked_inside(w, &v->seq[i]);
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len && found == NULL; i++) {
        found = marked_by(w, v->map[i].key);
        if (found == NULL)
            found = marked_inside(w, &v->map[i].v);
    }
    return found;
}

static struct val fail(struct walk *w, const struct open_value *v, const struct val *base)
{
    if (!w->failed)
        w->bad = v;
    w->failed = true;
    return base == NULL ? t_none() : *base;
}

static struct val token(struct walk *w, struct open_value *v, enum value_place place)
{
    v->places++;
    if (w->used != NULL)
        w->used[v - w->at] = true;
    return t_str(w->form->token(w->form->arg, w->a, v, place));
}

/* ---- texts -------------------------------------------------------------------------------------------------------- */

static struct open_value *namespace_of(const struct walk *w)
{
    for (uint32_t i = 0; i < w->len; i++)
        if (w->at[i].row->type == VALUE_NAMESPACE)
            return &w->at[i];
    return NULL;
}

/* What stands in a marked text in place of something: the mark of the namespace, or what was derived from it. */
struct piece {
    const char *marked, *base;
    bool        open;
};

static bool piece_at(const struct walk *w, const struct open_value *ns, const char *s, struct piece *out)
{
    *out = (struct piece){ ns == NULL ? NULL : ns->text, ns == NULL ? NULL : ns->base.s, true };
    if (ns != NULL && str_starts(s, ns->text))
        return true;
    for (uint32_t i = 0; i < w->frozen_count; i++)
        if (*s == *w->frozen[i].marked && str_starts(s, w->frozen[i].marked)) {
            *out = (struct piece){ w->frozen[i].marked, w->frozen[i].base, false };
            return true;
        }
    return false;
}

/* Where two texts part, at `at`, a piece stands or has begun shortly before. Returns how long before, or -1. */
static int piece_around(const struct walk *w, const struct open_value *ns, const char *at, size_t before, struct piece *out)
{
    for (size_t back = 0; back <= before && back < LONGEST_PIECE; back++)
        if (piece_at(w, ns, at - back, out))
            return (int)back;
    return -1;
}

/* Follows both texts side by side; where they part there must be a piece, and in the text of the description what it stands for. */
static struct val text_around(struct walk *w, const struct val *base, const struct val *marked)
{
    struct open_value *ns = namespace_of(w);
    struct text out = { .a = w->a };
    const char *b = base->s, *m = marked->s, *from = m;
    bool any = false;
    for (;;) {
        struct piece p;
        while (*m != '\0' && *b == *m)
            b++, m++;
        if (*b == *m)
            break;
        const int back = piece_around(w, ns, m, (size_t)(m - from), &p);
        if (back < 0 || !str_starts(b - back, p.base))
            return fail(w, marked_by(w, marked->s), base);
        text_bytes(&out, from, (size_t)(m - back - from));
        text_add(&out, p.open ? token(w, ns, PLACE_INSIDE).s : p.base);
        b = b - back + strlen(p.base);
        m = from = m - back + strlen(p.marked);
        any |= p.open;
    }
    text_bytes(&out, from, (size_t)(m - from));
    return any ? t_str(text_str(&out)) : *base;
}

static struct val whole(struct walk *w, struct open_value *v, const struct val *base, const struct val *marked)
{
    if (v->base.kind == V_NONE && v->places == 0)
        v->base = *base;
    if (!tree_same(&v->base, base) || !tree_same(&v->marked, marked))
        return fail(w, v, base);
    return token(w, v, PLACE_WHOLE);
}

static struct val text(struct walk *w, const struct val *base, const struct val *marked)
{
    if (base->len == marked->len && memcmp(base->s, marked->s, base->len) == 0)
        return *base;
    for (uint32_t i = 0; i < w->len; i++)
        if (w->at[i].marked.kind == V_STR && tree_same(&w->at[i].marked, marked))
            return whole(w, &w->at[i], base, marked);
    return text_around(w, base, marked);
}

/* ---- maps ----------------------------------------------------------------------------------------------------------- */

static struct val walk(struct walk *w, const struct val *base, const struct val *marked);

/* Same pairs, whatever their order. */
static bool same_pairs(const struct val *a, const struct val *b)
{
    for (uint32_t i = 0; i < a->len; i++) {
        const struct val *other = tree_get(b, a->map[i].key);
        if (other == NULL || !tree_same(&a->map[i].v, other))
            return false;
    }
    return a->len == b->len;
}

/* A map that is one value and nothing else. */
static struct open_value *whole_map(const struct walk *w, const struct val *base, const struct val *marked)
{
    struct open_value *v = marked->len == 1 && str_starts(marked->map[0].key, VALUE_MARK) ? marked_by(w, marked->map[0].key) : NULL;
    return v != NULL && is_entries(v) && same_pairs(base, &v->base) ? v : NULL;
}

static void note_taken(struct walk *w, struct open_value *v, const char *key)
{
    for (uint32_t i = 0; i < v->taken.len; i++)
        if (strcmp(v->taken.at[i], key) == 0)
            return;
    const size_t size = sizeof *v->taken.at;
    if (v->taken.len % 16 == 0)
        v->taken.at = arena_grow(w->a, v->taken.at, v->taken.len * size, v->taken.len * size, (v->taken.len + 16) * size);
    v->taken.at[v->taken.len++] = key;
}

/* The entries of a value stand among others: `gone` are the pairs that only the map of the description has. */
static uint32_t entries(struct walk *w, struct open_value *v, struct pairs *kept, const struct pairs *gone)
{
    const struct val there = { .kind = V_MAP, .len = gone->len, .map = gone->at };
    for (uint32_t i = 0; v->base.kind == V_MAP && i < v->base.len; i++) {
        const struct val *pair = tree_get(&there, v->base.map[i].key);
        if (pair == NULL || !tree_same(pair, &v->base.map[i].v))
            fail(w, v, NULL);
    }
    for (uint32_t i = 0; i < kept->len; i++)
        note_taken(w, v, kept->at[i].key);
    pairs_add(kept, token(w, v, PLACE_ENTRIES).s, t_str("x"));
    return v->base.len;
}

/* A pair that only the marked map has: entries of a value, or a value that the description leaves out. Returns how many pairs of the
 * description belong to it. */
static uint32_t added(struct walk *w, const struct pair *p, struct pairs *kept, const struct pairs *gone)
{
    struct open_value *v = marked_by(w, p->key);
    if (v != NULL && is_entries(v) && w->form->with_entries)
        return entries(w, v, kept, gone);
    v = marked_inside(w, &p->v);
    const bool fits = v != NULL && w->form->with_pairs && v->base.kind == (is_entries(v) ? V_MAP : V_NONE)
                   && v->base.len == 0 && tree_same(&v->marked, &p->v);
    if (fits)
        pairs_add(kept, p->key, token(w, v, PLACE_PAIR));
    else
        fail(w, v, NULL);
    return 0;
}

/* The order of `kept` is that of the description; what is open and absent comes last. */
static struct val map(struct walk *w, const struct val *base, const struct val *marked)
{
    struct pairs kept = { .a = w->a }, gone = { .a = w->a };
    uint32_t next = 0, met = 0, belong = 0;
    bool same = true;
    for (uint32_t i = 0; i < base->len; i++) {
        const struct pair *b = &base->map[i];
        const bool here = next < marked->len && strcmp(marked->map[next].key, b->key) == 0;
        const struct val *m = here ? &marked->map[next].v : tree_get(marked, b->key);
        next += here;
        met  += m != NULL;
        const struct val v = m == NULL ? t_none() : walk(w, &b->v, m);
        same &= v.kind == b->v.kind && v.i == b->v.i;
        pairs_add(m == NULL ? &gone : &kept, b->key, m == NULL ? b->v : v);
    }
    if (met == marked->len && gone.len == 0)
        return same ? *base : pairs_done(&kept);
    for (uint32_t i = 0; i < marked->len; i++)
        if (tree_get(base, marked->map[i].key) == NULL)
            belong += added(w, &marked->map[i], &kept, &gone);
    return belong == gone.len && kept.len > 0 ? pairs_done(&kept) : fail(w, NULL, base);
}

/* A list that is one value: tolerations, pull secrets. */
static struct open_value *whole_list(const struct walk *w, const struct val *marked)
{
    const struct val *first = marked->len == 1 ? &marked->seq[0] : NULL;
    const bool may = first != NULL && first->kind == V_MAP && first->len > 0 && first->map[0].v.kind == V_STR;
    struct open_value *v = may ? marked_by(w, first->map[0].v.s) : NULL;
    return v != NULL && tree_same(&v->marked, marked) ? v : NULL;
}

static struct val list(struct walk *w, const struct val *base, const struct val *marked)
{
    struct vals out = { .a = w->a };
    bool same = true;
    struct open_value *v = whole_list(w, marked);
    if (v != NULL)
        return whole(w, v, base, marked);
    if (base->len != marked->len)
        return fail(w, marked_inside(w, marked), base);
    for (uint32_t i = 0; i < base->len; i++) {
        vals_add(&out, walk(w, &base->seq[i], &marked->seq[i]));
        same &= out.at[i].kind == base->seq[i].kind && out.at[i].i == base->seq[i].i;
    }
    return same ? *base : vals_done(&out);
}

static struct val walk(struct walk *w, const struct val *base, const struct val *marked)
{
    if (base->kind != marked->kind)
        return fail(w, marked_inside(w, marked), base);
    switch (base->kind) {
    case V_STR:
        return text(w, base, marked);
    case V_SEQ:
        return list(w, base, marked);
    case V_MAP: {
        struct open_value *v = whole_map(w, base, marked);
        return v != NULL ? whole(w, v, base, marked) : map(w, base, marked);
    }
    default:
        return tree_same(base, marked) ? *base : fail(w, NULL, base);
    }
}

const char *walk_text(struct walk *w, const char *base, const char *marked)
{
    if (base == NULL || marked == NULL)
        return NULL;
    const struct val b = t_str(base), m = t_str(marked);
    return text(w, &b, &m).s;
}

/* ---- objects -------------------------------------------------------------------------------------------------------- */

const char *values_job_digest(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash == NULL ? name : dash + 1;
}

static const char *name_of(const struct val *object)
{
    const struct val *name = tree_at(object, "metadata", "name", NULL);
    return name != NULL && name->kind == V_STR ? name->s : "?";
}

/* A Job whose name differs at its end, and nowhere else: it is named after what it does. */
static bool is_named_by_digest(const struct val *base, const struct val *marked)
{
    const char *name = name_of(base), *other = name_of(marked);
    const size_t before = (size_t)(values_job_digest(name) - name);
    return str_eq(tree_str(base, "kind"), "Job") && strlen(other) == strlen(name) && strcmp(name, other) != 0
        && memcmp(name, other, before) == 0;
}

static const struct tree_step to_name[] = { { "metadata", 0 }, { "name", 0 } };

static struct val job(struct walk *w, const struct val *base, const struct val *marked)
{
    const struct open_value **list = NEWS(w->a, const struct open_value *, w->len);
    uint32_t n = 0;
    w->used = NEWS(w->a, bool, w->len);
    const struct val same_name = tree_with(w->a, marked, to_name, 2, t_str(name_of(base)));
    struct val made = walk(w, base, &same_name);
    for (uint32_t i = 0; i < w->len; i++)
        if (w->used[i])
            list[n++] = &w->at[i];
    w->used = NULL;
    const char *name = n == 0 || w->form->job == NULL ? NULL : w->form->job(w->form->arg, w->a, name_of(base), list, n);
    return name == NULL ? made : tree_with(w->a, &made, to_name, 2, t_str(name));
}

struct val walk_objects(struct walk *w, const struct val *base, const struct val *marked)
{
    struct vals out = { .a = w->a };
    if (base->len != marked->len)
        return fail(w, NULL, base);
    for (uint32_t i = 0; i < base->len && !w->failed; i++) {
        const struct val *b = &base->seq[i], *m = &marked->seq[i];
        vals_add(&out, is_named_by_digest(b, m) ? job(w, b, m) : walk(w, b, m));
        if (w->failed)
            w->bad_at = str_join(w->a, tree_str(b, "kind"), "/", name_of(b), NULL);
    }
    return vals_done(&out);
}
