/* make.c: keys and certificates (RFC 5280). What a node shows is used in both directions: brokers are each other's clients. */
#include "pki/crypto.h"

#include "base/sha256.h"
#include "base/text.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

/* ---- keys ----------------------------------------------------------------------------------------------------- */

#define KEY_ROOM 8192 /* a PKCS#8 key of RSA 4096 has 2,400 bytes */

static size_t key_bytes(EVP_PKEY *key, uint8_t out[KEY_ROOM])
{
    PKCS8_PRIV_KEY_INFO *info = key == NULL ? NULL : EVP_PKEY2PKCS8(key);
    const int len = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
    if (len > 0 && len <= KEY_ROOM)
        i2d_PKCS8_PRIV_KEY_INFO(info, &out);
    PKCS8_PRIV_KEY_INFO_free(info);
    return len > 0 && len <= KEY_ROOM ? (size_t)len : 0;
}

/* ---- a certificate --------------------------------------------------------------------------------------------- */

/* All that libcrypto holds while one is made; issuer NULL: it signs itself. */
struct making {
    const struct pki_request *r;
    X509     *x, *issuer;
    EVP_PKEY *key, *signer;
};

/* The other way around than Kafka prints it: the common name comes last. */
static bool add_subject(const struct making *m)
{
    X509_NAME *name = X509_get_subject_name(m->x);
    const unsigned char *cn = (const unsigned char *)m->r->common_name, *o = (const unsigned char *)m->r->organization;
    return (o == NULL || X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8, o, -1, -1, 0) == 1)
        && X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, cn, -1, -1, 0) == 1
        && X509_set_issuer_name(m->x, m->issuer == NULL ? name : X509_get_subject_name(m->issuer)) == 1;
}

/* Sixteen bytes that differ when anything in the certificate does; positive, as RFC 5280 asks. */
static bool add_serial(const struct making *m)
{
    uint8_t digest[32];
    struct sha256 h;
    unsigned char *spki = NULL;
    const struct pki_request *r = m->r;
    const int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(m->x), &spki);
    sha256_start(&h);
    sha256_add(&h, spki, len < 0 ? 0 : (size_t)len);
    OPENSSL_free(spki);
    sha256_add(&h, r->common_name, strlen(r->common_name) + 1);
    sha256_add(&h, &r->not_before, sizeof r->not_before);
    sha256_add(&h, &r->not_after, sizeof r->not_after);
    for (uint32_t i = 0; i < r->dns_count; i++)
        sha256_add(&h, r->dns[i], strlen(r->dns[i]) + 1);
    for (uint32_t i = 0; i < r->ip_count; i++)
        sha256_add(&h, r->ip[i], strlen(r->ip[i]) + 1);
    sha256_end(&h, digest);
    digest[0] = (uint8_t)((digest[0] & 0x7f) | 0x40);
    BIGNUM *n = BN_bin2bn(digest, 16, NULL);
    const bool fine = n != NULL && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(m->x)) != NULL;
    BN_free(n);
    return fine;
}

static bool add_dates(const struct making *m)
{
    return ASN1_TIME_set(X509_getm_notBefore(m->x), (time_t)m->r->not_before) != NULL
        && ASN1_TIME_set(X509_getm_notAfter(m->x), (time_t)m->r->not_after) != NULL;
}

/* `value` is one of ours: libcrypto's little language for extensions never sees a name of somebody else. */
static bool add_extension(const struct making *m, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, m->issuer == NULL ? m->x : m->issuer, m->x, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&ctx);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    const bool fine = e != NULL && X509_add_ext(m->x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return fine;
}

