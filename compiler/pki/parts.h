/* parts.h: what the files of this folder share. */
#ifndef GREGOR_PKI_PARTS_H
#define GREGOR_PKI_PARTS_H

#include "pki/pki.h"

/* What is left of a PEM text, and the number of the line read last. */
struct pem {
    const char *at, *end;
    uint32_t    line;
};

struct pem_block {
    const char      *label; /* "CERTIFICATE" */
    struct pki_bytes der;
    uint32_t         line;  /* of its BEGIN */
    bool             fine;  /* whole, and base64 */
};

/* The next block, wherever text stands around it. Returns false when there is none. */
bool pem_next(struct arena *a, struct pem *p, struct pem_block *out);

/* Reads one certificate. Returns false when it is damaged; line is the caller's. */
bool certificate_read(struct arena *a, struct pki_bytes der, struct pki_certificate *c);

#endif
