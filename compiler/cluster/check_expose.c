/* check_expose.c: how clients outside reach each broker: hosts, ports, and what each kind of exposure
 * takes (REL 35, 36). */
#include "cluster/check.h"
#include "model/kubernetes.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>

static const char *const kinds[] = { "none", "loadbalancer", "nodeport", "ingress", "route", "gateway" };

static bool by_name(const struct listener *l)
{
    return l->expose == EX_INGRESS || l->expose == EX_ROUTE || l->expose == EX_GATEWAY;
}

/* ---- what must be written, and what may be ------------------------------------------------------------- */

static void needs(const struct check *c, uint32_t i, enum code code, const char *field, const char *example)
{
    struct diag *e = diag_at(c->cx, code, place(c->d, "listeners[%u].expose", i),
                             "the listener '%s' with expose: %s needs '%s'",
                             c->d->listeners[i].name, kinds[c->d->listeners[i].expose], field);
    diag_hint(c->cx, e, "write %s: %s", field, example);
}

static void required(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (l->expose == EX_NONE)
            continue;
        if (l->host == NULL)
            needs(c, i, E_EXPOSE_HOST, "host", l->expose == EX_NODEPORT
                  ? "kafka.example.com, a name of the nodes"
                                                                        : "b{id}.kafka.example.com");
        if (l->expose == EX_NODEPORT && l->node_port_base == 0)
            needs(c, i, E_NODE_PORT_BASE, "nodePortBase", "32000");
        if (l->expose == EX_GATEWAY && l->gateway.name == NULL)
            needs(c, i, E_GATEWAY, "gateway", "public, the name of the Gateway");
    }
}

static void foreign_fields(const struct check *c)
{
#define KIND(k) (1u << (k))
    static const unsigned any =
        KIND(EX_LOADBALANCER) | KIND(EX_NODEPORT) | KIND(EX_INGRESS) | KIND(EX_ROUTE) | KIND(EX_GATEWAY);
    static const struct { const char *field, *kinds; unsigned fits; } fields[] = {
        { "host", "an exposed listener", any },            { "bootstrap", "an exposed listener", any },
        { "advertisedPort", "an exposed listener", any },  { "annotations", "an exposed listener", any },
        { "labels", "an exposed listener", any },
        { "nodePortBase", "expose: nodeport", KIND(EX_NODEPORT) },
        { "gateway", "expose: gateway", KIND(EX_GATEWAY) },
        { "class", "expose: ingress or loadbalancer", KIND(EX_INGRESS) | KIND(EX_LOADBALANCER) },
        { "sourceRanges", "expose: loadbalancer", KIND(EX_LOADBALANCER) } };
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++) {
            if (fields[f].fits & KIND(c->d->listeners[i].expose)
                || !written(c->d, "listeners[%u].%s", i, fields[f].field))
                continue;
            struct diag *e = diag_at(c->cx, E_EXPOSE_FIELD, place(c->d, "listeners[%u].%s", i,
                                                            fields[f].field),
                                     "'%s' is for %s, and '%s' has expose: %s", fields[f].field,
                                     fields[f].kinds,
                                     c->d->listeners[i].name, kinds[c->d->listeners[i].expose]);
            diag_hint(c->cx, e, "remove it, or change 'expose'");
        }
#undef KIND
}

/* ---- kinds and platforms ------------------------------------------------------------------------------- */

static void needs_tls(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (!by_name(l) || l->tls)
            continue;
        struct diag *w = diag_at(c->cx, W_NO_SNI, place(c->d, "listeners[%u].expose", i),
                                 "expose: %s finds the broker by the server name of TLS, and '%s' speaks plain "
                                 "text", kinds[l->expose], l->name);
        diag_hint(c->cx, w, "write tls: true for it, or use loadbalancer or nodeport");
    }
}

static void platforms(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const struct pos at = place(c->d, "listeners[%u].expose", i);
        if (l->expose == EX_ROUTE && c->d->platform != ON_OPENSHIFT) {
            struct diag *w = diag_at(c->cx, W_ROUTE, at, "only OpenShift has Routes");
            diag_hint(c->cx, w, "write platform: openshift, or use another way to expose '%s'", l->name);
        } else if (l->expose == EX_LOADBALANCER && c->d->platform == ON_KIND) {
            struct diag *w = diag_at(c->cx, W_KIND_LOADBALANCER, at, "kind has no load balancers of its own");
            diag_hint(c->cx, w, "use nodeport with extraPortMappings, or run cloud-provider-kind");
        }
    }
}

