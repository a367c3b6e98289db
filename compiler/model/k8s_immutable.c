#include "model/k8s_immutable.h"

#include "base/text.h"

static const struct immutable {
    const char *kind, *path, *except, *advice;
} rows[] = {
#define IMMUTABLE(kind, path, except, advice) { kind, path, except, advice },
#include "model/k8s_immutable.def"
#undef IMMUTABLE
};

/* True when `field` begins with one of the words. */
static bool listed(const char *words, const char *field)
{
    const size_t len = strcspn(field, ".[");
    for (; *words != '\0'; words += strcspn(words, " "), words += *words == ' ')
        if (strcspn(words, " ") == len && memcmp(words, field, len) == 0)
            return true;
    return false;
}

static bool covers(const struct immutable *row, const char *path)
{
    const size_t len = strlen(row->path);
    if (strncmp(path, row->path, len) != 0 || (path[len] != '\0' && path[len] != '.' && path[len] != '['))
        return false;
    return path[len] != '.' || !listed(row->except, path + len + 1);
}

const char *k8s_immutable(const char *kind, const char *path)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].kind, kind) == 0 && covers(&rows[i], path))
            return rows[i].advice;
    return NULL;
}
