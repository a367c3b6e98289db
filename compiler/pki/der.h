/* der.h: a bounded walk over DER (X.690): each value lies inside the one that holds it, or the walk stops. */
#ifndef GREGOR_PKI_DER_H
#define GREGOR_PKI_DER_H

#include "pki/pki.h"

enum {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BITS = 0x03, DER_OCTETS = 0x04, DER_OID = 0x06, DER_UTC_TIME = 0x17,
    DER_TIME = 0x18, DER_SEQUENCE = 0x30, DER_SET = 0x31
};

/* What is left to be read. */
struct der {
    const uint8_t *at, *end;
    bool           bad;  /* something did not fit: nothing more is read */
};

/* One value: its tag, its contents, and all of it. */
struct der_value {
    uint8_t          tag; /* 0: none */
    struct pki_bytes in, all;
};

struct der der_of(struct pki_bytes b);

/* The next value; tag 0 at the end, or with `bad` where it is damaged. */
struct der_value der_next(struct der *d);

/* The next value, which must have this tag. */
struct der_value der_take(struct der *d, uint8_t tag);

/* The next value when it has this tag; else nothing is read. */
struct der_value der_maybe(struct der *d, uint8_t tag);

/* Seconds since 1970 of a UTCTime or GeneralizedTime in the forms of RFC 5280. False: neither. */
bool der_time(const struct der_value *v, int64_t *t);

/* True when the contents are these bytes. */
bool der_is(struct pki_bytes b, const char *bytes, size_t len);

#endif
