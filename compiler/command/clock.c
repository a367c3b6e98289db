/* clock.c: what time it is, for the dates of certificates and nothing else. */
#include "command/report.h"

#include <stdlib.h>
#include <time.h>

static bool number(const char **p, int digits, int *out)
{
    for (*out = 0; digits > 0; digits--, ++*p) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

/* 2026-11-20, or 2026-11-20T12:00:00Z. */
static bool date(const char *s, int64_t *t)
{
    struct tm d = { .tm_sec = 0 };
    if (!number(&s, 4, &d.tm_year) || *s++ != '-' || !number(&s, 2, &d.tm_mon) || *s++ != '-' || !number(&s, 2, &d.tm_mday))
        return false;
    if (*s == 'T' && (s++, !number(&s, 2, &d.tm_hour) || *s++ != ':' || !number(&s, 2, &d.tm_min) || *s++ != ':'
                      || !number(&s, 2, &d.tm_sec) || *s++ != 'Z'))
        return false;
    const bool fits = d.tm_year >= 1970 && d.tm_mon >= 1 && d.tm_mon <= 12 && d.tm_mday >= 1 && d.tm_mday <= 31
        && d.tm_hour < 24 && d.tm_min < 60 && d.tm_sec < 60;
    d.tm_year -= 1900;
    d.tm_mon -= 1;
    *t = timegm(&d);
    return fits && *s == '\0';
}

/* Seconds since 1970; the largest stands in the year 9999. */
static bool seconds(const char *s, int64_t *t)
{
    *t = 0;
    if (*s == '\0')
        return false;
    for (; *s >= '0' && *s <= '9' && *t < 253402300800; s++)
        *t = *t * 10 + (*s - '0');
    return *s == '\0' && *t < 253402300800;
}

int clock_read(struct command *c)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    c->o.now = (int64_t)time(NULL);
    if (c->o.at != NULL && !date(c->o.at, &c->o.now) && !seconds(c->o.at, &c->o.now))
        return report_usage(c, NULL, "'--now' is a time such as 2026-11-20T12:00:00Z, not '%s'", c->o.at);
    if (c->o.at == NULL && epoch != NULL && !seconds(epoch, &c->o.now))
        return report_usage(c, NULL, "SOURCE_DATE_EPOCH is a number of seconds since 1970, not '%s'", epoch);
    return EXIT_DONE;
}
