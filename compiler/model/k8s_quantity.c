/* Quantities exactly as apimachinery's resource.Quantity reads and prints them (EC 2.10), kept as billionths: it rounds what
 * is finer up, and so do we. What it would cap at 2^63-1 is refused here: nobody means it. */
#include "model/k8s_walk.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

#define NANO  ((wide)1000000000)
#define MOST  ((wide)INT64_MAX * NANO)
#define PLACES 27 /* digits behind the point that count exactly; 10^27 times 10 fits easily */

enum format { DECIMAL, BINARY, EXPONENT };

struct amount {
    bool        negative;
    wide        nano;
    enum format format;
};

/* The digits of a quantity: `whole`, and `part` / `unit` behind the point. `rest`: something finer was cut off. */
struct digits {
    wide whole, part, unit;
    bool rest;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_digits(const char **s, struct digits *d)
{
    const char *start = *s, *p = start;
    unsigned places = 0, count = 0;
    *d = (struct digits){ .unit = 1 };
    for (; is_digit(*p); p++, count++)
        if ((d->whole = d->whole * 10 + (unsigned)(*p - '0')) > MOST)
            return false;
    if (*p == '.')
        for (p++; is_digit(*p); p++, count++) {
            if (++places <= PLACES) {
                d->part = d->part * 10 + (unsigned)(*p - '0');
                d->unit *= 10;
            } else {
                d->rest |= *p != '0';
            }
        }
    *s = p;
    return count > 0;
}

/* The usual case in one step: a whole number below 2^63 cannot overflow when it is raised by less than 2^60. */
static bool raise_whole(struct digits *d, unsigned factor, unsigned times)
{
    static const uint64_t tens[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000 };
    d->whole = factor == 2 ? d->whole << times : d->whole * tens[times];
    return d->whole <= MOST;
}

/* Multiplies by `factor`, `times` times; false beyond the largest amount. */
static bool raise(struct digits *d, unsigned factor, unsigned times)
{
    if (d->whole == 0 && d->part == 0)
        return true;
    if (d->unit == 1 && d->whole <= INT64_MAX && times <= (factor == 2 ? 60 : 9))
        return raise_whole(d, factor, times);
    while (times-- > 0) {
        d->part *= factor;
        d->whole = d->whole * factor;
        if (d->unit > 1) {
            d->whole += d->part / d->unit;
            d->part %= d->unit;
        }
        if (d->whole > MOST)
            return false;
    }
    return true;
}

static void lower(struct digits *d, unsigned times)
{
    d->rest |= d->part != 0;
    d->part = 0;
    for (; times > 0 && d->whole != 0; times--) {
        d->rest |= d->whole % 10 != 0;
        d->whole /= 10;
    }
}

/* What stands behind the 'e'. An exponent beyond a thousand is as good as a thousand. */
static bool read_exponent(const char *s, int *power)
{
    const bool negative = *s == '-';
    s += *s == '-' || *s == '+';
    if (!is_digit(*s))
        return false;
    for (*power = 0; is_digit(*s); s++)
        *power = *power > 99 ? 1000 : *power * 10 + (*s - '0');
    if (negative)
        *power = -*power;
    return *s == '\0';
}

/* Reads a suffix: the power of ten, or of two when `format` says BINARY. */
static bool read_suffix(const char *s, enum format *format, int *power)
{
    static const char letters[] = "numkMGTPE";
    static const int  powers[] = { -9, -6, -3, 3, 6, 9, 12, 15, 18 };
    *format = DECIMAL;
    *power = 0;
    if (*s == '\0')
        return true;
    if ((*s == 'e' || *s == 'E') && s[1] != '\0' && s[1] != 'i') {
        *format = EXPONENT;
        return read_exponent(s + 1, power);
    }
    if (s[1] == 'i' && s[2] == '\0') {
        static const char binary[] = "KMGTPE";
        const char *at = strchr(binary, *s);
        *format = BINARY;
        *power = at == NULL ? 0 : 10 * (int)(at - binary + 1);
        return at != NULL;
    }
    const char *at = strchr(letters, *s);
    if (at == NULL || s[1] != '\0')
        return false;
    *power = powers[at - letters];
    return true;
}

static bool parse(const char *s, struct amount *q)
{
    struct digits d;
    int power;
    q->negative = *s == '-';
    s += *s == '-' || *s == '+';
    if (!read_digits(&s, &d) || !read_suffix(s, &q->format, &power))
        return false;
    if (q->format == BINARY && !raise(&d, 2, (unsigned)power))
        return false;
    const int places = q->format == BINARY ? 9 : power + 9;
    if (places >= 0 && !raise(&d, 10, (unsigned)places))
        return false;
    if (places < 0)
        lower(&d, (unsigned)-places);
    q->nano = d.whole + (d.part != 0 || d.rest);
    return q->nano <= MOST;
}

bool k8s_parse_quantity(const char *s, int64_t *milli)
{
    struct amount q;
    if (!parse(s, &q))
        return false;
    const wide m = (q.nano + 999999) / 1000000;
    if (m > INT64_MAX)
        return false;
    *milli = q.negative ? -(int64_t)m : (int64_t)m;
    return true;
}

enum k8s_grain k8s_quantity_grain(const char *s)
{
    struct amount q;
    if (!parse(s, &q))
        return KG_NONE;
    if (q.negative && q.nano != 0)
        return KG_NEGATIVE;
    return q.nano % NANO == 0 ? KG_WHOLE : q.nano % 1000000 == 0 ? KG_MILLI : KG_BELOW_MILLI;
}

static size_t put_number(wide n, char *out)
{
    char   back[40];
    size_t len = 0;
    do
        back[len++] = (char)('0' + (int)(n % 10));
    while ((n /= 10) != 0);
    for (size_t i = 0; i < len; i++)
        out[i] = back[len - 1 - i];
    return len;
}

static size_t put_decimal(wide nano, enum format format, char *out)
{
    static const char suffixes[] = "num\0kMGTPE";
    int exponent = -9;
    while (nano % 1000 == 0) {
        nano /= 1000;
        exponent += 3;
    }
    size_t len = put_number(nano, out);
    if (exponent == 0)
        return len;
    if (format == DECIMAL) {
        out[len++] = suffixes[exponent / 3 + 3];
        return len;
    }
    out[len++] = 'e';
    if (exponent < 0)
        out[len++] = '-';
    return len + put_number((wide)(exponent < 0 ? -exponent : exponent), out + len);
}

static size_t put_binary(wide whole, char *out)
{
    unsigned steps = 0;
    while (whole % 1024 == 0) {
        whole /= 1024;
        steps++;
    }
    size_t len = put_number(whole, out);
    if (steps > 0) {
        out[len++] = "KMGTPE"[steps - 1];
        out[len++] = 'i';
    }
    return len;
}

size_t k8s_canonical_quantity(const char *s, char out[K8S_QUANTITY_ROOM])
{
    struct amount q;
    size_t len = 0;
    if (!parse(s, &q))
        return 0;
    if (q.nano == 0) {
        out[0] = '0';
        return 1;
    }
    if (q.negative)
        out[len++] = '-';
    if (q.format == BINARY && q.nano >= 1024 * NANO && q.nano % NANO == 0)
        return len + put_binary(q.nano / NANO, out + len);
    return len + put_decimal(q.nano, q.format == EXPONENT ? EXPONENT : DECIMAL, out + len);
}

const char *k8s_quantity(struct arena *a, const char *s)
{
    char out[K8S_QUANTITY_ROOM];
    const size_t len = k8s_canonical_quantity(s, out);
    return len == 0 ? s : arena_dup(a, out, len);
}