/* Anybody who reaches a listener without `auth` may read and write everything. */
static void open_balancer(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (l->expose != EX_LOADBALANCER || l->source_ranges.len > 0 || l->auth.len > 0
            || (l->annotations != NULL && l->annotations->len > 0)
            || c->d->platform == ON_KIND)
            continue;
        struct diag *w = diag_at(c->cx, W_OPEN_BALANCER, place(c->d, "listeners[%u].expose", i),
                                 "the load balancer of '%s' may be reachable from anywhere, without a "
                                 "password", l->name);
        diag_hint(c->cx, w, "write auth, sourceRanges, or the annotation that makes it internal on your platform");
    }
}

/* ---- networks ------------------------------------------------------------------------------------------ */

static bool is_cidr(struct arena *a, const char *s)
{
    const char *slash = strchr(s, '/');
    unsigned char bits[16];
    int64_t length;
    if (slash == NULL || slash == s || !check_integer(slash + 1, &length) || length < 0 || slash[1] < '0'
        || slash[1] > '9')
        return false;
    if (slash[1] == '0' && slash[2] != '\0')
        return false;
    const char *address = arena_dup(a, s, (size_t)(slash - s));
    if (inet_pton(AF_INET, address, bits) == 1)
        return length <= 32;
    return inet_pton(AF_INET6, address, bits) == 1 && length <= 128;
}

static void bad_cidr(const struct check *c, struct pos at, const char *s)
{
    struct diag *e = diag_at(c->cx, E_CIDR, at, "'%s' is no network", s);
    diag_hint(c->cx, e, "write address/length, such as 10.20.0.0/16 or 2001:db8::/32");
}

static void networks(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct strs *ranges = &c->d->listeners[i].source_ranges;
        for (uint32_t n = 0; n < ranges->len; n++)
            if (!is_cidr(c->cx->a, ranges->at[n]))
                bad_cidr(c, place(c->d, "listeners[%u].sourceRanges[%u]", i, n), ranges->at[n]);
    }
    for (uint32_t i = 0; i < c->d->network_policy.client_count; i++) {
        const char *cidr = c->d->network_policy.clients[i].cidr;
        if (cidr != NULL && !is_cidr(c->cx->a, cidr))
            bad_cidr(c, place(c->d, "networkPolicy.clients[%u].cidr", i), cidr);
    }
    for (uint32_t i = 0; i < c->d->network_policy.destination_count; i++) {
        const char *cidr = c->d->network_policy.destinations[i].cidr;
        if (cidr != NULL && !is_cidr(c->cx->a, cidr))
            bad_cidr(c, place(c->d, "networkPolicy.destinations[%u].cidr", i), cidr);
    }
}

/* ---- placeholders -------------------------------------------------------------------------------------- */

static void no_meaning(const struct check *c, struct pos at, const char *field, const char *s,
                       const char *word, const char *hint)
{
    if (s == NULL || strstr(s, word) == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_PLACEHOLDER, at, "%s has no meaning in '%s'", word, field);
    diag_hint(c->cx, e, "%s", hint);
}

/* True when each broker's zone is known when the addresses are made. */
static bool zones_known(const struct check *c)
{
    for (uint32_t i = 0; i < c->set_count; i++)
        if (c->sets[i].pool->is_broker && c->sets[i].count > 0 && c->sets[i].zone == NULL)
            return false;
    return true;
}

static void placeholders(const struct check *c)
{
    static const char *const brokers[] = { "{id}", "{pod}", "{zone}", "{host}" };
    static const char *const all[] = { "{id}", "{pod}", "{zone}", "{host}", "{name}" };
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const struct pos host = place(c->d, "listeners[%u].host", i),
            first = place(c->d, "listeners[%u].bootstrap", i);
        no_meaning(c, host, "host", l->host, "{host}", "use {id} or {pod}");
        if (!zones_known(c))
            no_meaning(c, host, "host", l->host, "{zone}",
                       "zones are known with one StatefulSet a zone only: write zones and rack: statefulset");
        for (size_t p = 0; p < 4; p++)
            no_meaning(c, first, "bootstrap", l->bootstrap, brokers[p],
                       "the bootstrap host is one for all brokers; only {name} fits");
    }
    for (size_t p = 0; p < 5; p++)
        no_meaning(c, place(c->d, "clusterDomain"), "clusterDomain", c->d->cluster_domain, all[p],
                   "write the domain, such as cluster.local");
}

