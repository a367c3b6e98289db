/* sha256.h: FIPS 180-4, for derived ids, checksums and the indexes of folders. Nothing here is secret. The function is libcrypto's
 * own, beneath EVP: it uses the instructions that the processor has for it and needs nothing of what libcrypto prepares at its
 * start, which would cost more than a whole compilation (performance.md, part 4). */
#ifndef GREGOR_BASE_SHA256_H
#define GREGOR_BASE_SHA256_H

#include <openssl/sha.h>
#include <stddef.h>
#include <stdint.h>

struct sha256 {
    SHA256_CTX state;
};

void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t len);
void sha256_end(struct sha256 *h, uint8_t digest[32]);

/* 64 lower case hex digits and a NUL. */
void sha256_hex(const uint8_t digest[32], char out[65]);

#endif
