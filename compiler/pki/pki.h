/* pki.h: certificates. Reading them is our own (der.c, certificate.c): ordinary builds look at certificates, and libcrypto would
 * cost each of them more start-up time than the compilation takes. Making and verifying is libcrypto's (make.c, verify.c), which
 * no other folder includes.
 *
 * Memory: results belong to the arena; nothing of libcrypto is held while the arena is asked for memory. Times are seconds
 * since 1970, UTC, and always come from the caller. Errors: false, and a reason in lower case in `*why`.
 *
 * Kafka takes keys and certificates as PEM (KIP-651, Kafka 2.7): the key as PKCS#8, RSA or EC. ZooKeeper reads PEM too, from
 * 3.5.5 on: one file with the key and its chain, one with the trusted certificates, both named *.pem (ZOOKEEPER-2120, class
 * PemReader). So nobody who runs a supported version needs a PKCS#12 file from here. */
#ifndef GREGOR_PKI_PKI_H
#define GREGOR_PKI_PKI_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define PKI_MAX_BYTES ((size_t)1 << 20) /* of a file of certificates: a Secret holds no more */
#define PKI_MAX_CHAIN 64                /* certificates in a file */
#define PKI_DAY       ((int64_t)86400)

struct pki_bytes {
    const uint8_t *at;
    size_t         len;
};

enum pki_key { PKI_OTHER, PKI_EC, PKI_RSA };

/* What a certificate says; `common_name` is what a rule on principals sees as CN at the start of the name. */
struct pki_certificate {
    struct pki_bytes der;
    uint32_t         line;                   /* of its BEGIN in the PEM text, from 1 */
    const char      *subject;                /* "CN=orders,O=corp", the order of RFC 2253; for people */
    const char      *common_name;            /* of the subject where it stands first; NULL: none there */
    const char     **dns;                    /* subject alternative names */
    struct pki_bytes *ip;                    /* 4 or 16 bytes each */
    uint32_t         dns_count, ip_count;
    struct pki_bytes subject_der, issuer_der, subject_id, authority_id, public_key; /* empty: not there */
    int64_t          not_before, not_after;
    enum pki_key     key;
    int              bits;                   /* of the key; 0: not known */
    const char      *curve;                  /* of an EC key: "P-256"; NULL: none of those known, or no EC key */
    const char      *digest;                 /* of the signature: "SHA-256"; NULL: not known */
    bool             is_ca, may_sign;        /* basicConstraints; keyUsage, when there is one */
    bool             server, client;         /* extended key usage; both when there is none */
};

struct pki_chain {
    struct pki_certificate *at;
    uint32_t                len;
};

/* Reads all certificates of a PEM text. Errors: no certificate, a damaged one, too many, a private key in between (which
 * stands in no file of certificates); `*line` says where. */
bool pki_read(struct arena *a, const char *text, size_t len, struct pki_chain *chain, uint32_t *line, const char **why);

/* Finds the one PKCS#8 private key of a PEM text. */
bool pki_read_key(struct arena *a, const char *text, size_t len, struct pki_bytes *key, const char **why);

/* True when the names say that `issuer` signed `c`: its subject is the issuer, and the key ids agree where both are there. */
bool pki_issued_by(const struct pki_certificate *c, const struct pki_certificate *issuer);

/* True when a client that connects to `name` accepts the certificate: a DNS name, a wildcard for its first label (RFC 6125,
 * 6.4.3), or an address. */
bool pki_covers(const struct pki_certificate *c, const char *name);

/* Reads "10.0.0.1" or "2001:db8::1". Returns 4, 16, or 0 when it is no address. */
size_t pki_address(const char *s, uint8_t out[16]);

/* The other way around; "" when it has neither 4 nor 16 bytes. Owned by `a`. */
const char *pki_address_text(struct arena *a, struct pki_bytes address);

/* "2027-01-31" or "2027-01-31T12:00:00Z" of a time. Owned by `a`. */
const char *pki_date(struct arena *a, int64_t t);
const char *pki_time(struct arena *a, int64_t t);

/* ---- libcrypto ------------------------------------------------------------------------------------------- */

/* Who signs. libcrypto takes milliseconds to read a key, so it is read once. To be closed; a jump for want of memory in between
 * leaves it to the end of the process. */
struct pki_signer {
    struct pki_bytes certificate;
    void            *x, *key;
};

bool pki_signer_open(struct arena *a, struct pki_signer *s, struct pki_bytes certificate, struct pki_bytes key, const char **why);
void pki_signer_close(struct pki_signer *s);

/* What a certificate shall say. */
struct pki_request {
    struct pki_bytes key;                    /* PKCS#8; empty: a new one is made */
    enum pki_key     kind;                   /* of the new key: PKI_EC (P-256) or PKI_RSA of `bits` 2048, 3072, 4096 */
    int              bits;
    const char      *common_name, *organization; /* the latter may be NULL */
    const char     **dns;
    uint32_t         dns_count;
    const char     **ip;                     /* as pki_address() reads them */
    uint32_t         ip_count;
    int64_t          not_before, not_after;
};

struct pki_made {
    struct pki_bytes certificate, key;       /* DER; PKCS#8 */
};

/* Makes a certificate for server and client that `s` signs, or without `s` an authority that signs itself. Its serial number is
 * derived from its key, names and dates. */
bool pki_make(struct arena *a, const struct pki_request *r, const struct pki_signer *s, struct pki_made *made, const char **why);

/* True when the private key belongs to the certificate; when the signer signed it; when a certificate did. False also when they
 * cannot be read. */
bool pki_key_fits(struct pki_bytes key, struct pki_bytes certificate);
bool pki_signed_with(const struct pki_signer *s, struct pki_bytes certificate);
bool pki_signed_by(struct pki_bytes certificate, struct pki_bytes issuer);

/* PEM of a block: "CERTIFICATE", "PRIVATE KEY". Owned by `a`. */
const char *pki_pem(struct arena *a, const char *label, struct pki_bytes der);

#endif
