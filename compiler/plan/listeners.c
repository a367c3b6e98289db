#include "plan/parts.h"

#include "model/kafka.h"

/* Port names have at most 15 characters (IANA_SVC_NAME). The prefix tells service meshes that this is no HTTP. */
static const char *port_name(struct arena *a, const char *name, int64_t port)
{
    return str_join(a, "tcp-", strlen(name) <= 11 ? name : str_int(a, port), NULL);
}

static const char *mechanisms(struct arena *a, const struct listener *l)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < l->auth.len; i++)
        if (strcmp(l->auth.at[i], "mtls") != 0)
            text_join(&t, t.len > 0 ? "," : "", plan_upper(a, l->auth.at[i]), NULL);
    return t.len == 0 ? NULL : text_str(&t);
}

static bool wants_certificate(const struct listener *l)
{
    for (uint32_t i = 0; i < l->auth.len; i++)
        if (strcmp(l->auth.at[i], "mtls") == 0)
            return true;
    return false;
}

static struct port open_port(struct arena *a, const char *name, int64_t port, bool tls, bool mtls, const char *sasl)
{
    return (struct port){ .name = name, .kafka = plan_upper(a, name), .port_name = port_name(a, name, port), .port = port,
                          .tls = tls, .mtls = tls && mtls, .sasl = sasl,
                          .protocol = sasl != NULL ? (tls ? "SASL_SSL" : "SASL_PLAINTEXT") : tls ? "SSL" : "PLAINTEXT" };
}

/* Ports of our own have TLS as soon as there are certificates, and ask for them on both sides unless nodes log in. */
static struct port open_own(struct arena *a, const struct plan *p, const char *name, int64_t port, const struct sasl_login *l)
{
    const bool logs_in = l->mechanism != NULL;
    struct port out = open_port(a, name, port, p->tls.used, !logs_in, logs_in ? plan_upper(a, l->mechanism) : NULL);
    out.login = logs_in ? l : NULL;
    return out;
}

static struct port open_listener(struct arena *a, const struct plan *p, const struct listener *l)
{
    struct port out = open_port(a, l->name, l->port, l->tls, wants_certificate(l), mechanisms(a, l));
    const bool of_brokers = str_eq(p->d->inter_broker, l->name) && out.sasl != NULL && p->d->sasl.inter_broker.mechanism != NULL;
    out.listener = l;
    out.login    = of_brokers ? &p->d->sasl.inter_broker : NULL;
    return out;
}

static void open_ports(struct arena *a, struct plan *p)
{
    const struct description *d = p->d;
    p->ports = NEWS(a, struct port, d->listener_count + 1);
    for (uint32_t i = 0; i < d->listener_count; i++)
        p->ports[p->port_count++] = open_listener(a, p, &d->listeners[i]);
    if (d->inter_broker == NULL)
        p->ports[p->port_count++] = open_own(a, p, "replication", REPLICATION_PORT, &d->sasl.inter_broker);
    p->inter_broker = &p->ports[p->port_count - 1];
    for (uint32_t i = 0; i < p->port_count; i++)
        if (str_eq(d->inter_broker, p->ports[i].name))
            p->inter_broker = &p->ports[i];
    p->controller_port = open_own(a, p, "controller", CONTROLLER_PORT, &d->sasl.controller);
}

static int64_t advertised_port(const struct listener *l, int64_t node_port)
{
    if (l->advertised_port != 0)
        return l->advertised_port;
    switch ((enum expose)l->expose) {
    case EX_NODEPORT:                              return node_port;
    case EX_INGRESS: case EX_ROUTE: case EX_GATEWAY: return 443;
    default:                                       return l->port;
    }
}

static const char *host_of(struct arena *a, const struct plan *p, const char *host, const struct node *n)
{
    if (host == NULL || strchr(host, '{') == NULL)
        return host;
    host = str_replace(a, host, "{name}", p->d->name);
    if (n == NULL)
        return host;
    host = str_replace(a, host, "{id}", str_int(a, n->id));
    host = str_replace(a, host, "{pod}", n->pod);
    return str_replace(a, host, "{zone}", n->zone == NULL ? "" : n->zone);
}

/* nodeport: broker <id> has port base + 1 + id, so that adding brokers moves nobody's. */
static struct address address_of(struct arena *a, const struct plan *p, const struct listener *l, const struct node *n)
{
    const bool by_port = l->expose == EX_NODEPORT;
    const int64_t node_port = by_port ? l->node_port_base + (n == NULL ? 0 : 1 + n->id) : 0;
    return (struct address){
        .service   = str_join(a, p->d->name, "-", l->name, "-", n == NULL ? "bootstrap" : str_int(a, n->id), NULL),
        .host      = host_of(a, p, n == NULL ? l->bootstrap : l->host, n),
        .port      = advertised_port(l, node_port),
        .node_port = node_port };
}

static void expose_nodes(struct arena *a, struct plan *p, struct workload *w)
{
    for (uint32_t n = 0; n < w->node_count; n++) {
        w->nodes[n].addresses = NEWS(a, struct address, p->exposed_count);
        for (uint32_t i = 0; i < p->exposed_count; i++)
            w->nodes[n].addresses[i] = address_of(a, p, p->exposed[i].listener, &w->nodes[n]);
    }
}

static void expose(struct arena *a, struct plan *p)
{
    p->exposed = NEWS(a, struct exposed, p->port_count);
    for (uint32_t i = 0; i < p->port_count; i++) {
        const struct listener *l = p->ports[i].listener;
        if (l == NULL || l->expose == EX_NONE)
            continue;
        p->exposed[p->exposed_count] = (struct exposed){ .listener = l, .port = &p->ports[i],
            .bootstrap = address_of(a, p, l, NULL), .index = p->exposed_count };
        p->exposed_count++;
    }
    for (uint32_t i = 0; p->exposed_count > 0 && i < p->workload_count; i++)
        if (p->workloads[i].is_broker)
            expose_nodes(a, p, &p->workloads[i]);
}

/* The first listener that is not exposed serves clients inside the cluster; an exposed one does it too. */
static void name_bootstrap(struct arena *a, struct plan *p)
{
    const struct port *best = &p->ports[0];
    for (uint32_t i = p->port_count; i-- > 0;)
        if (p->ports[i].listener != NULL && p->ports[i].listener->expose == EX_NONE)
            best = &p->ports[i];
    p->bootstrap_port    = best;
    p->bootstrap_address = str_join(a, p->bootstrap_service, ".", p->d->namespace_, ".svc.", p->d->cluster_domain, ":",
                                    str_int(a, best->port), NULL);
}

void plan_listeners(struct arena *a, struct plan *p)
{
    open_ports(a, p);
    expose(a, p);
    name_bootstrap(a, p);
}
