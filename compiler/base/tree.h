/* tree.h: the values that descriptions and manifests are made of.
 *
 * A struct val is small and passed by value; what it points to lives in an arena. A zeroed one means
 * "nothing": MAP drops the pair, SEQ the item, and a map or sequence of nothing is nothing, so an optional
 * block of a manifest needs no `if`. Keys keep the order written. Integers are 64-bit.
 * Values read from a file carry the place they were written at, and keep it wherever they are copied to. */
#ifndef GREGOR_BASE_TREE_H
#define GREGOR_BASE_TREE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum kind {
    V_NONE,   /* nothing: left out wherever it would stand */
    V_NULL,   /* a written null */
    V_BOOL,
    V_INT,
    V_STR,    /* from a file: any scalar; its type is decided by the field table or the API schema */
    V_SEQ,
    V_MAP,
    V_POISON, /* something was wrong here and has been reported: whoever meets it stays silent */
    V_END     /* ends the list of SEQ; never stored */
};

/* A place in a text somebody wrote. Lines and columns count from 1, columns in bytes; line 0: no place. */
struct pos {
    uint32_t line;
    uint16_t col;
    uint16_t file; /* index into the files of the context */
};

enum { VF_PLAIN = 1, /* V_STR: was written without quotes */
       VF_KEYS  = 2, /* V_MAP: the places of the keys are known */
       VF_RAW   = 8, /* V_STR: is printed as it was spelt, without quotes: nobody here knows its type */
       VF_KEPT  = 4  /* V_NULL: outlives the layers, because it removes something only later */ };

struct pair;

struct val {
    uint8_t  kind;
    uint8_t  flags;
    uint32_t len; /* V_STR: bytes; V_SEQ, V_MAP: entries */
    union {
        int64_t            i;
        bool               b;
        const char        *s; /* NUL-terminated; a description never holds a NUL inside */
        const struct val  *seq;
        const struct pair *map;
    };
    struct pos at;
};

struct pair {
    const char *key;
    struct val  v;
};

/* MAP(a, { "key", value }, ...) and SEQ(a, value, ...): macros, so that an emitter reads like the YAML it makes.
 * __VA_ARGS__ stands once: twice would double the text with each nesting level. */
#define MAP(a, ...) tree_map((a), (const struct pair[]){ __VA_ARGS__, { .key = NULL } })
#define SEQ(a, ...) tree_seq((a), (const struct val[]){ __VA_ARGS__, { .kind = V_END } })

struct val tree_map(struct arena *a, const struct pair *pairs);
struct val tree_seq(struct arena *a, const struct val *items);

static inline struct val t_none(void)               { return (struct val){ .kind = V_NONE }; }
static inline struct val t_null(void)               { return (struct val){ .kind = V_NULL }; }
static inline struct val t_int(int64_t i)           { return (struct val){ .kind = V_INT, .i = i }; }
static inline struct val t_bool(bool b)             { return (struct val){ .kind = V_BOOL, .b = b }; }
static inline struct val t_empty_map(void)          { return (struct val){ .kind = V_MAP }; }
static inline struct val t_empty_seq(void)          { return (struct val){ .kind = V_SEQ }; }
static inline struct val t_if(bool c, struct val v) { return c ? v : t_none(); }
static inline struct val t_strn(const char *s, size_t len)
{
    return (struct val){ .kind = V_STR, .len = (uint32_t)len, .s = s };
}
/* NULL is nothing; "" is an empty string. The text is not copied. */
static inline struct val t_str(const char *s)       { return s == NULL ? t_none() : t_strn(s, strlen(s)); }

/* Lists that grow: start as { .a = arena }. The *_done() forms return nothing when nothing was added. */
struct vals  { struct arena *a; struct val  *at; uint32_t len, cap; };
struct pairs { struct arena *a; struct pair *at; uint32_t len, cap; };
void vals_add(struct vals *l, struct val v);                    /* drops nothing */
void pairs_add(struct pairs *l, const char *key, struct val v); /* drops nothing */
void pairs_set(struct pairs *l, const char *key, struct val v); /* replaces a pair of the same key */
struct val vals_done(const struct vals *l);
struct val pairs_done(const struct pairs *l);

/* Returns the value at `key`, or NULL. `map` may be NULL or of another kind. */
const struct val *tree_get(const struct val *map, const char *key);

/* Follows keys up to a NULL. Returns NULL where one is missing. */
const struct val *tree_at(const struct val *v, ...) __attribute__((sentinel));

/* Returns the text of the string at `key`, or NULL. */
const char *tree_str(const struct val *map, const char *key);

/* Place of key number `i` of a map that was read from a file; of the map itself when it is not known. */
struct pos tree_key_at(const struct val *map, uint32_t i);

/* Returns a map of `n` pairs whose keys stand at `keys`. Copies both arrays. */
struct val tree_map_at(struct arena *a, const struct pair *pairs, const struct pos *keys, uint32_t n);

/* Same kind, same text, same entries in the same order; places do not count. */
bool tree_same(const struct val *a, const struct val *b);

/* Returns the pairs sorted by the bytes of their keys. */
struct val tree_sorted(struct arena *a, struct val map);

/* Returns the pairs of both maps, sorted by key; a pair of `above` (NULL: none) replaces one of the same key. */
struct val tree_overlay(struct arena *a, struct val below, const struct val *above);

/* One step down: a key, or an entry of a list when `key` is NULL. */
struct tree_step {
    const char *key;
    uint32_t    i;
};

/* Returns `v` with `leaf` at the end of the steps; nothing removes what is there. Maps that are missing are made. Shares what
 * does not change with `v`. Owned by `a`. */
struct val tree_with(struct arena *a, const struct val *v, const struct tree_step *steps, uint32_t n, struct val leaf);

static inline struct pos no_pos(void) { return (struct pos){ .line = 0 }; }

#endif
