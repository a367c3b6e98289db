/* presets.h: the presets inside the binary, for the verbs that list, print or complete them. */
#ifndef GREGOR_COMMAND_PRESETS_H
#define GREGOR_COMMAND_PRESETS_H

#include "cluster/description.h"
#include "source/builtin.h"

/* Returns preset number `i` in the order of names, or NULL past the last. */
const struct builtin *preset_at(size_t i);

/* "production"; and its first comment without '#', to its first full stop. Owned by `a`. */
const char *preset_name(struct arena *a, const struct builtin *b);
const char *preset_title(struct arena *a, const struct builtin *b);

/* All names, sorted. Owned by `a`. */
struct strs preset_names(struct arena *a);

/* Returns the preset of that name, or NULL; the nearest name, or NULL. */
const struct builtin *preset_find(struct arena *a, const char *name);
const char *preset_nearest(struct arena *a, const char *name);

#endif
