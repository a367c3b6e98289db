/* What an unquoted scalar is to kubectl's YAML reader (EC 4.1), and to us. */
#include "model/k8s_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Lower case, Title and UPPER are the forms readers know; "yEs" is a string to all of them. */
static bool is_word(const char *s, const char *lower)
{
    const size_t len = strlen(lower);
    if (strlen(s) != len)
        return false;
    size_t upper = 0, letters = 0, first = lower[0] == '.';
    for (size_t i = 0; i < len; i++) {
        if ((s[i] | 0x20) != lower[i])
            return false;
        letters += lower[i] != '.';
        upper += s[i] != lower[i];
    }
    return upper == 0 || upper == letters || (upper == 1 && s[first] != lower[first]);
}

static bool reads_as_boolean(const char *s)
{
    static const char *const words[] = { "y", "n", "yes", "no", "on", "off", "true", "false" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(s, words[i]))
            return true;
    return false;
}

static size_t digits(const char *s, int base)
{
    size_t n = 0;
    for (;; n++) {
        const char c = s[n];
        const int d = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;
        if (d >= base)
            return n;
    }
}

/* Go's base 0 integers: 0x, 0o, 0b, or a leading 0 for octal. */
static bool prefixed(const char *s)
{
    if (s[0] != '0' || s[1] == '\0')
        return false;
    const char kind = (char)(s[1] | 0x20);
    const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    const size_t n = base == 0 ? 0 : digits(s + 2, base);
    return n > 0 && n <= (base == 16 ? 16u : 64u) && s[2 + n] == '\0';
}

static bool decimal(const char *s)
{
    size_t whole = digits(s, 10), part = 0;
    s += whole;
    if (*s == '.') {
        part = digits(++s, 10);
        s += part;
    }
    if (whole + part == 0)
        return false;
    if (*s == 'e' || *s == 'E') {
        s += 1 + (s[1] == '+' || s[1] == '-');
        const size_t exponent = digits(s, 10);
        s += exponent;
        if (exponent == 0)
            return false;
    }
    return *s == '\0';
}

static bool special(const char *s)
{
    return is_word(s, ".inf") || strcmp(s, ".nan") == 0 || strcmp(s, ".NaN") == 0 || strcmp(s, ".NAN") == 0;
}

static bool reads_as_number(const char *s)
{
    char plain[72]; /* without the '_' that readers ignore; nothing longer than this is meant as a number */
    size_t n = 0;
    const bool point = *s == '.';
    for (; *s != '\0'; s++) {
        if (*s == '_' && !point && n > 0)
            continue;
        if (n + 1 == sizeof plain)
            return false;
        plain[n++] = *s;
    }
    plain[n] = '\0';
    const char *unsigned_part = plain + (plain[0] == '-' || plain[0] == '+');
    return decimal(unsigned_part) || prefixed(unsigned_part) || special(unsigned_part);
}

const char *k8s_reads_as(const char *s)
{
    if (strchr("yYnNtTfFoO", *s) != NULL && *s != '\0')
        return reads_as_boolean(s) ? "a boolean" : NULL;
    if ((*s >= '0' && *s <= '9') || *s == '.' || *s == '-' || *s == '+')
        return reads_as_number(s) ? "a number" : NULL;
    return NULL;
}

bool k8s_plain_int(const char *s, int64_t *n)
{
    const char *first = s + (*s == '-');
    const size_t len = digits(first, 10);
    if (len == 0 || first[len] != '\0' || (first[0] == '0' && len > 1))
        return false;
    errno = 0;
    *n = strtoll(s, NULL, 10);
    return errno == 0;
}

bool k8s_int(const struct val *v, int64_t *n)
{
    if (v != NULL && v->kind == V_INT) {
        *n = v->i;
        return true;
    }
    return v != NULL && v->kind == V_STR && (v->flags & VF_PLAIN) && k8s_plain_int(v->s, n);
}

bool k8s_bool(const struct val *v)
{
    if (v != NULL && v->kind == V_BOOL)
        return v->b;
    return v != NULL && v->kind == V_STR && (v->flags & VF_PLAIN) && strcmp(v->s, "true") == 0;
}

bool k8s_is(const struct val *v, const char *text)
{
    return v != NULL && v->kind == V_STR && strcmp(v->s, text) == 0;
}

bool k8s_has(const struct val *list, const char *text)
{
    for (uint32_t i = 0; i < k8s_items(list); i++)
        if (k8s_is(&list->seq[i], text))
            return true;
    return false;
}
