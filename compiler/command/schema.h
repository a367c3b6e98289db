/* schema.h: the JSON Schema (draft-07, EC 2.12) of descriptions, made from the field table.
 *
 * It accepts every description that compiles. It says less than the compiler where layers decide: a preset may give what a
 * file leaves out, so only `gregor`, and the `name` that merges list items, are required; null removes a value, so every
 * other field may be null. No anyOf: a single value written instead of a map is a second type of the same schema. */
#ifndef GREGOR_COMMAND_SCHEMA_H
#define GREGOR_COMMAND_SCHEMA_H

#include "base/tree.h"

/* The whole schema. Owned by `a`. */
struct val schema_make(struct arena *a);

#endif
