/* certificate_files.c: the certificates in the folder of `tls`, as far as they are there: what pods have read is part of their checksum,
 * and verify/certificates.c judges them. Keys are not looked at. */
#include "plan/parts.h"

#include "base/input.h"
#include "cluster/cluster.h"

#include <errno.h>

static struct certificate_file read_file(struct ctx *cx, const char *folder, const char *name)
{
    struct certificate_file f = { .path = str_join(cx->a, folder, "/", name, ".crt", NULL) };
    const char *text;
    size_t len;
    uint32_t line;
    const enum io_result r = input_read_below(cx, cx->folder, f.path, PKI_MAX_BYTES, &text, &len, NULL);
    f.missing = r == IO_CANNOT && errno == ENOENT;
    f.problem = r != IO_OK ? str_join(cx->a, "cannot be read: ", io_reason(cx->a, r, PKI_MAX_BYTES), NULL) : NULL;
    if (r == IO_OK && !pki_read(cx->a, text, len, &f.chain, &line, &f.problem))
        f.chain.len = 0;
    return f;
}

/* That of a user with a certificate is made; whether it is there, only `--secrets` asks. */
static void read_lag_exporter(struct ctx *cx, struct plan *p, const char *folder)
{
    const struct user *u = p->d->monitoring.lag.enabled ? lag_user(p->d) : NULL;
    if (u != NULL && p->d->tls.source == TLS_GENERATED && str_eq(user_auth(p->d, u), "mtls"))
        p->lag.file = read_file(cx, folder, str_join(cx->a, "client-", u->name, NULL));
}

void plan_certificate_files(struct ctx *cx, struct plan *p)
{
    const char *folder = tls_folder(p->d);
    if (folder == NULL)
        return;
    p->trusted = read_file(cx, folder, "ca");
    for (uint32_t i = 0; i < p->certificate_count; i++)
        p->certificates[i].file = read_file(cx, folder, p->certificates[i].secret);
    read_lag_exporter(cx, p, folder);
}

static void add_chain(struct sha256 *h, const struct pki_chain *chain)
{
    for (uint32_t i = 0; i < chain->len; i++)
        sha256_add(h, chain->at[i].der.at, chain->at[i].der.len);
}

/* Servers read their certificates when they start. */
void plan_hash_certificates(struct sha256 *h, const struct plan *p, const struct workload *w)
{
    for (uint32_t i = 0; i < p->certificate_count; i++) {
        const struct certificate *c = &p->certificates[i];
        if (c->first != w && !str_eq(c->secret, w->secret))
            continue;
        add_chain(h, &c->file.chain);
        add_chain(h, &p->trusted.chain);
    }
}

const char *plan_lag_checksum(struct arena *a, const struct plan *p)
{
    struct sha256 h;
    if (p->lag.ca.secret == NULL || p->d->monitoring.lag.secret != NULL || p->trusted.chain.len + p->lag.file.chain.len == 0)
        return NULL;
    sha256_start(&h);
    add_chain(&h, &p->trusted.chain);
    add_chain(&h, &p->lag.file.chain);
    return plan_checksum(a, h, "", 0);
}
