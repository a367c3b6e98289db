/* why.c: which inputs made a value of the output. No stage keeps track of it, which would cost every compilation: instead each
 * input is changed in turn, the description compiled again (about a millisecond each), and the value compared. */
#include "cluster/cluster.h"
#include "command/address.h"
#include "command/page.h"
#include "command/report.h"
#include "command/single.h"
#include "command/variant.h"
#include "hook/hook.h"

#define DEEPEST 80

struct why {
    struct command *c;
    struct ctx     *cx;
    struct arena    scratch;       /* of one compilation */
    struct val      root;          /* merged, as hooks left it, short forms written out */
    struct val      value;         /* what is asked about */
    const char     *file, *object, *path;
    const char     *name;          /* of the cluster */
    uint32_t        place, peers;  /* of the object among those of its kind */
    struct tree_step     steps[DEEPEST];
    struct text     out;
    uint32_t        found;
    bool            hook_told;     /* the line of a hook that wrote the value stands in `out` */
};

/* ---- one change ------------------------------------------------------------------------------------------------ */

/* The path with the cluster's name exchanged where it stands as a word: "data.orders-broker-0.properties". */
static const char *renamed(struct arena *a, const char *path, const char *from, const char *to)
{
    struct text t = { .a = a };
    const size_t len = strlen(from);
    for (bool start = true; *path != '\0'; start = strchr(".[=", *path++) != NULL) {
        if (start && strncmp(path, from, len) == 0 && strchr("-.]", path[len]) != NULL) {
            text_add(&t, to);
            path += len;
            if (*path == '\0')
                break;
        }
        text_char(&t, *path);
    }
    return text_str(&t);
}

/* The value in the changed output. Another name of the cluster renames the object and keys inside it (orders-broker-0): the
 * object that took its place, while there are as many of the kind, and the renamed path count as the same. */
static struct val value_now(struct why *w, const struct compiled *made)
{
    uint32_t place;
    const char *failed, *path = w->path;
    const struct val *at, *o = address_object(&w->scratch, &made->objects, w->object, &place);
    if (o == NULL && address_count(&made->objects, w->object) == w->peers)
        o = address_nth(&made->objects, w->object, w->place);
    if (o == NULL)
        return t_none();
    const struct val v = address_value(o, path, &failed, &at);
    if (v.kind != V_NONE || str_eq(made->description.name, w->name))
        return v;
    return address_value(o, renamed(&w->scratch, path, w->name, made->description.name), &failed, &at);
}

enum effect { NO_EFFECT, CHANGED, REFUSED };

/* What a compilation notes of a file (lines, those with a secret) lives as long as that compilation. */
static struct file *files_for(struct why *w)
{
    struct file *files = arena_alloc(&w->scratch, w->cx->file_count * sizeof *files);
    if (w->cx->file_count > 0)
        memcpy(files, w->cx->files, w->cx->file_count * sizeof *files);
    return files;
}

static enum effect try_root(struct why *w, struct val root)
{
    struct ctx cx = { .a = &w->scratch, .files = files_for(w), .file_count = w->cx->file_count,
                      .file_cap = w->cx->file_count, .folder = w->cx->folder, .hooks = w->cx->hooks,
                      .described = true };
    struct compiled *made = NEW(&w->scratch, struct compiled);
    if (!compile_root(&cx, root, STAGE_ALL, made))
        return REFUSED;
    const struct val now = value_now(w, made);
    return tree_same(&now, &w->value) ? NO_EFFECT : CHANGED;
}

static enum effect try_leaf(struct why *w, uint32_t depth, struct val leaf)
{
    arena_reset(&w->scratch);
    return try_root(w, tree_with(&w->scratch, &w->root, w->steps, depth, leaf));
}

static bool other_values_change(struct why *w, uint32_t depth, const struct field *f, const char *s, struct pos at)
{
    struct vals list = { .a = w->c->a };
    variant_candidates(&list, f, s);
    for (uint32_t i = 0; i < list.len; i++) {
        list.at[i].at = at;
        if (try_leaf(w, depth, list.at[i]) == CHANGED)
            return true;
    }
    return false;
}

/* ---- what somebody wrote --------------------------------------------------------------------------------------- */

/* "listeners[0].port"; without numbers "listeners.port", which names the field. */
static const char *path_of(const struct why *w, uint32_t depth, bool numbers)
{
    struct text t = { .a = w->c->a };
    for (uint32_t i = 0; i < depth; i++)
        if (w->steps[i].key != NULL)
            text_join(&t, t.len > 0 ? "." : "", w->steps[i].key, NULL);
        else if (numbers)
            text_f(&t, "[%u]", w->steps[i].i);
    return text_str(&t);
}

static void add_value(struct text *out, const struct val *v)
{
    switch (v->kind) {
    case V_STR:
        if (memchr(v->s, '\n', v->len) != NULL)
            text_add(out, "a text of several lines");
        else
            text_bytes(out, v->s, v->len);
        break;
    case V_INT:  text_int(out, v->i); break;
    case V_BOOL: text_add(out, v->b ? "true" : "false"); break;
    case V_SEQ:  text_f(out, "a list of %u", v->len); break;
    case V_MAP:  text_f(out, "a map of %u", v->len); break;
    default:     text_add(out, "null");
    }
}