static bool push_name(GENERAL_NAMES *list, int type, int string_type, const void *bytes, size_t len)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *s = ASN1_STRING_type_new(string_type);
    if (name == NULL || s == NULL || ASN1_STRING_set(s, bytes, (int)len) != 1) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(s);
        return false;
    }
    GENERAL_NAME_set0_value(name, type, s);
    if (sk_GENERAL_NAME_push(list, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool push_names(GENERAL_NAMES *list, const struct pki_request *r)
{
    bool fine = list != NULL;
    for (uint32_t i = 0; i < r->dns_count && fine; i++)
        fine = push_name(list, GEN_DNS, V_ASN1_IA5STRING, r->dns[i], strlen(r->dns[i]));
    for (uint32_t i = 0; i < r->ip_count && fine; i++) {
        uint8_t address[16];
        const size_t len = pki_address(r->ip[i], address);
        fine = len > 0 && push_name(list, GEN_IPADD, V_ASN1_OCTET_STRING, address, len);
    }
    return fine;
}

static bool add_names(const struct making *m)
{
    if (m->r->dns_count + m->r->ip_count == 0)
        return true;
    GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();
    const bool fine = push_names(list, m->r) && X509_add1_ext_i2d(m->x, NID_subject_alt_name, list, 0, 0) == 1;
    sk_GENERAL_NAME_pop_free(list, GENERAL_NAME_free);
    return fine;
}

/* An authority signs certificates of nodes and clients, and no other authority. */
static bool add_extensions(const struct making *m)
{
    const bool rsa = EVP_PKEY_get_base_id(m->key) == EVP_PKEY_RSA;
    if (m->issuer == NULL)
        return add_extension(m, NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
            && add_extension(m, NID_key_usage, "critical,keyCertSign,cRLSign")
            && add_extension(m, NID_subject_key_identifier, "hash");
    return add_extension(m, NID_basic_constraints, "critical,CA:FALSE")
        && add_extension(m, NID_key_usage, rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature")
        && add_extension(m, NID_ext_key_usage, "serverAuth,clientAuth")
        && add_extension(m, NID_subject_key_identifier, "hash")
        && add_extension(m, NID_authority_key_identifier, "keyid:always")
        && add_names(m);
}

static EVP_PKEY *key_for(const struct pki_request *r)
{
    return r->key.len > 0 ? crypto_key(r->key) : r->kind == PKI_RSA ? EVP_RSA_gen((unsigned)r->bits) : EVP_EC_gen("P-256");
}

static bool make(struct making *m)
{
    m->x   = X509_new();
    m->key = key_for(m->r);
    if (m->issuer == NULL)
        m->signer = m->key;
    return m->x != NULL && m->key != NULL && X509_set_version(m->x, X509_VERSION_3) == 1
        && X509_set_pubkey(m->x, m->key) == 1 && add_subject(m) && add_serial(m) && add_dates(m) && add_extensions(m)
        && X509_sign(m->x, m->signer, EVP_sha256()) > 0;
}

/* More than a certificate with these names can take. */
static size_t room_for(const struct pki_request *r)
{
    size_t room = 8192 + 4 * strlen(r->common_name) + (r->organization == NULL ? 0 : 4 * strlen(r->organization));
    for (uint32_t i = 0; i < r->dns_count; i++)
        room += strlen(r->dns[i]) + 8;
    return room + r->ip_count * (size_t)24;
}

static size_t certificate_bytes(X509 *x, uint8_t *out, size_t room)
{
    const int len = i2d_X509(x, NULL);
    return len > 0 && (size_t)len <= room && i2d_X509(x, &out) > 0 ? (size_t)len : 0;
}

bool pki_make(struct arena *a, const struct pki_request *r, const struct pki_signer *s, struct pki_made *made, const char **why)
{
    struct making m = { .r = r, .issuer = s == NULL ? NULL : s->x, .signer = s == NULL ? NULL : s->key };
    const size_t room = room_for(r);
    uint8_t *certificate = arena_alloc(a, room), *key = arena_alloc(a, KEY_ROOM);
    crypto_start();
    const bool fine = make(&m);
    made->certificate = (struct pki_bytes){ certificate, fine ? certificate_bytes(m.x, certificate, room) : 0 };
    made->key         = (struct pki_bytes){ key, fine ? key_bytes(m.key, key) : 0 };
    X509_free(m.x);
    EVP_PKEY_free(m.key);
    *why = made->certificate.len > 0 && made->key.len > 0 ? NULL : crypto_reason(a);
    return *why == NULL;
}
