/* read.h: the merged description, each value typed by the field table. */
#ifndef GREGOR_CLUSTER_READ_H
#define GREGOR_CLUSTER_READ_H

#include "base/ctx.h"
#include "cluster/fields.h"

/* Returns `root` with every known field typed: numbers, sizes, durations, choices (as their index) as V_INT, booleans,
 * texts, free-form parts checked and typed; short forms written out. Places are kept. What is wrong is reported and becomes
 * V_POISON. `minor` is the Kubernetes version for free-form Kubernetes values. */
struct val read_fields(struct ctx *cx, struct val root, int minor);

/* The Kubernetes minor that the description asks for, or the default when it says none or nonsense. */
int read_minor(struct ctx *cx, struct val root);

#endif