/* "orders.yaml:12:10: brokers.count: 6 (description)"; a place in the text of --set would help nobody. */
static void report_written(struct why *w, uint32_t depth, const struct val *v)
{
    const struct file *f = &w->cx->files[v->at.file];
    const char *layer = f->layer == NULL ? "description" : f->layer;
    w->found++;
    w->hook_told |= v->at.file == w->value.at.file && v->at.line == w->value.at.line;
    text_join(&w->out, "  ", f->name, NULL);
    if (v->at.line > 0 && strcmp(layer, f->name) != 0)
        text_f(&w->out, ":%u:%u", v->at.line, v->at.col);
    text_join(&w->out, ": ", path_of(w, depth, true), ": ", NULL);
    add_value(&w->out, v);
    if (strcmp(layer, f->name) != 0)
        text_join(&w->out, " (", layer, ")", NULL);
    text_char(&w->out, '\n');
}

static void try_written(struct why *w, uint32_t depth, const struct val *v)
{
    const char *rest, *nearest;
    const struct field *f = field_path(path_of(w, depth, false), &rest, &nearest);
    if (try_leaf(w, depth, t_none()) == CHANGED
        || (v->kind == V_STR && other_values_change(w, depth, f, v->s, v->at)))
        report_written(w, depth, v);
}

static void each_written(struct why *w, uint32_t depth, const struct val *v)
{
    const bool has_parts = (v->kind == V_MAP || v->kind == V_SEQ) && v->len > 0 && depth < DEEPEST;
    for (uint32_t i = 0; has_parts && i < v->len; i++) {
        w->steps[depth] = (struct tree_step){ v->kind == V_MAP ? v->map[i].key : NULL, i };
        each_written(w, depth + 1, v->kind == V_MAP ? &v->map[i].v : &v->seq[i]);
    }
    if (!has_parts && depth > 0)
        try_written(w, depth, v);
}

/* ---- what nobody wrote ----------------------------------------------------------------------------------------- */

static void try_default(struct why *w, uint32_t depth, const struct field *f, enum flavour flavour)
{
    const char *def = field_default(flavour, f);
    if (def == NULL || *def == '[')
        return;
    if (strcmp(def, "present") == 0)
        def = "false";
    if (!other_values_change(w, depth, f, def, no_pos()))
        return;
    w->found++;
    text_join(&w->out, "  default of '", path_of(w, depth, true), "' (", def, ")\n", NULL);
}

static void each_default(struct why *w, uint32_t depth, const struct type *t, const struct val *v, enum flavour flavour)
{
    const struct field *f;
    for (size_t i = 0; depth < DEEPEST - 1 && (f = field_at(t, i)) != NULL; i++) {
        const struct val *here = tree_get(v, f->name);
        w->steps[depth].key = f->name;
        if (f->kind == F_OBJECT) {
            each_default(w, depth + 1, f->type, here, page_flavour(f->type, flavour));
        } else if (f->kind == F_OBJECTS) {
            for (uint32_t k = 0; here != NULL && here->kind == V_SEQ && k < here->len; k++) {
                w->steps[depth + 1] = (struct tree_step){ NULL, k };
                each_default(w, depth + 2, f->type, &here->seq[k], page_flavour(f->type, flavour));
            }
        } else if (here == NULL) {
            try_default(w, depth + 1, f, flavour);
        }
    }
}

/* ---- the verb -------------------------------------------------------------------------------------------------- */

static const char *object_name_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

/* An object that was emitted, and that a hook took away. */
static void tell_gone(const struct why *w, const struct hooks *hooks)
{
    struct text t = { .a = w->c->a };
    const size_t len = strcspn(w->object, "/");
    bool renamed = false;
    const struct pos *at = hook_gone(hooks, arena_dup(t.a, w->object, len), NULL, w->object + len + 1, &renamed);
    if (at == NULL)
        return;
    text_join(&t, "  ", w->cx->files[at->file].name, NULL);
    text_f(&t, ":%u:%u: %s by a hook\n", at->line, at->col, renamed ? "renamed" : "dropped");
    report_bytes(t.p, t.len);
}

static int no_object(struct why *w, const struct val *objects, const struct hooks *hooks)
{
    struct command *c = w->c;
    const char **names = NEWS(c->a, const char *, objects->len + 1);
    struct text t = { .a = c->a };
    for (uint32_t i = 0; i < objects->len; i++)
        names[i] = address_of(c->a, &objects->seq[i]);
    const int status = report_usage(c, str_nearest(w->object, object_name_at, names), "'%s' makes no object '%s'", w->file,
                                    w->object);
    tell_gone(w, hooks);
    text_add(&t, "  objects:");
    for (uint32_t i = 0; i < objects->len && i < 40; i++)
        text_join(&t, " ", names[i], NULL);
    struct text wrapped = { .a = c->a };
    page_wrap(&wrapped, text_str(&t), 4, 0);
    report_bytes(wrapped.p, wrapped.len);
    return status;
}

