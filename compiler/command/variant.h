/* variant.h: a description with one value changed, for `why`. */
#ifndef GREGOR_COMMAND_VARIANT_H
#define GREGOR_COMMAND_VARIANT_H

#include "base/tree.h"
#include "cluster/fields.h"

/* One step down: a key, or an entry of a list when `key` is NULL. */
struct step {
    const char *key;
    uint32_t    i;
};

/* Returns `v` with `leaf` at the end of the steps; nothing removes what is there. Maps that are missing are made. Shares what
 * does not change with `v`. Owned by `a`. */
struct val variant_with(struct arena *a, const struct val *v, const struct step *steps, uint32_t n, struct val leaf);

/* Adds values that could stand in the field instead of the text `s`: other choices, the next number, twice the size. */
void variant_candidates(struct vals *out, const struct field *f, const char *s);

#endif
