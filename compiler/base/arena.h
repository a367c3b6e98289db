/* arena.h: memory for one compilation.
 *
 * Everything a compilation builds lives in one arena and goes away in one arena_reset() or arena_free().
 * Nothing is freed on its own: no error path cleans up. With `wipe` what is given back or forgotten holds no byte of before.
 * Errors: allocation never returns NULL; out of memory (or more than `limit` bytes) jumps to `*out`, which the
 * caller of the first arena_alloc() has set. Units: sizes are bytes. Not shared between threads. */
#ifndef GREGOR_BASE_ARENA_H
#define GREGOR_BASE_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    char   *next, *end;         /* free part of the newest chunk */
    size_t  held;               /* bytes taken from the system */
    size_t  limit;              /* most that may be held; 0: no limit */
    jmp_buf *out;               /* where out of memory goes */
    bool    wipe;               /* secrets live here: chunks are cleared before they go */
};

/* Returns `size` bytes aligned for any type, uninitialised. Owned by `a`. */
void *arena_alloc(struct arena *a, size_t size);

/* Like arena_alloc(), all bytes zero. */
void *arena_zalloc(struct arena *a, size_t size);

/* Returns a block of `size` bytes that starts with the `used` bytes at `old` (NULL when `used` is 0); `old`,
 * of `held` bytes, grows in place when it is the newest allocation. */
void *arena_grow(struct arena *a, void *old, size_t held, size_t used, size_t size);

/* Returns a NUL-terminated copy of the `len` bytes at `s`. Owned by `a`. */
char *arena_dup(struct arena *a, const char *s, size_t len);

/* Returns formatted text. Owned by `a`. For hot paths use text.h: this goes through vsnprintf(). */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Forgets everything, keeps one chunk for the next compilation. */
void arena_reset(struct arena *a);

/* Gives all memory back to the system. */
void arena_free(struct arena *a);

#define NEW(a, type)       ((type *)arena_zalloc((a), sizeof(type)))
#define NEWS(a, type, n)   ((type *)arena_zalloc((a), sizeof(type) * (size_t)(n)))

#endif
