/* When a CronJob runs: its schedule, as robfig/cron reads it, and the zone of its clock. */
#include "model/k8s_walk.h"

#include <string.h>
#include <strings.h>

/* ---- schedules ---------------------------------------------------------------------------------------- */

struct unit {
    unsigned    min, max;
    const char *names; /* from `min` on, three letters each; or NULL */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads a number or a name and moves `s` behind it. */
static bool read_value(const char **s, const struct unit *u, unsigned *n)
{
    for (size_t i = 0; u->names != NULL && u->names[i * 3] != '\0'; i++)
        if (strncasecmp(*s, u->names + i * 3, 3) == 0) {
            *s += 3;
            *n = u->min + (unsigned)i;
            return true;
        }
    if (!is_digit(**s))
        return false;
    for (*n = 0; is_digit(**s); ++*s)
        *n = *n > 99999 ? *n : *n * 10 + (unsigned)(**s - '0');
    return true;
}

/* One of "*", "5", "5-7", each perhaps with "/2" behind it, up to a ',' or the end of the field. */
static const char *bad_range(const char **s, const struct unit *u)
{
    static const struct unit steps = { 1, 99999, NULL };
    unsigned first = u->min, last = u->max, step = 1;
    if (**s == '*' || **s == '?') {
        ++*s;
    } else {
        if (!read_value(s, u, &first))
            return "holds a field that is no number, name, range or '*'";
        last = first;
        if (**s == '-' && (++*s, !read_value(s, u, &last)))
            return "holds a range that does not end in a number or a name";
    }
    if (**s == '/') {
        ++*s;
        if (!read_value(s, &steps, &step) || step == 0)
            return "holds a '/' without a number above 0 behind it";
    }
    if (**s != ',' && **s != ' ' && **s != '\0')
        return "holds a field that is no number, name, range or '*'";
    if (first < u->min || last > u->max)
        return "holds a number outside of its field's range";
    return first > last ? "holds a range that runs backwards" : NULL;
}

static const char *bad_field(const char **s, const struct unit *u)
{
    const char *bad = NULL;
    do {
        *s += **s == ',';
        bad = bad_range(s, u);
    } while (bad == NULL && **s == ',');
    return bad;
}

/* "@every 1h30m" takes what Go calls a duration. */
static bool is_go_duration(const char *s)
{
    static const char *const units[] = { "ns", "us", "ms", "s", "m", "h" };
    while (*s != '\0') {
        const size_t digits = strspn(s, "0123456789."), letters = strspn(s + digits, "nsumh");
        bool known = false;
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            known |= strlen(units[i]) == letters && strncmp(units[i], s + digits, letters) == 0;
        if (digits == 0 || !known)
            return false;
        s += digits + letters;
    }
    return true;
}

static bool is_named_schedule(const char *s)
{
    static const char *const names[] = { "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(s, names[i]) == 0)
            return true;
    return strncmp(s, "@every ", 7) == 0 && s[7] != '\0' && is_go_duration(s + 7);
}

static unsigned count_fields(const char *s)
{
    unsigned n = 0;
    for (bool gap = true; *s != '\0'; s++) {
        n += gap && *s != ' ';
        gap = *s == ' ';
    }
    return n;
}

const char *k8s_bad_schedule(const char *s)
{
    static const struct unit units[] = {
        { 0, 59, NULL }, { 0, 23, NULL }, { 1, 31, NULL }, { 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec" },
        { 0, 6, "sunmontuewedthufrisat" },
    };
    if (strstr(s, "TZ") != NULL)
        return "holds a time zone, which belongs into 'timeZone'";
    if (*s == '@')
        return is_named_schedule(s) ? NULL : "is none of the named schedules, like @daily";
    if (count_fields(s) != sizeof units / sizeof *units)
        return "does not have five fields: minute, hour, day, month, weekday";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        s += strspn(s, " ");
        const char *bad = bad_field(&s, &units[i]);
        if (bad != NULL)
            return bad;
    }
    return NULL;
}

/* ---- zones -------------------------------------------------------------------------------------------- */

static bool in_list(const char *list, const char *s, size_t len)
{
    for (const char *p = list; *p != '\0'; p += strcspn(p, " ") + (p[strcspn(p, " ")] == ' '))
        if (strcspn(p, " ") == len && strncmp(p, s, len) == 0)
            return true;
    return false;
}

/* The areas and the names without one in IANA's list. Places come and go, so the server has the last word on them. */
static bool is_zone(const char *s)
{
    static const char areas[] = "Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe "
                                "Indian Mexico Pacific US";
    static const char alone[] = "CET CST6CDT Cuba EET EST EST5EDT Egypt Eire Factory GB GB-Eire GMT GMT+0 GMT-0 GMT0 "
                                "Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT "
                                "NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal "
                                "W-SU WET Zulu";
    const char *slash = strchr(s, '/');
    return slash == NULL ? in_list(alone, s, strlen(s)) : in_list(areas, s, (size_t)(slash - s));
}

static bool is_zone_part(const char *s, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+";
    const bool dots = (len == 1 && s[0] == '.') || (len == 2 && s[0] == '.' && s[1] == '.');
    return len > 0 && len <= 14 && !dots && s[0] != '-' && strspn(s, letters) >= len;
}

const char *k8s_bad_time_zone(const char *s)
{
    if (strcasecmp(s, "Local") == 0)
        return "is no zone of its own: name the one that is meant";
    for (const char *part = s;; part += strcspn(part, "/") + 1) {
        if (!is_zone_part(part, strcspn(part, "/")))
            return "is no name from IANA's list of time zones, like Europe/Berlin";
        if (part[strcspn(part, "/")] == '\0')
            break;
    }
    return is_zone(s) ? NULL : "is no name from IANA's list of time zones, like Europe/Berlin";
}
