#include "cluster/cluster.h"

#include "cluster/fields.h"

static enum layers_kind kind_of(const struct field *f)
{
    switch (f->kind) {
    case F_OBJECT:  return LAYERS_MAP;
    case F_OBJECTS: return LAYERS_LIST;
    case F_CONFIG: case F_LABELS: case F_TEXTS: return LAYERS_FREE;
    case F_VALUES: case F_K8S: case F_K8S_LIST: case F_INCLUDE: return LAYERS_ANY;
    default:        return LAYERS_VALUE;
    }
}

enum layers_kind resolve_path(const char *path, const char **nearest)
{
    const char *rest;
    const struct field *f = field_path(path, &rest, nearest);
    if (f != NULL && f->kind == F_OBJECT)
        *nearest = f->type->short_for;
    return f == NULL ? LAYERS_UNKNOWN : kind_of(f);
}
