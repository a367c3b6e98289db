/* objects.h: the objects of one verification, findable by kind and name; and how its parts report. Private to verify. */
#ifndef GREGOR_VERIFY_OBJECTS_H
#define GREGOR_VERIFY_OBJECTS_H

#include "verify/verify.h"

struct entry {
    const char       *api_version, *kind, *space, *name; /* `space`: "" without a namespace */
    const struct val *object;                            /* NULL: the slot is free */
};

struct objects {
    struct entry *slots; /* open addressing, a power of two */
    uint32_t      size;
};

/* What identifies an object; what is missing is NULL, a missing namespace "". */
struct head {
    const char       *api_version, *kind, *space, *name;
    const struct val *metadata;
};

/* One verification and the object it is at. */
struct verifier {
    struct ctx          *cx;
    int                  minor;
    const char          *cluster; /* NULL: no name is ours */
    struct objects       all;
    const struct hooks  *hooks;   /* may be NULL */
    const struct val    *object;
    bool                 failed;
};

struct head objects_head(const struct val *object);

/* Makes room for `n` entries. Owned by `a`. */
struct objects objects_make(struct arena *a, uint32_t n);

/* Adds an entry; returns the one of the same kind, namespace and name that stands there already, or NULL. */
const struct entry *objects_add(struct objects *all, struct entry e);

/* Returns the object, or NULL. For a Secret also what will make it (Certificate, ExternalSecret, SealedSecret). */
const struct val *objects_find(const struct objects *all, const char *kind, const char *space, const char *name);

/* Where somebody wrote the object, or what lies over the template of its pods: that may remove what we rely on. Line 0: nobody did. */
struct pos objects_place(const struct val *object);

/* Reports "Kind/name: ..." at the place of `v`, else of the object, else as a fault of gregor. What has been
 * said of that place is not said again: the same fragment may be in many objects. Returns NULL then. */
struct diag *objects_report(struct verifier *vf, enum code code, const struct val *v, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The other rules of a set (policy.c, references.c, secrets.c, expansion.c). */
void policy_check(struct verifier *vf, const struct val *pod, const char *path);
void secrets_check(struct verifier *vf, const char *kind);
void references_check(struct verifier *vf, const struct val *pod, const char *path);
void expansion_check(struct verifier *vf, const struct val *pod);

#endif
