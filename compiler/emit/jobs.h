/* jobs.h: what the Jobs with Kafka's tools have in common (jobs.c). They run a script of stdlib/admin as `bash`, with the image, user and
 * certificate of brokers. */
#ifndef GREGOR_EMIT_JOBS_H
#define GREGOR_EMIT_JOBS_H

#include "emit/emit.h"

#define JOB_COMMON   "common.sh"   /* what the scripts share */
#define JOB_SETTINGS "settings.sh" /* what the plan gives them */

/* Volumes of a pod and their mounts, beside the ConfigMap and /tmp, which all have. */
struct job_files { struct val volumes, mounts; };

/* The text of stdlib/admin/<name>. */
struct val jobs_script(struct arena *a, const char *name);

/* Adds a node's password, where the settings of nodes look for it. */
void jobs_add_password(struct arena *a, const struct secret_ref *from, struct vals *volumes, struct vals *mounts);

/* The spec of the Job; `deadline` in seconds, 0: it waits as long as it takes. */
struct val jobs_spec(struct arena *a, const struct plan *p, const struct job_plan *j, const char *script, int64_t deadline,
                     const struct job_files *files);

/* The Job. It cannot be changed, so its name holds a checksum of all that it does, its ConfigMap's data among it: applied again, an
 * unchanged description changes nothing, and a changed one runs anew. */
struct val jobs_object(struct arena *a, const struct plan *p, const struct job_plan *j, const struct val *data, const struct val *spec);

#endif
