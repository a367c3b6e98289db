/* stack.h: the layers of one compilation, read and laid over each other (design 3):
 * presets in order < the description < overlay files < --set. */
#ifndef GREGOR_SOURCE_STACK_H
#define GREGOR_SOURCE_STACK_H

#include "source/layers.h"

/* What lies in the stack. Lists end with NULL and may be NULL. `text` is used instead of reading `path` when not NULL. */
struct stack {
    const char  *path, *text;
    size_t       len;
    const struct val *value;   /* read already: used instead of `path` and `text` when not NULL */
    const char **presets, **overlays, **sets;
    layers_path_fn resolve; /* what the field table knows of a path */
    struct val (*expand)(struct arena *a, struct val layer); /* writes short forms out, before layers meet */
};

/* Reads and merges everything; nulls are gone from `root`. Presets lose the keys that only a description can decide: `name`,
 * `namespace` and `kafka.version`. Returns false when something was reported; all files are read all the same. */
bool stack_read(struct ctx *cx, const struct stack *s, struct val *root);

#endif
