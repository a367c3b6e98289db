/* certificates.c: one certificate a Secret, with exactly the names it needs: the wildcard of its pods' DNS names, which covers pods to
 * come, or the names of the one pod that has it; the bootstrap Service, where clients ask first; and every host that a TLS listener
 * advertises for its nodes. Whoever makes or checks certificates reads these. */
#include "plan/parts.h"

#include "cluster/cluster.h"

#include <arpa/inet.h>

/* The names of one certificate as they are collected; `seen` is a hash table, because a thousand brokers have a thousand hosts. */
struct names {
    struct arena *a;
    const char  **list, **seen;
    uint32_t      count, slots;
};

/* For the names of pods of `sets` StatefulSets, of Services, and of `nodes` nodes outside. */
static uint32_t room_for(const struct plan *p, uint32_t sets, uint32_t nodes)
{
    return 2 * sets + 4 + 5 + p->exposed_count * (nodes + 1);
}

static uint32_t room_of(const struct plan *p, const char *secret)
{
    uint32_t nodes = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (str_eq(p->workloads[i].secret, secret))
            nodes += p->workloads[i].node_count;
    return room_for(p, p->workload_count, nodes);
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

/* `pod` may be "*": all of them. */
static void add_pods(struct names *n, const struct plan *p, const struct workload *w, const char *pod)
{
    add(n, str_join(n->a, pod, ".", of_service(n->a, p, w->headless, true), NULL));
    add(n, str_join(n->a, pod, ".", of_service(n->a, p, w->headless, false), NULL));
}

static void add_bootstrap(struct names *n, const struct plan *p)
{
    add(n, p->bootstrap_service);
    add(n, str_join(n->a, p->bootstrap_service, ".", p->d->namespace_, NULL));
    add(n, of_service(n->a, p, p->bootstrap_service, false));
    add(n, of_service(n->a, p, p->bootstrap_service, true));
}

/* A server of ZooKeeper that is called asks DNS who calls, and may be told a name that the pod has behind either Service; behind the
 * second one that is made of its address, which nobody knows before. */
static void add_ensemble(struct names *n, const struct plan *p)
{
    add(n, p->zookeeper_service);
    add(n, str_join(n->a, p->zookeeper_service, ".", p->d->namespace_, NULL));
    add(n, of_service(n->a, p, p->zookeeper_service, false));
    add(n, of_service(n->a, p, p->zookeeper_service, true));
    add(n, str_join(n->a, "*.", of_service(n->a, p, p->zookeeper_service, true), NULL));
}

static void add_exposed(struct names *n, const struct plan *p, const struct node *nodes, uint32_t count)
{
    for (uint32_t x = 0; x < p->exposed_count; x++) {
        if (!p->exposed[x].port->tls)
            continue;
        add(n, p->exposed[x].bootstrap.host);
        for (uint32_t i = 0; i < count; i++)
            add(n, nodes[i].addresses[x].host);
    }
}

static void add_services(struct names *n, const struct plan *p, const struct workload *w)
{
    if (w->component == COMP_ZOOKEEPER)
        add_ensemble(n, p);
    if (w->is_broker)
        add_bootstrap(n, p);
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

/* Key and chain in one file: ZooKeeper reads nothing else, and brokers show it to ZooKeeper. */
static bool reads_combined(const struct plan *p, const struct workload *w)
{
    return w->component == COMP_ZOOKEEPER || (p->zookeeper.used && p->zookeeper.auth == ZAUTH_MTLS);
}

static struct certificate certificate_of(struct arena *a, const struct plan *p, const struct workload *first)
{
    struct certificate c = { .secret = first->secret, .first = first };
    struct names n = start(a, room_of(p, first->secret));
    for (const struct workload *w = first; w < p->workloads + p->workload_count; w++) {
        if (!str_eq(w->secret, first->secret))
            continue;
        c.combined |= reads_combined(p, w);
        add_pods(&n, p, w, "*");
        add_services(&n, p, w);
        if (w->is_broker)
            add_exposed(&n, p, w->nodes, w->node_count);
    }
    part(&n, &c);
    return c;
}

static struct certificate own_certificate(struct arena *a, const struct plan *p, const struct workload *w, const struct node *node)
{
    struct certificate c = { .secret = node->secret, .first = w, .node = node, .combined = reads_combined(p, w) };
    struct names n = start(a, room_for(p, 1, 1));
    add_pods(&n, p, w, node->pod);
    add_services(&n, p, w);
    if (w->is_broker)
        add_exposed(&n, p, node, 1);
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

/* ---- what nodes read of their Secret ------------------------------------------------------------------------------------ */

static void add_key(struct strs *keys, const char *key)
{
    for (uint32_t i = 0; i < keys->len; i++)
        if (strcmp(keys->at[i], key) == 0)
            return;
    keys->at[keys->len++] = key;
}

static void add_pem_keys(struct strs *keys, const struct plan *p, const struct workload *w)
{
    const struct tls *t = &p->d->tls;
    if (w->component != COMP_ZOOKEEPER) {
        add_key(keys, t->certificate);
        add_key(keys, t->key);
    }
    add_key(keys, t->ca);
    if (reads_combined(p, w))
        add_key(keys, t->combined);
}

static struct strs secret_keys(struct arena *a, const struct plan *p, const struct workload *w)
{
    const struct tls *t = &p->d->tls;
    const struct tls_stores stores = tls_stores(t);
    struct strs keys = { .at = NEWS(a, const char *, 4) };
    if (t->type == STORE_PEM) {
        add_pem_keys(&keys, p, w);
        return keys;
    }
    add_key(&keys, stores.key);
    add_key(&keys, stores.trust);
    if (t->password.secret == NULL)
        add_key(&keys, t->password.key);
    return keys;
}

/* ---- all of them ---------------------------------------------------------------------------------------------------------- */

static uint32_t most(const struct plan *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        n += p->tls.own ? p->workloads[i].node_count : 1;
    return n;
}

void plan_certificates(struct arena *a, struct plan *p)
{
    if (!p->tls.used)
        return;
    p->certificates = NEWS(a, struct certificate, most(p));
    for (uint32_t i = 0; i < p->workload_count; i++) {
        struct workload *w = &p->workloads[i];
        if (w->nodes[0].secret == NULL)
            continue;
        w->secret_keys = secret_keys(a, p, w);
        for (uint32_t n = 0; p->tls.own && n < w->node_count; n++)
            p->certificates[p->certificate_count++] = own_certificate(a, p, w, &w->nodes[n]);
        if (!p->tls.own && !is_planned(p, w->secret))
            p->certificates[p->certificate_count++] = certificate_of(a, p, w);
    }
}
