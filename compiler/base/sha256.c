#define OPENSSL_SUPPRESS_DEPRECATED /* whoever wants EVP's choice of providers pays for it at every start */
#include "base/sha256.h"

void sha256_start(struct sha256 *h)
{
    SHA256_Init(&h->state);
}

void sha256_add(struct sha256 *h, const void *bytes, size_t len)
{
    SHA256_Update(&h->state, bytes, len);
}

void sha256_end(struct sha256 *h, uint8_t digest[32])
{
    SHA256_Final(digest, &h->state);
}

void sha256_hex(const uint8_t digest[32], char out[65])
{
    for (int i = 0; i < 32; i++) {
        out[2 * i]     = "0123456789abcdef"[digest[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    out[64] = '\0';
}
