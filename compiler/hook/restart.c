/* restart.c: processes read their files when they start. What hooks change in ConfigMaps that pods mount goes into the checksum of the
 * pods as well (plan/config.c), so that it reaches them as a change of the description does. */
#include "hook/state.h"

#include "emit/pods.h"
#include "plan/parts.h"

#include <stdlib.h>

/* A ConfigMap whose files are others than those that were emitted. */
struct changed {
    const struct val *before, *after; /* `before` is NULL when a hook added it */
};

/* What differs between the files of a workload's pods: "NAME\n+LINE", "NAME\n-LINE". */
struct differences {
    struct arena *a;
    const struct workload *w;
    const char **at;
    uint32_t     len, cap;
    struct pos   line;  /* of a hook that made one */
};

static const char *const parts_of_map[] = { "data", "binaryData" };

static bool same_files(const struct val *before, const struct val *after)
{
    const struct val nothing = t_none();
    bool same = true;
    for (size_t i = 0; i < 2 && same; i++) {
        const struct val *b = tree_get(before, parts_of_map[i]), *a = tree_get(after, parts_of_map[i]);
        same = b == a || tree_same(b == NULL ? &nothing : b, a == NULL ? &nothing : a);
    }
    return same;
}

/* Ends with one whose `after` is NULL. */
static struct changed *changed_maps(struct arena *a, const struct val *emitted, const struct val *objects)
{
    struct changed *list = NEWS(a, struct changed, objects->len + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < objects->len; i++) {
        const struct val *after = &objects->seq[i];
        if (!str_eq(tree_str(after, "kind"), "ConfigMap"))
            continue;
        const struct val *before = keep_same_in(emitted, after, i);
        if (before == NULL || !same_files(before, after))
            list[n++] = (struct changed){ before, after };
    }
    return list;
}

/* ---- what differs ------------------------------------------------------------------------------------------------ */

