#include "command/address.h"

#include "base/text.h"

#include <stdlib.h>
#include <strings.h>

#define LETTERS    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-."

bool address_is_object(const char *s)
{
    const size_t kind = strspn(s, LETTERS);
    return kind > 0 && s[kind] == '/' && s[kind + 1] != '\0' && strspn(s + kind + 1, NAME_CHARS) == strlen(s + kind + 1);
}

const char *address_of(struct arena *a, const struct val *object)
{
    const char *kind = tree_str(object, "kind"), *name = tree_str(tree_get(object, "metadata"), "name");
    return str_join(a, kind == NULL ? "" : kind, "/", name == NULL ? "" : name, NULL);
}

static bool has_kind(const struct val *object, const char *address)
{
    const char *kind = tree_str(object, "kind");
    const size_t len = strcspn(address, "/");
    return kind != NULL && strlen(kind) == len && strncasecmp(kind, address, len) == 0;
}

const struct val *address_object(struct arena *a, const struct val *objects, const char *address, uint32_t *place)
{
    *place = 0;
    for (uint32_t i = 0; i < objects->len; i++) {
        if (!has_kind(&objects->seq[i], address))
            continue;
        if (strcasecmp(address_of(a, &objects->seq[i]), address) == 0)
            return &objects->seq[i];
        ++*place;
    }
    return NULL;
}

const struct val *address_nth(const struct val *objects, const char *address, uint32_t place)
{
    for (uint32_t i = 0; i < objects->len; i++)
        if (has_kind(&objects->seq[i], address) && place-- == 0)
            return &objects->seq[i];
    return NULL;
}

uint32_t address_count(const struct val *objects, const char *address)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < objects->len; i++)
        n += has_kind(&objects->seq[i], address);
    return n;
}

/* "[0]" or "[name=kafka]" at *path. Moves behind it and the dot that may follow. */
static const struct val *item_at(const struct val *v, const char **path)
{
    const char *s = *path + 1, *end = strchr(s, ']'), *equals = strchr(s, '=');
    if (v->kind != V_SEQ || end == NULL)
        return NULL;
    *path = end + 1 + (end[1] == '.');
    if (equals == NULL || equals > end) {
        char *stop;
        const unsigned long i = strtoul(s, &stop, 10);
        return stop == end && stop != s && i < v->len ? &v->seq[i] : NULL;
    }
    for (uint32_t i = 0; i < v->len; i++)
        for (uint32_t k = 0; v->seq[i].kind == V_MAP && k < v->seq[i].len; k++) {
            const struct pair *p = &v->seq[i].map[k];
            if (p->v.kind == V_STR && strlen(p->key) == (size_t)(equals - s) && strncmp(p->key, s, strlen(p->key)) == 0
                && p->v.len == (size_t)(end - equals - 1) && memcmp(p->v.s, equals + 1, p->v.len) == 0)
                return &v->seq[i];
        }
    return NULL;
}

/* The longest key that the path begins with: "server.properties" before "server". */
static const struct val *entry_at(const struct val *v, const char **path)
{
    const struct pair *best = NULL;
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++) {
        const size_t len = strlen(v->map[i].key);
        const bool fits = len > 0 && strncmp(*path, v->map[i].key, len) == 0 && strchr(".[", (*path)[len]) != NULL;
        if (fits && (best == NULL || len > strlen(best->key)))
            best = &v->map[i];
    }
    if (best == NULL)
        return NULL;
    *path += strlen(best->key);
    *path += **path == '.';
    return &best->v;
}

/* The value of a key in a properties file. */
static struct val line_at(const struct val *v, const char *key)
{
    const size_t len = strlen(key);
    for (const char *s = v->s; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n')
        if (strncmp(s, key, len) == 0 && s[len] == '=')
            return t_strn(s + len + 1, strcspn(s + len + 1, "\n"));
    return t_none();
}

struct val address_value(const struct val *v, const char *path, const char **failed, const struct val **at)
{
    while (*path != '\0') {
        *failed = path;
        *at     = v;
        if (v->kind == V_STR)
            return line_at(v, path);
        v = *path == '[' ? item_at(v, &path) : entry_at(v, &path);
        if (v == NULL)
            return t_none();
    }
    return *v;
}
