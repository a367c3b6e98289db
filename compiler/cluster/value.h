/* value.h: scalars of a description, converted strictly: the whole text or an error, never a guess (REL 2, 5 (24)-(27)).
 *
 * Each returns NULL when `s` is fine, with the value in `out`; else what is wrong and what to write, to stand behind
 * "'path' is '...': ". Owned by `a` or static. */
#ifndef GREGOR_CLUSTER_VALUE_H
#define GREGOR_CLUSTER_VALUE_H

#include "cluster/fields.h"

const char *value_int(struct arena *a, const char *s, int64_t *out);
const char *value_bytes(struct arena *a, const char *s, int64_t *out);    /* 500Gi, 1.5Gi, 10G, 1048576 */
const char *value_cpu(struct arena *a, const char *s, int64_t *out);      /* 2, 0.5, 500m: millicores */
const char *value_duration(struct arena *a, const char *s, int64_t *out); /* 500ms 30s 5m 12h 7d 1h30m: milliseconds */
const char *value_rate(struct arena *a, const char *s, int64_t *out);     /* 10Mi/s: bytes a second */
const char *value_minor(struct arena *a, const char *s, int64_t *out);    /* 1.34, v1.34.2, 1.34.2+vendor: 34 */
const char *value_version(const char *s);                /* 3.9.1, 3.8 */
const char *value_bool(const char *s, bool plain, bool *out);

/* The one of them that a field of that kind is read by (F_INT, F_BYTES, F_CPU, F_MS, F_RATE, F_MINOR). */
const char *value_number(struct arena *a, enum field_kind kind, const char *s, int64_t *out);

/* A number as a user would write it: "8Gi", "500m", "7d", "1.34". Owned by `a`. */
const char *value_show_bytes(struct arena *a, int64_t bytes);
const char *value_show_cpu(struct arena *a, int64_t millicores);
const char *value_show_duration(struct arena *a, int64_t ms);
const char *value_show(struct arena *a, enum field_kind kind, int64_t n); /* of a field of that kind */

#endif
