/* certificates.h: the certificates in the folder of `tls` fit the cluster that was planned: every name that it advertises, dates, chain,
 * keys, purpose. Keys are not read, signatures not proven: that is `gregor pki`'s and --secrets' part. */
#ifndef GREGOR_VERIFY_CERTIFICATES_H
#define GREGOR_VERIFY_CERTIFICATES_H

#include "plan/plan.h"

/* Findings stand at the field that names the folder or the host, and name the file. Dates are judged at cx->now, unless that is
 * 0. Returns false when an error was reported. */
bool verify_certificates(struct ctx *cx, const struct plan *p);

#endif
