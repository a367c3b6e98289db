/* sha256.h: FIPS 180-4, for derived ids and configuration checksums. Nothing here is secret. Our own sixty lines, because
 * libcrypto would cost every run more start-up time than a whole compilation takes (performance.md, part 4). */
#ifndef GREGOR_BASE_SHA256_H
#define GREGOR_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    uint64_t length;   /* bytes so far */
    uint8_t  block[64];
};

void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t len);
void sha256_end(struct sha256 *h, uint8_t digest[32]);

/* 64 lower case hex digits and a NUL. */
void sha256_hex(const uint8_t digest[32], char out[65]);

#endif
