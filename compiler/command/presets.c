#include "command/presets.h"

#include "command/page.h"
#include "command/report.h"

#define FOLDER "presets/"
#define SUFFIX ".yaml"

const struct builtin *preset_at(size_t i)
{
    for (const struct builtin *b = builtins; b->name != NULL; b++)
        if (str_starts(b->name, FOLDER) && str_ends(b->name, SUFFIX) && i-- == 0)
            return b;
    return NULL;
}

const char *preset_name(struct arena *a, const struct builtin *b)
{
    return arena_dup(a, b->name + strlen(FOLDER), strlen(b->name) - strlen(FOLDER) - strlen(SUFFIX));
}

/* The first comment is a paragraph; its first sentence tells for whom the preset is. It may begin with the name. */
const char *preset_title(struct arena *a, const struct builtin *b)
{
    struct text t = { .a = a };
    const char *s = b->text, *name = str_join(a, preset_name(a, b), ": ", NULL);
    for (; *s == '#'; s += *s == '\n') {
        const size_t marks = strspn(s, "# "), len = strcspn(s + marks, "\n");
        text_add(&t, t.len > 0 ? " " : "");
        text_bytes(&t, s + marks, len);
        s += marks + len;
    }
    const char *title = text_str(&t), *end = strstr(title, ". ");
    title += str_starts(title, name) ? strlen(name) : 0;
    return end == NULL || end < title ? title : arena_dup(a, title, (size_t)(end - title) + 1);
}

struct strs preset_names(struct arena *a)
{
    struct strs list = { NULL, 0 };
    uint32_t n = 0;
    while (preset_at(n) != NULL)
        n++;
    list.at = NEWS(a, const char *, n + 1);
    for (; list.len < n; list.len++)
        list.at[list.len] = preset_name(a, preset_at(list.len));
    return list;
}

const struct builtin *preset_find(struct arena *a, const char *name)
{
    return builtin_find(str_join(a, FOLDER, name, SUFFIX, NULL));
}

static const char *name_at(const void *list, size_t i)
{
    return i < ((const struct strs *)list)->len ? ((const struct strs *)list)->at[i] : NULL;
}

const char *preset_nearest(struct arena *a, const char *name)
{
    const struct strs list = preset_names(a);
    return str_nearest(name, name_at, &list);
}

static int list_all(struct command *c)
{
    struct text out = { .a = c->a };
    const struct builtin *b;
    for (size_t i = 0; (b = preset_at(i)) != NULL; i++)
        page_item(&out, preset_name(c->a, b), preset_title(c->a, b), 15);
    return report_result(c, text_str(&out), out.len);
}

int command_presets(struct command *c)
{
    if (c->args.len == 0)
        return list_all(c);
    if (c->args.len > 1)
        return report_usage(c, NULL, "presets prints one preset at a time");
    const char *name = c->args.at[0];
    const struct builtin *b = preset_find(c->a, name);
    if (b == NULL)
        return report_usage(c, preset_nearest(c->a, name), "there is no preset '%s'", name);
    return report_result(c, b->text, b->len);
}
