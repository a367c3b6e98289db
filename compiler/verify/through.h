/* through.h: texts that a tool between the manifests and the cluster would replace (EC 2.4 to 2.7). */
#ifndef GREGOR_VERIFY_THROUGH_H
#define GREGOR_VERIFY_THROUGH_H

#include "base/ctx.h"
#include "base/tree.h"

/* Tools by number; `ctx.through` holds a bit for each. */
enum {
#define TOOL(id, name, who, annotation, find, spares, hint) id,
#include "verify/through.def"
#undef TOOL
    THROUGH_TOOLS
};

/* One blank before each name: " flux openshift ...". */
#define TOOL(id, name, who, annotation, find, spares, hint) " " name
static const char through_choices[] =
#include "verify/through.def"
;
#undef TOOL

/* Reports what the tools of `cx->through` would replace in the objects (a sequence), and those whose annotation an object bears: each
 * text that somebody wrote where it stands, those of ours once for each tool. These are warnings. */
void through_check(struct ctx *cx, const struct val *objects);

#endif
