/* values.c: which values are open: marks, the second compilation, and what is told of a field that cannot be opened. */
#include "pack/values.h"

#include "base/text.h"
#include "cluster/cluster.h"
#include "cluster/fields.h"
#include "cluster/value.h"

#include <stdlib.h>

#define MOST_TRIES 100 /* for a number that no other mark has */

/* ---- which of them ------------------------------------------------------------------------------------------------------- */

/* What is open is decided once for each compilation. */
struct opening {
    struct ctx              *cx;
    const struct compiled   *made;
    const struct value_form *form;
    struct candidates        all;
    struct open_value       *at;   /* those to be opened */
    uint32_t                 len;
};

static bool is_absent(const struct candidate *c)
{
    const char *member = (const char *)c->record + c->v.row->at;
    switch (c->v.row->type) {
    case VALUE_NAME:         return *(const char *const *)(const void *)member == NULL;
    case VALUE_LABELS: case VALUE_TEXTS: case VALUE_TOLERATIONS:
                             return *(const struct val *const *)(const void *)member == NULL;
    case VALUE_PULL_SECRETS: return ((const struct strs *)(const void *)member)->len == 0;
    default:                 return false;
    }
}

/* Why a field cannot be opened here, or NULL. */
static const char *obstacle(const struct opening *o, const struct candidate *c)
{
    const struct value_row *row = c->v.row;
    if (row->applies != NULL && !row->applies(o->made, c->record))
        return row->otherwise;
    if (!o->form->with_pairs && is_absent(c))
        return "the form has no values that may be absent; give the field a value in the description";
    if (!o->form->with_entries && (row->type == VALUE_TEXTS || strcmp(row->path, "labels") == 0))
        return "the form has no values that stand among others in a map";
    return NULL;
}

static const char *candidate_at(const void *list, size_t i)
{
    const struct candidates *l = list;
    return i < l->len ? l->at[i].v.path : NULL;
}

static bool is_listed(const struct opening *o, const char *path)
{
    for (uint32_t i = 0; i < o->len; i++)
        if (strcmp(o->at[i].path, path) == 0)
            return true;
    return false;
}

static void take(struct opening *o, const struct candidate *c, struct pos asked)
{
    if (is_listed(o, c->v.path))
        return;
    o->at[o->len] = c->v;
    o->at[o->len++].asked = asked;
}

static void take_asked(struct opening *o, const char *path, struct pos at)
{
    for (uint32_t i = 0; i < o->all.len; i++) {
        const struct candidate *c = &o->all.at[i];
        if (strcmp(c->v.path, path) != 0)
            continue;
        const char *why = obstacle(o, c);
        if (why == NULL)
            take(o, c, at);
        else
            diag_hint(o->cx, diag_at(o->cx, E_VALUE_TIED, at, "'%s' cannot stay open", path), "%s", why);
        return;
    }
    struct diag *e = diag_at(o->cx, E_VALUE_UNKNOWN, at, "'%s' is no field that can stay open", path);
    const char *rest, *nearest, *near = str_nearest(path, candidate_at, &o->all);
    if (near != NULL && field_path(path, &rest, &nearest) == NULL) /* no other field is meant */
        diag_did_you_mean(o->cx, e, near);
    else
        diag_hint(o->cx, e, "open images, cpu, memory, storage, scheduling, labels or annotations, for example kafka.image");
}

static void choose(struct opening *o)
{
    const struct description *d = &o->made->description;
    const bool written_here = written(d, "values");
    o->at = NEWS(o->cx->a, struct open_value, o->all.len);
    for (uint32_t i = 0; i < d->values.len; i++)
        take_asked(o, d->values.at[i], place(d, "values[%u]", i));
    for (uint32_t i = 0; i < o->all.len; i++) {
        const struct value_row *row = o->all.at[i].v.row;
        const bool wanted = row->type == VALUE_NAMESPACE ? o->form->with_namespace : row->usual && !written_here;
        if (wanted && obstacle(o, &o->all.at[i]) == NULL)
            take(o, &o->all.at[i], no_pos());
    }
}

/* ---- marks ----------------------------------------------------------------------------------------------------------------- */

static struct val plain(const char *s)
{
    struct val v = t_str(s);
    v.flags = VF_PLAIN;
    return v;
}

