/* certificates.c: cert-manager: a Certificate for each Secret of nodes, with the names of the plan, and one for the lag exporter. */
#include "emit/emit.h"

static struct val texts(struct arena *a, const char **at, uint32_t count)
{
    const struct strs list = { at, count };
    return k8s_texts(a, &list);
}

/* PKCS#8, because Kafka reads no other form of PEM keys; rotated with each renewal. */
static struct val private_key(struct arena *a)
{
    return MAP(a,
        { "algorithm",      t_str("ECDSA") },
        { "encoding",       t_str("PKCS8") },
        { "rotationPolicy", t_str("Always") },
        { "size",           t_int(256) });
}

/* Key and certificates in one file, as ZooKeeper reads them; on by default from cert-manager 1.15 on. */
static struct val combined(struct arena *a, const struct certificate *c)
{
    return t_if(c->combined, SEQ(a, MAP(a, { "type", t_str("CombinedPEM") })));
}

static struct val issuer(struct arena *a, const struct plan *p)
{
    const struct issuer *i = &p->d->tls.issuer;
    return MAP(a,
        { "group", t_str(i->group) },
        { "kind",  t_str(i->kind) },
        { "name",  t_str(i->name) });
}

static struct val certificate(struct arena *a, const struct plan *p, const struct certificate *c)
{
    return k8s_object(a, p, "cert-manager.io/v1", "Certificate", c->secret, *c->first->labels, t_none(), MAP(a,
        { "secretName", t_str(c->secret) },
        { "commonName", t_str(p->tls.principal) },
        { "dnsNames",   texts(a, c->dns, c->dns_count) },
        { "ipAddresses", texts(a, c->ip, c->ip_count) },
        { "usages",     SEQ(a, t_str("digital signature"), t_str("key encipherment"), t_str("server auth"),
                            t_str("client auth")) },
        { "privateKey", private_key(a) },
        { "additionalOutputFormats", combined(a, c) },
        { "issuerRef",  issuer(a, p) }));
}

/* A client alone: nobody connects to it by this certificate. */
static struct val of_lag_exporter(struct arena *a, const struct plan *p)
{
    const struct lag_plan *l = &p->lag;
    return k8s_object(a, p, "cert-manager.io/v1", "Certificate", l->certificate, emit_lag_exporter_labels(a, p), t_none(), MAP(a,
        { "secretName", t_str(l->certificate) },
        { "commonName", t_str(l->user->user->name) },
        { "usages",     SEQ(a, t_str("digital signature"), t_str("client auth")) },
        { "privateKey", private_key(a) },
        { "issuerRef",  issuer(a, p) }));
}

void emit_certificates(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; p->d->tls.source == TLS_CERT_MANAGER && i < p->certificate_count; i++)
        vals_add(out, certificate(a, p, &p->certificates[i]));
    if (p->lag.issued)
        vals_add(out, of_lag_exporter(a, p));
}
