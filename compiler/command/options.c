#include "command/report.h"

#include <unistd.h>

/* What is left of argv, and whether "--" ended the options. */
struct line {
    struct command *c;
    char          **next;
    bool            ended;
    bool            given[64]; /* by row of options[] */
};

static void *slot(struct command *c, const struct option_row *o)
{
    return (char *)&c->o + o->offset;
}

static const char *choice_at(const void *list, size_t i)
{
    return i < ((const struct strs *)list)->len ? ((const struct strs *)list)->at[i] : NULL;
}

static struct strs words(struct arena *a, const char *s)
{
    struct strs list = { NEWS(a, const char *, strlen(s) / 2 + 2), 0 };
    while (*s != '\0') {
        const size_t len = strcspn(s, " ");
        list.at[list.len++] = arena_dup(a, s, len);
        s += len + (s[len] == ' ');
    }
    return list;
}

static int set_choice(struct command *c, const struct option_row *o, const char *value)
{
    const struct strs list = words(c->a, o->choices);
    for (uint32_t i = 0; i < list.len; i++)
        if (strcmp(list.at[i], value) == 0) {
            if (o->kind == OPT_SET)
                *(unsigned *)slot(c, o) |= 1u << i;
            else
                *(int *)slot(c, o) = o->first + (int)i;
            return EXIT_DONE;
        }
    return report_usage(c, str_nearest(value, choice_at, &list), "option '--%s' is one of %s, not '%s'", o->name,
                        str_replace(c->a, o->choices, " ", ", "), value);
}

static int set_number(struct command *c, const struct option_row *o, const char *value)
{
    int64_t n = 0;
    const char *p = value;
    for (; *p >= '0' && *p <= '9' && n <= o->first; p++)
        n = n * 10 + (*p - '0');
    if (p == value || *p != '\0' || n > o->first)
        return report_usage(c, NULL, "option '--%s' is a number from 0 to %d, not '%s'", o->name, o->first, value);
    *(int64_t *)slot(c, o) = n;
    return EXIT_DONE;
}

static int set_value(struct command *c, const struct option_row *o, const char *value)
{
    struct strs *list = slot(c, o);
    switch (o->kind) {
    case OPT_FLAG:   *(bool *)slot(c, o) = true; return EXIT_DONE;
    case OPT_TEXT:   *(const char **)slot(c, o) = value; return EXIT_DONE;
    case OPT_LIST:   list->at[list->len++] = value; return EXIT_DONE;
    case OPT_NUMBER: return set_number(c, o, value);
    default:         return set_choice(c, o, value);
    }
}

static const char *long_at(const void *list, size_t i)
{
    return ((const struct option_row *)list)[i].name;
}

static int take(struct line *l, const struct option_row *o, const char *value)
{
    l->given[o - options] = true;
    if (o->arg == NULL || value != NULL)
        return set_value(l->c, o, value);
    if (*l->next == NULL)
        return report_usage(l->c, NULL, "option '--%s' needs %s", o->name, o->arg);
    return set_value(l->c, o, *l->next++);
}

static int take_long(struct line *l, const char *arg)
{
    const size_t len = strcspn(arg, "=");
    const char *value = arg[len] == '=' ? arg + len + 1 : NULL;
    for (const struct option_row *o = options; o->name != NULL; o++) {
        if (strlen(o->name) != len || memcmp(o->name, arg, len) != 0)
            continue;
        if (o->arg == NULL && value != NULL)
            return report_usage(l->c, NULL, "option '--%s' takes no value", o->name);
        return take(l, o, value);
    }
    const char *name = arena_dup(l->c->a, arg, len), *near = str_nearest(name, long_at, options);
    return report_usage(l->c, near == NULL ? NULL : str_join(l->c->a, "--", near, NULL), "unknown option '--%s'", name);
}

/* -q, -j4, -j 4, -qj4: letters without an argument may stand together. */
static int take_letters(struct line *l, const char *arg)
{
    int status = EXIT_DONE;
    while (*arg != '\0' && status == EXIT_DONE) {
        const struct option_row *o = options;
        while (o->name != NULL && o->letter != *arg)
            o++;
        if (o->name == NULL)
            return report_usage(l->c, NULL, "unknown option '-%c'", *arg);
        arg++;
        if (o->arg != NULL)
            return take(l, o, *arg != '\0' ? arg : NULL);
        status = take(l, o, NULL);
    }
    return status;
}

static int take_one(struct line *l)
{
    const char *arg = *l->next++;
    if (!l->ended && strcmp(arg, "--") == 0) {
        l->ended = true;
        return EXIT_DONE;
    }
    if (!l->ended && str_starts(arg, "--"))
        return take_long(l, arg + 2);
    if (!l->ended && arg[0] == '-' && arg[1] != '\0')
        return take_letters(l, arg + 1);
    l->c->args.at[l->c->args.len++] = arg;
    return EXIT_DONE;
}

static const char *verb_at(const void *list, size_t i)
{
    return ((const struct verb *)list)[i].name;
}

static bool is_file(const char *s)
{
    return strcmp(s, "-") == 0 || strpbrk(s, "./") != NULL || access(s, F_OK) == 0;
}

/* The first word is the verb; a file in its place means build. */
static int choose_verb(struct command *c)
{
    if (c->args.len == 0)
        return EXIT_DONE;
    c->verb = verb_find(c->args.at[0]);
    if (c->verb != NULL) {
        c->args.at++;
        c->args.len--;
        return EXIT_DONE;
    }
    if (!is_file(c->args.at[0]))
        return report_usage(c, str_nearest(c->args.at[0], verb_at, verbs), "'%s' is neither a verb nor a file",
                            c->args.at[0]);
    c->verb = verb_find("build");
    return EXIT_DONE;
}

static int refuse_strangers(const struct line *l)
{
    for (const struct option_row *o = options; o->name != NULL; o++)
        if (l->given[o - options] && l->c->verb != NULL && !(o->verbs & l->c->verb->bit))
            return report_usage(l->c, NULL, "'%s' takes no option '--%s'", l->c->verb->name, o->name);
    return EXIT_DONE;
}

static bool judges_dates(const struct verb *v)
{
    const struct option_row *o = options;
    while (v != NULL && o->name != NULL && strcmp(o->name, "now") != 0)
        o++;
    return v != NULL && (o->verbs & v->bit) != 0;
}

int options_parse(struct command *c, int argc, char **argv)
{
    struct line l = { .c = c, .next = argv + (argc > 0) };
    const size_t room = (size_t)argc + 1;
    c->args = (struct strs){ NEWS(c->a, const char *, room), 0 };
    for (const struct option_row *o = options; o->name != NULL; o++)
        if (o->kind == OPT_LIST)
            *(struct strs *)slot(c, o) = (struct strs){ NEWS(c->a, const char *, room), 0 };
    int status = EXIT_DONE;
    while (status == EXIT_DONE && *l.next != NULL)
        status = take_one(&l);
    if (status == EXIT_DONE)
        status = choose_verb(c);
    if (status == EXIT_DONE)
        status = refuse_strangers(&l);
    return status == EXIT_DONE && judges_dates(c->verb) ? clock_read(c) : status;
}
