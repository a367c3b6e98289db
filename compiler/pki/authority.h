/* authority.h: the authority of a folder, and what the files that work on one share. */
#ifndef GREGOR_PKI_AUTHORITY_H
#define GREGOR_PKI_AUTHORITY_H

#include "pki/store.h"

#define AUTHORITY_KEY      "ca.key"
#define AUTHORITY_CRT      "ca.crt"
#define AUTHORITY_NEXT_KEY "ca-next.key" /* made by TRUST, taken by KEYS */
#define AUTHORITY_NEXT_CRT "ca-next.crt"
#define AUTHORITY_OLD_CRT  "ca-old.crt"  /* written by KEYS, leaves the bundle at FINISH */
#define AUTHORITY_SLACK    ((int64_t)3600) /* clocks of other machines may be slow by so much */

struct store {
    struct arena              *a;
    const struct store_order *o;
    struct store_log         *log;
    const char               **why;
    struct pki_chain           bundle;             /* ca.crt */
    struct pki_bytes           key, next_key;      /* empty: not there */
    struct pki_chain           next, old;
    struct pki_certificate     signer_certificate; /* that signs in this run */
    struct pki_signer          signer;             /* its key NULL: not there */
};

struct others {
    const char **at; /* "app.crt" */
    size_t       len;
};

/* Reads or makes the authority, and takes the first part of a step of its replacement. */
bool authority_begin(struct store *f);

/* When all certificates are done: the last part of a step. */
bool authority_end(struct store *f);

/* True when an authority that counts in this run signed the certificate: the new one at KEYS, else one of the bundle. */
bool authority_signed(const struct store *f, const struct pki_certificate *c);

/* True when the file is one of the authority's certificates. */
bool authority_owns(const char *file);

/* Shared steps (store.c). Errors are told in f->why. A file that is missing is read as nothing. */
bool store_read_key(struct store *f, const char *file, struct pki_bytes *key);
bool store_read_chain(struct store *f, const char *file, struct pki_chain *chain);
bool store_write(struct store *f, const char *file, const char *text, bool is_private, const char *what);
bool store_remove(struct store *f, const char *file);
bool store_fail(struct store *f, const char *file, const char *reason);
void store_note(struct store *f, const char *file, const char *what, bool changed);
const char *store_until(struct arena *a, const char *done, int64_t not_after);

/* Certificates that are neither an authority's nor wanted, sorted. */
struct others store_others(struct store *f);

#endif
