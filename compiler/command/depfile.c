#include "command/depfile.h"

#include "base/input.h"

#include <stdlib.h>

int depfile_check(struct command *c)
{
    const struct options *o = &c->o;
    const bool named = o->output != NULL && strcmp(o->output, "-") != 0;
    if (o->depfile == NULL && o->depfile_target != NULL)
        return report_usage(c, NULL, "'--depfile-target' needs '--depfile'");
    if (o->depfile == NULL)
        return EXIT_DONE;
    if (strcmp(o->depfile, "-") == 0)
        return report_usage(c, NULL, "'--depfile' needs a file of its own: standard output is for the result");
    if (str_eq(o->depfile, o->output) || str_eq(o->depfile, o->secrets))
        return report_usage(c, NULL, "'--depfile' and '%s' need two files", str_eq(o->depfile, o->output) ? "--output" : "--secrets");
    if (str_eq(o->depfile, o->applyset))
        return report_usage(c, NULL, "'--depfile' and '--applyset' need two files");
    if (!named && o->dir == NULL && o->depfile_target == NULL)
        return report_usage(c, NULL, "'--depfile' tells what a file is made of: give '--output' or '--dir', or name the target of your "
                            "rule with '--depfile-target'");
    return EXIT_DONE;
}

void depfile_keep(const struct ctx *cx, struct text *out)
{
    for (uint32_t i = 0; i < cx->input_count; i++)
        text_bytes(out, cx->inputs[i], strlen(cx->inputs[i]) + 1);
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

/* Blanks need a backslash, and then those before them are doubled; '$' is doubled; before '#' and ':' a backslash does. Nobody agrees on
 * backslashes that stand before one of these on their own account. */
static const char *add_special(const char *name, size_t at, struct text *out)
{
    size_t slashes = 0;
    while (slashes < at && name[at - 1 - slashes] == '\\')
        slashes++;
    if (slashes > 0 && name[at] != ' ')
        return "\\";
    for (; slashes > 0; slashes--)
        text_char(out, '\\');
    text_char(out, name[at] == '$' ? '$' : '\\');
    text_char(out, name[at]);
    return NULL;
}

/* Returns what ends a word or is a pattern for make or for Ninja, and cannot be spelt otherwise; NULL: nothing. */
static const char *unspeakable(const char *name)
{
    const size_t len = strlen(name);
    const char *s = name + strcspn(name, "\"%&'*;<=>?[]^`|");
    for (const char *p = name; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return p;
    if (len == 0 || *name == '~')
        return name;
    return *s != '\0' ? s : strchr("\\:)", name[len - 1]) != NULL ? name + len - 1 : NULL;
}

/* Appends a name as both spell it. Returns NULL, or the character that has no spelling. */
static const char *spell(const char *name, struct text *out)
{
    const char *bad = unspeakable(name);
    for (size_t i = 0; bad == NULL && name[i] != '\0'; i++)
        if (strchr(" #:$", name[i]) != NULL)
            bad = add_special(name, i, out);
        else
            text_char(out, name[i]);
    return bad;
}

static int add_name(struct command *c, const char *name, struct text *out)
{
    const char *bad = spell(name, out);
    return bad == NULL ? EXIT_DONE
                       : report_failure(c, "'--depfile' cannot hold the name '%s': make and Ninja do not both read '%.1s'", name, bad);
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

struct dep { const char *name; uint32_t order; };

static int by_name(const void *a, const void *b)
{
    const struct dep *x = a, *y = b;
    const int names = strcmp(x->name, y->name);
    return names != 0 ? names : x->order < y->order ? -1 : 1;
}

static int by_order(const void *a, const void *b)
{
    return ((const struct dep *)a)->order < ((const struct dep *)b)->order ? -1 : 1;
}

static uint32_t count(const struct fleet_result *r, uint32_t n)
{
    uint32_t names = 0;
    for (uint32_t i = 0; i < n; i++)
        for (size_t at = 0; at < r[i].inputs_len; at += strlen(r[i].inputs + at) + 1)
            names++;
    return names;
}

/* The inputs of `n` results, each once, in the order in which they were first read. */
static struct strs inputs_of(struct arena *a, const struct fleet_result *r, uint32_t n)
{
    struct strs list = { NEWS(a, const char *, count(r, n) + 1), 0 };
    struct dep *all = NEWS(a, struct dep, count(r, n) + 1);
    uint32_t len = 0, kept = 0;
    for (uint32_t i = 0; i < n; i++)
        for (size_t at = 0; at < r[i].inputs_len; at += strlen(r[i].inputs + at) + 1, len++)
            all[len] = (struct dep){ r[i].inputs + at, len };
    qsort(all, len, sizeof *all, by_name);
    for (uint32_t i = 0; i < len; i++)
        if (i == 0 || strcmp(all[i].name, all[kept - 1].name) != 0)
            all[kept++] = all[i];
    qsort(all, kept, sizeof *all, by_order);
    for (; list.len < kept; list.len++)
        list.at[list.len] = all[list.len].name;
    return list;
}

/* ---- the file --------------------------------------------------------------------------------------------------- */

static struct strs targets_of(const struct command *c, const struct fleet_result *r)
{
    struct strs list = { NEWS(c->a, const char *, 3), 0 };
    if (c->o.depfile_target != NULL) {
        list.at[list.len++] = c->o.depfile_target;
        return list;
    }
    list.at[list.len++] = c->o.dir != NULL ? folder_target(c, r->name) : c->o.output;
    if (c->o.secrets != NULL)
        list.at[list.len++] = c->o.dir != NULL ? folder_secrets_target(c, r->name) : c->o.secrets;
    if (c->o.applyset != NULL)
        list.at[list.len++] = c->o.dir != NULL ? folder_applyset_target(c, r->name) : c->o.applyset;
    return list;
}

static int add_rule(struct command *c, struct strs targets, struct strs inputs, struct text *out)
{
    int status = EXIT_DONE;
    for (uint32_t i = 0; i < targets.len && status == EXIT_DONE; i++) {
        text_add(out, i == 0 ? "" : " ");
        status = add_name(c, targets.at[i], out);
    }
    text_char(out, ':');
    for (uint32_t i = 0; i < inputs.len && status == EXIT_DONE; i++) {
        text_add(out, " \\\n  ");
        status = add_name(c, inputs.at[i], out);
    }
    text_char(out, '\n');
    return status;
}

/* Files of their own stand for themselves; what becomes one file, or is one to the caller, has the inputs of all. */
int depfile_make(const struct fleet *f, struct text *out)
{
    struct command *c = f->c;
    const bool each = c->o.dir != NULL && c->o.depfile_target == NULL;
    int status = EXIT_DONE;
    if (c->o.depfile == NULL)
        return EXIT_DONE;
    const struct strs all = inputs_of(c->a, f->results, f->count);
    for (uint32_t i = 0; i < (each ? f->count : 1) && status == EXIT_DONE; i++)
        status = add_rule(c, targets_of(c, &f->results[i]), each ? inputs_of(c->a, &f->results[i], 1) : all, out);
    for (uint32_t i = 0; i < all.len && status == EXIT_DONE; i++) {
        text_add(out, i == 0 ? "\n" : "");
        status = add_rule(c, (struct strs){ &all.at[i], 1 }, (struct strs){ NULL, 0 }, out);
    }
    return status;
}