static const char *key_at(const void *list, size_t i)
{
    const struct val *v = list;
    return v->kind == V_MAP && i < v->len ? v->map[i].key : NULL;
}

static int no_value(struct why *w, const char *failed, const struct val *at)
{
    struct command *c = w->c;
    const char *part = arena_dup(c->a, failed, strcspn(failed, ".["));
    return report_usage(c, at->kind == V_MAP ? str_nearest(part, key_at, at) : NULL, "'%s' has no '%s': nothing stands at '%s'",
                        w->object, w->path, failed);
}

static int locate(struct why *w, const struct val *objects, const struct hooks *hooks)
{
    const char *failed = w->path;
    const struct val *at = NULL, *o = address_object(w->c->a, objects, w->object, &w->place);
    if (o == NULL)
        return no_object(w, objects, hooks);
    w->peers = address_count(objects, w->object);
    w->value = address_value(o, w->path, &failed, &at);
    return w->value.kind == V_NONE ? no_value(w, failed, at) : EXIT_DONE;
}

#define MOST_PARTS 20 /* of a value that hooks wrote and `why` names */

static void hook_line(struct why *w, struct pos at, const char *path)
{
    w->found++;
    text_join(&w->out, "  ", w->cx->files[at.file].name, NULL);
    text_f(&w->out, ":%u:%u: %s%swritten by a hook\n", at.line, at.col, path, *path != '\0' ? ": " : "");
}

/* What hooks wrote inside a map or list that they did not write as a whole: "labels.owner". */
static void hook_parts(struct why *w, const struct val *v, const char *path, uint32_t *told)
{
    for (uint32_t i = 0; (v->kind == V_MAP || v->kind == V_SEQ) && i < v->len && *told < MOST_PARTS; i++) {
        const struct val *part = v->kind == V_MAP ? &v->map[i].v : &v->seq[i];
        const char *here = v->kind == V_SEQ ? arena_printf(w->c->a, "%s[%u]", path, i)
                                            : str_join(w->c->a, path, *path != '\0' ? "." : "", v->map[i].key, NULL);
        const bool known = w->hook_told && part->at.file == w->value.at.file && part->at.line == w->value.at.line;
        if (known || !ctx_from_hook(w->cx, part->at)) {
            hook_parts(w, part, here, told);
            continue;
        }
        hook_line(w, part->at, here);
        ++*told;
    }
}

/* A hook that saw the object wrote it, unless it has been told as a part of the description already. */
static void report_hook(struct why *w)
{
    uint32_t told = 0;
    if (ctx_from_hook(w->cx, w->value.at) && !w->hook_told)
        hook_line(w, w->value.at, "");
    else
        hook_parts(w, &w->value, "", &told);
}

/* An object of the site is what its file says. */
static void report_include(struct why *w)
{
    const struct pos at = w->value.at;
    if (!ctx_from_include(w->cx, at))
        return;
    w->found++;
    text_join(&w->out, "  ", w->cx->files[at.file].name, NULL);
    text_f(&w->out, ":%u:%u: %s: ", at.line, at.col, w->path);
    add_value(&w->out, &w->value);
    text_add(&w->out, " (" LAYER_INCLUDE ")\n");
}

static void search(struct why *w)
{
    text_join(&w->out, w->object, " ", w->path, " is ", NULL);
    add_value(&w->out, &w->value);
    text_add(&w->out, "\n");
    each_written(w, 0, &w->root);
    report_hook(w);
    if (w->found == 0)
        report_include(w);
    if (w->found == 0)
        each_default(w, 0, &description_type, &w->root, FL_BROKERS);
    if (w->found == 0)
        text_add(&w->out, "  no field changes it: every cluster gets it like this\n");
}

static bool take_arguments(struct why *w)
{
    const struct strs *args = &w->c->args;
    if (args->len != 3)
        return false;
    const uint32_t first = address_is_object(args->at[1]) ? 1 : 0;
    w->object = args->at[first];
    w->path   = args->at[first + 1];
    w->file   = args->at[first == 1 ? 0 : 2];
    return address_is_object(w->object);
}

int command_why(struct command *c)
{
    struct why *w = NEW(c->a, struct why);
    *w = (struct why){ .c = c, .out = { .a = c->a }, .scratch = { .limit = SINGLE_MEMORY, .out = c->a->out } };
    if (!take_arguments(w))
        return report_usage(c, NULL, "why needs a file, an object such as StatefulSet/orders-broker, and a path in it");
    struct report_log log = { .c = c };
    struct single s = { .c = c, .log = &log, .a = c->a, .path = w->file };
    single_compile(&s);
    report_open(&log);
    report_tell(&log, s.findings.p, s.findings.len);
    report_close(&log, s.status == EXIT_DONE);
    if (s.status != EXIT_DONE)
        return s.status;
    w->cx   = s.cx;
    w->name = s.made->description.name;
    w->root = expand_short_forms(c->a, s.made->described);
    const int status = locate(w, &s.made->objects, s.made->hooks);
    if (status != EXIT_DONE)
        return status;
    search(w);
    arena_free(&w->scratch);
    return report_result(c, text_str(&w->out), w->out.len);
}
