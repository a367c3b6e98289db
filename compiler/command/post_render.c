/* post_render.c: what Helm has rendered, changed by the site's hooks and checked as our own objects are, on its way to the server. What
 * nothing changes leaves as the very bytes that came in: comments, and annotations of Helm's own, are nobody else's business. */
#include "base/io.h"
#include "cluster/fields.h"
#include "cluster/value.h"
#include "command/manifests.h"
#include "command/report.h"
#include "hook/hook.h"
#include "model/k8s_walk.h"
#include "print/print.h"
#include "source/source.h"
#include "verify/verify.h"

/* An object as it came. */
struct rendered {
    struct val  object;     /* typed */
    const char *text;       /* its document, when that holds no other object; else NULL */
    size_t      len;
};

struct render {
    struct command   *c;
    struct ctx        cx;
    struct report_log log;
    const char       *text;
    size_t            len;
    int64_t           minor;
    struct rendered  *at;
    uint32_t          count, cap;
};

/* ---- documents ----------------------------------------------------------------------------------------------------------- */

/* True when a document begins at `s`: nothing else may have "---" at the start of a line, wherever that line stands. */
static bool begins(const char *s, const char *end)
{
    return end - s >= 3 && memcmp(s, "---", 3) == 0 && (end - s == 3 || strchr(" \t\r\n", s[3]) != NULL);
}

static const char *line_behind(const char *s, const char *end)
{
    const char *newline = memchr(s, '\n', (size_t)(end - s));
    return newline == NULL ? end : newline + 1;
}

static const char *document_end(const char *s, const char *end)
{
    do
        s = line_behind(s, end);
    while (s < end && !begins(s, end));
    return s;
}

/* Helm says where a document comes from in its first comment. Findings then count lines from there, as the template does. */
static const char *take_name(struct arena *a, const char **s, const char *end)
{
    static const char source[] = "# Source: ";
    const char *name = begins(*s, end) ? line_behind(*s, end) : *s;
    if ((size_t)(end - name) < sizeof source || memcmp(name, source, sizeof source - 1) != 0)
        return "standard input";
    *s = line_behind(name, end);
    name += sizeof source - 1;
    size_t len = 0;
    while (name + len < *s && strchr("\r\n", name[len]) == NULL)
        len++;
    return arena_dup(a, name, len);
}

static void add(struct render *r, struct rendered one)
{
    if (r->count == r->cap) {
        const uint32_t cap = r->cap == 0 ? 32 : 2 * r->cap;
        r->at  = arena_grow(r->cx.a, r->at, r->cap * sizeof *r->at, r->count * sizeof *r->at, cap * sizeof *r->at);
        r->cap = cap;
    }
    r->at[r->count++] = one;
}

static void read_document(struct render *r, const char *s, const char *end)
{
    struct vals found = { .a = r->cx.a };
    const char *whole = s, *name = take_name(r->cx.a, &s, end);
    const size_t len = (size_t)(end - s);
    manifests_parse(&r->cx, name, arena_dup(r->cx.a, s, len), len, &found);
    for (uint32_t i = 0; i < found.len; i++)
        add(r, (struct rendered){ found.at[i], found.len == 1 ? whole : NULL, (size_t)(end - whole) });
}

static void read_documents(struct render *r)
{
    const char *s = r->text, *end = r->text + r->len;
    while (s < end) {
        const char *next = document_end(s, end);
        read_document(r, s, next);
        s = next;
    }
}

/* ---- rules ----------------------------------------------------------------------------------------------------------------- */

static const struct k8s_type *type_of(const struct render *r, const struct val *object)
{
    const char *api_version = tree_str(object, "apiVersion"), *kind = tree_str(object, "kind");
    return api_version == NULL || kind == NULL ? NULL : k8s_kind(api_version, kind, (int)r->minor);
}

/* Most charts leave the namespace to Helm, which puts it in when it installs. */
static struct val in_namespace(const struct render *r, const struct val *object)
{
    static const struct tree_step steps[] = { { "metadata", 0 }, { "namespace", 0 } };
    const struct k8s_type *type = type_of(r, object);
    const struct val *metadata = tree_get(object, "metadata");
    if (type == NULL || !k8s_namespaced(type) || metadata == NULL || metadata->kind != V_MAP || tree_get(metadata, "namespace") != NULL)
        return *object;
    return tree_with(r->cx.a, object, steps, 2, t_str("default"));
}

