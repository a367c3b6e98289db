/* lag_exporter.c: how the consumer lag exporter (kafka_exporter) connects: a user like others, whose password and certificates it reads
 * from mounted Secrets. */
#include "plan/parts.h"

#include "cluster/cluster.h"

static const struct port *port_of(const struct plan *p, const struct listener *l)
{
    for (uint32_t i = 0; i < p->port_count; i++)
        if (l != NULL && p->ports[i].listener == l)
            return &p->ports[i];
    return p->bootstrap_port;
}

static const struct user_plan *user_of(const struct plan *p)
{
    const struct user *user = lag_user(p->d);
    for (uint32_t i = 0; user != NULL && i < p->user_count; i++)
        if (p->users[i].user == user)
            return &p->users[i];
    return NULL;
}

/* Its words for the mechanisms of SASL. */
static const char *mechanism_of(const char *auth)
{
    static const struct { const char *auth, *word; } words[] = {
        { "scram-sha-256", "scram-sha256" }, { "scram-sha-512", "scram-sha512" }, { "plain", "plain" } };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq(words[i].auth, auth))
            return words[i].word;
    return NULL;
}

static const char *secret_of_brokers(const struct plan *p)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (p->workloads[i].is_broker)
            return p->workloads[i].nodes[0].secret;
    return NULL;
}

static struct secret_ref trusted(const struct plan *p)
{
    const char *own = p->d->monitoring.lag.secret;
    return own != NULL ? (struct secret_ref){ own, "ca.crt" } : (struct secret_ref){ secret_of_brokers(p), p->d->tls.ca };
}

static const char *certificate(struct arena *a, const struct plan *p, const struct user_plan *u)
{
    const char *own = p->d->monitoring.lag.secret;
    return own != NULL ? own : u == NULL ? NULL : str_join(a, u->object, "-tls", NULL);
}

void plan_lag_exporter(struct arena *a, struct plan *p)
{
    const struct lag_exporter *d = &p->d->monitoring.lag;
    struct lag_plan *l = &p->lag;
    if (!d->enabled)
        return;
    l->image     = plan_image(a, p, d->image);
    l->port      = port_of(p, lag_listener(p->d));
    l->user      = user_of(p);
    l->mechanism = l->user == NULL || l->port->sasl == NULL ? NULL : mechanism_of(l->user->auth);
    l->address   = str_join(a, p->bootstrap_service, ".", p->d->namespace_, ".svc.", p->d->cluster_domain, ":",
                            str_int(a, l->port->port), NULL);
    if (!l->port->tls)
        return;
    l->ca          = trusted(p);
    l->certificate = l->port->mtls ? certificate(a, p, l->user) : NULL;
    l->checksum    = plan_lag_checksum(a, p);
    l->issued      = l->certificate != NULL && d->secret == NULL && p->d->tls.source == TLS_CERT_MANAGER;
}
