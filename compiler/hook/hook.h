/* hook.h: the site's Lua (design 8). Hooks see the merged description before it is checked, and the objects before they are
 * verified; both as proxies over our own trees, so that what a hook does not touch is neither copied nor changed.
 *
 * Bounded and deterministic (EC 2.15, REL 4): own environment without anything of the machine, sorted iteration, limits on
 * steps, memory, patterns, output and time. Everything, the Lua state included, lives in the arena of the compilation: nothing is
 * closed, and whoever leaves by a jump leaves nothing behind. Values that a hook writes carry the line that wrote them. */
#ifndef GREGOR_HOOK_HOOK_H
#define GREGOR_HOOK_HOOK_H

#include "plan/plan.h"

/* The hooks of one compilation; NULL: there are none. */
struct hooks;

/* Loads the files of the description's `hooks` (below its folder) and then those of cx->hooks, in this order. Returns false when
 * something was reported. */
bool hook_open(struct ctx *cx, const struct val *root, struct hooks **out);

/* Runs the point `description` of each hook on the merged values. Returns false when something was reported. */
bool hook_description(struct hooks *h, struct val *root);

/* True when a hook has such a point: what it wrote may be in any object. `h` may be NULL. */
bool hook_describes(const struct hooks *h);

/* Runs the points `object` and `objects`, hook by hook; what a hook adds is put where its kind and name belong. An object that
 * was changed carries the line of the change. What they change in ConfigMaps changes the checksums of pods that read it, in the objects
 * and in the workloads of the plan. `p` is NULL for objects of others: `plan` then holds an empty `site`, and no more than `root` does. Returns
 * false when an error stands. */
bool hook_objects(struct hooks *h, const struct plan *p, struct val *objects);

/* The line that dropped or renamed that object, or NULL. `h` may be NULL, and `space`: any namespace. */
const struct pos *hook_gone(const struct hooks *h, const char *kind, const char *space, const char *name, bool *renamed);

#endif
