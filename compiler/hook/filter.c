/* Which objects a function wants to see. */
#include "hook/state.h"

/* `*` stands for any characters. */
static bool glob(const char *pattern, const char *s)
{
    const char *star = NULL, *from = NULL;
    while (*s != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            from = s;
        } else if (*pattern == *s) {
            pattern++;
            s++;
        } else if (star != NULL) {
            pattern = star + 1;
            s = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool kind_matches(const struct filter *f, const char *kind)
{
    if (f->kinds == NULL)
        return true;
    for (const char **k = f->kinds; *k != NULL; k++)
        if (str_eq(*k, kind))
            return true;
    return false;
}

bool filter_matches(const struct filter *f, const struct val *o)
{
    if (!kind_matches(f, tree_str(o, "kind")))
        return false;
    if (f->name == NULL && f->component == NULL)
        return true;
    const struct val *meta = tree_get(o, "metadata");
    const char *name = tree_str(meta, "name");
    if (f->name != NULL && (name == NULL || !glob(f->name, name)))
        return false;
    return f->component == NULL || str_eq(f->component, tree_str(tree_get(meta, "labels"), "app.kubernetes.io/component"));
}
