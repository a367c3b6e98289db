#include "pki/crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

void crypto_start(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

const char *crypto_reason(struct arena *a)
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return arena_printf(a, "libcrypto: %s", reason == NULL ? "no reason given" : reason);
}

EVP_PKEY *crypto_key(struct pki_bytes pkcs8)
{
    const unsigned char *p = pkcs8.at;
    crypto_start();
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)pkcs8.len);
    EVP_PKEY *key = info == NULL ? NULL : EVP_PKCS82PKEY(info);
    PKCS8_PRIV_KEY_INFO_free(info);
    return key;
}

X509 *crypto_certificate(struct pki_bytes der)
{
    const unsigned char *p = der.at;
    crypto_start();
    return d2i_X509(NULL, &p, (long)der.len);
}

bool pki_key_fits(struct pki_bytes key, struct pki_bytes certificate)
{
    EVP_PKEY *k = crypto_key(key);
    X509 *x = crypto_certificate(certificate);
    const bool fits = k != NULL && x != NULL && X509_check_private_key(x, k) == 1;
    EVP_PKEY_free(k);
    X509_free(x);
    ERR_clear_error();
    return fits;
}

bool pki_signed_by(struct pki_bytes certificate, struct pki_bytes issuer)
{
    X509 *x = crypto_certificate(certificate), *by = crypto_certificate(issuer);
    const bool is = x != NULL && by != NULL && X509_verify(x, X509_get0_pubkey(by)) == 1;
    X509_free(x);
    X509_free(by);
    ERR_clear_error();
    return is;
}

bool pki_signed_with(const struct pki_signer *s, struct pki_bytes certificate)
{
    X509 *x = crypto_certificate(certificate);
    const bool is = x != NULL && X509_verify(x, s->key) == 1;
    X509_free(x);
    ERR_clear_error();
    return is;
}

bool pki_signer_open(struct arena *a, struct pki_signer *s, struct pki_bytes certificate, struct pki_bytes key, const char **why)
{
    *s = (struct pki_signer){ .certificate = certificate, .x = crypto_certificate(certificate), .key = crypto_key(key) };
    const bool read = s->x != NULL && s->key != NULL;
    if (read && X509_check_private_key(s->x, s->key) == 1)
        return true;
    pki_signer_close(s);
    *why = read ? "the private key does not belong to the certificate" : crypto_reason(a);
    ERR_clear_error();
    return false;
}

void pki_signer_close(struct pki_signer *s)
{
    X509_free(s->x);
    EVP_PKEY_free(s->key);
    s->x = s->key = NULL;
}
