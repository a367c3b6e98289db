#include "cluster/value.h"

#include "base/text.h"

#include <strings.h>

struct unit {
    const char *name;
    int64_t     factor;
};

static const struct unit byte_units[] = {
    { "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { "T", 1000000000000 },
    { "P", 1000000000000000 }, { "Ki", (int64_t)1 << 10 }, { "Mi", (int64_t)1 << 20 },
    { "Gi", (int64_t)1 << 30 }, { "Ti", (int64_t)1 << 40 }, { "Pi", (int64_t)1 << 50 }, { NULL, 0 }
};

static const struct unit time_units[] = {
    { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 }, { NULL, 0 }
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits; false when there is none or the number leaves 63 bits. */
static bool read_digits(const char **s, int64_t *out)
{
    int64_t n = 0;
    if (!is_digit(**s))
        return false;
    for (; is_digit(**s); (*s)++)
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, **s - '0', &n))
            return false;
    *out = n;
    return true;
}

const char *value_int(struct arena *a, const char *s, int64_t *out)
{
    const char *p = s + (*s == '-');
    int64_t n;
    if (*p == '0' && is_digit(p[1]))
        return "a leading zero; write the number without it";
    if (!is_digit(*p))
        return "must be a whole number, digits only";
    if (!read_digits(&p, &n))
        return is_digit(*p) ? "too large" : "must be a whole number, digits only";
    if (*p != '\0')
        return arena_printf(a, "must be a whole number: '%s' cannot follow the digits", p);
    *out = *s == '-' ? -n : n;
    return NULL;
}

/* "12.5" times `factor`, exact, or false. */
static bool scaled(const char **s, int64_t *whole, int64_t *tenth, int64_t *scale)
{
    *tenth = 0;
    *scale = 1;
    if (!read_digits(s, whole))
        return false;
    if (**s != '.')
        return true;
    const char *start = ++*s;
    if (!read_digits(s, tenth) || *s - start > 9)
        return false;
    for (const char *p = start; p < *s; p++)
        *scale *= 10;
    return true;
}

static bool multiply(int64_t whole, int64_t tenth, int64_t scale, int64_t factor, int64_t *out)
{
    int64_t high, low;
    if (__builtin_mul_overflow(whole, factor, &high) || __builtin_mul_overflow(tenth, factor, &low) || low % scale != 0)
        return false;
    return !__builtin_add_overflow(high, low / scale, out);
}

static const struct unit *unit_of(const struct unit *units, const char *s, size_t len)
{
    for (; units->name != NULL; units++)
        if (strlen(units->name) == len && memcmp(units->name, s, len) == 0)
            return units;
    return NULL;
}

static const char *bad_size_unit(struct arena *a, const char *unit)
{
    static const struct { const char *wrong, *right; } usual[] = {
        { "GB", "Gi' or 'G" }, { "MB", "Mi' or 'M" }, { "TB", "Ti' or 'T" }, { "KB", "Ki' or 'k" }, { "kB", "Ki' or 'k" },
        { "GiB", "Gi" }, { "MiB", "Mi" }, { "TiB", "Ti" }, { "KiB", "Ki" }, { "gi", "Gi" }, { "mi", "Mi" }, { "ti", "Ti" },
        { "ki", "Ki" }, { "g", "Gi' or 'G" }, { "t", "Ti' or 'T" }, { "K", "Ki' or 'k" }
    };
    if (strcmp(unit, "m") == 0)
        return "'m' means thousandths, here of a byte; write 'Mi' or 'M' for megabytes";
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(unit, usual[i].wrong) == 0)
            return arena_printf(a, "the unit '%s' is written '%s'", unit, usual[i].right);
    return arena_printf(a, "unknown unit '%s'; use Ki, Mi, Gi, Ti or k, M, G, T", unit);
}

const char *value_bytes(struct arena *a, const char *s, int64_t *out)
{
    int64_t whole, tenth, scale;
    const char *p = s;
    if (!scaled(&p, &whole, &tenth, &scale))
        return "must be a size such as 500Gi";
    const struct unit *u = unit_of(byte_units, p, strlen(p));
    if (u == NULL)
        return *p == ' ' ? "must be written without a blank" : bad_size_unit(a, p);
    return multiply(whole, tenth, scale, u->factor, out) ? NULL : "must be a whole number of bytes below 8Ei";
}

const char *value_cpu(struct arena *a, const char *s, int64_t *out)
{
    int64_t whole, tenth, scale;
    const char *p = s;
    (void)a;
    if (!scaled(&p, &whole, &tenth, &scale) || (*p != '\0' && strcmp(p, "m") != 0))
        return "must be processors such as 2, 0.5 or 500m";
    if (!multiply(whole, tenth, scale, *p == 'm' ? 1 : 1000, out))
        return "finer than a thousandth of a processor, or too large";
    return NULL;
}