/* ---- advertised addresses ------------------------------------------------------------------------------ */

/* One address that clients are told, and what it leads to. */
struct place_of {
    const char *host;
    int64_t     port;
    uint32_t    listener;
    int64_t     id;     /* of the broker; -1: bootstrap */
};

static int64_t port_of(const struct listener *l, int64_t id)
{
    if (l->expose == EX_NODEPORT)
        return l->advertised_port != 0 && id >= 0 ? l->advertised_port : l->node_port_base + 1 + id;
    return l->advertised_port != 0 ? l->advertised_port : by_name(l) ? 443 : l->port;
}

static const char *host_of(struct arena *a, const struct check *c, const char *host,
                           const struct pod_set *s, int64_t i)
{
    host = str_replace(a, host, "{name}", c->d->name);
    if (s == NULL)
        return host;
    host = str_replace(a, host, "{id}", str_int(a, s->first_id + i));
    host = str_replace(a, host, "{pod}", str_join(a, s->name, "-", str_int(a, i), NULL));
    return str_replace(a, host, "{zone}", s->zone == NULL ? "" : s->zone);
}

static uint32_t places_of(const struct check *c, uint32_t listener, struct place_of *out)
{
    const struct listener *l = &c->d->listeners[listener];
    uint32_t n = 0;
    if (l->expose == EX_NONE || l->host == NULL)
        return 0;
    if (l->bootstrap != NULL)
        out[n++] = (struct place_of){ host_of(c->cx->a, c, l->bootstrap, NULL, 0), port_of(l, -1), listener,
                                      -1 };
    for (uint32_t s = 0; s < c->set_count; s++)
        for (int64_t i = 0; c->sets[s].pool->is_broker && i < c->sets[s].count; i++) {
            const int64_t id = c->sets[s].first_id + i;
            out[n++] = (struct place_of){ host_of(c->cx->a, c, l->host, &c->sets[s], i), port_of(l, id),
                                          listener, id };
        }
    return n;
}

