/* manifests.h: Kubernetes objects as they stand in files: what was rendered before, by us or by somebody else. */
#ifndef GREGOR_COMMAND_MANIFESTS_H
#define GREGOR_COMMAND_MANIFESTS_H

#include "base/ctx.h"

#include <stddef.h>

#define MANIFESTS_MAX_BYTES ((size_t)64 << 20) /* of one file */

/* Reads all documents of a file ("-": standard input), or of the files *.yaml, *.yml and *.json of a folder and of those right below it,
 * in the order of their names; hidden ones are left out. A List counts as its items. Scalars stay text (source.h). Returns false
 * after adding a finding. */
bool manifests_read(struct ctx *cx, const char *path, struct val *objects);

/* Reads the manifests of a cluster: all of a file, but of a folder, which may hold a fleet, what `gregor build -d` wrote for the cluster of
 * that name: one file or a folder of them, perhaps nothing. */
bool manifests_of(struct ctx *cx, const char *path, const char *name, struct val *objects);

/* Reads the documents of a text: the same for objects that are no file. */
bool manifests_parse(struct ctx *cx, const char *name, const char *text, size_t len, struct vals *objects);

#endif
