#include "base/text.h"

#include <limits.h>
#include <stdio.h>

char *text_room(struct text *t, size_t more)
{
    if (t->cap - t->len < more) {
        size_t cap = t->cap < 256 ? 256 : t->cap * 2;
        if (cap < t->len + more)
            cap = t->len + more;
        t->p   = arena_grow(t->a, t->p, t->cap, t->len, cap);
        t->cap = cap;
    }
    return t->p + t->len;
}

void text_bytes(struct text *t, const char *s, size_t len)
{
    if (len == 0)
        return;
    memcpy(text_room(t, len), s, len);
    t->len += len;
}

static size_t digits_of(int64_t n, char out[20])
{
    char     back[20];
    size_t   count = 0, len = 0;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        back[count++] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (n < 0)
        out[len++] = '-';
    while (count > 0)
        out[len++] = back[--count];
    return len;
}

void text_int(struct text *t, int64_t n)
{
    t->len += digits_of(n, text_room(t, 20));
}

static void join(struct text *t, va_list ap)
{
    const char *s;
    while ((s = va_arg(ap, const char *)) != NULL)
        text_add(t, s);
}

void text_join(struct text *t, ...)
{
    va_list ap;
    va_start(ap, t);
    join(t, ap);
    va_end(ap);
}

void text_f(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_add(t, arena_vprintf(t->a, fmt, ap));
    va_end(ap);
}

const char *text_str(struct text *t)
{
    *text_room(t, 1) = '\0';
    return t->p;
}

const char *str_join(struct arena *a, ...)
{
    va_list ap, again;
    size_t  len = 0;
    const char *s;
    va_start(ap, a);
    va_copy(again, ap);
    while ((s = va_arg(ap, const char *)) != NULL)
        len += strlen(s);
    va_end(ap);
    char *whole = arena_alloc(a, len + 1), *p = whole;
    while ((s = va_arg(again, const char *)) != NULL) {
        const size_t n = strlen(s);
        memcpy(p, s, n);
        p += n;
    }
    va_end(again);
    *p = '\0';
    return whole;
}

const char *str_int(struct arena *a, int64_t n)
{
    char digits[20];
    return arena_dup(a, digits, digits_of(n, digits));
}

const char *str_replace(struct arena *a, const char *s, const char *what, const char *with)
{
    const char *at = strstr(s, what);
    if (at == NULL)
        return s;
    struct text t = { .a = a };
    for (; at != NULL; at = strstr(s, what)) {
        text_bytes(&t, s, (size_t)(at - s));
        text_add(&t, with);
        s = at + strlen(what);
    }
    text_add(&t, s);
    return text_str(&t);
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    const size_t len = strlen(s), tail = strlen(suffix);
    return len >= tail && strcmp(s + len - tail, suffix) == 0;
}

/* The number of bytes follows from the first, and so does the least value that may be written with them. */
size_t str_point(const char *s, size_t len, uint32_t *point)
{
    static const uint32_t least_of[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *b = (const unsigned char *)s;
    if (len == 0)
        return 0;
    const size_t n = b[0] < 0x80 ? 1 : b[0] >= 0xc2 && b[0] < 0xe0 ? 2 : (b[0] & 0xf0) == 0xe0 ? 3
                   : b[0] >= 0xf0 && b[0] < 0xf5 ? 4 : 0;
    if (n == 0 || n > len)
        return 0;
    uint32_t c = n == 1 ? b[0] : b[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (b[i] & 0x3fu);
    }
    if (c < least_of[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *point = c;
    return n;
}

#define LONGEST 64

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment by rows of which each follows from the two before it: when both reach `limit`, so does all behind them. */
static unsigned distance_below(const char *a, size_t la, const char *b, size_t lb, unsigned limit)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2], lowest_before = 0;
    for (size_t j = 0; j <= lb; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= la; i++) {
        unsigned lowest = row[0] = (unsigned)i;
        for (size_t j = 1; j <= lb; j++) {
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
            lowest = least(lowest, row[j]);
        }
        if (lowest >= limit && lowest_before >= limit)
            return limit;
        lowest_before = lowest;
        unsigned *spare = before;
        before = last;
        last   = row;
        row    = spare;
    }
    return last[lb];
}

unsigned str_distance(const char *a, const char *b)
{
    return distance_below(a, strnlen(a, LONGEST), b, strnlen(b, LONGEST), UINT_MAX);
}

/* Close enough: one letter in three may be wrong, so that "repliacs" finds "replicas" and "x" finds nothing. Lengths that differ
 * by n are n changes apart, and long lists are mostly of such words. */
const char *str_nearest(const char *s, const char *(*get)(const void *list, size_t i), const void *list)
{
    const char  *best = NULL, *c;
    const size_t len = strnlen(s, LONGEST);
    unsigned     best_distance = least((unsigned)(strlen(s) + 2) / 3 + 1, 5);
    for (size_t i = 0; (c = get(list, i)) != NULL; i++) {
        const size_t have = strnlen(c, LONGEST);
        if ((have > len ? have - len : len - have) >= best_distance)
            continue;
        const unsigned d = distance_below(s, len, c, have, best_distance);
        if (d < best_distance && d < strlen(c)) {
            best          = c;
            best_distance = d;
        }
    }
    return best;
}
