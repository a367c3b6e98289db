/* One scalar and its field: type, enumeration, range, syntax. A scalar of a description is text whose type the field
 * decides; an emitted one is typed already. Messages never quote what may be a secret: only names and enumerations. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

static bool is_plain(const struct val *v)
{
    return v->kind == V_STR && (v->flags & VF_PLAIN);
}

static const char *kind_word(const struct val *v)
{
    static const char *const words[] = { "nothing", "null", "a boolean", "a number", "a string", "a list", "a map" };
    return v->kind < sizeof words / sizeof *words ? words[v->kind] : "something else";
}

static struct diag *wrong_type(struct k8s_walk *w, const struct val *v, const struct k8s_step *at, const char *wanted)
{
    return k8s_report(w, E_K8S_TYPE, v, at, "must be %s, not %s", wanted, kind_word(v));
}

/* ---- strings ------------------------------------------------------------------------------------------ */

/* A '*' in the pattern stands for any text. */
static bool matches(const char *pattern, size_t len, const char *s)
{
    const char *star = memchr(pattern, '*', len);
    const size_t head = star == NULL ? len : (size_t)(star - pattern), tail = star == NULL ? 0 : len - head - 1;
    if (strncmp(pattern, s, head) != 0)
        return false;
    const size_t rest = strlen(s + head);
    return star == NULL ? rest == 0 : rest >= tail && memcmp(star + 1, s + head + rest - tail, tail) == 0;
}

static bool one_of(const char *values, const char *s)
{
    for (const char *p = values; p != NULL; ) {
        const char *bar = strchr(p, '|');
        if (matches(p, bar == NULL ? strlen(p) : (size_t)(bar - p), s))
            return true;
        p = bar == NULL ? NULL : bar + 1;
    }
    return false;
}

struct choices {
    struct arena *a;
    const char   *values;
};

static const char *choice(const void *list, size_t i)
{
    const struct choices *c = list;
    const char *p = c->values;
    while (i-- > 0 && p != NULL)
        if ((p = strchr(p, '|')) != NULL)
            p++;
    return p == NULL ? NULL : arena_dup(c->a, p, strcspn(p, "|"));
}

static void report_choice(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    struct arena *a = w->c->cx->a;
    const struct choices choices = { a, r->values };
    const char *listed = str_replace(a, *r->values == '|' ? r->values + 1 : r->values, "|", ", ");
    struct diag *d = k8s_report(w, E_K8S_VALUE, v, at, "is '%s', which is none of: %s", k8s_shown(w, v->s), listed);
    diag_did_you_mean(w->c->cx, d, str_nearest(v->s, choice, &choices));
}

/* What newer servers refuse, older ones read in their own way, and so do programs that read it back. */
static void advise_exact(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    const char *bad = k8s_bad_syntax(k8s_syntax_in(r->syntax, KUBERNETES_NEWEST), v->s);
    if (bad == NULL)
        return;
    struct diag *d = k8s_advise(w, v, at, "is '%s', which %s", k8s_shown(w, v->s), bad);
    diag_hint(w->c->cx, d, "Kubernetes 1.36 and later refuse it");
}

static void check_text(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    if (r->values != NULL && !one_of(r->values, v->s)) {
        report_choice(w, r, v, at);
    } else if ((r->flags & KR_NONEMPTY) && *v->s == '\0') {
        k8s_report(w, E_K8S_VALUE, v, at, "is empty");
    } else if (v->len > r->max) {
        k8s_report(w, E_K8S_VALUE, v, at, "is longer than %lld characters", (long long)r->max);
    } else if (r->syntax != SX_NONE && r->shape != K8S_MAP) {
        const char *bad = k8s_bad_syntax(k8s_syntax_in(r->syntax, w->c->minor), v->s);
        if (bad != NULL)
            k8s_report(w, E_K8S_VALUE, v, at, "is '%s', which %s", k8s_shown(w, v->s), bad);
        else if (r->syntax == SX_CIDR || r->syntax == SX_IP)
            advise_exact(w, r, v, at);
    }
}

static void check_string(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    const char *other = is_plain(v) ? k8s_reads_as(v->s) : NULL;
    if (v->kind != V_STR || other != NULL) {
        struct diag *d = other == NULL ? wrong_type(w, v, at, "a string")
                                       : k8s_report(w, E_K8S_TYPE, v, at, "must be a string, not %s", other);
        if (v->kind == V_STR || v->kind == V_INT || v->kind == V_BOOL)
            diag_hint(w->c->cx, d, "put it in quotes");
    } else if (r != NULL && (r->values != NULL || r->syntax != SX_NONE || (r->flags & KR_NONEMPTY) || r->max < INT64_MAX)) {
        check_text(w, r, v, at);
    }
}

