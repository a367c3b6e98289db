/* base64.h: RFC 4648, section 4, with padding: how Kubernetes writes the bytes of a Secret. */
#ifndef GREGOR_BASE_BASE64_H
#define GREGOR_BASE_BASE64_H

#include "base/arena.h"

/* Returns the text of the `len` bytes. Owned by `a`. */
const char *base64_of(struct arena *a, const void *bytes, size_t len);

#endif
