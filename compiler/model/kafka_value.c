/* kafka_value.c: would the broker take this value? The rules of Kafka's ConfigDef.parseType() and its validators. */
#include "base/text.h"
#include "model/kafka.h"
#include "model/kafka_protocol.h"

#include <stdlib.h>
#include <strings.h>

struct slice {
    const char *p;
    size_t      len;
};

/* String.trim(): everything up to the blank goes, at both ends. */
static struct slice trimmed(const char *s)
{
    size_t len;
    while (*s != '\0' && (unsigned char)*s <= ' ')
        s++;
    len = strlen(s);
    while (len > 0 && (unsigned char)s[len - 1] <= ' ')
        len--;
    return (struct slice){ s, len };
}

static bool is_word(struct slice v, const char *word, size_t len, bool any_case)
{
    return v.len == len && (any_case ? strncasecmp(v.p, word, len) : memcmp(v.p, word, len)) == 0;
}

static bool is(struct slice v, const char *word)
{
    return is_word(v, word, strlen(word), false);
}

/* True when `v` is one of the blank-separated words. */
static bool is_one_of(struct slice v, const char *words, bool any_case)
{
    for (const char *w = words; *w != '\0';) {
        const size_t len = strcspn(w, " ");
        if (is_word(v, w, len, any_case))
            return true;
        w += len;
        w += strspn(w, " ");
    }
    return false;
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Long.parseLong(): a sign, then nothing but digits. */
static bool read_whole(struct slice v, int64_t *n)
{
    const bool minus = v.len > 0 && v.p[0] == '-';
    size_t     i     = v.len > 0 && (v.p[0] == '-' || v.p[0] == '+');
    *n               = 0;
    if (i == v.len)
        return false;
    for (; i < v.len; i++) { /* counts down: the smallest number has no positive counterpart */
        if (!is_digit(v.p[i]) || __builtin_mul_overflow(*n, 10, n) || __builtin_sub_overflow(*n, v.p[i] - '0', n))
            return false;
    }
    return minus || !__builtin_sub_overflow(0, *n, n);
}

static int64_t lowest(const struct kafka_key *k)
{
    if (k->has_min)
        return (int64_t)k->min;
    return k->type == KT_SHORT ? INT16_MIN : k->type == KT_INT ? INT32_MIN : INT64_MIN;
}

static int64_t highest(const struct kafka_key *k)
{
    if (k->has_max)
        return (int64_t)k->max;
    return k->type == KT_SHORT ? INT16_MAX : k->type == KT_INT ? INT32_MAX : INT64_MAX;
}

static bool also_takes(const struct kafka_key *k, int64_t n)
{
    for (const char *w = k->also; w != NULL && *w != '\0'; w += strspn(w, " ")) {
        const size_t len = strcspn(w, " ");
        int64_t      allowed;
        if (read_whole((struct slice){ w, len }, &allowed) && allowed == n)
            return true;
        w += len;
    }
    return false;
}

static bool whole_accepted(const struct kafka_key *k, struct slice v)
{
    int64_t n;
    return read_whole(v, &n) && ((n >= lowest(k) && n <= highest(k)) || also_takes(k, n));
}

static size_t digits(struct slice v, size_t i, bool hex)
{
    size_t n = 0;
    while (i + n < v.len && (is_digit(v.p[i + n]) || (hex && strchr("abcdefABCDEF", v.p[i + n]) != NULL)))
        n++;
    return n;
}

/* The end of an exponent at `i`, `i` when there is none, 0 when it is broken. */
static size_t exponent_end(struct slice v, size_t i, char letter)
{
    if (i == v.len || (v.p[i] | 0x20) != letter)
        return i;
    const size_t sign = i + 1 < v.len && (v.p[i + 1] == '+' || v.p[i + 1] == '-');
    const size_t n    = digits(v, i + 1 + sign, false);
    return n == 0 ? 0 : i + 1 + sign + n;
}

/* Where the number of Double.valueOf()'s grammar that starts at `i` ends; 0 when there is none. */
static size_t number_end(struct slice v, size_t i)
{
    const bool   hex   = v.len > i + 1 && v.p[i] == '0' && (v.p[i + 1] | 0x20) == 'x';
    const size_t start = i + (hex ? 2 : 0), before = digits(v, start, hex);
    size_t       after = 0, end;
    i = start + before;
    if (i < v.len && v.p[i] == '.') {
        after = digits(v, i + 1, hex);
        i += 1 + after;
    }
    if (before + after == 0)
        return 0;
    end = exponent_end(v, i, hex ? 'p' : 'e');
    return hex && end == i ? 0 : end; /* a hexadecimal number needs its exponent */
}

/* Double.parseDouble(). strtod() alone takes more ("inf") and less ("1d"). */
static bool read_double(struct arena *a, struct slice v, double *d)
{
    const size_t sign = v.len > 0 && (v.p[0] == '-' || v.p[0] == '+');
    struct slice body = { v.p + sign, v.len - sign };
    if (!is(body, "NaN") && !is(body, "Infinity")) {
        size_t end = number_end(v, sign);
        if (end == 0)
            return false;
        body.len = end - sign;
        end += end < v.len && strchr("fFdD", v.p[end]) != NULL;
        if (end != v.len)
            return false;
    }
    *d = strtod(arena_dup(a, v.p, body.len + sign), NULL);
    return true;
}

static bool double_accepted(struct arena *a, const struct kafka_key *k, struct slice v)
{
    double d;
    return read_double(a, v, &d) && !(k->has_min && d < k->min) && !(k->has_max && d > k->max);
}

/* ---- texts and lists ----------------------------------------------------------------------------------------- */

static bool text_accepted(const struct kafka_key *k, struct slice v)
{
    return !(k->non_empty && v.len == 0)
        && (k->values == NULL || is_one_of(v, k->values, k->any_case))
        && (k->shape != KF_PROTOCOL || kafka_protocol_accepted(v.p, v.len, k->since));
}

/* A name that Java's Class.forName() could find: identifiers between dots. */
static bool class_accepted(struct slice v)
{
    bool first = true; /* of an identifier */
    for (size_t i = 0; i < v.len; i++) {
        const unsigned char c = (unsigned char)v.p[i];
        const bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '$' || c >= 0x80;
        if (c == '.' ? first : !letter && (first || !is_digit((char)c)))
            return false;
        first = c == '.';
    }
    return !first;
}

struct items {
    const char *p, *end; /* what is left; p is NULL behind the last item */
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next item between commas, without the white space around it. An empty list has none. */
static bool next_item(struct items *l, struct slice *item)
{
    if (l->p == NULL)
        return false;
    const char *start = l->p, *comma = memchr(start, ',', (size_t)(l->end - start));
    const char *end   = comma != NULL ? comma : l->end;
    l->p              = comma != NULL ? comma + 1 : NULL;
    while (start < end && is_space(*start))
        start++;
    while (start < end && is_space(end[-1]))
        end--;
    *item = (struct slice){ start, (size_t)(end - start) };
    return true;
}

static struct items items_of(struct slice v)
{
    return (struct items){ v.len == 0 ? NULL : v.p, v.p + v.len };
}

static int by_bytes(const void *a, const void *b)
{
    const struct slice *x = a, *y = b;
    const int order = memcmp(x->p, y->p, x->len < y->len ? x->len : y->len);
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* Sorts, so that a long list of a hostile file costs no square. */
static bool all_differ(struct arena *a, struct slice v, size_t count)
{
    struct slice *all = NEWS(a, struct slice, count + 1);
    struct items  l   = items_of(v);
    for (size_t i = 0; next_item(&l, &all[i]); i++)
        continue;
    qsort(all, count, sizeof *all, by_bytes);
    for (size_t i = 1; i < count; i++)
        if (by_bytes(&all[i - 1], &all[i]) == 0)
            return false;
    return true;
}

static bool is_host_char(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '%' || c == '.' || c == '_';
}

/* What may stand before the port: [scheme://]host or an IPv6 address, which may be in brackets; nothing at all too. */
static bool is_host(struct slice v)
{
    size_t i = 0;
    while (i < v.len && is_host_char(v.p[i]))
        i++;
    i = v.len - i >= 3 && memcmp(v.p + i, "://", 3) == 0 ? i + 3 : 0;
    i += i < v.len && v.p[i] == '[';
    while (i < v.len && (is_host_char(v.p[i]) || v.p[i] == ':'))
        i++;
    i += i < v.len && v.p[i] == ']';
    return i == v.len;
}

/* "host:9092". The pattern of Kafka 3.8 and 4.x; the other lines let anything at all be the host. */
static bool is_endpoint(struct slice v)
{
    size_t  i = v.len;
    int64_t port;
    while (i > 0 && is_digit(v.p[i - 1]))
        i--;
    return i > 0 && v.p[i - 1] == ':' && is_host((struct slice){ v.p, i - 1 })
        && read_whole((struct slice){ v.p + i, v.len - i }, &port) && port <= 65535;
}

/* "1@host:9093" */
static bool is_voter(struct slice v)
{
    int64_t id;
    while (v.len > 0 && v.p[v.len - 1] == '@')
        v.len--; /* Java's split() drops empty parts at the end */
    const char *at = memchr(v.p, '@', v.len);
    if (at == NULL)
        return false;
    const struct slice before = { v.p, (size_t)(at - v.p) }, after = { at + 1, v.len - before.len - 1 };
    return read_whole(before, &id) && id >= INT32_MIN && id <= INT32_MAX
        && memchr(after.p, '@', after.len) == NULL && is_endpoint(after);
}

/* "0:101", or nothing at all. */
static bool is_throttled(struct slice v)
{
    const size_t partition = digits(v, 0, false);
    return v.len == 0 || (partition > 0 && partition < v.len && v.p[partition] == ':'
                          && digits(v, partition + 1, false) == v.len - partition - 1 && v.len > partition + 1);
}

static bool item_accepted(const struct kafka_key *k, struct slice item)
{
    return !(k->unique && item.len == 0)
        && (k->values == NULL || is_one_of(item, k->values, k->any_case))
        && (k->shape != KF_VOTERS || is_voter(item))
        && (k->shape != KF_ENDPOINTS || is_endpoint(item))
        && (k->shape != KF_THROTTLED || is_throttled(item));
}

/* "*" among nothing but empty items stands for all replicas. */
static bool is_star(struct slice v)
{
    struct items l     = items_of(v);
    struct slice item;
    int          stars = 0;
    while (next_item(&l, &item))
        stars += item.len == 0 ? 0 : is(item, "*") ? 1 : 2;
    return stars == 1;
}

static bool list_accepted(struct arena *a, const struct kafka_key *k, struct slice v)
{
    struct items l = items_of(v);
    struct slice item;
    size_t       count = 0;
    if (k->shape == KF_THROTTLED && is_star(v))
        return true;
    for (; next_item(&l, &item); count++)
        if (!item_accepted(k, item))
            return false;
    return !(k->non_empty && count == 0) && (!k->unique || count < 2 || all_differ(a, v, count));
}

static bool accepted(struct arena *a, const struct kafka_key *k, struct slice v)
{
    switch (k->type) {
    case KT_BOOLEAN: return is_one_of(v, "true false", true);
    case KT_INT:
    case KT_SHORT:
    case KT_LONG:    return whole_accepted(k, v);
    case KT_DOUBLE:  return double_accepted(a, k, v);
    case KT_STRING:  return text_accepted(k, v);
    case KT_LIST:    return list_accepted(a, k, v);
    case KT_CLASS:   return class_accepted(v);
    default:         return true;
    }
}

/* ---- what it wants ------------------------------------------------------------------------------------------- */

static const char *wanted_whole(struct arena *a, const struct kafka_key *k)
{
    const char *range = str_join(a, "a whole number from ", str_int(a, lowest(k)), " to ", str_int(a, highest(k)), NULL);
    return k->also == NULL ? range : str_join(a, range, ", or ", str_replace(a, k->also, " ", " or "), NULL);
}

static const char *wanted_double(struct arena *a, const struct kafka_key *k)
{
    return k->has_min && k->has_max ? arena_printf(a, "a number from %g to %g", k->min, k->max)
         : k->has_min               ? arena_printf(a, "a number of at least %g", k->min)
         : k->has_max               ? arena_printf(a, "a number of at most %g", k->max)
                                    : "a number";
}

static const char *wanted_text(struct arena *a, const struct kafka_key *k)
{
    if (k->shape == KF_PROTOCOL)
        return str_join(a, "a protocol version that this release knows, such as ", k->def, NULL);
    if (k->values != NULL)
        return str_join(a, "one of ", str_replace(a, k->values, " ", ", "), NULL);
    return "a text that is not empty";
}

static const char *wanted_list(struct arena *a, const struct kafka_key *k)
{
    static const char *const shapes[] = { [KF_ANY] = "a list", [KF_PROTOCOL] = "a list", [KF_VOTERS] = "a list of id@host:port",
                                          [KF_ENDPOINTS] = "a list of host:port",
                                          [KF_THROTTLED] = "a list of partition:broker, or *" };
    const char *what = k->values == NULL ? shapes[k->shape]
                                         : str_join(a, "a list of any of ", str_replace(a, k->values, " ", ", "), NULL);
    return str_join(a, what, k->non_empty ? ", at least one" : "", k->unique ? ", none empty or repeated" : "", NULL);
}

static const char *wanted(struct arena *a, const struct kafka_key *k)
{
    switch (k->type) {
    case KT_BOOLEAN: return "true or false";
    case KT_INT:
    case KT_SHORT:
    case KT_LONG:    return wanted_whole(a, k);
    case KT_DOUBLE:  return wanted_double(a, k);
    case KT_LIST:    return wanted_list(a, k);
    case KT_CLASS:   return "the full name of a Java class";
    default:         return wanted_text(a, k);
    }
}

const char *kafka_value_wanted(struct arena *a, const struct kafka_key *key, const char *value)
{
    return accepted(a, key, trimmed(value)) ? NULL : wanted(a, key);
}