static struct val without_nulls(struct arena *a, struct val v);

static struct val map_without_nulls(struct arena *a, const struct val *map)
{
    struct pair *kept = NEWS(a, struct pair, map->len);
    struct pos  *keys = NEWS(a, struct pos, map->len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < map->len; i++) {
        if (map->map[i].v.kind == V_NULL)
            continue;
        kept[n]   = (struct pair){ map->map[i].key, without_nulls(a, map->map[i].v) };
        keys[n++] = tree_key_at(map, i);
    }
    struct val out = tree_map_at(a, kept, keys, n);
    out.at = map->at;
    return out;
}

/* Templates leave a null where nothing is given: to the server a field that is null is not there. */
static struct val without_nulls(struct arena *a, struct val v)
{
    if (v.kind == V_MAP)
        return map_without_nulls(a, &v);
    if (v.kind != V_SEQ)
        return v;
    struct val *items = NEWS(a, struct val, v.len);
    for (uint32_t i = 0; i < v.len; i++)
        items[i] = without_nulls(a, v.seq[i]);
    v.seq = items;
    return v;
}

/* What the server takes for the object: it passes over what it writes itself. */
static struct val as_taken(const struct render *r, const struct val *object)
{
    static const struct tree_step status[] = { { "status", 0 } };
    struct val taken = without_nulls(r->cx.a, *object);
    if (taken.kind == V_MAP)
        taken = tree_with(r->cx.a, &taken, status, 1, t_none());
    return in_namespace(r, &taken);
}

static bool check(struct render *r, const struct val *objects, const struct hooks *h)
{
    struct vals all = { .a = r->cx.a };
    for (uint32_t i = 0; i < objects->len; i++) {
        vals_add(&all, as_taken(r, &objects->seq[i]));
        all.at[i].at = objects->seq[i].at;
    }
    return verify_objects(&r->cx, (int)r->minor, NULL, all.at, all.len, h);
}

/* ---- hooks ----------------------------------------------------------------------------------------------------------------- */

/* Scalars of a kind that no schema is known of, as kubectl's reader types them. */
static struct val typed(struct arena *a, struct val v)
{
    int64_t n;
    struct val *items = v.kind == V_SEQ ? NEWS(a, struct val, v.len) : NULL;
    struct pair *pairs = v.kind == V_MAP ? NEWS(a, struct pair, v.len) : NULL;
    for (uint32_t i = 0; items != NULL && i < v.len; i++)
        items[i] = typed(a, v.seq[i]);
    for (uint32_t i = 0; pairs != NULL && i < v.len; i++)
        pairs[i] = (struct pair){ v.map[i].key, typed(a, v.map[i].v) };
    if (items != NULL)
        v.seq = items;
    if (pairs != NULL) {
        v.map    = pairs;
        v.flags &= (uint8_t)~VF_KEYS;
    }
    if (v.kind != V_STR || !(v.flags & VF_PLAIN))
        return v;
    const char *reads = k8s_reads_as(v.s);
    const struct pos at = v.at;
    if (k8s_plain_int(v.s, &n))
        v = t_int(n);
    else if (reads != NULL && strcmp(reads, "a boolean") == 0)
        v = t_bool(strchr("yYtT", v.s[0]) != NULL || ((v.s[0] | 0x20) == 'o' && (v.s[1] | 0x20) == 'n'));
    else if (reads != NULL)
        v.flags |= VF_RAW;
    v.at = at;
    return v;
}

static struct val typed_objects(struct render *r)
{
    struct vals all = { .a = r->cx.a };
    for (uint32_t i = 0; i < r->count; i++) {
        const struct k8s_type *type = type_of(r, &r->at[i].object);
        const struct pos at = r->at[i].object.at;
        r->at[i].object    = type != NULL ? k8s_typed(r->cx.a, type, r->at[i].object) : typed(r->cx.a, r->at[i].object);
        r->at[i].object.at = at;
        vals_add(&all, r->at[i].object);
    }
    return vals_done(&all);
}

static struct val plain_objects(const struct render *r)
{
    struct vals all = { .a = r->cx.a };
    for (uint32_t i = 0; i < r->count; i++)
        vals_add(&all, r->at[i].object);
    return all.len == 0 ? t_empty_seq() : vals_done(&all);
}

