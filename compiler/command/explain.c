#include "command/page.h"
#include "command/report.h"
#include "source/builtin.h"

#include <ctype.h>

/* ---- codes ------------------------------------------------------------------------------------------------------ */

/* E0100, e0100, W0310. */
static bool is_code(const char *s)
{
    if ((toupper((unsigned char)s[0]) != 'E' && toupper((unsigned char)s[0]) != 'W') || strlen(s) != 5)
        return false;
    return strspn(s + 1, "0123456789") == 4;
}

static const char *code_at(const void *list, size_t i)
{
    return ((const struct code_info *)list)[i].name;
}

static int explain_code(struct command *c, const char *name)
{
    struct text out = { .a = c->a };
    const struct code_info *i = code_table;
    while (i->name != NULL && strcasecmp(i->name, name) != 0)
        i++;
    if (i->name == NULL)
        return report_usage(c, str_nearest(name, code_at, code_table), "there is no code '%s'", name);
    text_join(&out, i->name, " (", i->error ? "error" : "warning", "): ", NULL);
    page_wrap(&out, i->title, 2, out.len);
    text_char(&out, '\n');
    page_wrap(&out, i->story, 0, 0);
    return report_result(c, text_str(&out), out.len);
}

static int list_codes(struct command *c)
{
    struct text out = { .a = c->a };
    for (const struct code_info *i = code_table; i->name != NULL; i++)
        page_item(&out, i->name, i->title, 9);
    return report_result(c, text_str(&out), out.len);
}

/* ---- fields ----------------------------------------------------------------------------------------------------- */

static void add_fact(struct text *out, const char *term, const char *s)
{
    if (s != NULL)
        page_item(out, term, s, 12);
}

static const char *default_of(struct arena *a, const struct page_field *f)
{
    const char *def = field_default(f->flavour, f->field);
    if (def == NULL || strcmp(def, "present") != 0)
        return def;
    return arena_printf(a, "true when the map it stands in is written");
}

static void add_facts(struct text *out, const struct page_field *p)
{
    struct arena *a = out->a;
    const struct field *f = p->field;
    add_fact(out, "type", page_type(a, f));
    add_fact(out, "choices", f->choices == NULL ? NULL : str_replace(a, f->choices, " ", ", "));
    add_fact(out, "default", f->flags & REQUIRED ? "none: it must be written" : default_of(a, p));
    if (f->example != NULL)
        add_fact(out, "example", str_join(a, f->name, ": ", f->example, NULL));
}

static void add_children(struct text *out, const struct type *t)
{
    const struct field *f;
    text_add(out, "\nfields:\n");
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++)
        if (f->kind != F_LATER && f->kind != F_IGNORED)
            page_item(out, f->name, f->doc, 28);
}

struct wanted {
    const char       *path;
    struct page_field found;
};

static void match(void *arg, const struct page_field *f)
{
    struct wanted *w = arg;
    if (strcmp(f->path, w->path) == 0)
        w->found = *f;
}

/* "listeners[0].port" and "listeners[].port" mean the field whatever the entry. */
static const char *without_numbers(struct arena *a, const char *path)
{
    struct text t = { .a = a };
    for (; *path != '\0'; path++) {
        if (*path == '[' && strchr(path, ']') != NULL)
            path = strchr(path, ']');
        else
            text_char(&t, *path);
    }
    return text_str(&t);
}

#define MODULE_INDENT 16

/* "pod.container(obj, name)  pod.sidecar(obj, container)": a blank inside must not break the line. */
static void add_functions(struct text *out, const char *text)
{
    struct text all = { .a = out->a };
    while ((text = strstr(text, "\nfunction ")) != NULL) {
        text += strlen("\nfunction ");
        text_join(&all, all.len > 0 ? " " : "", str_replace(out->a, arena_dup(out->a, text, strcspn(text, "\n")), ", ", ","), NULL);
    }
    page_blanks(out, MODULE_INDENT);
    page_wrap(out, text_str(&all), MODULE_INDENT, MODULE_INDENT);
}

/* A module is told by the first comment of its file ("-- k8s: labels and annotations of an object.") and by its functions. */
static void add_modules(struct text *out)
{
    text_add(out, "\nMODULES (stdlib/lua/README.md has an example of each function)\n");
    for (const struct builtin *b = builtins; b->name != NULL; b++) {
        const char *colon = strchr(b->text, ':'), *end = b->text;
        while (str_starts(end, "-- "))
            end += strcspn(end, "\n") + 1;
        if (!str_starts(b->name, "stdlib/lua/") || end == b->text || colon == NULL || colon > end)
            continue;
        page_item(out, arena_dup(out->a, b->text + 3, (size_t)(colon - b->text) - 3),
                  str_replace(out->a, arena_dup(out->a, colon + 2, (size_t)(end - colon) - 3), "\n-- ", " "), MODULE_INDENT);
        add_functions(out, b->text);
    }
}

/* The interface of hooks is a page of its own behind the field. */
static void add_hooks(struct text *out)
{
    text_char(out, '\n');
    text_add(out, builtin_find("stdlib/hooks.txt")->text);
    add_modules(out);
}

static int explain_field(struct command *c, const char *given)
{
    struct text out = { .a = c->a };
    const char *rest, *nearest, *path = without_numbers(c->a, given);
    const struct field *f = field_path(path, &rest, &nearest);
    if (f == NULL)
        return report_usage(c, nearest, "there is no field '%s'", given);
    if (rest != NULL)
        path = arena_dup(c->a, path, (size_t)(rest - path) - 1);
    struct wanted w = { .path = path };
    page_walk(c->a, match, &w);
    text_join(&out, path, "\n\n  ", NULL);
    page_wrap(&out, f->doc, 2, 2);
    text_char(&out, '\n');
    add_facts(&out, &w.found);
    if (f->type != NULL)
        add_children(&out, f->type);
    if (strcmp(path, "hooks") == 0)
        add_hooks(&out);
    return report_result(c, text_str(&out), out.len);
}

static int explain_all(struct command *c)
{
    struct text out = { .a = c->a };
    text_add(&out, "Fields of a description, language version 1. `gregor explain brokers.storage`\n"
                   "goes deeper; `gregor explain codes` lists the codes of findings.\n");
    add_children(&out, &description_type);
    return report_result(c, text_str(&out), out.len);
}

int command_explain(struct command *c)
{
    if (c->args.len == 0)
        return explain_all(c);
    if (c->args.len > 1)
        return report_usage(c, NULL, "explain takes one field or code");
    const char *what = c->args.at[0];
    if (is_code(what))
        return explain_code(c, what);
    return strcmp(what, "codes") == 0 ? list_codes(c) : explain_field(c, what);
}
