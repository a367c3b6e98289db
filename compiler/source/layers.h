/* layers.h: values laid over each other (design 3): base < presets < the description < overlay files < --set.
 *
 * Maps merge key by key; lists of things with a `name` merge by name; other lists and scalars replace; null removes.
 * The order is that of the lower layer, what is new comes behind. Every value, and every key, keeps the place of the
 * topmost layer that wrote it. Nothing here knows a field of the description. */
#ifndef GREGOR_SOURCE_LAYERS_H
#define GREGOR_SOURCE_LAYERS_H

#include "base/ctx.h"

/* Returns `above` laid over `below`; either may be V_NONE. Shares what did not change. */
struct val layers_merge(struct ctx *cx, struct val below, struct val above);

/* Drops the nulls that removed nothing from all maps. To be called once, after the last layer. A null in a list stays:
 * it is a missing item, which the field table reports. One that is marked VF_KEPT removes nothing here and stays too. */
struct val layers_finish(struct ctx *cx, struct val v);

/* What the field table says of a path. */
enum layers_kind {
    LAYERS_UNKNOWN, /* no such field */
    LAYERS_VALUE,   /* a value that is taken whole: nothing inside can be named */
    LAYERS_MAP,     /* a map of known fields */
    LAYERS_LIST,    /* a list of maps of known fields: the next step is a name or a number */
    LAYERS_FREE,    /* a map of free keys to texts: the rest of the path is one key ("num.partitions") */
    LAYERS_ANY      /* a value of any shape: each step is a key, or a name or number where a list stands */
};

/* Tells what stands at `path`: steps joined by dots, without the names and numbers of list items ("listeners.port"). For
 * LAYERS_UNKNOWN `*nearest` may become a field name close to the last step; for LAYERS_MAP it becomes the field that a single
 * value in place of the map means, or NULL. Asked for each step from the top. */
typedef enum layers_kind (*layers_path_fn)(const char *path, const char **nearest);

/* Lays the value of `assignment` ("path=value", as after --set) over `*root`, a V_MAP or V_NONE. The value is YAML of one
 * line ("[a, b]" is a list, "null" removes). A step with a dot inside is written in double quotes; an item of a list is
 * found by its name (the longest that fits, dots included) or its number from 0. The text becomes the file "--set" of
 * `cx`, and what it sets stands there. `assignment` must outlive the compilation. `resolve` NULL: all is LAYERS_ANY.
 * Returns false when something was reported; `*root` is then as before. */
bool layers_set(struct ctx *cx, struct val *root, const char *assignment, layers_path_fn resolve);

#endif