static bool is_base64(const char *s)
{
    size_t n = 0, padding = 0;
    for (; *s != '\0'; s++) {
        if (*s == '\n' || *s == '\r')
            continue;
        const bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9')
                         || *s == '+' || *s == '/';
        if (!letter && *s != '=')
            return false;
        if (letter && padding > 0)
            return false;
        padding += *s == '=';
        n++;
    }
    return n % 4 == 0 && padding <= 2;
}

static void check_base64(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    check_string(w, NULL, v, at);
    if (v->kind == V_STR && !is_base64(v->s))
        k8s_report(w, E_K8S_VALUE, v, at, "is not base64");
}

/* Prometheus' durations: numbers with y w d h m s ms in this order, each at most once; or 0. */
static bool is_duration(const char *s)
{
    static const char *const units[] = { "y", "w", "d", "h", "m", "s", "ms" };
    enum { UNITS = sizeof units / sizeof *units };
    if (strcmp(s, "0") == 0 || *s == '\0')
        return *s != '\0';
    for (size_t next = 0; *s != '\0'; next++) {
        const size_t digits = strspn(s, "0123456789"), unit = strcspn(s + digits, "0123456789");
        while (next < UNITS && (strlen(units[next]) != unit || strncmp(units[next], s + digits, unit) != 0))
            next++;
        if (digits == 0 || next == UNITS)
            return false;
        s += digits + unit;
    }
    return true;
}

static void check_duration(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    if (v->kind != V_STR) {
        wrong_type(w, v, at, "a duration");
    } else if (!is_duration(v->s)) {
        struct diag *d = k8s_report(w, E_K8S_VALUE, v, at, "is '%s', which is no duration", k8s_shown(w, v->s));
        diag_hint(w->c->cx, d, "write it like 30s or 1m30s");
    }
}

/* ---- booleans and numbers ----------------------------------------------------------------------------- */

static bool says_yes(const char *s)
{
    return strchr("yYtT", *s) != NULL || ((*s | 0x20) == 'o' && (s[1] | 0x20) == 'n');
}

static void check_bool(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    if (v->kind == V_BOOL || (is_plain(v) && (strcmp(v->s, "true") == 0 || strcmp(v->s, "false") == 0)))
        return;
    const char *other = v->kind == V_STR ? k8s_reads_as(v->s) : NULL;
    struct diag *d = is_plain(v)
        ? k8s_report(w, E_K8S_TYPE, v, at, "must be true or false, not '%s'", k8s_shown(w, v->s))
        : wrong_type(w, v, at, "true or false");
    if (other != NULL && strcmp(other, "a boolean") == 0)
        diag_hint(w->c->cx, d, "write %s%s", says_yes(v->s) ? "true" : "false", is_plain(v) ? "" : " without quotes");
}

static bool octal(const char *s, long *n)
{
    *n = 0;
    if (s[0] != '0' || s[1] == '\0' || strspn(s, "01234567") != strlen(s) || strlen(s) > 6)
        return false;
    for (; *s != '\0'; s++)
        *n = *n * 8 + (*s - '0');
    return true;
}

/* The mode 0644 is 420 to some readers of YAML and 644 to others, so it is refused with what was meant. */
static void not_a_number(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    long    mode;
    int64_t n;
    if (!is_plain(v)) {
        struct diag *d = wrong_type(w, v, at, "a number");
        if (v->kind == V_STR && k8s_plain_int(v->s, &n))
            diag_hint(w->c->cx, d, "remove the quotes");
        return;
    }
    struct diag *d = k8s_report(w, E_K8S_TYPE, v, at, "must be a whole number");
    if (octal(v->s, &mode) && r != NULL && r->max == 511)
        diag_hint(w->c->cx, d, "write the mode in decimal: %ld", mode);
    else if (v->s[0] == '0' && octal(v->s, &mode))
        diag_hint(w->c->cx, d, "write it without the leading zero");
}

static void check_int(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    int64_t n;
    if (!k8s_int(v, &n))
        not_a_number(w, r, v, at);
    else if (r != NULL && n < r->min)
        k8s_report(w, E_K8S_VALUE, v, at, "must be at least %lld, not %lld", (long long)r->min, (long long)n);
    else if (r != NULL && n > r->max)
        k8s_report(w, E_K8S_VALUE, v, at, "must be at most %lld, not %lld", (long long)r->max, (long long)n);
}

