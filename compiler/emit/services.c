#include "emit/emit.h"

#include "base/text.h"

/* What all Kafka nodes carry: the pairs that brokers and controllers have in common. */
static struct val nodes_selector(struct arena *a, const struct plan *p)
{
    const struct component_plan *brokers = &p->components[COMP_BROKER], *controllers = &p->components[COMP_CONTROLLER];
    if (!controllers->used || !brokers->used)
        return controllers->used ? controllers->selector : brokers->selector;
    struct pairs common = { .a = a };
    for (uint32_t i = 0; i < brokers->selector.len; i++) {
        const struct pair *pair = &brokers->selector.map[i];
        if (str_eq(tree_str(&controllers->selector, pair->key), pair->v.s))
            pairs_add(&common, pair->key, pair->v);
    }
    return pairs_done(&common);
}

/* Gives every pod a name in DNS. Pods are published before they are ready: a quorum forms, and a broker joins, through
 * these names. */
static struct val headless(struct arena *a, const struct plan *p, const char *name, struct val labels, struct val ports,
                           struct val selector)
{
    return k8s_object(a, p, "v1", "Service", name, labels, t_none(), MAP(a,
        { "clusterIP",                t_str("None") },
        { "publishNotReadyAddresses", t_bool(true) },
        { "ports",                    ports },
        { "selector",                 selector }));
}

/* One address for clients to start from; only pods that serve stand behind it. */
static struct val front(struct arena *a, const struct plan *p, const char *name, const struct component_plan *c,
                        struct val ports)
{
    return k8s_object(a, p, "v1", "Service", name, c->labels, t_none(), MAP(a,
        { "type",     t_str("ClusterIP") },
        { "ports",    ports },
        { "selector", c->selector }));
}

static struct val port(struct arena *a, const struct port *port)
{
    return k8s_service_port(a, port->port_name, port->port, port->port, 0);
}

static struct val node_ports(struct arena *a, const struct plan *p)
{
    struct vals ports = { .a = a };
    if (p->kraft)
        vals_add(&ports, port(a, &p->controller_port));
    for (uint32_t i = 0; i < p->port_count; i++)
        vals_add(&ports, port(a, &p->ports[i]));
    return vals_done(&ports);
}

static struct val client_ports(struct arena *a, const struct plan *p)
{
    struct vals ports = { .a = a };
    for (uint32_t i = 0; i < p->port_count; i++)
        if (p->ports[i].listener != NULL)
            vals_add(&ports, port(a, &p->ports[i]));
    return vals_done(&ports);
}

static void zookeeper_services(struct arena *a, const struct plan *p, struct vals *out)
{
    const struct component_plan *c = &p->components[COMP_ZOOKEEPER];
    const struct val client = t_if(p->zookeeper.open, k8s_service_port(a, "tcp-client", ZK_CLIENT_PORT, ZK_CLIENT_PORT, 0));
    const struct val secure = t_if(p->zookeeper.tls, k8s_service_port(a, "tcp-client-tls", ZK_TLS_PORT, ZK_TLS_PORT, 0));
    const struct val all = SEQ(a,
        client,
        secure,
        k8s_service_port(a, "tcp-quorum", ZK_QUORUM_PORT, ZK_QUORUM_PORT, 0),
        k8s_service_port(a, "tcp-election", ZK_ELECTION_PORT, ZK_ELECTION_PORT, 0));
    vals_add(out, headless(a, p, p->zookeeper_nodes, c->labels, all, c->selector));
    vals_add(out, front(a, p, p->zookeeper_service, c, SEQ(a, client, secure)));
}

void emit_services(struct arena *a, const struct plan *p, struct vals *out)
{
    vals_add(out, headless(a, p, p->nodes_service, p->labels, node_ports(a, p), nodes_selector(a, p)));
    vals_add(out, front(a, p, p->bootstrap_service, &p->components[COMP_BROKER], client_ports(a, p)));
    if (p->components[COMP_ZOOKEEPER].used)
        zookeeper_services(a, p, out);
}
