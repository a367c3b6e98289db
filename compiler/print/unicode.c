#include "print/unicode.h"

/* How many bytes follow a first byte, and the least point that may be written in that many. */
static size_t followers(uint8_t first, uint32_t *least)
{
    if (first >= 0xC2 && first <= 0xDF)
        return *least = 0x80, 1;
    if (first >= 0xE0 && first <= 0xEF)
        return *least = 0x800, 2;
    if (first >= 0xF0 && first <= 0xF4)
        return *least = 0x10000, 3;
    return 0;
}

static size_t bad(uint32_t *point)
{
    *point = UNICODE_BAD;
    return 1;
}

size_t unicode_next(const char *s, size_t len, uint32_t *point)
{
    const uint8_t *b = (const uint8_t *)s;
    uint32_t       least = 0;
    if (b[0] < 0x80) {
        *point = b[0];
        return 1;
    }
    const size_t more = followers(b[0], &least);
    if (more == 0 || len <= more)
        return bad(point);
    uint32_t p = b[0] & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((b[i] & 0xC0) != 0x80)
            return bad(point);
        p = p << 6 | (b[i] & 0x3Fu);
    }
    if (p < least || p > 0x10FFFF || (p >= 0xD800 && p <= 0xDFFF))
        return bad(point);
    *point = p;
    return more + 1;
}

bool unicode_unsafe(uint32_t p)
{
    return (p >= 0x7F && p < 0xA0) || p == 0x2028 || p == 0x2029 || p == 0xFEFF
        || (p >= 0xFDD0 && p <= 0xFDEF) || (p & 0xFFFE) == 0xFFFE;
}

bool unicode_any_unsafe(const char *s, size_t len)
{
    uint32_t point;
    for (size_t i = 0; i < len;) {
        i += unicode_next(s + i, len - i, &point);
        if (unicode_unsafe(point))
            return true;
    }
    return false;
}