/* `min=0` in the table forbids what is negative, `min=1` nothing, too. */
static void check_amount(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    char text[K8S_QUANTITY_ROOM];
    const bool nothing = v->kind == V_INT ? v->i == 0 : k8s_canonical_quantity(v->s, text) == 1 && text[0] == '0';
    const bool negative = v->kind == V_INT ? v->i < 0 : k8s_quantity_grain(v->s) == KG_NEGATIVE;
    if (negative && r->min >= 0)
        k8s_report(w, E_K8S_VALUE, v, at, "must not be negative");
    else if (nothing && r->min > 0)
        k8s_report(w, E_K8S_VALUE, v, at, "must be more than nothing");
}

static void check_quantity(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    if (v->kind == V_INT || (v->kind == V_STR && k8s_quantity_grain(v->s) != KG_NONE)) {
        if (r != NULL && r->min >= 0)
            check_amount(w, r, v, at);
    } else if (v->kind != V_STR) {
        wrong_type(w, v, at, "a quantity");
    } else {
        struct diag *d = k8s_report(w, E_K8S_VALUE, v, at, "is '%s', which is no quantity", k8s_shown(w, v->s));
        diag_hint(w->c->cx, d, "write it like 500m, 2, 8Gi or 100G");
    }
}

/* ---- a number or a string ----------------------------------------------------------------------------- */

static void check_port(struct k8s_walk *w, bool number, int64_t n, const struct val *v, const struct k8s_step *at)
{
    const char *bad = number ? NULL : k8s_bad_port_name(v->s);
    if (number && (n < 1 || n > 65535)) {
        k8s_report(w, E_K8S_VALUE, v, at, "must be a port from 1 to 65535, not %lld", (long long)n);
    } else if (bad != NULL) {
        struct diag *d = k8s_report(w, E_K8S_VALUE, v, at, "is the port name '%s', which %s", k8s_shown(w, v->s), bad);
        if (k8s_plain_int(v->s, &n))
            diag_hint(w->c->cx, d, "remove the quotes");
    }
}

static bool is_percentage(const char *s)
{
    const size_t digits = strspn(s, "0123456789");
    return digits > 0 && digits <= 3 && strcmp(s + digits, "%") == 0 && (digits < 3 || strcmp(s, "100%") == 0);
}

static void check_count(struct k8s_walk *w, bool number, int64_t n, const struct val *v, const struct k8s_step *at)
{
    if (number && n < 0) {
        k8s_report(w, E_K8S_VALUE, v, at, "must be at least 0, not %lld", (long long)n);
    } else if (!number && !is_percentage(v->s)) {
        struct diag *d = k8s_report(w, E_K8S_VALUE, v, at, "must be a number or a percentage from 0%% to 100%%");
        if (k8s_plain_int(v->s, &n))
            diag_hint(w->c->cx, d, "remove the quotes");
    }
}

static void check_int_or_string(struct k8s_walk *w, const struct k8s_row *r, const struct val *v, const struct k8s_step *at)
{
    int64_t n = 0;
    const bool number = k8s_int(v, &n);
    if (!number && (v->kind != V_STR || (is_plain(v) && k8s_reads_as(v->s) != NULL)))
        wrong_type(w, v, at, "a whole number or a string");
    else if (number && (n < INT32_MIN || n > INT32_MAX))
        k8s_report(w, E_K8S_VALUE, v, at, "is too large a number");
    else if (r != NULL && r->syntax == SX_PORT)
        check_port(w, number, n, v, at);
    else if (r != NULL && r->syntax == SX_COUNT)
        check_count(w, number, n, v, at);
}

/* ---- anything ----------------------------------------------------------------------------------------- */

static void check_no_null(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    if (v->kind == V_NULL)
        k8s_report(w, E_K8S_NULL, v, at, "is null");
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++) {
        const struct k8s_step step = { at, NULL, i };
        check_no_null(w, &v->seq[i], &step);
    }
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++) {
        const struct k8s_step step = { at, v->map[i].key, 0 };
        check_no_null(w, &v->map[i].v, &step);
    }
}

void k8s_walk_scalar(struct k8s_walk *w, const struct k8s_type *t, const struct k8s_row *r, const struct val *v,
                     const struct k8s_step *at)
{
    switch (t->form) {
    case K8S_STRING:        check_string(w, r, v, at); break;
    case K8S_INT32:
    case K8S_INT64:         check_int(w, r, v, at); break;
    case K8S_BOOL:          check_bool(w, v, at); break;
    case K8S_QUANTITY:      check_quantity(w, r, v, at); break;
    case K8S_INT_OR_STRING: check_int_or_string(w, r, v, at); break;
    case K8S_BASE64:        check_base64(w, v, at); break;
    case K8S_PROMDURATION:  check_duration(w, v, at); break;
    default:
        if (!w->c->partial)
            check_no_null(w, v, at);
    }
}
