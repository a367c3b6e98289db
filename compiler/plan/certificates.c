/* certificates.c: one certificate a Secret, with exactly the names it needs: the wildcard of its pods' DNS names, which covers pods to
 * come, the bootstrap Service, and every host that a TLS listener advertises. Whoever makes or checks certificates reads these. */
#include "plan/parts.h"

#include <arpa/inet.h>

/* The names of one certificate as they are collected; `seen` is a hash table, because a thousand brokers have a thousand hosts. */
struct names {
    struct arena *a;
    const char  **list, **seen;
    uint32_t      count, slots;
};

static uint32_t room_of(const struct plan *p, const char *secret)
{
    uint32_t nodes = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (str_eq(p->workloads[i].secret, secret))
            nodes += p->workloads[i].node_count;
    return 2 * p->workload_count + 4 + 5 + p->exposed_count * (nodes + 1);
}

static struct names start(struct arena *a, uint32_t room)
{
    struct names n = { .a = a, .slots = 1 };
    while (n.slots < 2 * room)
        n.slots *= 2;
    n.list = NEWS(a, const char *, room);
    n.seen = NEWS(a, const char *, n.slots);
    return n;
}

static uint32_t hash(const char *s)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static void add(struct names *n, const char *name)
{
    if (name == NULL)
        return;
    uint32_t i = hash(name) & (n->slots - 1);
    for (; n->seen[i] != NULL; i = (i + 1) & (n->slots - 1))
        if (strcmp(n->seen[i], name) == 0)
            return;
    n->seen[i] = n->list[n->count++] = name;
}

static const char *of_service(struct arena *a, const struct plan *p, const char *service, bool with_domain)
{
    return str_join(a, service, ".", p->d->namespace_, ".svc", with_domain ? "." : "", with_domain ? p->d->cluster_domain : "",
                    NULL);
}

static void add_pods(struct names *n, const struct plan *p, const struct workload *w)
{
    add(n, str_join(n->a, "*.", of_service(n->a, p, w->headless, true), NULL));
    add(n, str_join(n->a, "*.", of_service(n->a, p, w->headless, false), NULL));
}

static void add_bootstrap(struct names *n, const struct plan *p)
{
    add(n, p->bootstrap_service);
    add(n, str_join(n->a, p->bootstrap_service, ".", p->d->namespace_, NULL));
    add(n, of_service(n->a, p, p->bootstrap_service, false));
    add(n, of_service(n->a, p, p->bootstrap_service, true));
}

/* A server of ZooKeeper that is called asks DNS who calls, and may be told a name that the pod has behind either Service. */
static void add_ensemble(struct names *n, const struct plan *p)
{
    add(n, p->zookeeper_service);
    add(n, str_join(n->a, p->zookeeper_service, ".", p->d->namespace_, NULL));
    add(n, of_service(n->a, p, p->zookeeper_service, false));
    add(n, of_service(n->a, p, p->zookeeper_service, true));
    add(n, str_join(n->a, "*.", of_service(n->a, p, p->zookeeper_service, true), NULL));
}

static void add_exposed(struct names *n, const struct plan *p, const struct workload *w)
{
    for (uint32_t x = 0; x < p->exposed_count; x++) {
        if (!p->exposed[x].port->tls)
            continue;
        add(n, p->exposed[x].bootstrap.host);
        for (uint32_t i = 0; i < w->node_count; i++)
            add(n, w->nodes[i].addresses[x].host);
    }
}

/* Hosts of node ports may be addresses, which stand apart from names in a certificate. */
static void part(const struct names *n, struct certificate *c)
{
    struct in_addr address;
    c->dns = NEWS(n->a, const char *, n->count);
    c->ip  = NEWS(n->a, const char *, n->count);
    for (uint32_t i = 0; i < n->count; i++)
        if (inet_pton(AF_INET, n->list[i], &address) == 1)
            c->ip[c->ip_count++] = n->list[i];
        else
            c->dns[c->dns_count++] = n->list[i];
}

static struct certificate certificate_of(struct arena *a, const struct plan *p, const struct workload *first)
{
    struct certificate c = { .secret = first->secret, .first = first };
    struct names n = start(a, room_of(p, first->secret));
    for (const struct workload *w = first; w < p->workloads + p->workload_count; w++) {
        if (!str_eq(w->secret, first->secret))
            continue;
        add_pods(&n, p, w);
        c.combined |= w->component == COMP_ZOOKEEPER || (p->zookeeper.used && p->zookeeper.auth == ZAUTH_MTLS);
        if (w->component == COMP_ZOOKEEPER)
            add_ensemble(&n, p);
        if (w->is_broker) {
            add_bootstrap(&n, p);
            add_exposed(&n, p, w);
        }
    }
    part(&n, &c);
    return c;
}

static bool is_planned(const struct plan *p, const char *secret)
{
    for (uint32_t i = 0; i < p->certificate_count; i++)
        if (strcmp(p->certificates[i].secret, secret) == 0)
            return true;
    return false;
}

void plan_certificates(struct arena *a, struct plan *p)
{
    if (!p->tls.used)
        return;
    p->certificates = NEWS(a, struct certificate, p->workload_count);
    for (uint32_t i = 0; i < p->workload_count; i++) {
        const struct workload *w = &p->workloads[i];
        if (w->secret != NULL && !is_planned(p, w->secret))
            p->certificates[p->certificate_count++] = certificate_of(a, p, w);
    }
}
