/* crypto.h: the one door to libcrypto. Its objects are taken and given back between two requests to the arena, which may leave
 * by a jump. */
#ifndef GREGOR_PKI_CRYPTO_H
#define GREGOR_PKI_CRYPTO_H

#include "pki/pki.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Prepares libcrypto: without its configuration file, which belongs to the machine and not to the description. */
void crypto_start(void);

/* The last reason libcrypto gave, in its words; its list is empty afterwards. Owned by `a`. */
const char *crypto_reason(struct arena *a);

/* Objects of these bytes, or NULL. The caller frees them. */
EVP_PKEY *crypto_key(struct pki_bytes pkcs8);
X509     *crypto_certificate(struct pki_bytes der);

#endif
