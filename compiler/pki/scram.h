/* scram.h: SCRAM credentials (RFC 5802, RFC 7677) as Kafka makes them, without a broker.
 *
 * The password is taken as its bytes: Kafka's ScramFormatter.normalize() is UTF-8 without SASLprep, so nothing is prepared here
 * either, or such a user could not log in.
 *
 * The salt is derived, so that the same input gives the same bytes. A server tells it to everybody who names the user, so it must
 * not be made of the password alone: that would be an oracle to try passwords against, without the iterations. It is an HMAC under
 * a key of the cluster (random, private, made once by `gregor users`) of who the user is and of the password: who has not got the
 * key learns nothing from it, and a new password gets a new salt. */
#ifndef GREGOR_PKI_SCRAM_H
#define GREGOR_PKI_SCRAM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define SCRAM_SALT           24    /* bytes: base64 without padding */
#define SCRAM_MOST           64    /* bytes of the longest digest */
#define SCRAM_MIN_ITERATIONS 4096  /* ScramMechanism.minIterations(), and RFC 7677, section 4 */
#define SCRAM_MAX_ITERATIONS 16384 /* ScramMechanism.maxIterations() */

enum scram { SCRAM_SHA_256, SCRAM_SHA_512 };

/* One user of one mechanism. */
struct scram_user {
    const char *cluster, *name; /* cluster: "namespace/name" */
    enum scram  mechanism;
    int         iterations;
    const char *password;       /* `password_len` bytes of UTF-8 */
    size_t      password_len;
};

/* Returns the mechanism as Kafka writes it: "SCRAM-SHA-512". */
const char *scram_name(enum scram mechanism);

/* Derives the salt of a user under the key of the cluster, `key_len` bytes. */
void scram_salt(const struct scram_user *u, const char *key, size_t key_len, uint8_t salt[SCRAM_SALT]);

/* SaltedPassword of RFC 5802: Hi(password, salt, iterations). Returns how many bytes it has, 0 when libcrypto refused. */
size_t scram_salted_password(const struct scram_user *u, const uint8_t *salt, size_t salt_len, uint8_t out[SCRAM_MOST]);

/* Returns what `kafka-storage format --add-scram` takes (Kafka 3.5, KIP-900):
 * SCRAM-SHA-512=[name=app,salt="...",saltedpassword="...",iterations=4096]. In quotes, since before 4.0 an '=' of base64 counted as
 * one of the list otherwise. NULL when libcrypto refused. The name must hold neither ',' '=' '"' '[' ']' nor blanks at its ends.
 * Owned by `a`. */
const char *scram_storage_argument(struct arena *a, const struct scram_user *u, const char *key, size_t key_len);

#endif