/* A number like the one of the description, which no other mark has: the only way to know it again. */
static struct val number_mark(const struct opening *o, struct open_value *v, uint32_t i, int64_t n)
{
    struct val made = t_none();
    for (uint32_t k = 1; k < MOST_TRIES; k++) {
        made = plain(v->row->type == VALUE_CPU ? value_show_cpu(o->cx->a, n + i + k * 1000)
                                               : value_show_bytes(o->cx->a, n + ((int64_t)(i + k * 1000) << 20)));
        bool unique = true;
        for (uint32_t j = 0; j < i; j++)
            unique &= o->at[j].mark.kind != V_STR || !tree_same(&o->at[j].mark, &made);
        if (unique)
            break;
    }
    return made;
}

static void set_mark(const struct opening *o, uint32_t i, const void *record)
{
    struct arena *a = o->cx->a;
    struct open_value *v = &o->at[i];
    const char *member = (const char *)record + v->row->at;
    v->text = str_join(a, VALUE_MARK, str_int(a, i), NULL);
    v->mark = v->marked = plain(v->text);
    switch (v->row->type) {
    case VALUE_NAMESPACE:
        v->base = t_str(*(const char *const *)(const void *)member);
        break;
    case VALUE_IMAGE: /* with a registry, so that none is put before it */
        v->mark = v->marked = plain(str_join(a, "gregor.open/", v->text, ":1", NULL));
        break;
    case VALUE_CPU: case VALUE_SIZE:
        v->mark = v->marked = number_mark(o, v, i, *(const int64_t *)(const void *)member);
        break;
    case VALUE_LABELS: case VALUE_TEXTS: {
        const struct val *written_map = *(const struct val *const *)(const void *)member;
        v->base = written_map == NULL ? t_empty_map() : *written_map;
        v->mark = v->marked = MAP(a, { v->text, t_str("x") });
        break;
    }
    case VALUE_TOLERATIONS:
        v->mark = v->marked = SEQ(a, MAP(a, { "key", t_str(v->text) }, { "operator", t_str("Exists") }));
        break;
    case VALUE_PULL_SECRETS:
        v->mark   = SEQ(a, t_str(v->text));
        v->marked = SEQ(a, MAP(a, { "name", t_str(v->text) }));
        break;
    default:
        break;
    }
}

static const void *record_of(const struct opening *o, const char *path)
{
    for (uint32_t i = 0; i < o->all.len; i++)
        if (strcmp(o->all.at[i].v.path, path) == 0)
            return o->all.at[i].record;
    return NULL;
}

/* ---- the second compilation ---------------------------------------------------------------------------------------------- */

/* Ids and checksums are derived from names and addresses, the namespace among them. They stay those of the description: an id only
 * has to be unique, and a checksum only to change when what a running process has read does. */
static void freeze(struct walk *w, const struct plan *base, const struct plan *marked)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < base->workload_count; i++)
        n += 1 + base->workloads[i].node_count;
    struct frozen *f = NEWS(w->a, struct frozen, n);
    w->frozen = f;
    if (base->cluster_id != NULL && marked->cluster_id != NULL)
        f[w->frozen_count++] = (struct frozen){ marked->cluster_id, base->cluster_id };
    for (uint32_t i = 0; i < base->workload_count && i < marked->workload_count; i++) {
        const struct workload *b = &base->workloads[i], *m = &marked->workloads[i];
        if (b->checksum != NULL && m->checksum != NULL)
            f[w->frozen_count++] = (struct frozen){ m->checksum, b->checksum };
        for (uint32_t k = 0; k < b->node_count && k < m->node_count; k++)
            if (b->nodes[k].directory != NULL && m->nodes[k].directory != NULL)
                f[w->frozen_count++] = (struct frozen){ m->nodes[k].directory, b->nodes[k].directory };
    }
}

static bool opens_namespace(const struct opening *o)
{
    for (uint32_t i = 0; i < o->len; i++)
        if (o->at[i].row->type == VALUE_NAMESPACE)
            return true;
    return false;
}

