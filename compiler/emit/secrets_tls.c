/* secrets_tls.c: the files of `gregor pki` -> one Secret for each certificate, under the names that pods mount. */
#include "emit/secrets.h"

#include "base/input.h"
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

static const char *command(const struct secrets *s)
{
    return str_join(s->cx->a, "gregor pki ", s->cx->arguments == NULL ? "FILE" : s->cx->arguments, NULL);
}

static const char *file_of(const struct secrets *s, const char *name, const char *ending)
{
    return str_join(s->cx->a, tls_folder(s->p->d), "/", name, ending, NULL);
}

/* The private key as PEM, or NULL when it is not there or not that of the certificate, which has been reported. */
static const char *key_of(struct secrets *s, const char *name, const struct pki_chain *chain, struct pos at)
{
    const char *path = file_of(s, name, ".key"), *why = NULL;
    const struct secret_bytes text = secrets_read(s, path, PKI_MAX_BYTES, at, command(s));
    struct pki_bytes key;
    if (text.p == NULL)
        return NULL;
    if (pki_read_key(s->cx->a, text.p, text.len, &key, &why) && pki_key_fits(key, chain->at[0].der))
        return pki_pem(s->cx->a, "PRIVATE KEY", key);
    struct diag *e = diag_at(s->cx, E_CERT_KEY, at, "'%s' %s", path, why == NULL ? "does not belong to its certificate" : why);
    diag_hint(s->cx, e, "run `%s`", command(s));
    return NULL;
}

static void add_node(struct secrets *s, const struct certificate *c, struct pos at)
{
    struct arena *a = s->cx->a;
    const struct tls *t = &s->p->d->tls;
    const char *key = key_of(s, c->secret, &c->file.chain, at), *chain = pem_of(a, &c->file.chain);
    if (key == NULL)
        return;
    const struct val entries = MAP(a,
        { t->certificate, t_str(chain) },
        { t->key,         t_str(key) },
        { t->ca,          t_str(pem_of(a, &s->p->trusted.chain)) },
        { t->combined,    t_if(c->combined, t_str(str_join(a, key, chain, NULL))) });
    secrets_add(s, c->secret, type_of(t), *c->first->labels, tree_sorted(a, entries), at);
}

/* What the application of a user mounts beside its client.properties: its own certificate, and whom it trusts. */
static void add_client(struct secrets *s, const struct user_plan *u, struct pos at)
{
    struct arena *a = s->cx->a;
    const char *name = str_join(a, "client-", u->user->name, NULL), *path = file_of(s, name, ".crt"), *text, *why = NULL;
    size_t len;
    uint32_t line;
    struct pki_chain chain;
    const enum io_result r = input_read_below(s->cx, s->cx->folder, path, PKI_MAX_BYTES, &text, &len, NULL);
    if (r != IO_OK)
        why = str_join(a, "cannot be read: ", io_reason(a, r, PKI_MAX_BYTES), NULL);
    if (why != NULL || !pki_read(a, text, len, &chain, &line, &why)) {
        struct diag *e = diag_at(s->cx, E_CERT_FILE, at, "'%s' %s", path, why);
        diag_hint(s->cx, e, "run `%s`", command(s));
        return;
    }
    const char *key = key_of(s, name, &chain, at);
    if (key != NULL)
        secrets_add(s, str_join(a, u->object, "-tls", NULL), "kubernetes.io/tls", s->p->labels, MAP(a,
            { "ca.crt",  t_str(pem_of(a, &s->p->trusted.chain)) },
            { "tls.crt", t_str(pem_of(a, &chain)) },
            { "tls.key", t_str(key) }), at);
}

void secrets_tls(struct secrets *s)
{
    const struct plan *p = s->p;
    const struct pos at = place(p->d, written(p->d, "tls.folder") ? "tls.folder" : "tls.source");
    if (!p->tls.used || p->d->tls.source != TLS_GENERATED)
        return;
    for (uint32_t i = 0; i < p->certificate_count; i++)
        if (p->certificates[i].file.chain.len > 0)
            add_node(s, &p->certificates[i], at);
    for (uint32_t i = 0; i < p->user_count; i++)
        if (str_eq(p->users[i].auth, "mtls"))
            add_client(s, &p->users[i], place(p->d, "users[%u].name", (unsigned)(p->users[i].user - p->d->users)));
}
