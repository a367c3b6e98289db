/* certificate.c: what a certificate says (RFC 5280, section 4). Nothing here is proven: verify.c does that. */
#include "pki/der.h"
#include "pki/parts.h"

#include "base/text.h"

#define OID(s) s, sizeof(s) - 1

/* ---- names ------------------------------------------------------------------------------------------------ */

static const struct { const char *oid; size_t len; const char *name; } attributes[] = {
    { OID("\x55\x04\x03"), "CN" }, { OID("\x55\x04\x06"), "C" },  { OID("\x55\x04\x07"), "L" }, { OID("\x55\x04\x08"), "ST" },
    { OID("\x55\x04\x0a"), "O" },  { OID("\x55\x04\x0b"), "OU" }, { OID("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"), "DC" },
};

static const char *attribute_name(struct pki_bytes oid)
{
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        if (der_is(oid, attributes[i].oid, attributes[i].len))
            return attributes[i].name;
    return "OID";
}

/* The values of a name are UTF-8 or a subset of Latin-1; other encodings, and what would confuse a terminal, become '?'. */
static const char *value_text(struct arena *a, const struct der_value *v)
{
    char *s = arena_dup(a, (const char *)v->in.at, v->in.len);
    for (size_t i = 0; i < v->in.len;) {
        uint32_t point;
        const size_t n = str_point(s + i, v->in.len - i, &point);
        if (n == 0 || point < 0x20 || (point >= 0x7f && point < 0xa0))
            s[i++] = '?';
        else
            i += n;
    }
    return s;
}

/* One set of attributes; nearly always of one. */
static const char *read_part(struct arena *a, struct pki_bytes set, const char **common_name)
{
    struct der d = der_of(set);
    struct text t = { .a = a };
    *common_name = NULL;
    while (d.at != d.end && !d.bad) {
        struct der pair = der_of(der_take(&d, DER_SEQUENCE).in);
        const struct der_value oid = der_take(&pair, DER_OID), value = der_next(&pair);
        if (oid.tag == 0 || value.tag == 0)
            return NULL;
        const char *name = attribute_name(oid.in), *text = value_text(a, &value);
        if (t.len == 0 && strcmp(name, "CN") == 0)
            *common_name = text;
        text_join(&t, t.len > 0 ? "+" : "", name, "=", text, NULL);
    }
    return d.bad || t.len == 0 ? NULL : text_str(&t);
}

static bool read_subject(struct arena *a, struct pki_bytes name, struct pki_certificate *c)
{
    const char *text = "", *part;
    for (struct der d = der_of(name); d.at != d.end;) {
        const struct der_value set = der_take(&d, DER_SET);
        if (set.tag == 0 || (part = read_part(a, set.in, &c->common_name)) == NULL)
            return false;
        text = str_join(a, part, *text != '\0' ? "," : "", text, NULL);
    }
    c->subject = *text != '\0' ? text : "a certificate without a name";
    return true;
}

/* ---- keys and signatures ----------------------------------------------------------------------------------- */

struct named { const char *oid; size_t len; const char *name; int bits; };

static const struct named curves[] = {
    { OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), "P-256", 256 }, { OID("\x2b\x81\x04\x00\x22"), "P-384", 384 },
    { OID("\x2b\x81\x04\x00\x23"), "P-521", 521 }, { OID("\x2a\x86\x48\xce\x3d\x03\x01\x01"), "P-192", 192 },
    { OID("\x2b\x81\x04\x00\x21"), "P-224", 224 }, { OID("\x2b\x81\x04\x00\x0a"), "secp256k1", 256 }, { .oid = NULL } };

#define RSA_WITH "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define EC_WITH  "\x2a\x86\x48\xce\x3d\x04"
#define PSS      RSA_WITH "\x0a"

static const struct named signatures[] = {
    { OID(RSA_WITH "\x04"), "MD5", 0 },     { OID(RSA_WITH "\x05"), "SHA-1", 0 },   { OID(RSA_WITH "\x0b"), "SHA-256", 0 },
    { OID(RSA_WITH "\x0c"), "SHA-384", 0 }, { OID(RSA_WITH "\x0d"), "SHA-512", 0 }, { OID(RSA_WITH "\x0e"), "SHA-224", 0 },
    { OID(EC_WITH "\x01"), "SHA-1", 0 },    { OID(EC_WITH "\x03\x01"), "SHA-224", 0 }, { OID(EC_WITH "\x03\x02"), "SHA-256", 0 },
    { OID(EC_WITH "\x03\x03"), "SHA-384", 0 }, { OID(EC_WITH "\x03\x04"), "SHA-512", 0 },
    { OID("\x2b\x65\x70"), "SHA-512", 0 },  { OID("\x2b\x65\x71"), "SHAKE256", 0 }, { .oid = NULL } };