static int by_address(const void *a, const void *b)
{
    const struct place_of *x = a, *y = b;
    const int order = strcmp(x->host, y->host);
    if (order != 0)
        return order;
    if (x->port != y->port)
        return x->port < y->port ? -1 : 1;
    if (x->listener != y->listener)
        return x->listener < y->listener ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static const char *who(struct arena *a, const struct place_of *p)
{
    return p->id < 0 ? "the bootstrap address" : str_join(a, "broker ", str_int(a, p->id), NULL);
}

static void same_address(const struct check *c, const struct place_of *x, const struct place_of *y)
{
    const struct listener *lx = &c->d->listeners[x->listener], *ly = &c->d->listeners[y->listener];
    struct arena *a = c->cx->a;
    struct diag *e;
    if (x->listener != y->listener)
        e = diag_at(c->cx, E_ADDRESS_TWICE, place(c->d, "listeners[%u].host", y->listener),
                    "listeners '%s' and '%s' both advertise %s:%" PRId64, lx->name, ly->name, y->host,
                    y->port);
    else if (x->id < 0)
        e = diag_at(c->cx, E_BOOTSTRAP_HOST, place(c->d, "listeners[%u].bootstrap", y->listener),
                    "'%s' is also the address of %s", x->host, who(a, y));
    else
        e = diag_at(c->cx, E_HOST_TWICE, place(c->d, "listeners[%u].host", y->listener),
                    "%s and %s would both be %s:%" PRId64,
                    who(a, x), who(a, y), y->host, y->port);
    diag_hint(c->cx, e, x->listener == y->listener && x->id < 0
              ? "give the bootstrap address a name of its own"
        : x->listener == y->listener ? "let the host hold {id} or {pod}"
        : "give each listener its own hosts or port");
}

/* Kubernetes checks the whole name and its characters; DNS also limits each part (RFC 1035). Ingress and gateway controllers
 * tell hosts apart by name. */
static const char *bad_host(const char *host, enum expose way)
{
    unsigned char bits[16];
    if ((way == EX_INGRESS || way == EX_GATEWAY) && inet_pton(AF_INET, host, bits) == 1)
        return "is an address and no name";
    for (const char *part = host; *part != '\0'; part += strcspn(part, "."), part += *part == '.')
        if (strcspn(part, ".") > 63)
            return "has a part of more than 63 characters";
    return k8s_bad_subdomain(host);
}

/* Placeholders that are left have been reported. */
static bool too_long(const struct check *c, const struct place_of *p)
{
    const char *bad = strchr(p->host, '{') != NULL ? NULL : bad_host(p->host, (enum expose)c->d->listeners[p->listener].expose);
    if (bad == NULL)
        return false;
    struct diag *e = diag_at(c->cx, E_HOST, place(c->d, "listeners[%u].%s", p->listener,
                                                  p->id < 0 ? "bootstrap" : "host"),
                             "%s of '%s' would be '%s', which %s", who(c->cx->a, p),
                             c->d->listeners[p->listener].name, p->host, bad);
    diag_hint(c->cx, e, strlen(p->host) < 64 ? "give a DNS name" : "shorten the host, or use {id} instead of {pod}");
    return true;
}

/* Sorted, equal addresses stand side by side. One finding a listener is enough: the others have the same
 * cause. */
static void addresses(const struct check *c)
{
    uint32_t n = 0;
    struct place_of *all = NEWS(c->cx->a, struct place_of,
                                (size_t)c->d->listener_count * ((size_t)c->brokers + 1) + 1);
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        n += places_of(c, i, all + n);
    bool *said = NEWS(c->cx->a, bool, c->d->listener_count + 1);
    for (uint32_t i = 0; i < n; i++)
        if (!said[all[i].listener])
            said[all[i].listener] = too_long(c, &all[i]);
    qsort(all, n, sizeof *all, by_address);
    for (uint32_t i = 1; i < n; i++) {
        const struct place_of *x = &all[i - 1], *y = &all[i];
        if (said[y->listener] || strcmp(x->host, y->host) != 0 || x->port != y->port)
            continue;
        said[y->listener] = true;
        same_address(c, x, y);
    }
}

/* ---- node ports ---------------------------------------------------------------------------------------- */

static int64_t last_broker(const struct check *c)
{
    int64_t last = 0;
    for (uint32_t i = 0; i < c->set_count; i++)
        if (c->sets[i].pool->is_broker && c->sets[i].first_id + c->sets[i].count - 1 > last)
            last = c->sets[i].first_id + c->sets[i].count - 1;
    return last;
}

/* Default of the API server's --service-node-port-range. */
#define NODE_PORT_FIRST 30000
#define NODE_PORT_LAST  32767

static void node_port_range(const struct check *c)
{
    const int64_t last = last_broker(c);
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const int64_t base = l->node_port_base;
        if (l->expose != EX_NODEPORT || base == 0
            || (base >= NODE_PORT_FIRST && base + 1 + last <= NODE_PORT_LAST))
            continue;
        struct diag *e = diag_at(c->cx, E_NODE_PORT, place(c->d, "listeners[%u].nodePortBase", i),
                                 "node ports %" PRId64 " to %" PRId64 " are not within %d to %d", base,
                                 base + 1 + last, NODE_PORT_FIRST,
                                 NODE_PORT_LAST);
        if (last + 1 > NODE_PORT_LAST - NODE_PORT_FIRST)
            diag_hint(c->cx, e, "broker <id> gets base + 1 + id: ids up to %" PRId64 " leave no room; use "
                                                            "another 'firstId'", last);
        else
            diag_hint(c->cx, e, "use %d to %" PRId64, NODE_PORT_FIRST, NODE_PORT_LAST - 1 - last);
    }
}

static void node_ports_meet(const struct check *c)
{
    const int64_t last = last_broker(c);
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            const struct listener *x = &c->d->listeners[i], *y = &c->d->listeners[j];
            const bool both = x->expose == EX_NODEPORT && y->expose == EX_NODEPORT && x->node_port_base != 0
                && y->node_port_base != 0;
            if (!both || llabs(x->node_port_base - y->node_port_base) > last + 1)
                continue;
            struct diag *e = diag_at(c->cx, E_NODE_PORTS_MEET, place(c->d, "listeners[%u].nodePortBase", i),
                                     "listeners '%s' and '%s' share node ports", y->name, x->name);
            diag_note(c->cx, e, place(c->d, "listeners[%u].nodePortBase", j),
                      "those of '%s' are %" PRId64 " to %" PRId64, y->name,
                      y->node_port_base, y->node_port_base + 1 + last);
            diag_hint(c->cx, e, "leave %" PRId64 " numbers between them, more to add brokers later",
                      last + 2);
        }
}

check_rule *const check_expose[] = {
    required, foreign_fields, needs_tls, platforms, open_balancer, networks, placeholders, addresses,
    node_port_range, node_ports_meet, NULL
};
