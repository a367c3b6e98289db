#include "base/arena.h"
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Under AddressSanitizer a few bytes that nobody may touch stand behind each allocation, and what is not allocated may not be
 * touched either: it cannot see the borders inside a chunk by itself. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define FENCE       ((size_t)8)
#define OPEN(p, n)  __asan_unpoison_memory_region((p), (n))
#define CLOSE(p, n) __asan_poison_memory_region((p), (n))
#else
#define FENCE       ((size_t)0)
#define OPEN(p, n)  ((void)(p), (void)(n))
#define CLOSE(p, n) ((void)(p), (void)(n))
#endif

#define FIRST_CHUNK ((size_t)128 * 1024)
#define ALIGN       ((size_t)8)

struct arena_chunk {
    struct arena_chunk *older;
    size_t              size; /* header included */
};

static _Noreturn void out_of_memory(struct arena *a)
{
    longjmp(*a->out, 1);
}

/* What an allocation takes of its chunk. */
static size_t taken(size_t size)
{
    return ((size + ALIGN - 1) & ~(ALIGN - 1)) + FENCE;
}

/* Each chunk is as large as all before it together: few chunks for large outputs, little waste for small. */
static void new_chunk(struct arena *a, size_t need)
{
    size_t size = a->held < FIRST_CHUNK ? FIRST_CHUNK : a->held;
    if (size > (size_t)4 << 20)
        size = (size_t)4 << 20;
    if (size < need + sizeof(struct arena_chunk))
        size = need + sizeof(struct arena_chunk);
    if (a->limit != 0 && (size > a->limit || a->held > a->limit - size))
        out_of_memory(a);
    struct arena_chunk *c = mem_grow(NULL, size);
    if (c == NULL)
        out_of_memory(a);
    *c = (struct arena_chunk){ .older = a->chunks, .size = size };
    a->chunks = c;
    a->held += size;
    a->next = (char *)(c + 1);
    a->end  = (char *)c + size;
    CLOSE(a->next, (size_t)(a->end - a->next));
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 4)
        out_of_memory(a);
    const size_t room = taken(size);
    if (a->next == NULL || (size_t)(a->end - a->next) < room)
        new_chunk(a, room);
    void *p = a->next;
    a->next += room;
    OPEN(p, size);
    return p;
}

void *arena_zalloc(struct arena *a, size_t size)
{
    return memset(arena_alloc(a, size), 0, size);
}

void *arena_grow(struct arena *a, void *old, size_t held, size_t used, size_t size)
{
    if (used > 0 && (char *)old + taken(held) == a->next
        && (size_t)(a->end - (char *)old) >= taken(size)) {
        a->next = (char *)old + taken(size);
        OPEN(old, size);
        return old;
    }
    char *p = arena_alloc(a, size);
    if (used > 0)
        memcpy(p, old, used);
    return p;
}

char *arena_dup(struct arena *a, const char *s, size_t len)
{
    char *p = arena_alloc(a, len + 1);
    if (len > 0)
        memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    const int len = vsnprintf(NULL, 0, fmt, ap);
    char *p = arena_alloc(a, (size_t)(len < 0 ? 0 : len) + 1);
    vsnprintf(p, (size_t)(len < 0 ? 0 : len) + 1, fmt, again);
    va_end(again);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

/* explicit_bzero() is not left out by the compiler, although nobody reads these bytes again. */
static void clear(const struct arena *a, struct arena_chunk *c)
{
    if (!a->wipe)
        return;
    OPEN(c + 1, c->size - sizeof *c);
    explicit_bzero(c + 1, c->size - sizeof *c);
}

static void drop_newest(struct arena *a)
{
    struct arena_chunk *newest = a->chunks;
    a->held  -= newest->size;
    a->chunks = newest->older;
    clear(a, newest);
    mem_grow(newest, 0);
}

/* The oldest chunk has the usual size; keeping it makes the next compilation start without a system call. */
void arena_reset(struct arena *a)
{
    while (a->chunks != NULL && a->chunks->older != NULL)
        drop_newest(a);
    if (a->chunks != NULL) {
        clear(a, a->chunks);
        a->next = (char *)(a->chunks + 1);
        a->end  = (char *)a->chunks + a->chunks->size;
        CLOSE(a->next, (size_t)(a->end - a->next));
    }
}

void arena_free(struct arena *a)
{
    while (a->chunks != NULL)
        drop_newest(a);
    *a = (struct arena){ .limit = a->limit, .out = a->out, .wipe = a->wipe };
}
