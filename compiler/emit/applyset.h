/* applyset.h: the parent of an ApplySet: the object that names what belongs together, for `kubectl apply --prune --applyset` (KEP-3659). */
#ifndef GREGOR_EMIT_APPLYSET_H
#define GREGOR_EMIT_APPLYSET_H

#include "emit/emit.h"

/* Returns a sequence: the Namespace of the cluster, when it stands among the objects, and the parent, a ConfigMap NAME-applyset with the
 * labels and annotations that kubectl itself would give it. Its members are not touched: kubectl labels them. The parent must not be
 * applied with them: it would be a member of itself, and be pruned. */
struct val applyset_emit(struct arena *a, const struct plan *p, const struct val *objects, const struct val *secrets);

#endif
