#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

static const struct k8s_kind *find_kind(const char *kind)
{
    unsigned low = 0, high = k8s_kind_count;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        const int order = strcmp(kind, k8s_kinds[middle].kind);
        if (order == 0)
            return &k8s_kinds[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Every kind of the table is served by all minors it covers; the alpha and beta versions ended before 1.25. */
const struct k8s_type *k8s_kind(const char *api_version, const char *kind, int minor)
{
    const struct k8s_kind *k = find_kind(kind);
    if (k == NULL || strcmp(k->api_version, api_version) != 0 || minor < KUBERNETES_OLDEST)
        return NULL;
    return &k8s_types[k->type];
}

const char *k8s_api_version(const char *kind)
{
    const struct k8s_kind *k = find_kind(kind);
    return k == NULL ? NULL : k->api_version;
}

bool k8s_namespaced(const struct k8s_type *type)
{
    return type->kind != NULL && type->kind->namespaced;
}

static const char *kind_name(const void *list, size_t i)
{
    (void)list;
    return i < k8s_kind_count ? k8s_kinds[i].kind : NULL;
}

const char *k8s_nearest_kind(const char *kind)
{
    return str_nearest(kind, kind_name, NULL);
}

const struct k8s_type *k8s_type(const char *name)
{
    unsigned low = 0, high = k8s_type_count;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        const int order = strcmp(name, k8s_types[middle].name);
        if (order == 0)
            return &k8s_types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct k8s_row *k8s_find_row(const struct k8s_type *t, const char *name)
{
    const size_t len = strlen(name);
    if (len == 0 || len > 255 || t->count == 0)
        return NULL;
    const uint8_t slot = t->slots[(k8s_mix(name, (uint32_t)len) * t->factor) >> t->shift];
    if (slot == 255)
        return NULL;
    const struct k8s_row *r = &t->rows[slot];
    return r->len == len && memcmp(r->name, name, len) == 0 ? r : NULL;
}

bool k8s_field(const struct k8s_type *type, const char *name, struct k8s_field *out)
{
    const struct k8s_row *r = k8s_find_row(type, name);
    if (r == NULL)
        return false;
    *out = (struct k8s_field){ .name = r->name, .list_key = r->merge, .type = &k8s_types[r->type], .shape = r->shape,
                               .since = r->since, .last = r->last };
    return true;
}
