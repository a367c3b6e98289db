/* verify.h: what leaves is what the API server accepts: the last stage before printing, also after hooks (design 4).
 *
 * Runs on every build: no allocation but one table while all is well. Findings stand at the value that somebody wrote;
 * an object that is wrong without anybody's doing is a fault of gregor (E_INTERNAL_OBJECT). A hook puts its own place
 * into `at` of the object it has changed. */
#ifndef GREGOR_VERIFY_VERIFY_H
#define GREGOR_VERIFY_VERIFY_H

#include "hook/hook.h"

/* Checks every object by the schema and rules of its kind for `minor` (34 is 1.34), its namespace, that none stands
 * twice, that what a workload names by a name of ours (one that starts with `cluster`; NULL: none does) is here, and
 * PodSecurity "restricted" on every pod. Secrets are not missed: they come from gregor pki, an issuer or the site. `h` (may be
 * NULL) knows what hooks took away.
 * Returns false when an error was reported. */
bool verify_objects(struct ctx *cx, int minor, const char *cluster, const struct val *objects, uint32_t n, const struct hooks *h);

/* Refuses a ConfigMap or Secret of ours that the API server would not take, at `at`, and returns false then; one with a place of its own is
 * left to verify_objects(). Warns of objects that client-side `kubectl apply` cannot apply, because its copy of them is too large for an
 * annotation; at their own place, else at `at`; silent when cx->uncopied. */
bool verify_sizes(struct ctx *cx, struct pos at, const struct val *objects, uint32_t n);

/* Returns the pod (its spec) that an object of that kind makes and the path to it, or NULL. Of any shape where nothing has checked the object. */
const struct val *objects_pod(const struct val *object, const char *kind, const char **path);

#endif