static const struct named hashes[] = {
    { OID("\x2b\x0e\x03\x02\x1a"), "SHA-1", 0 }, { OID("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), "SHA-256", 0 },
    { OID("\x60\x86\x48\x01\x65\x03\x04\x02\x02"), "SHA-384", 0 }, { OID("\x60\x86\x48\x01\x65\x03\x04\x02\x03"), "SHA-512", 0 },
    { .oid = NULL } };

static const struct named *find(const struct named *list, struct pki_bytes oid)
{
    for (; list->oid != NULL; list++)
        if (der_is(oid, list->oid, list->len))
            return list;
    return NULL;
}

/* RSASSA-PSS names its digest in a parameter of its own; left out, it is SHA-1 (RFC 4055). */
static const char *pss_digest(struct pki_bytes parameters)
{
    struct der d = der_of(parameters);
    const struct der_value hash = der_maybe(&d, 0xa0);
    if (hash.tag == 0)
        return "SHA-1";
    struct der in = der_of(hash.in);
    struct der algorithm = der_of(der_take(&in, DER_SEQUENCE).in);
    const struct named *n = find(hashes, der_take(&algorithm, DER_OID).in);
    return n == NULL ? NULL : n->name;
}

static const char *signature_digest(struct pki_bytes algorithm)
{
    struct der d = der_of(algorithm);
    const struct pki_bytes oid = der_take(&d, DER_OID).in;
    const struct named *n = find(signatures, oid);
    if (n == NULL && der_is(oid, OID(PSS)))
        return pss_digest(der_take(&d, DER_SEQUENCE).in);
    return n == NULL ? NULL : n->name;
}

/* RSAPublicKey ::= SEQUENCE { modulus, exponent } inside a bit string without unused bits. */
static int modulus_bits(struct pki_bytes bits)
{
    if (bits.len == 0 || bits.at[0] != 0)
        return 0;
    struct der d = der_of((struct pki_bytes){ bits.at + 1, bits.len - 1 });
    struct der in = der_of(der_take(&d, DER_SEQUENCE).in);
    struct pki_bytes n = der_take(&in, DER_INTEGER).in;
    while (n.len > 0 && n.at[0] == 0)
        n = (struct pki_bytes){ n.at + 1, n.len - 1 };
    if (n.len == 0 || n.len > 4096)
        return 0;
    int top = 8;
    while (!(n.at[0] >> (top - 1) & 1))
        top--;
    return (int)(n.len - 1) * 8 + top;
}

static bool read_key(struct pki_bytes info, struct pki_certificate *c)
{
    struct der d = der_of(info);
    struct der algorithm = der_of(der_take(&d, DER_SEQUENCE).in);
    const struct pki_bytes oid = der_take(&algorithm, DER_OID).in, bits = der_take(&d, DER_BITS).in;
    if (der_is(oid, OID("\x2a\x86\x48\xce\x3d\x02\x01"))) {
        const struct named *curve = find(curves, der_maybe(&algorithm, DER_OID).in);
        c->key   = PKI_EC;
        c->bits  = curve == NULL ? 0 : curve->bits;
        c->curve = curve == NULL ? NULL : curve->name;
    } else if (der_is(oid, OID(RSA_WITH "\x01"))) {
        c->key  = PKI_RSA;
        c->bits = modulus_bits(bits);
    }
    return !d.bad && !algorithm.bad;
}

/* ---- extensions -------------------------------------------------------------------------------------------- */

/* A name of printable ASCII without what could be anything else; IA5String may hold more. */
static bool is_host(struct pki_bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.at[i] <= 0x20 || b.at[i] >= 0x7f)
            return false;
    return b.len > 0;
}

static bool read_names(struct arena *a, struct pki_bytes value, struct pki_certificate *c)
{
    struct der outer = der_of(value), d = der_of(der_take(&outer, DER_SEQUENCE).in);
    const size_t most = value.len / 3 + 1; /* tag, length, a byte */
    c->dns = NEWS(a, const char *, most);
    c->ip  = NEWS(a, struct pki_bytes, most);
    while (d.at != d.end && !d.bad) {
        const struct der_value v = der_next(&d);
        if (v.tag == 0x82 && is_host(v.in) && c->dns_count < most)
            c->dns[c->dns_count++] = arena_dup(a, (const char *)v.in.at, v.in.len);
        else if (v.tag == 0x87 && (v.in.len == 4 || v.in.len == 16) && c->ip_count < most)
            c->ip[c->ip_count++] = v.in;
    }
    return !outer.bad && !d.bad;
}

static bool read_constraints(struct pki_bytes value, struct pki_certificate *c)
{
    struct der outer = der_of(value), d = der_of(der_take(&outer, DER_SEQUENCE).in);
    const struct der_value ca = der_maybe(&d, DER_BOOLEAN);
    c->is_ca = ca.in.len == 1 && ca.in.at[0] != 0;
    return !outer.bad && !d.bad;
}

/* Bit 5 of keyUsage, counted from the top: keyCertSign. */
static bool read_usage(struct pki_bytes value, struct pki_certificate *c)
{
    struct der d = der_of(value);
    const struct pki_bytes bits = der_take(&d, DER_BITS).in;
    c->may_sign = bits.len >= 2 && (bits.at[1] & 0x04);
    return !d.bad;
}

static bool read_purposes(struct pki_bytes value, struct pki_certificate *c)
{
    struct der outer = der_of(value), d = der_of(der_take(&outer, DER_SEQUENCE).in);
    c->server = c->client = false;
    while (d.at != d.end && !d.bad) {
        const struct pki_bytes oid = der_take(&d, DER_OID).in;
        const bool any = der_is(oid, OID("\x55\x1d\x25\x00"));
        c->server |= any || der_is(oid, OID("\x2b\x06\x01\x05\x05\x07\x03\x01"));
        c->client |= any || der_is(oid, OID("\x2b\x06\x01\x05\x05\x07\x03\x02"));
    }
    return !outer.bad && !d.bad;
}

static bool read_extension(struct arena *a, struct pki_bytes oid, struct pki_bytes value, struct pki_certificate *c)
{
    struct der d = der_of(value);
    if (oid.len != 3 || oid.at[0] != 0x55 || oid.at[1] != 0x1d)
        return true;
    switch (oid.at[2]) {
    case 14: c->subject_id = der_take(&d, DER_OCTETS).in; return !d.bad;
    case 15: return read_usage(value, c);
    case 17: return c->dns != NULL || read_names(a, value, c);
    case 19: return read_constraints(value, c);
    case 35:
        d = der_of(der_take(&d, DER_SEQUENCE).in);
        c->authority_id = der_maybe(&d, 0x80).in;
        return !d.bad;
    case 37: return read_purposes(value, c);
    default: return true;
    }
}

static bool read_extensions(struct arena *a, struct pki_bytes list, struct pki_certificate *c)
{
    struct der outer = der_of(list), d = der_of(der_take(&outer, DER_SEQUENCE).in);
    while (d.at != d.end && !d.bad) {
        struct der e = der_of(der_take(&d, DER_SEQUENCE).in);
        const struct pki_bytes oid = der_take(&e, DER_OID).in;
        der_maybe(&e, DER_BOOLEAN);
        const struct pki_bytes value = der_take(&e, DER_OCTETS).in;
        if (e.bad || !read_extension(a, oid, value, c))
            return false;
    }
    return !outer.bad && !d.bad;
}

/* ---- all of it --------------------------------------------------------------------------------------------- */

static bool read_validity(struct pki_bytes validity, struct pki_certificate *c)
{
    struct der d = der_of(validity);
    const struct der_value from = der_next(&d), to = der_next(&d);
    return der_time(&from, &c->not_before) && der_time(&to, &c->not_after);
}

static bool read_signed_part(struct arena *a, struct pki_bytes in, struct pki_certificate *c)
{
    struct der d = der_of(in);
    der_maybe(&d, 0xa0); /* version */
    der_take(&d, DER_INTEGER);
    der_take(&d, DER_SEQUENCE);
    const struct der_value issuer = der_take(&d, DER_SEQUENCE), validity = der_take(&d, DER_SEQUENCE);
    const struct der_value subject = der_take(&d, DER_SEQUENCE), key = der_take(&d, DER_SEQUENCE);
    c->issuer_der  = issuer.all;
    c->subject_der = subject.all;
    c->public_key  = key.all;
    if (d.bad || !read_validity(validity.in, c) || !read_subject(a, subject.in, c) || !read_key(key.in, c))
        return false;
    der_maybe(&d, 0x81);
    der_maybe(&d, 0x82);
    const struct der_value extensions = der_maybe(&d, 0xa3);
    return !d.bad && (extensions.tag == 0 || read_extensions(a, extensions.in, c));
}

bool certificate_read(struct arena *a, struct pki_bytes der, struct pki_certificate *c)
{
    struct der d = der_of(der), in = der_of(der_take(&d, DER_SEQUENCE).in);
    *c = (struct pki_certificate){ .der = der, .may_sign = true, .server = true, .client = true };
    const struct der_value part = der_take(&in, DER_SEQUENCE), algorithm = der_take(&in, DER_SEQUENCE);
    der_take(&in, DER_BITS);
    if (d.bad || d.at != d.end || in.bad || in.at != in.end)
        return false;
    c->digest = signature_digest(algorithm.in);
    return read_signed_part(a, part.in, c);
}

/* ---- questions --------------------------------------------------------------------------------------------- */

static bool same(struct pki_bytes a, struct pki_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool pki_issued_by(const struct pki_certificate *c, const struct pki_certificate *issuer)
{
    return same(c->issuer_der, issuer->subject_der)
        && (c->authority_id.len == 0 || issuer->subject_id.len == 0 || same(c->authority_id, issuer->subject_id));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool matches(const char *pattern, const char *name)
{
    const char *rest = strchr(name, '.');
    if (same_name(pattern, name))
        return true;
    return str_starts(pattern, "*.") && rest != NULL && rest != name && same_name(pattern + 1, rest);
}

bool pki_covers(const struct pki_certificate *c, const char *name)
{
    uint8_t address[16];
    const size_t len = pki_address(name, address);
    for (uint32_t i = 0; len == 0 && i < c->dns_count; i++)
        if (matches(c->dns[i], name))
            return true;
    for (uint32_t i = 0; len > 0 && i < c->ip_count; i++)
        if (same(c->ip[i], (struct pki_bytes){ address, len }))
            return true;
    return false;
}