const char *value_duration(struct arena *a, const char *s, int64_t *out)
{
    const char *p = s;
    int64_t total = 0;
    if (!is_digit(*p))
        return "must be a duration such as 500ms, 30s, 5m, 12h or 7d";
    while (*p != '\0') {
        int64_t n;
        if (!read_digits(&p, &n))
            return is_digit(*p) ? "too long" : "must be a duration such as 500ms, 30s, 5m, 12h or 7d";
        size_t len = 0;
        while (p[len] != '\0' && !is_digit(p[len]))
            len++;
        const struct unit *u = unit_of(time_units, p, len);
        if (len == 0)
            return arena_printf(a, "needs a unit: '%sms', '%ss', '%sm', '%sh' or '%sd'", s, s, s, s, s);
        if (u == NULL)
            return arena_printf(a, "unknown unit '%s'; use ms, s, m, h or d", arena_dup(a, p, len));
        if (__builtin_mul_overflow(n, u->factor, &n) || __builtin_add_overflow(total, n, &total))
            return "too long";
        p += len;
    }
    *out = total;
    return NULL;
}

const char *value_rate(struct arena *a, const char *s, int64_t *out)
{
    const char *slash = strchr(s, '/');
    if (slash == NULL)
        return arena_printf(a, "must be bytes a second; write '%s/s'", s);
    if (strcmp(slash, "/s") != 0)
        return "must be bytes a second such as 10Mi/s";
    return value_bytes(a, arena_dup(a, s, (size_t)(slash - s)), out);
}

const char *value_minor(struct arena *a, const char *s, int64_t *out)
{
    const char *p = s + (*s == 'v');
    int64_t patch;
    if (p[0] != '1' || p[1] != '.')
        return "must be a Kubernetes version such as \"1.34\"";
    p += 2;
    if (!read_digits(&p, out))
        return "must be a Kubernetes version such as \"1.34\"";
    if (*p == '.') {
        p++;
        if (!read_digits(&p, &patch))
            return "must be a Kubernetes version such as \"1.34\" or \"1.34.2\"";
    }
    return *p == '\0' || *p == '+' || *p == '-' ? NULL : arena_printf(a, "'%s' cannot follow a Kubernetes version", p);
}

const char *value_version(const char *s)
{
    int64_t n;
    const char *p = s;
    for (int parts = 1; read_digits(&p, &n); parts++) {
        if (*p == '\0' && parts >= 2)
            return NULL;
        if (*p++ != '.' || parts == 4)
            break;
    }
    return "must be a version such as 3.9.1";
}

const char *value_number(struct arena *a, enum field_kind kind, const char *s, int64_t *out)
{
    switch (kind) {
    case F_BYTES: return value_bytes(a, s, out);
    case F_CPU:   return value_cpu(a, s, out);
    case F_MS:    return value_duration(a, s, out);
    case F_RATE:  return value_rate(a, s, out);
    case F_MINOR: return value_minor(a, s, out);
    default:      return value_int(a, s, out);
    }
}

static bool is_word(const char *s, const char *words)
{
    const size_t len = strlen(s);
    for (const char *p = words; *p != '\0'; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == len && strncasecmp(p, s, len) == 0)
            return true;
    return false;
}

const char *value_bool(const char *s, bool plain, bool *out)
{
    *out = strcmp(s, "true") == 0;
    if (*out || strcmp(s, "false") == 0)
        return plain ? NULL : "a text in quotes; write it without them";
    if (is_word(s, "true yes on y 1"))
        return "must be true or false; write true";
    if (is_word(s, "false no off n 0"))
        return "must be true or false; write false";
    return "must be true or false";
}

const char *value_show_bytes(struct arena *a, int64_t bytes)
{
    static const char *const names[] = { "Pi", "Ti", "Gi", "Mi", "Ki" };
    for (int i = 0; i < 5; i++) {
        const int64_t unit = (int64_t)1 << (50 - 10 * i);
        if (bytes >= unit && bytes % unit == 0)
            return str_join(a, str_int(a, bytes / unit), names[i], NULL);
    }
    return str_int(a, bytes);
}

const char *value_show_cpu(struct arena *a, int64_t millicores)
{
    return millicores % 1000 == 0 ? str_int(a, millicores / 1000) : str_join(a, str_int(a, millicores), "m", NULL);
}

const char *value_show_duration(struct arena *a, int64_t ms)
{
    for (int i = 4; i > 0; i--)
        if (ms >= time_units[i].factor && ms % time_units[i].factor == 0)
            return str_join(a, str_int(a, ms / time_units[i].factor), time_units[i].name, NULL);
    return str_join(a, str_int(a, ms), "ms", NULL);
}

const char *value_show(struct arena *a, enum field_kind kind, int64_t n)
{
    switch (kind) {
    case F_BYTES: return value_show_bytes(a, n);
    case F_CPU:   return value_show_cpu(a, n);
    case F_MS:    return value_show_duration(a, n);
    case F_RATE:  return str_join(a, value_show_bytes(a, n), "/s", NULL);
    case F_MINOR: return str_join(a, "1.", str_int(a, n), NULL);
    default:      return str_int(a, n);
    }
}
