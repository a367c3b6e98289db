/* diff.c: what applying the new state changes, object by object: before a review approves it, and before anything is applied. */
#include "base/io.h"
#include "command/compare.h"
#include "command/guard.h"
#include "command/manifests.h"
#include "command/single.h"
#include "print/print.h"
#include "verify/verify.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* An object and what tells it from others: kind, API group, namespace, name. */
struct known {
    const char       *key;
    const struct val *object;
    bool              seen;
};

struct side {
    struct val    objects; /* as source_parse_stream() reads them */
    struct known *known;   /* sorted by key */
};

struct totals { uint32_t added, removed, changed, refused, pods; };

struct diff {
    struct command   *c;
    struct report_log log;
    struct ctx        cx;      /* of the manifests that are read */
    int               status;
    struct side       old, new;
    struct text       out;
    struct totals     n;
};

/* ---- the two states --------------------------------------------------------------------------------------------- */

static bool is_description(struct diff *d, const char *path)
{
    struct stat st;
    struct ctx cx = { .a = d->c->a };
    struct val docs = t_none();
    const char *text;
    size_t len;
    if (strcmp(path, "-") == 0 || stat(path, &st) != 0 || !S_ISREG(st.st_mode)
        || io_read(cx.a, path, MANIFESTS_MAX_BYTES, &text, &len) != IO_OK)
        return false;
    struct vals all = { .a = cx.a };
    manifests_parse(&cx, path, text, len, &all);
    docs = vals_done(&all);
    return docs.kind == V_SEQ && tree_get(&docs.seq[0], "gregor") != NULL;
}

/* Our own output is read back like anybody's: then both sides are the same kind of values. */
static void take_printed(struct diff *d, const struct single *s, struct vals *into)
{
    struct text t = { .a = d->c->a };
    for (uint32_t i = 0; i < s->made->objects.len; i++)
        print_yaml(&t, &s->made->objects.seq[i]);
    manifests_parse(&d->cx, s->path, text_str(&t), t.len, into);
}

/* What the cluster of `before` cannot become is told, at the lines of the description; the difference is shown all the same. */
static void compile(struct diff *d, struct single *s, const struct val *before, struct vals *into)
{
    s->before = before;
    single_finish(s);
    report_tell(&d->log, s->findings.p, s->findings.len);
    if (s->status == EXIT_DONE)
        take_printed(d, s, into);
    else
        d->status = EXIT_ENVIRONMENT;
}

static void add_all(struct vals *into, const struct val *objects)
{
    for (uint32_t i = 0; i < objects->len; i++)
        vals_add(into, objects->seq[i]);
}

static void read_state(struct diff *d, const char *path, const struct val *before, struct vals *into)
{
    struct val objects = t_none();
    if (is_description(d, path)) {
        struct single s = { .c = d->c, .log = &d->log, .a = d->c->a, .path = path };
        single_read(&s);
        compile(d, &s, before, into);
        return;
    }
    if (!manifests_read(&d->cx, path, &objects))
        d->status = EXIT_ENVIRONMENT;
    add_all(into, &objects);
}

/* A folder that is not there yet is one in which nothing was written. */
static void read_written(struct diff *d, const char *path, struct vals *old, struct vals *new)
{
    struct single s = { .c = d->c, .log = &d->log, .a = d->c->a, .path = path };
    struct val before = t_none();
    const char *name = single_read(&s);
    if (name != NULL && access(d->c->o.dir, F_OK) == 0 && !manifests_of(&d->cx, d->c->o.dir, name, &before))
        d->status = EXIT_ENVIRONMENT;
    compile(d, &s, &before, new);
    add_all(old, &before);
}

static void read_states(struct diff *d, struct vals *old, struct vals *new)
{
    const struct strs *args = &d->c->args;
    for (uint32_t i = 0; d->c->o.dir != NULL && i < args->len; i++)
        read_written(d, args->at[i], old, new);
    if (d->c->o.dir != NULL)
        return;
    read_state(d, args->at[0], NULL, old);
    const struct val before = { .kind = V_SEQ, .len = old->len, .seq = old->at };
    read_state(d, args->at[1], &before, new);
}

/* ---- which object is which -------------------------------------------------------------------------------------- */

static const char *text_at(const struct val *map, const char *key)
{
    const char *s = tree_str(map, key);
    return s == NULL ? "" : s;
}

/* The version of an API may change while the object stays. */
static const char *key_of(struct arena *a, const struct val *o)
{
    const struct val *meta = tree_get(o, "metadata");
    const char *version = text_at(o, "apiVersion");
    const char *group = arena_dup(a, version, strchr(version, '/') == NULL ? 0 : strcspn(version, "/"));
    return str_join(a, text_at(o, "kind"), "/", text_at(meta, "name"), "\n", group, "\n", text_at(meta, "namespace"), NULL);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct known *)a)->key, ((const struct known *)b)->key);
}

