/* Entries of one name in a list or a map. Short ones are compared pair by pair, long ones through a hash table, so that a
 * hostile list costs no more than its length. */
#include "model/k8s_walk.h"

#include <string.h>

enum { SHORT = 12, MOST_KEYS = 3 };

/* What is compared: the items of a list by some of their keys or as scalars, or the keys of a map. */
struct entries {
    const struct val *of;
    const char       *keys[MOST_KEYS]; /* none: scalars */
    char              room[64];
};

static void split_keys(struct entries *e, const char *keys)
{
    size_t n = 0;
    if (keys == NULL || strlen(keys) >= sizeof e->room)
        return;
    strcpy(e->room, keys);
    for (char *p = e->room; p != NULL && n < MOST_KEYS; ) {
        e->keys[n++] = p;
        if ((p = strchr(p, ',')) != NULL)
            *p++ = '\0';
    }
}

/* An absent protocol is TCP; an absent name of another key is itself. */
static const char *text_at(const struct val *item, const char *key, int64_t *number)
{
    const struct val *v = tree_get(item, key);
    if (v == NULL || v->kind == V_NULL)
        return strcmp(key, "protocol") == 0 ? "TCP" : "";
    if (v->kind == V_STR)
        return v->s;
    *number = v->kind == V_INT ? v->i : 0;
    return "";
}

static bool same_at(const struct val *a, const struct val *b, const char *key)
{
    int64_t x = 0, y = 0;
    const char *s = text_at(a, key, &x), *t = text_at(b, key, &y);
    return x == y && (s == t || (s[0] == t[0] && strcmp(s, t) == 0));
}

static bool same(const struct entries *e, uint32_t i, uint32_t j)
{
    if (e->of->kind == V_MAP)
        return strcmp(e->of->map[i].key, e->of->map[j].key) == 0;
    const struct val *a = &e->of->seq[i], *b = &e->of->seq[j];
    if (e->keys[0] == NULL)
        return (a->kind == V_STR || a->kind == V_INT) && tree_same(a, b);
    for (size_t k = 0; k < MOST_KEYS && e->keys[k] != NULL; k++)
        if (!same_at(a, b, e->keys[k]))
            return false;
    return true;
}

/* FNV-1a. */
static uint32_t add_hash(uint32_t h, const char *s)
{
    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static uint32_t hash(const struct entries *e, uint32_t i)
{
    const uint32_t start = 2166136261u;
    if (e->of->kind == V_MAP)
        return add_hash(start, e->of->map[i].key);
    const struct val *v = &e->of->seq[i];
    if (e->keys[0] == NULL)
        return v->kind == V_STR ? add_hash(start, v->s) : v->kind == V_INT ? start ^ (uint32_t)v->i * 2654435769u : start;
    uint32_t h = start;
    for (size_t k = 0; k < MOST_KEYS && e->keys[k] != NULL; k++) {
        int64_t number = 0;
        h = add_hash(h, text_at(v, e->keys[k], &number)) ^ (uint32_t)number * 2654435769u;
    }
    return h;
}

static bool counts(const struct entries *e, uint32_t i)
{
    if (e->of->kind == V_MAP || e->keys[0] == NULL)
        return true;
    const struct val *v = tree_get(&e->of->seq[i], e->keys[0]);
    return v != NULL && v->kind != V_NULL && v->kind != V_POISON;
}

static void report_twice(struct k8s_walk *w, const struct entries *e, uint32_t first, uint32_t second,
                         const struct k8s_step *at)
{
    const bool is_map = e->of->kind == V_MAP;
    const struct val *a = is_map ? &e->of->map[first].v : &e->of->seq[first];
    const struct val *b = is_map ? &e->of->map[second].v : &e->of->seq[second];
    const struct k8s_step step = { at, is_map ? e->of->map[second].key : NULL, second };
    const struct val *key = is_map || e->keys[0] == NULL ? b : tree_get(b, e->keys[0]);
    struct diag *d = is_map || e->keys[0] == NULL
        ? k8s_report(w, E_K8S_DUPLICATE, key, &step, "stands twice")
        : k8s_report(w, E_K8S_DUPLICATE, key, &step, "has the same %s%s%s as entry %u", e->keys[0],
                     e->keys[1] != NULL ? " and " : "", e->keys[1] != NULL ? e->keys[1] : "", first);
    if (a->at.line > 0 && b->at.line > 0)
        diag_note(w->c->cx, d, a->at, "the first one is here");
}

/* The texts of the first key, so that most pairs differ at a glance; "" stands for what is no text. */
static void first_texts(const struct entries *e, const char *texts[SHORT])
{
    for (uint32_t i = 0; i < e->of->len; i++) {
        if (e->of->kind == V_MAP) {
            texts[i] = e->of->map[i].key;
            continue;
        }
        const struct val *v = e->keys[0] == NULL ? &e->of->seq[i] : tree_get(&e->of->seq[i], e->keys[0]);
        texts[i] = v != NULL && v->kind == V_STR ? v->s : "";
    }
}

static void check_short(struct k8s_walk *w, const struct entries *e, const struct k8s_step *at)
{
    const char *texts[SHORT];
    first_texts(e, texts);
    for (uint32_t i = 1; i < e->of->len; i++)
        for (uint32_t j = 0; j < i; j++)
            if ((texts[i] == texts[j] || (texts[i][0] == texts[j][0] && strcmp(texts[i], texts[j]) == 0))
                && counts(e, i) && same(e, i, j)) {
                report_twice(w, e, j, i, at);
                break;
            }
}

static void check_long(struct k8s_walk *w, const struct entries *e, const struct k8s_step *at)
{
    uint32_t size = 64;
    while (size < e->of->len * 2)
        size *= 2;
    uint32_t *slots = NEWS(w->c->cx->a, uint32_t, size);
    for (uint32_t i = 0; i < e->of->len; i++) {
        if (!counts(e, i))
            continue;
        uint32_t h = hash(e, i) & (size - 1);
        while (slots[h] != 0 && !same(e, i, slots[h] - 1))
            h = (h + 1) & (size - 1);
        if (slots[h] != 0)
            report_twice(w, e, slots[h] - 1, i, at);
        else
            slots[h] = i + 1;
    }
}

/* Maps of ours are sorted, and then no key can stand twice. */
static bool ascends(const struct val *v)
{
    for (uint32_t i = 1; i < v->len; i++)
        if (strcmp(v->map[i - 1].key, v->map[i].key) >= 0)
            return false;
    return true;
}

void k8s_walk_distinct(struct k8s_walk *w, const struct val *v, const char *keys, const struct k8s_step *at)
{
    if (v->len < 2 || (v->kind == V_MAP && ascends(v)))
        return;
    struct entries e = { .of = v };
    split_keys(&e, keys);
    if (v->len <= SHORT)
        check_short(w, &e, at);
    else
        check_long(w, &e, at);
}