/* A hook shares what it does not change, so an object that is the same was not touched. */
static const struct rendered *untouched(const struct render *r, const struct val *object)
{
    for (uint32_t i = 0; i < r->count; i++)
        if (r->at[i].object.map == object->map && r->at[i].object.len == object->len)
            return &r->at[i];
    return NULL;
}

static bool run_hooks(struct render *r, struct text *out)
{
    const struct val root = MAP(r->cx.a, { "kubernetes", t_str(str_join(r->cx.a, "1.", str_int(r->cx.a, r->minor), NULL)) });
    struct val objects = typed_objects(r);
    struct hooks *h;
    if (!hook_open(&r->cx, &root, &h) || !hook_objects(h, NULL, &objects) || !check(r, &objects, h))
        return false;
    for (uint32_t i = 0; i < objects.len; i++) {
        const struct rendered *as_came = untouched(r, &objects.seq[i]);
        if (as_came != NULL && as_came->text != NULL)
            text_bytes(out, as_came->text, as_came->len);
        else
            print_yaml(out, &objects.seq[i]);
        if (out->len > 0 && out->p[out->len - 1] != '\n')
            text_char(out, '\n');
    }
    return true;
}

/* ---- options --------------------------------------------------------------------------------------------------------------- */

static int read_minor(struct render *r)
{
    const char *rest, *nearest;
    const struct field *f = field_path("kubernetes", &rest, &nearest);
    const char *given = r->c->o.kubernetes != NULL ? r->c->o.kubernetes : f->def;
    const char *wrong = value_minor(r->c->a, given, &r->minor);
    if (wrong != NULL)
        return report_usage(r->c, NULL, "option '--kubernetes' is '%s': %s", given, wrong);
    if (r->minor < f->min || r->minor > f->max)
        return report_usage(r->c, NULL, "option '--kubernetes' is from 1.%d to 1.%d, not '%s'", (int)f->min, (int)f->max, given);
    return EXIT_DONE;
}

static int read_input(struct render *r)
{
    const enum io_result result = io_read(r->cx.a, "-", MANIFESTS_MAX_BYTES, &r->text, &r->len);
    return result == IO_OK ? EXIT_DONE
         : report_failure(r->c, "cannot read standard input: %s", io_reason(r->cx.a, result, MANIFESTS_MAX_BYTES));
}

/* ---- all together ------------------------------------------------------------------------------------------------------------ */

static int tell(struct render *r)
{
    uint64_t errors = 0, warnings = 0;
    struct text findings = { .a = r->c->a }, summary = { .a = r->c->a };
    for (uint32_t i = 0; i < r->cx.diag_count; i++) {
        errors   += code_table[r->cx.diags[i]->code].error;
        warnings += !code_table[r->cx.diags[i]->code].error;
    }
    const bool fine = errors == 0 && (warnings == 0 || r->c->o.warn != WARN_ERROR);
    diag_sort(&r->cx);
    report_open(&r->log);
    report_findings(&r->log, &r->cx, &findings);
    report_tell(&r->log, findings.p, findings.len);
    report_summary(r->c, errors, warnings, &summary);
    report_bytes(summary.p, summary.len);
    report_close(&r->log, fine);
    return fine ? EXIT_DONE : EXIT_FINDINGS;
}

/* With hooks the rules speak twice: first of what came, so that a hook meets nothing that no server would take, and then of what the
 * hooks made of it; what the first has said is not said again. */
static void render(struct render *r, struct text *out)
{
    const struct val plain = plain_objects(r);
    const uint32_t found = r->cx.diag_count;
    if (!check(r, &plain, NULL))
        return;
    if (r->c->o.hooks.len == 0 || r->count == 0) {
        text_bytes(out, r->text, r->len);
        return;
    }
    r->cx.diag_count = found;
    run_hooks(r, out);
}

int command_post_render(struct command *c)
{
    struct render r = { .c = c, .cx = { .a = c->a, .hooks = c->o.hooks.at, .folder = "." }, .log = { .c = c } };
    struct text out = { .a = c->a };
    if (c->args.len > 0)
        return report_usage(c, NULL, "post-render reads standard input, not '%s'", c->args.at[0]);
    int status = read_minor(&r);
    status = status == EXIT_DONE ? read_input(&r) : status;
    if (status != EXIT_DONE)
        return status;
    read_documents(&r);
    if (!diag_failed(&r.cx))
        render(&r, &out);
    status = tell(&r);
    return status == EXIT_DONE ? report_result(c, text_str(&out), out.len) : status;
}
