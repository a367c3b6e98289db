#include "cluster/cluster.h"

#include <stdio.h>
#include <stdlib.h>

/* Steps into a list by number ("[2]"). */
static const struct val *item_at(const struct val *v, const char **path)
{
    char *end;
    const unsigned long i = strtoul(*path + 1, &end, 10);
    *path = *end == ']' ? end + 1 : end;
    return v->kind == V_SEQ && i < v->len ? &v->seq[i] : NULL;
}

/* Follows `path`; `at` becomes the place of the last value that was found. Below a map whose keys hold dots (config, labels)
 * all that is left of the path is one key. */
static const struct val *follow(const struct val *v, const char *path, struct pos *at)
{
    *at = v->at;
    while (v != NULL && *path != '\0') {
        if (*path == '.') {
            path++;
        } else if (*path == '[') {
            v = item_at(v, &path);
        } else {
            const struct val *whole = tree_get(v, path);
            char key[128];
            const size_t len = strcspn(path, ".[");
            snprintf(key, sizeof key, "%.*s", (int)len, path);
            path += whole != NULL ? strlen(path) : len;
            v = whole != NULL ? whole : tree_get(v, key);
        }
        if (v != NULL && v->at.line > 0)
            *at = v->at;
    }
    return v;
}

static const struct val *look_up(const struct description *d, const char *fmt, va_list ap, struct pos *at)
{
    char path[512];
    vsnprintf(path, sizeof path, fmt, ap);
    return follow(d->root, path, at);
}

struct pos place(const struct description *d, const char *fmt, ...)
{
    struct pos at;
    va_list ap;
    va_start(ap, fmt);
    look_up(d, fmt, ap, &at);
    va_end(ap);
    return at;
}

bool written(const struct description *d, const char *fmt, ...)
{
    struct pos at;
    va_list ap;
    va_start(ap, fmt);
    const struct val *v = look_up(d, fmt, ap, &at);
    va_end(ap);
    return v != NULL;
}
