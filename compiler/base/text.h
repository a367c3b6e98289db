/* text.h: text that grows in an arena, and small questions about strings.
 *
 * A struct text starts as { .a = arena } and needs no release. text_str() ends it with a NUL that `len`
 * does not count. Numbers are written without printf and without a locale. */
#ifndef GREGOR_BASE_TEXT_H
#define GREGOR_BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct text {
    struct arena *a;
    char         *p;
    size_t        len, cap;
};

/* Makes room for `more` bytes behind the text and returns where they start; the caller raises `len`. */
char *text_room(struct text *t, size_t more);

/* Appends bytes, a string, strings up to a NULL, a number, a number of at least `width` digits. */
void text_bytes(struct text *t, const char *s, size_t len);
void text_int(struct text *t, int64_t n);
void text_join(struct text *t, ...) __attribute__((sentinel));
void text_f(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline void text_char(struct text *t, char c)
{
    *text_room(t, 1) = c;
    t->len++;
}

static inline void text_add(struct text *t, const char *s)
{
    text_bytes(t, s, strlen(s));
}

/* Returns the text so far, NUL-terminated. Owned by the arena; valid until the text grows again. */
const char *text_str(struct text *t);

/* Returns the strings up to the NULL as one. Owned by `a`. */
const char *str_join(struct arena *a, ...) __attribute__((sentinel));

/* Returns the decimal digits of `n`. Owned by `a`. */
const char *str_int(struct arena *a, int64_t n);

/* Returns `s` with each `what` replaced by `with`; `s` itself when there is none. Owned by `a`. */
const char *str_replace(struct arena *a, const char *s, const char *what, const char *with);

bool str_eq(const char *a, const char *b);          /* NULL equals only NULL */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/* Reads the character at `s`, of which `len` bytes are left. Returns its bytes, or 0 when they are not UTF-8 (overlong,
 * surrogate, beyond U+10FFFF, cut off, or `len` is 0). */
size_t str_point(const char *s, size_t len, uint32_t *point);

/* Letters to change, add, drop or swap to turn `a` into `b` (Damerau-Levenshtein, adjacent swaps). Looks at
 * the first 64 bytes of each. */
unsigned str_distance(const char *a, const char *b);

/* Returns the candidate closest to `s`, or NULL when none is close enough to be meant. `get` returns
 * candidate `i`, or NULL past the last. */
const char *str_nearest(const char *s, const char *(*get)(const void *list, size_t i), const void *list);

#endif
