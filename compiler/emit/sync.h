/* sync.h: objects for tools that keep a cluster in step with a repository. */
#ifndef GREGOR_EMIT_SYNC_H
#define GREGOR_EMIT_SYNC_H

#include "base/tree.h"

enum { SYNC_ARGOCD = 1, SYNC_FLUX = 2 };

/* Annotates the objects (a sequence) for the tools named by the bits of `sync`: for Argo CD the wave of each, what must not be pruned, and
 * custom resources whose definition may be missing; for Flux what its substitution must leave alone, and what must not be pruned.
 * An annotation that is there stays. */
void emit_sync(struct arena *a, unsigned sync, struct val *objects);

#endif
