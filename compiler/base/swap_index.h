/* swap_index.h: which files of a folder are ours. Not for others than swap.c. */
#ifndef GREGOR_BASE_SWAP_INDEX_H
#define GREGOR_BASE_SWAP_INDEX_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A file of ours: of the result, or of the index that the folder has now. */
struct own {
    const char *path, *bytes; /* `bytes` NULL: only in the index */
    size_t      len;
    char        digest[65];
    bool        same;         /* the folder holds these bytes already */
    bool        drop;         /* of the index: is ours still, and goes */
};

struct owns {
    struct own *at;           /* sorted by path */
    uint32_t    len;
};

void swap_sort(struct owns *list);

/* Returns the entry of a path, or NULL. */
struct own *swap_find(const struct owns *list, const char *path);

/* Does a path of the list lie below the folder `path`? */
bool swap_holds(const struct owns *list, const char *path);

/* Reads the index of a folder. One without an index, or with one that is not readable as such, holds no file of ours. */
struct owns swap_index_load(struct arena *a, int parent, const char *folder);

#endif
