/* store.h: the folder of `gregor pki`: an authority (ca.key, ca.crt) and what it signed (NAME.key, NAME.crt).
 *
 * ca.crt is the bundle that nodes and clients trust. An authority is replaced in three steps, each to be rolled out before the next:
 * TRUST makes the new one (ca-next.*) and adds it to the bundle, KEYS signs everything with it and makes it ca.key, FINISH takes the
 * old one out of the bundle. At any step, and wherever a run is killed, each certificate verifies against each bundle in use.
 * Files are replaced one by one in a single step: keys 0600, certificates 0644 less the umask; a key before its certificate, so
 * that a pair that does not fit is one that was being made, and is made again. */
#ifndef GREGOR_PKI_STORE_H
#define GREGOR_PKI_STORE_H

#include "pki/pki.h"

#define STORE_CA_DAYS 3650 /* an authority lives ten years; replacing it takes three rollouts */

/* A certificate that shall be there. */
struct store_want {
    const char  *file;         /* without .crt and .key */
    const char  *common_name;
    const char **dns, **ip;
    uint32_t     dns_count, ip_count;
};

enum store_rotate { ROTATE_NONE, ROTATE_TRUST, ROTATE_KEYS, ROTATE_FINISH };

struct store_order {
    const char         *path;        /* of the folder, as messages show it */
    int                 fd;          /* of the folder, open */
    const char         *authority;   /* common name of a new authority */
    const struct store_want *wants;
    uint32_t            want_count;
    enum pki_key        kind;        /* of new keys */
    int                 bits;
    int64_t             now, days;   /* seconds since 1970; how long a certificate lives */
    int64_t             renew;       /* certificates that end within so many seconds get a new key; INT64_MAX: all; 0: none */
    enum store_rotate  rotate;
};

/* What was done, one entry a file, in the order done. */
struct store_done {
    const char *file, *what; /* "orders-broker-tls.crt", "kept: until 2027-11-20" */
};

struct store_log {
    struct store_done *at;
    uint32_t            len, cap, changed;
};

/* Brings the folder to what is wanted. Errors: false and a sentence in `*why` that names the file; what was done before stays
 * done, and a second run goes on from there. */
bool store_update(struct arena *a, const struct store_order *o, struct store_log *log, const char **why);

#endif
