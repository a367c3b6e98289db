#include "source/index.h"

#include <stdlib.h>

#define LOOKED_AT 32

static int by_key(const void *a, const void *b)
{
    const struct index_row *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

static struct index sorted(struct index ix)
{
    if (ix.n > LOOKED_AT)
        qsort(ix.rows, ix.n, sizeof *ix.rows, by_key);
    return ix;
}

struct index index_pairs(struct arena *a, const struct pair *pairs, uint32_t n)
{
    struct index ix = { .rows = arena_alloc(a, n * sizeof *ix.rows), .n = n };
    for (uint32_t i = 0; i < n; i++)
        ix.rows[i] = (struct index_row){ pairs[i].key, i };
    return sorted(ix);
}

struct index index_names(struct arena *a, const struct val *list)
{
    struct index ix = { .rows = arena_alloc(a, list->len * sizeof *ix.rows), .n = list->len };
    for (uint32_t i = 0; i < list->len; i++)
        ix.rows[i] = (struct index_row){ tree_str(&list->seq[i], "name"), i };
    return sorted(ix);
}

/* First row that is not before (key, at). */
static uint32_t lower_bound(const struct index *ix, const char *key, uint32_t at)
{
    const struct index_row wanted = { key, at };
    uint32_t low = 0, high = ix->n;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (by_key(&ix->rows[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t find_from(const struct index *ix, const char *key, uint32_t at)
{
    if (ix->n <= LOOKED_AT) {
        for (uint32_t i = at; i < ix->n; i++)
            if (strcmp(ix->rows[i].key, key) == 0)
                return i;
        return INDEX_NONE;
    }
    const uint32_t row = lower_bound(ix, key, at);
    return row < ix->n && strcmp(ix->rows[row].key, key) == 0 ? ix->rows[row].at : INDEX_NONE;
}

uint32_t index_find(const struct index *ix, const char *key)
{
    return find_from(ix, key, 0);
}

uint32_t index_next(const struct index *ix, uint32_t at, const char *key)
{
    return find_from(ix, key, at + 1);
}
