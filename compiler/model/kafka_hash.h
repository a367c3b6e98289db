/* kafka_hash.h: the hash of a Kafka key. The generator fills its slots with the function that the lookup uses. */
#ifndef GREGOR_MODEL_KAFKA_HASH_H
#define GREGOR_MODEL_KAFKA_HASH_H

#include <stdint.h>

/* FNV-1a. */
static inline uint32_t kafka_hash(const char *s)
{
    uint32_t h = 2166136261U;
    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 16777619U;
    return h;
}

#endif