static void add(struct differences *d, const char *what)
{
    if (d->len == d->cap) {
        const uint32_t cap = d->cap == 0 ? 32 : d->cap * 2;
        d->at  = arena_grow(d->a, d->at, d->cap * sizeof *d->at, d->len * sizeof *d->at, cap * sizeof *d->at);
        d->cap = cap;
    }
    d->at[d->len++] = what;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of a text, sorted; ends with NULL. */
static const char **lines(struct arena *a, const struct val *text)
{
    const char *s = text == NULL || text->kind != V_STR ? NULL : text->s;
    uint32_t n = s != NULL, i = 0;
    for (const char *c = s; c != NULL && *c != '\0'; c++)
        n += *c == '\n';
    const char **list = NEWS(a, const char *, n + 1);
    for (; i < n; s += strcspn(s, "\n") + 1, i++)
        list[i] = arena_dup(a, s, strcspn(s, "\n"));
    if (n > 1)
        qsort(list, n, sizeof *list, by_bytes);
    return list;
}

static void differ(struct differences *d, const char *name, const struct val *before, const struct val *after)
{
    const char **old = lines(d->a, before), **new = lines(d->a, after);
    const uint32_t had = d->len;
    while (*old != NULL || *new != NULL) {
        const int order = *old == NULL ? 1 : *new == NULL ? -1 : strcmp(*old, *new);
        if (order != 0)
            add(d, str_join(d->a, name, order < 0 ? "\n-" : "\n+", order < 0 ? *old : *new, NULL));
        old += order <= 0;
        new += order >= 0;
    }
    if (d->len == had && after != NULL && after->kind == V_STR) /* the same lines in another order */
        add(d, str_join(d->a, name, "\n=", after->s, NULL));
    if (d->line.line == 0 && after != NULL)
        d->line = after->at;
}

/* Files of one pod each are alike: they count under one name, and a difference of all of them counts once, so that another broker
 * restarts none. A hook that writes something else for each pod does restart them then: nobody can tell it from a change. */
static const char *name_of(const struct differences *d, const struct val *map, const char *key)
{
    const size_t len = strlen(d->w->name);
    if (strncmp(key, d->w->name, len) == 0 && key[len] == '-') {
        const size_t digits = strspn(key + len + 1, "0123456789");
        if (digits > 0 && (key[len + 1 + digits] == '.' || key[len + 1 + digits] == '\0'))
            return key + len + 1 + digits;
    }
    return str_join(d->a, tree_str(tree_get(map, "metadata"), "name"), "/", key, NULL);
}

static void differ_maps(struct differences *d, const struct changed *c, const struct val *before, const struct val *after)
{
    for (uint32_t i = 0; after != NULL && after->kind == V_MAP && i < after->len; i++) {
        const char *key = after->map[i].key;
        const struct val *old = tree_get(before, key), *new = &after->map[i].v;
        if (!plan_read_anew(key) && (old == NULL || !tree_same(old, new)))
            differ(d, name_of(d, c->after, key), old, new);
    }
    for (uint32_t i = 0; before != NULL && before->kind == V_MAP && i < before->len; i++)
        if (!plan_read_anew(before->map[i].key) && tree_get(after, before->map[i].key) == NULL)
            differ(d, name_of(d, c->after, before->map[i].key), &before->map[i].v, NULL);
}

static void gather(struct differences *d, const struct changed *list, const struct val *pods)
{
    for (const struct changed *c = list; c->after != NULL; c++) {
        if (!keep_reads(pods, tree_str(tree_get(c->after, "metadata"), "name")))
            continue;
        for (size_t i = 0; i < 2; i++)
            differ_maps(d, c, tree_get(c->before, parts_of_map[i]), tree_get(c->after, parts_of_map[i]));
        if (d->line.line == 0)
            d->line = c->after->at;
    }
}

/* ---- the checksum ------------------------------------------------------------------------------------------------- */

static const char *checksum(struct differences *d)
{
    struct text all = { .a = d->a };
    struct sha256 h;
    qsort(d->at, d->len, sizeof *d->at, by_bytes);
    for (uint32_t i = 0; i < d->len; i++)
        if (i == 0 || strcmp(d->at[i - 1], d->at[i]) != 0)
            text_join(&all, d->at[i], "\n", NULL);
    sha256_start(&h);
    sha256_add(&h, d->w->checksum, strlen(d->w->checksum));
    return plan_checksum(d->a, h, all.p, all.len);
}

/* A hook that wrote or removed the annotation has decided when pods restart. */
static void mark(struct arena *a, struct workload *w, const struct changed *list, struct val *o)
{
    static const struct tree_step steps[] = { { "spec", 0 }, { "template", 0 }, { "metadata", 0 }, { "annotations", 0 }, { CHECKSUM, 0 } };
    const struct val *now = tree_at(o, "spec", "template", "metadata", "annotations", CHECKSUM, NULL);
    const struct val *pods = tree_at(o, "spec", "template", "spec", NULL);
    struct differences d = { .a = a, .w = w };
    if (pods == NULL || now == NULL || now->kind != V_STR || !str_eq(now->s, w->checksum))
        return;
    gather(&d, list, pods);
    if (d.len == 0)
        return;
    w->checksum = checksum(&d);
    struct val written = t_str(w->checksum);
    written.at = d.line;
    const struct pos at = o->at;
    *o    = tree_with(a, o, steps, 5, written);
    o->at = at;
}

static bool is_set(const struct val *o, const struct workload *w)
{
    return str_eq(tree_str(o, "kind"), "StatefulSet") && str_eq(tree_str(tree_get(o, "metadata"), "name"), w->name);
}

void restart_changed(struct arena *a, const struct plan *p, const struct val *emitted, struct val *objects)
{
    const struct changed *list = changed_maps(a, emitted, objects);
    if (list->after == NULL)
        return;
    struct val *all = NEWS(a, struct val, objects->len);
    memcpy(all, objects->seq, objects->len * sizeof *all);
    for (uint32_t i = 0; i < objects->len; i++)
        for (uint32_t k = 0; k < p->workload_count; k++)
            if (is_set(&all[i], &p->workloads[k]))
                mark(a, &p->workloads[k], list, &all[i]);
    objects->seq = all;
}