/* Marks all chosen values and compiles. Returns whether everything that differs is one of them. */
static bool attempt(struct opening *o, struct walk *w, struct values *out)
{
    struct arena *a = o->cx->a;
    struct ctx cx = *o->cx; /* what it finds, and files it reads, are its own */
    struct compiled *marked = NEW(a, struct compiled);
    struct val root = o->made->root;
    cx.file_cap   = cx.file_count;
    cx.veiled_cap = cx.veiled_count;
    cx.diags      = NULL;
    cx.diag_count = cx.diag_cap = cx.error_count = 0;
    *w = (struct walk){ .a = a, .form = o->form, .at = o->at, .len = o->len };
    for (uint32_t i = 0; i < o->len; i++) {
        o->at[i].base   = t_none();
        o->at[i].places = 0;
        set_mark(o, i, record_of(o, o->at[i].path));
        root = tree_with(a, &root, o->at[i].steps, o->at[i].step_count, o->at[i].mark);
    }
    if (!compile_again(&cx, root, marked))
        return false;
    if (opens_namespace(o))
        freeze(w, &o->made->plan, &marked->plan);
    out->objects   = walk_objects(w, &o->made->objects, &marked->objects);
    out->bootstrap = walk_text(w, o->made->plan.bootstrap_address, marked->plan.bootstrap_address);
    return !w->failed;
}

static void report_tied(struct opening *o, const struct open_value *v, const struct walk *w)
{
    struct diag *e = diag_at(o->cx, E_VALUE_TIED, v->asked, "'%s' cannot stay open", v->path);
    if (w->bad_at != NULL)
        diag_hint(o->cx, e, "more than its own value depends on it in %s; leave it out of 'values'", w->bad_at);
    else
        diag_hint(o->cx, e, "other values depend on it; leave it out of 'values'");
}

/* Something depends on one of them: each is tried alone, and those that were asked for explain themselves. */
static void sort_out(struct opening *o, struct values *out)
{
    struct open_value *all = o->at;
    const uint32_t n = o->len;
    uint32_t kept = 0;
    struct walk w;
    for (uint32_t i = 0; i < n; i++) {
        struct open_value one = all[i];
        o->at  = &one;
        o->len = 1;
        if (attempt(o, &w, out))
            all[kept++] = all[i];
        else if (all[i].asked.line > 0 || all[i].row->type == VALUE_NAMESPACE)
            report_tied(o, &all[i], &w);
    }
    o->at  = all;
    o->len = kept;
}

static void keep_asked(struct opening *o)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < o->len; i++)
        if (o->at[i].asked.line > 0 || o->at[i].row->type == VALUE_NAMESPACE)
            o->at[kept++] = o->at[i];
    o->len = kept;
}

/* All together; without those that cannot be; without the usual ones. */
static bool open_all(struct opening *o, struct values *out)
{
    struct walk w;
    if (attempt(o, &w, out))
        return true;
    sort_out(o, out);
    if (diag_failed(o->cx))
        return false;
    if (attempt(o, &w, out))
        return true;
    keep_asked(o);
    if (attempt(o, &w, out))
        return true;
    for (uint32_t i = 0; i < o->len; i++)
        if (o->len == 1 || &o->at[i] == w.bad || w.bad == NULL)
            report_tied(o, &o->at[i], &w);
    return false;
}

/* ---- all together ---------------------------------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct open_value *)a)->path, ((const struct open_value *)b)->path);
}

/* What stands nowhere is no value: a chart must not offer what has no effect. */
static void keep_used(struct opening *o, struct values *out)
{
    for (uint32_t i = 0; i < o->len; i++)
        if (o->at[i].places > 0)
            o->at[out->len++] = o->at[i];
        else if (o->at[i].asked.line > 0)
            diag_hint(o->cx, diag_at(o->cx, E_VALUE_TIED, o->at[i].asked, "'%s' cannot stay open", o->at[i].path),
                      "it stands in none of the objects");
    out->at = o->at;
    qsort(out->at, out->len, sizeof *out->at, by_path);
}

bool values_open(struct ctx *cx, const struct compiled *made, const struct value_form *form, struct values *out)
{
    struct opening o = { .cx = cx, .made = made, .form = form, .all = { .a = cx->a } };
    *out = (struct values){ .objects = made->objects, .bootstrap = made->plan.bootstrap_address };
    values_fields(&o.all, made);
    choose(&o);
    if (diag_failed(cx))
        return false;
    if (o.len > 0 && !open_all(&o, out))
        return false;
    keep_used(&o, out);
    return !diag_failed(cx);
}
