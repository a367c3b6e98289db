/* secrets.h: private files -> Secrets. They leave through a door of their own (`gregor build --secrets`), apart from all other
 * objects; without it nobody opens a private file. Nothing here puts what a file holds into a finding. */
#ifndef GREGOR_EMIT_SECRETS_H
#define GREGOR_EMIT_SECRETS_H

#include "emit/emit.h"

/* The Secrets of a cluster while they are collected. */
struct secrets {
    struct ctx        *cx;
    const struct plan *p;
    struct vals        out;
};

/* What a private file holds. */
struct secret_bytes {
    const char *p;   /* NUL-terminated; NULL: it could not be read, which has been reported */
    size_t      len;
};

/* When private files may be read (cx->secrets), makes all Secrets of the cluster, sorted by name; else none. Returns false when
 * something was reported as an error. */
bool secrets_emit(struct ctx *cx, const struct plan *p, struct val *secrets);

/* Reads a private file of at most `max` bytes: `path` is relative and below the folder of the description. What is wrong is
 * reported at `at`, the field that names it; `make` is the command that makes such files ("gregor users"). */
struct secret_bytes secrets_read(struct secrets *s, const char *path, size_t max, struct pos at, const char *make);

/* Adds the Secret `name` with these entries: V_STR values of any bytes, which are encoded here. Without an entry that is not
 * "nothing" there is no Secret. `labels` as for any object. A second Secret of that name is reported at `at`, the field that asks
 * for it. */
void secrets_add(struct secrets *s, const char *name, const char *type, struct val labels, struct val entries, struct pos at);

/* The parts: each adds the Secrets of one subject, in the table of secrets.c. */
typedef void secrets_part(struct secrets *s);
secrets_part secrets_zookeeper; /* secrets_zookeeper.c: the login of brokers at ZooKeeper */
secrets_part secrets_tls;       /* secrets_tls.c: certificates of `gregor pki` */
secrets_part secrets_users;     /* secrets_users.c: passwords, and what brokers and clients need of them */

#endif