static struct side side_of(struct arena *a, const struct vals *list)
{
    struct side s = { .objects = { .kind = V_SEQ, .len = list->len, .seq = list->at }, .known = NEWS(a, struct known, list->len + 1) };
    for (uint32_t i = 0; i < list->len; i++)
        s.known[i] = (struct known){ .key = key_of(a, &list->at[i]), .object = &list->at[i] };
    if (list->len > 1)
        qsort(s.known, list->len, sizeof *s.known, by_key);
    return s;
}

static struct known *find(const struct side *s, const char *key)
{
    const struct known wanted = { .key = key };
    return s->objects.len == 0 ? NULL : bsearch(&wanted, s->known, s->objects.len, sizeof *s->known, by_key);
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

static void tell_object(struct diff *d, const struct val *o, const char *what)
{
    const struct val *meta = tree_get(o, "metadata");
    const char *space = text_at(meta, "namespace");
    text_join(&d->out, text_at(o, "kind"), "/", text_at(meta, "name"), *space == '\0' ? "" : " (", space, *space == '\0' ? "" : ")",
              ": ", what, "\n", NULL);
}

static int64_t number_at(const struct val *spec, const char *key, int64_t otherwise)
{
    const char *s = tree_str(spec, key);
    return s == NULL ? otherwise : strtoll(s, NULL, 10);
}

static int64_t first_pod(const struct val *spec)
{
    return number_at(tree_get(spec, "ordinals"), "start", 0);
}

static void tell_scale(struct diff *d, const char *name, const struct val *old, const struct val *new)
{
    const int64_t first = first_pod(new), from = number_at(old, "replicas", 1), to = number_at(new, "replicas", 1);
    if (first_pod(old) != first || from == to)
        return;
    text_f(&d->out, "    -> %s %s-%lld", from < to ? "starts" : "stops", name, (long long)(first + (from < to ? from : from - 1)));
    if (from - to > 1 || to - from > 1)
        text_f(&d->out, " to %s-%lld", name, (long long)(first + (from < to ? to - 1 : to)));
    text_add(&d->out, from < to ? "\n" : "; claims stay, unless their retention policy says otherwise\n");
}

/* The pods that run before and after get a new template: the StatefulSet controller takes the last one first. */
static void tell_restart(struct diff *d, const char *kind, const char *name, const struct val *old, const struct val *new)
{
    const int64_t from = number_at(old, "replicas", 1), to = number_at(new, "replicas", 1), pods = from < to ? from : to;
    const char *strategy = tree_str(tree_get(new, "updateStrategy"), "type");
    if (pods <= 0 || strcmp(kind, "Job") == 0 || strcmp(kind, "CronJob") == 0)
        return;
    if (strategy != NULL && strcmp(strategy, "OnDelete") == 0)
        text_add(&d->out, "    -> pods take the new template when they are deleted (OnDelete)\n");
    else if (strcmp(kind, "StatefulSet") == 0)
        text_f(&d->out, "    -> restarts %lld pod%s, one at a time, %s-%lld first\n", (long long)pods, pods == 1 ? "" : "s", name,
               (long long)(first_pod(new) + pods - 1));
    else
        text_f(&d->out, "    -> restarts %lld pod%s\n", (long long)pods, pods == 1 ? "" : "s");
    d->n.pods += (uint32_t)pods;
}

/* True when the pod reads that ConfigMap or Secret in any way. */
static bool reads(const struct val *v, const char *kind, const char *name)
{
    static const char *const maps[] = { "configMap", "configMapRef", "configMapKeyRef", NULL };
    static const char *const secrets[] = { "secret", "secretRef", "secretKeyRef", NULL };
    const char *const *keys = strcmp(kind, "Secret") == 0 ? secrets : maps;
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++) {
        const struct val *to = &v->map[i].v;
        for (const char *const *key = keys; *key != NULL; key++)
            if (strcmp(v->map[i].key, *key) == 0 && (str_eq(tree_str(to, "name"), name) || str_eq(tree_str(to, "secretName"), name)))
                return true;
        if (reads(to, kind, name))
            return true;
    }
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++)
        if (reads(&v->seq[i], kind, name))
            return true;
    return false;
}

