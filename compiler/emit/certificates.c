#include "emit/emit.h"

/* cert-manager: one Certificate a StatefulSet. Its names are the wildcard of its pods' DNS names, which covers pods to come, the
 * bootstrap Service, and every host that a TLS listener advertises; a broker more changes this object and no pod. */

static const char *service_name(struct arena *a, const struct plan *p, const char *service, bool with_domain)
{
    return str_join(a, service, ".", p->d->namespace_, ".svc", with_domain ? "." : "", with_domain ? p->d->cluster_domain : "",
                    NULL);
}

static bool listed(const struct vals *names, const char *name)
{
    for (uint32_t i = 0; i < names->len; i++)
        if (strcmp(names->at[i].s, name) == 0)
            return true;
    return false;
}

static void add_name(struct vals *names, const char *name)
{
    if (name != NULL && !listed(names, name))
        vals_add(names, t_str(name));
}

static void add_bootstrap(struct arena *a, const struct plan *p, struct vals *names)
{
    add_name(names, p->bootstrap_service);
    add_name(names, str_join(a, p->bootstrap_service, ".", p->d->namespace_, NULL));
    add_name(names, service_name(a, p, p->bootstrap_service, false));
    add_name(names, service_name(a, p, p->bootstrap_service, true));
}

static void add_exposed(const struct plan *p, const struct workload *w, struct vals *names)
{
    for (uint32_t x = 0; x < p->exposed_count; x++) {
        if (!p->exposed[x].port->tls)
            continue;
        add_name(names, p->exposed[x].bootstrap.host);
        for (uint32_t n = 0; n < w->node_count; n++)
            add_name(names, w->nodes[n].addresses[x].host);
    }
}

/* A server of ZooKeeper that is called asks DNS who calls, and may be told a name that the pod has behind either Service. */
static void add_ensemble(struct arena *a, const struct plan *p, struct vals *names)
{
    add_name(names, p->zookeeper_service);
    add_name(names, str_join(a, p->zookeeper_service, ".", p->d->namespace_, NULL));
    add_name(names, service_name(a, p, p->zookeeper_service, false));
    add_name(names, service_name(a, p, p->zookeeper_service, true));
    add_name(names, str_join(a, "*.", service_name(a, p, p->zookeeper_service, true), NULL));
}

static struct val dns_names(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals names = { .a = a };
    add_name(&names, str_join(a, "*.", service_name(a, p, w->headless, true), NULL));
    add_name(&names, str_join(a, "*.", service_name(a, p, w->headless, false), NULL));
    if (w->component == COMP_ZOOKEEPER)
        add_ensemble(a, p, &names);
    if (w->is_broker) {
        add_bootstrap(a, p, &names);
        add_exposed(p, w, &names);
    }
    return vals_done(&names);
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
static struct val combined(struct arena *a, const struct plan *p, const struct workload *w)
{
    const bool needed = w->component == COMP_ZOOKEEPER || (p->zookeeper.used && p->zookeeper.auth == ZAUTH_MTLS);
    return t_if(needed, SEQ(a, MAP(a, { "type", t_str("CombinedPEM") })));
}

static struct val certificate(struct arena *a, const struct plan *p, const struct workload *w)
{
    const struct issuer *issuer = &p->d->tls.issuer;
    return k8s_object(a, p, "cert-manager.io/v1", "Certificate", w->secret, *w->labels, t_none(), MAP(a,
        { "secretName", t_str(w->secret) },
        { "commonName", t_str(p->tls.principal) },
        { "dnsNames",   dns_names(a, p, w) },
        { "usages",     SEQ(a, t_str("digital signature"), t_str("key encipherment"), t_str("server auth"),
                            t_str("client auth")) },
        { "privateKey", private_key(a) },
        { "additionalOutputFormats", combined(a, p, w) },
        { "issuerRef",  MAP(a,
            { "group", t_str(issuer->group) },
            { "kind",  t_str(issuer->kind) },
            { "name",  t_str(issuer->name) }) }));
}

void emit_certificates(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; p->tls.used && p->d->tls.source == TLS_CERT_MANAGER && i < p->workload_count; i++)
        if (p->workloads[i].secret != NULL)
            vals_add(out, certificate(a, p, &p->workloads[i]));
}
