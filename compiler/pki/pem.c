/* pem.c: PEM (RFC 7468) in and out, addresses and dates as text. */
#include "pki/parts.h"

#include "base/base64.h"
#include "base/text.h"

#include <arpa/inet.h>

#define BEGIN "-----BEGIN "
#define END   "-----END "
#define DASH  "-----"

/* ---- in ------------------------------------------------------------------------------------------------------ */

struct lines {
    const char *at, *end;
    uint32_t    number; /* of the line read last */
};

struct line {
    const char *at;
    size_t      len;
};

/* The next line without its end; false behind the last. */
static bool next_line(struct lines *l, struct line *out)
{
    if (l->at == l->end)
        return false;
    const char *stop = memchr(l->at, '\n', (size_t)(l->end - l->at));
    *out = (struct line){ l->at, (size_t)((stop == NULL ? l->end : stop) - l->at) };
    l->at = stop == NULL ? l->end : stop + 1;
    l->number++;
    while (out->len > 0 && strchr(" \t\r", out->at[out->len - 1]) != NULL)
        out->len--;
    return true;
}

static bool has(const struct line *l, const char *prefix)
{
    return l->len >= strlen(prefix) && memcmp(l->at, prefix, strlen(prefix)) == 0;
}

/* "CERTIFICATE" of "-----BEGIN CERTIFICATE-----"; NULL when the line is another. */
static const char *label_of(struct arena *a, const struct line *l, const char *prefix)
{
    const size_t edge = strlen(prefix) + strlen(DASH);
    if (!has(l, prefix) || l->len <= edge || memcmp(l->at + l->len - strlen(DASH), DASH, strlen(DASH)) != 0)
        return NULL;
    return arena_dup(a, l->at + strlen(prefix), l->len - edge);
}

static int digit_of(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52
         : c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Base64 that goes on from line to line. */
struct base64 {
    uint8_t *out;
    size_t   len;
    uint32_t held, count, padding; /* bits and digits of the group */
};

static bool add_digits(struct base64 *b, const struct line *l)
{
    for (size_t i = 0; i < l->len; i++) {
        const int d = l->at[i] == '=' ? 0 : digit_of(l->at[i]);
        if (d < 0 || (b->padding > 0 && l->at[i] != '='))
            return false;
        b->padding += l->at[i] == '=';
        b->held = b->held << 6 | (uint32_t)d;
        if (++b->count < 4)
            continue;
        if (b->padding > 2)
            return false;
        for (uint32_t n = 0; n < 3 - b->padding; n++)
            b->out[b->len++] = (uint8_t)(b->held >> (16 - 8 * n));
        b->held = b->count = 0;
    }
    return true;
}

/* Bytes up to the next line of dashes. */
static size_t body_size(struct lines l)
{
    const char *start = l.at;
    struct line line;
    while (next_line(&l, &line) && !has(&line, DASH)) {}
    return (size_t)(l.at - start);
}

bool pem_next(struct arena *a, struct pem *p, struct pem_block *out)
{
    struct lines l = { p->at, p->end, p->line };
    struct line line = { NULL, 0 };
    const char *label = NULL, *end = NULL;
    while (label == NULL && next_line(&l, &line))
        label = label_of(a, &line, BEGIN);
    *out = (struct pem_block){ .label = label, .line = l.number };
    struct base64 b = { .out = label == NULL ? NULL : arena_alloc(a, body_size(l) / 4 * 3 + 3) };
    bool fine = true;
    while (label != NULL && end == NULL && fine && next_line(&l, &line))
        if ((end = label_of(a, &line, END)) == NULL)
            fine = add_digits(&b, &line);
    out->der  = (struct pki_bytes){ b.out, b.len };
    out->fine = fine && end != NULL && str_eq(label, end) && b.count == 0 && b.len > 0;
    *p = (struct pem){ l.at, l.end, l.number };
    return label != NULL;
}

bool pki_read(struct arena *a, const char *text, size_t len, struct pki_chain *chain, uint32_t *line, const char **why)
{
    struct pem p = { text, text + len, 0 };
    struct pem_block b;
    *chain = (struct pki_chain){ NEWS(a, struct pki_certificate, PKI_MAX_CHAIN), 0 };
    for (*line = 1; pem_next(a, &p, &b);) {
        *line = b.line;
        *why  = str_ends(b.label, "PRIVATE KEY") ? "holds a private key"
              : strcmp(b.label, "CERTIFICATE") != 0 ? NULL
              : chain->len == PKI_MAX_CHAIN ? "holds more than 64 certificates"
              : !b.fine || !certificate_read(a, b.der, &chain->at[chain->len]) ? "holds a damaged certificate" : NULL;
        if (*why != NULL)
            return false;
        if (strcmp(b.label, "CERTIFICATE") == 0)
            chain->at[chain->len++].line = b.line;
    }
    *line = chain->len > 0 ? *line : 1;
    *why  = chain->len > 0 ? NULL : "holds no certificate in PEM form";
    return *why == NULL;
}

bool pki_read_key(struct arena *a, const char *text, size_t len, struct pki_bytes *key, const char **why)
{
    struct pem p = { text, text + len, 0 };
    struct pem_block b;
    while (pem_next(a, &p, &b)) {
        *key = b.der;
        *why = strcmp(b.label, "PRIVATE KEY") == 0 ? (b.fine ? NULL : "holds a damaged key")
             : str_ends(b.label, "PRIVATE KEY") ? "holds a key that is not in PKCS#8 form without a password" : "";
        if (*why == NULL || **why != '\0')
            return *why == NULL;
    }
    *why = "holds no private key in PEM form";
    return false;
}

/* ---- out ----------------------------------------------------------------------------------------------------- */

const char *pki_pem(struct arena *a, const char *label, struct pki_bytes der)
{
    struct text t = { .a = a };
    const char *digits = base64_of(a, der.at, der.len);
    text_join(&t, BEGIN, label, DASH, NULL);
    for (size_t left = strlen(digits), n; left > 0; digits += n, left -= n) {
        n = left < 64 ? left : 64;
        text_char(&t, '\n');
        text_bytes(&t, digits, n);
    }
    text_join(&t, "\n", END, label, DASH, "\n", NULL);
    return text_str(&t);
}

size_t pki_address(const char *s, uint8_t out[16])
{
    return inet_pton(AF_INET, s, out) == 1 ? 4 : inet_pton(AF_INET6, s, out) == 1 ? 16 : 0;
}

const char *pki_address_text(struct arena *a, struct pki_bytes address)
{
    char text[INET6_ADDRSTRLEN];
    const bool fine = (address.len == 4 || address.len == 16)
        && inet_ntop(address.len == 4 ? AF_INET : AF_INET6, address.at, text, sizeof text) != NULL;
    return arena_dup(a, fine ? text : "", fine ? strlen(text) : 0);
}

/* The day of a count of days since 1970 (the calendar of der.c the other way around). */
static void calendar(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    days += 719468;
    const int64_t era = days / 146097, of_era = days - era * 146097;
    const int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *day   = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year  = y + era * 400 + (*month <= 2);
}

const char *pki_date(struct arena *a, int64_t t)
{
    int64_t year, month, day;
    calendar((t < 0 ? 0 : t) / PKI_DAY, &year, &month, &day);
    return arena_printf(a, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
}

const char *pki_time(struct arena *a, int64_t t)
{
    const int second = (int)((t < 0 ? 0 : t) % PKI_DAY);
    return arena_printf(a, "%sT%02d:%02d:%02dZ", pki_date(a, t), second / 3600, second / 60 % 60, second % 60);
}