/* A pod reads its files when it starts. Our templates hold a checksum of them; somebody else's may not. */
static void tell_readers(struct diff *d, const char *kind, const struct val *o)
{
    const char *path, *name = text_at(tree_get(o, "metadata"), "name");
    for (uint32_t i = 0; i < d->new.objects.len; i++) {
        const struct val *w = &d->new.objects.seq[i], *pod = objects_pod(w, text_at(w, "kind"), &path);
        const struct known *before = pod == NULL ? NULL : find(&d->old, key_of(d->c->a, w));
        if (before == NULL || !reads(pod, kind, name))
            continue;
        struct text none = { .a = d->c->a };
        if (!compare_objects(&none, before->object, w).restarts)
            text_join(&d->out, "    -> ", text_at(w, "kind"), "/", text_at(tree_get(w, "metadata"), "name"),
                      " reads it; nothing in this change restarts its pods\n", NULL);
    }
}

static void tell_effects(struct diff *d, const struct val *old, const struct val *new, const struct compared *r)
{
    const char *kind = text_at(new, "kind"), *name = text_at(tree_get(new, "metadata"), "name");
    const struct val *before = tree_get(old, "spec"), *after = tree_get(new, "spec");
    if (r->changes > r->added && (strcmp(kind, "ConfigMap") == 0 || strcmp(kind, "Secret") == 0))
        tell_readers(d, kind, new);
    if (strcmp(kind, "StatefulSet") == 0)
        tell_scale(d, name, before, after);
    if (r->restarts)
        tell_restart(d, kind, name, before, after);
}

static void tell_pair(struct diff *d, const struct val *old, const struct val *new)
{
    struct text lines = { .a = d->c->a };
    const struct compared r = compare_objects(&lines, old, new);
    if (r.changes == 0)
        return;
    tell_object(d, new, "changed");
    text_bytes(&d->out, lines.p, lines.len);
    tell_effects(d, old, new, &r);
    d->n.changed++;
    d->n.refused += r.refused;
}

static void tell_objects(struct diff *d)
{
    for (uint32_t i = 0; i < d->new.objects.len; i++) {
        const struct val *o = &d->new.objects.seq[i];
        struct known *before = find(&d->old, key_of(d->c->a, o));
        if (before != NULL) {
            before->seen = true;
            tell_pair(d, before->object, o);
        } else {
            tell_object(d, o, "added");
            d->n.added++;
        }
    }
    for (uint32_t i = 0; i < d->old.objects.len; i++) {
        const struct val *o = &d->old.objects.seq[i];
        if (find(&d->old, key_of(d->c->a, o))->seen)
            continue;
        tell_object(d, o, "removed; `kubectl apply` leaves it until it is deleted or pruned");
        d->n.removed++;
    }
}

static void tell_totals(struct diff *d)
{
    const struct totals *n = &d->n;
    text_f(&d->out, "%u added, %u removed, %u changed", n->added, n->removed, n->changed);
    if (n->refused > 0)
        text_f(&d->out, "; %u field%s cannot be changed", n->refused, n->refused == 1 ? "" : "s");
    if (n->pods > 0)
        text_f(&d->out, "; %u pod%s restart%s", n->pods, n->pods == 1 ? "" : "s", n->pods == 1 ? "s" : "");
    text_char(&d->out, '\n');
}

static int finish(struct diff *d)
{
    if (d->n.added + d->n.removed + d->n.changed == 0)
        return EXIT_DONE;
    tell_totals(d);
    const int status = report_result(d->c, text_str(&d->out), d->out.len);
    return status == EXIT_DONE ? EXIT_FINDINGS : status;
}

static void tell_manifests(struct diff *d)
{
    struct text t = { .a = d->c->a };
    diag_sort(&d->cx);
    report_findings(&d->log, &d->cx, &t);
    report_tell(&d->log, t.p, t.len);
    report_close(&d->log, d->status == EXIT_DONE);
}

/* Exit status as that of `kubectl diff`: 0 nothing differs, 1 something does, more: it could not be found out. */
int command_diff(struct command *c)
{
    struct diff d = { .c = c, .log = { .c = c }, .cx = { .a = c->a }, .out = { .a = c->a } };
    struct vals old = { .a = c->a }, new = { .a = c->a };
    if (c->o.dir == NULL && c->args.len != 2)
        return report_usage(c, NULL, "diff needs two states, or -d DIR and descriptions");
    if (c->o.dir != NULL && c->args.len == 0)
        return report_usage(c, NULL, "diff -d needs a description");
    if (guard_outputs(c) != EXIT_DONE)
        return EXIT_USAGE;
    report_open(&d.log);
    read_states(&d, &old, &new);
    tell_manifests(&d);
    if (d.status != EXIT_DONE)
        return d.status;
    d.old = side_of(c->a, &old);
    d.new = side_of(c->a, &new);
    tell_objects(&d);
    return finish(&d);
}
