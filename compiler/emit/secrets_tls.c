/* secrets_tls.c: the files of `gregor pki` -> one Secret for each certificate, under the names that pods mount. */
#include "emit/secrets.h"

#include "cluster/cluster.h"

static const char *pem_of(struct arena *a, const struct pki_chain *chain)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < chain->len; i++)
        text_add(&t, pki_pem(a, "CERTIFICATE", chain->at[i].der));
    return text_str(&t);
}

/* Only Secrets with these keys may be of the type that Kubernetes has for certificates. */
static const char *type_of(const struct tls *t)
{
    return strcmp(t->certificate, "tls.crt") == 0 && strcmp(t->key, "tls.key") == 0 ? "kubernetes.io/tls" : "Opaque";
}

/* The private key as PEM, or NULL when it is not there or not that of the certificate, which has been reported. */
static const char *key_of(struct secrets *s, const struct certificate *c, struct pos at)
{
    struct arena *a = s->cx->a;
    const char *path = str_join(a, tls_folder(s->p->d), "/", c->secret, ".key", NULL), *why = "does not belong to its certificate";
    const char *make = str_join(a, "gregor pki ", s->cx->arguments == NULL ? "FILE" : s->cx->arguments, NULL);
    const struct secret_bytes text = secrets_read(s, path, PKI_MAX_BYTES, at, make);
    struct pki_bytes key;
    if (text.p == NULL)
        return NULL;
    if (pki_read_key(a, text.p, text.len, &key, &why) && pki_key_fits(key, c->file.chain.at[0].der))
        return pki_pem(a, "PRIVATE KEY", key);
    struct diag *e = diag_at(s->cx, E_CERT_KEY, at, "'%s' %s", path, why == NULL ? "does not belong to its certificate" : why);
    diag_hint(s->cx, e, "run `%s`", make);
    return NULL;
}

static void add(struct secrets *s, const struct certificate *c, struct pos at)
{
    struct arena *a = s->cx->a;
    const struct tls *t = &s->p->d->tls;
    const char *key = key_of(s, c, at), *chain = pem_of(a, &c->file.chain);
    if (key == NULL)
        return;
    const struct val entries = MAP(a,
        { t->certificate, t_str(chain) },
        { t->key,         t_str(key) },
        { t->ca,          t_str(pem_of(a, &s->p->trusted.chain)) },
        { t->combined,    t_if(c->combined, t_str(str_join(a, key, chain, NULL))) });
    secrets_add(s, c->secret, type_of(t), *c->first->labels, tree_sorted(a, entries));
}

void secrets_tls(struct secrets *s)
{
    const struct plan *p = s->p;
    const struct pos at = place(p->d, written(p->d, "tls.folder") ? "tls.folder" : "tls.source");
    for (uint32_t i = 0; p->d->tls.enabled && p->d->tls.source == TLS_GENERATED && i < p->certificate_count; i++)
        if (p->certificates[i].file.chain.len > 0)
            add(s, &p->certificates[i], at);
}
