/* secret.h: what a secret looks like: by its key, or by its shape.
 *
 * A description holds references to secrets, never a secret itself. These questions guess who did: rules refuse it, and findings
 * hide it (veil.h). */
#ifndef GREGOR_BASE_SECRET_H
#define GREGOR_BASE_SECRET_H

#include "base/tree.h"

/* True when a value of that key is a secret: password, DB_PASSWORD, ssl.key.passphrase, apiToken, client_secret. A bare `secret` is
 * none: that is how Kubernetes and descriptions name a Secret. */
bool secret_key(const char *key);

/* The same of the `len` bytes at `key`. */
bool secret_key_n(const char *key, size_t len);

/* True when the text is no reference (${...}, $(...)), no truth value and not empty: under a key of a secret it is one. */
bool secret_plain(const char *s);

/* True when the text holds a secret whatever its key is: a private key in PEM, an assignment of a password (JAAS, options), a URL
 * with a password in it, a token of a well-known form. */
bool secret_text(const char *s);

/* True for the name of an option whose value is the next argument: --password. */
bool secret_option(const char *s);

/* Calls `found` for each text that somebody wrote (it has a position) in `v` that is a secret by its shape, by its key (`key` is that of
 * `v`, NULL for none), or by what stands before it: {name: DB_PASSWORD, value: x}, [--password, x]. `key` is NULL then for an item of
 * a list. What the compiler made of itself has no position, and is passed over. */
typedef void secret_found(void *to, const char *key, const struct val *v);
void secret_find(const struct val *v, const char *key, secret_found *found, void *to);

/* Returns a copy of `v` in which every secret is "***". Owned by `a`. */
struct val secret_masked(struct arena *a, struct val v);

#endif
