/* unicode.h: characters in UTF-8, as far as printing needs to tell them apart. */
#ifndef GREGOR_PRINT_UNICODE_H
#define GREGOR_PRINT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNICODE_BAD 0xFFFFFFFFu

/* Reads the character at `s`, of which `len` (> 0) bytes are left, and returns how many bytes it has. A
 * byte that starts no well-formed sequence (overlong, surrogate, beyond U+10FFFF, cut off) is one
 * UNICODE_BAD of one byte. */
size_t unicode_next(const char *s, size_t len, uint32_t *point);

/* True for what some YAML reader refuses, drops or takes for the end of a line when it stands unescaped:
 * DEL, C1 with NEL, U+2028, U+2029, BOM, non-characters and UNICODE_BAD. (C0 is the printers' own
 * business.) */
bool unicode_unsafe(uint32_t point);

/* True when one of the `len` bytes at `s` belongs to an unsafe character. */
bool unicode_any_unsafe(const char *s, size_t len);

#endif
