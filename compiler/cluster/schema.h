/* schema.h: the libcyaml schema of the description, built out of the field table. */
#ifndef GREGOR_CLUSTER_SCHEMA_H
#define GREGOR_CLUSTER_SCHEMA_H

#include "base/arena.h"

struct description;

/* Loads the canonical document (plain numbers in stored units, choices as their index, no free-form parts) into a new
 * struct in `a`. Returns NULL when libcyaml refuses it, which the reader before it must have ruled out.
 * Out of memory jumps to a->out, after libcyaml has released what it held. */
struct description *schema_load(struct arena *a, const char *text, size_t len);

#endif
