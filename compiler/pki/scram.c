#include "pki/scram.h"

#include "base/base64.h"
#include "base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

const char *scram_name(enum scram mechanism)
{
    return mechanism == SCRAM_SHA_256 ? "SCRAM-SHA-256" : "SCRAM-SHA-512";
}

static const EVP_MD *digest_of(enum scram mechanism)
{
    return mechanism == SCRAM_SHA_256 ? EVP_sha256() : EVP_sha512();
}

/* HMAC of one text under a key that is the result of the one before: no joined copy of a password is left anywhere. */
static void add(uint8_t state[32], const char *bytes, size_t len)
{
    uint8_t next[32];
    HMAC(EVP_sha256(), state, 32, (const unsigned char *)bytes, len, next, NULL);
    memcpy(state, next, 32);
    OPENSSL_cleanse(next, sizeof next);
}

void scram_salt(const struct scram_user *u, const char *key, size_t key_len, uint8_t salt[SCRAM_SALT])
{
    uint8_t state[32] = { 0 };
    add(state, key, key_len);
    add(state, "gregor scram salt 1", strlen("gregor scram salt 1"));
    add(state, u->cluster, strlen(u->cluster));
    add(state, u->name, strlen(u->name));
    add(state, scram_name(u->mechanism), strlen(scram_name(u->mechanism)));
    add(state, u->password, u->password_len);
    memcpy(salt, state, SCRAM_SALT);
    OPENSSL_cleanse(state, sizeof state);
}

size_t scram_salted_password(const struct scram_user *u, const uint8_t *salt, size_t salt_len, uint8_t out[SCRAM_MOST])
{
    const EVP_MD *md = digest_of(u->mechanism);
    const int len = EVP_MD_get_size(md);
    const int fine = PKCS5_PBKDF2_HMAC(u->password, (int)u->password_len, salt, (int)salt_len, u->iterations, md, len, out);
    return fine == 1 ? (size_t)len : 0;
}

const char *scram_storage_argument(struct arena *a, const struct scram_user *u, const char *key, size_t key_len)
{
    uint8_t salt[SCRAM_SALT], salted[SCRAM_MOST];
    scram_salt(u, key, key_len, salt);
    const size_t len = scram_salted_password(u, salt, sizeof salt, salted);
    const char *line = len == 0 ? NULL
        : str_join(a, scram_name(u->mechanism), "=[name=", u->name, ",salt=\"", base64_of(a, salt, sizeof salt),
                   "\",saltedpassword=\"", base64_of(a, salted, len), "\",iterations=", str_int(a, u->iterations), "]", NULL);
    OPENSSL_cleanse(salted, sizeof salted);
    return line;
}
