#include "pki/der.h"

#include <string.h>

struct der der_of(struct pki_bytes b)
{
    return (struct der){ .at = b.at, .end = b.at + b.len };
}

static struct der_value damaged(struct der *d)
{
    d->bad = true;
    d->at  = d->end;
    return (struct der_value){ .tag = 0 };
}

/* Lengths of one byte, or of up to four that follow their count; never the indefinite form, which is not DER. */
static bool length(const uint8_t **p, const uint8_t *end, size_t *len)
{
    if (*p == end)
        return false;
    *len = *(*p)++;
    if (*len < 0x80)
        return true;
    size_t n = *len & 0x7f;
    if (n == 0 || n > 4 || (size_t)(end - *p) < n)
        return false;
    for (*len = 0; n > 0; n--)
        *len = *len << 8 | *(*p)++;
    return true;
}

struct der_value der_next(struct der *d)
{
    const uint8_t *start = d->at, *p = start;
    size_t len;
    if (d->bad || p == d->end)
        return (struct der_value){ .tag = 0 };
    const uint8_t tag = *p++;
    if ((tag & 0x1f) == 0x1f || tag == 0 || !length(&p, d->end, &len) || len > (size_t)(d->end - p))
        return damaged(d);
    d->at = p + len;
    return (struct der_value){ tag, { p, len }, { start, (size_t)(p - start) + len } };
}

struct der_value der_take(struct der *d, uint8_t tag)
{
    const struct der_value v = der_next(d);
    return v.tag == tag ? v : damaged(d);
}

struct der_value der_maybe(struct der *d, uint8_t tag)
{
    return d->at != d->end && *d->at == tag ? der_next(d) : (struct der_value){ .tag = 0 };
}

bool der_is(struct pki_bytes b, const char *bytes, size_t len)
{
    return b.len == len && memcmp(b.at, bytes, len) == 0;
}

/* ---- time ------------------------------------------------------------------------------------------------ */

static bool digits(const uint8_t **p, int n, int64_t *out)
{
    for (*out = 0; n > 0; n--, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

/* Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that a leap day ends one. */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    const int64_t era = year / 400, of_era = year - era * 400, months = (month + 9) % 12;
    const int64_t of_year = (153 * months + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* RFC 5280: seconds are always there, the zone is Z, and two digits mean 1950 to 2049. */
bool der_time(const struct der_value *v, int64_t *t)
{
    const bool utc = v->tag == DER_UTC_TIME;
    const uint8_t *p = v->in.at;
    int64_t year, month, day, hour, minute, second;
    if ((!utc && v->tag != DER_TIME) || v->in.len != (utc ? 13u : 15u) || p[v->in.len - 1] != 'Z')
        return false;
    if (!digits(&p, utc ? 2 : 4, &year) || !digits(&p, 2, &month) || !digits(&p, 2, &day) || !digits(&p, 2, &hour)
        || !digits(&p, 2, &minute) || !digits(&p, 2, &second))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
        return false;
    year += !utc ? 0 : year < 50 ? 2000 : 1900;
    *t = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}
