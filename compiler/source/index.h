/* index.h: finding keys in linear or n log n time, whatever the input: up to 32 by looking, more by a sorted copy. */
#ifndef GREGOR_SOURCE_INDEX_H
#define GREGOR_SOURCE_INDEX_H

#include "base/tree.h"

#define INDEX_NONE UINT32_MAX

struct index_row {
    const char *key;
    uint32_t    at;
};

struct index {
    struct index_row *rows;
    uint32_t          n;
};

/* The keys of `n` pairs. Owned by `a`; the keys are not copied. */
struct index index_pairs(struct arena *a, const struct pair *pairs, uint32_t n);

/* The names of the items of `list`, maps that all have a text at `name`. */
struct index index_names(struct arena *a, const struct val *list);

/* Returns the number of the first entry with this key, or INDEX_NONE. */
uint32_t index_find(const struct index *ix, const char *key);

/* Returns the number of the entry behind number `at` that has the same key, or INDEX_NONE. */
uint32_t index_next(const struct index *ix, uint32_t at, const char *key);

#endif
