/* variant.h: values that could stand in place of another, for `why`. */
#ifndef GREGOR_COMMAND_VARIANT_H
#define GREGOR_COMMAND_VARIANT_H

#include "base/tree.h"
#include "cluster/fields.h"

/* Adds values that could stand in the field instead of the text `s`: other choices, the next number, twice the size. */
void variant_candidates(struct vals *out, const struct field *f, const char *s);

#endif
