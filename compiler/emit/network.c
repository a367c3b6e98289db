#include "emit/network.h"

#include "base/text.h"
#include "cluster/cluster.h"

struct val network_port(struct arena *a, int64_t number)
{
    return MAP(a,
        { "port",     t_int(number) },
        { "protocol", t_str("TCP") });
}

/* `from` nothing: everybody. */
static struct val rule(struct arena *a, struct val from, struct val ports)
{
    return ports.kind == V_NONE ? t_none() : MAP(a,
        { "from",  from },
        { "ports", ports });
}

struct val network_pods(struct arena *a, struct val labels)
{
    return MAP(a, { "podSelector", MAP(a, { "matchLabels", labels }) });
}

struct val network_pods_of(struct arena *a, const struct plan *p, enum component c)
{
    return p->components[c].used ? network_pods(a, p->components[c].selector) : t_none();
}

struct val network_namespace(struct arena *a, const char *name)
{
    return name == NULL ? t_none() : MAP(a,
        { "matchLabels", MAP(a, { "kubernetes.io/metadata.name", t_str(name) }) });
}

static struct val policy(struct arena *a, const struct plan *p, const char *name, struct val labels, struct val selector,
                         struct val ingress, struct val egress)
{
    return k8s_object(a, p, "networking.k8s.io/v1", "NetworkPolicy", name, labels, t_none(), MAP(a,
        { "podSelector", MAP(a, { "matchLabels", selector }) },
        { "policyTypes", SEQ(a, t_str("Ingress"), t_if(egress.kind != V_NONE, t_str("Egress"))) },
        { "ingress",     ingress },
        { "egress",      egress }));
}

/* What a Prometheus, wherever it runs or in the namespace that was named, reads. */
static struct val scraping(struct arena *a, const struct plan *p, bool used, int64_t number)
{
    const struct val space = network_namespace(a, p->d->network_policy.monitoring_namespace);
    const struct val from  = MAP(a, { "namespaceSelector", space });
    return t_if(used, rule(a, SEQ(a, from), SEQ(a, network_port(a, number))));
}

struct val network_peer(struct arena *a, struct val cidr, const char *namespace_, const struct val *pods)
{
    if (cidr.kind != V_NONE)
        return MAP(a, { "ipBlock", MAP(a, { "cidr", cidr }) });
    const bool some = pods != NULL && pods->len > 0;
    return MAP(a,
        { "namespaceSelector", network_namespace(a, namespace_) },
        { "podSelector",       some ? MAP(a, { "matchLabels", *pods })
                             : t_if(namespace_ == NULL, t_empty_map()) }); /* every pod of our own namespace */
}

static struct val client_peer(struct arena *a, const struct plan *p, uint32_t i)
{
    const struct client *c = &p->d->network_policy.clients[i];
    const struct val cidr = c->cidr == NULL ? t_none()
                          : k8s_text_at(c->cidr, place(p->d, "networkPolicy.clients[%u].cidr", i));
    return network_peer(a, cidr, c->namespace_, c->pods);
}

static bool may_use(const struct client *c, const char *listener)
{
    for (uint32_t i = 0; i < c->listeners.len; i++)
        if (str_eq(c->listeners.at[i], listener))
            return true;
    return c->listeners.len == 0;
}

/* Who may open one client listener, besides the brokers themselves. */
static struct val clients_of(struct arena *a, const struct plan *p, const struct listener *l)
{
    const struct network_policy *np = &p->d->network_policy;
    struct vals from = { .a = a };
    for (uint32_t i = 0; i < np->client_count; i++)
        if (may_use(&np->clients[i], l->name))
            vals_add(&from, client_peer(a, p, i));
    if (p->lag.image != NULL && p->lag.port->listener == l)
        vals_add(&from, network_pods(a, emit_lag_exporter_selector(a, p)));
    return vals_done(&from);
}

/* An exposed listener is open: clients come through a load balancer or an ingress controller, whose addresses nobody knows
 * beforehand. Source ranges are the load balancer's to enforce. */
static bool is_open(const struct plan *p, const struct port *port)
{
    return port->listener->expose != EX_NONE || p->d->network_policy.client_count == 0;
}

static struct val open_ports(struct arena *a, const struct plan *p)
{
    struct vals ports = { .a = a };
    for (uint32_t i = 0; i < p->port_count; i++)
        if (p->ports[i].listener != NULL && is_open(p, &p->ports[i]))
            vals_add(&ports, network_port(a, p->ports[i].port));
    return vals_done(&ports);
}

static void add_clients(struct arena *a, const struct plan *p, struct vals *rules)
{
    vals_add(rules, rule(a, t_none(), open_ports(a, p)));
    for (uint32_t i = 0; i < p->port_count; i++) {
        const struct port *at = &p->ports[i];
        if (at->listener == NULL || is_open(p, at))
            continue;
        const struct val from = clients_of(a, p, at->listener);
        if (from.kind != V_NONE) /* without a peer the rule would admit everybody */
            vals_add(rules, rule(a, from, SEQ(a, network_port(a, at->port))));
    }
}

/* The listener that nodes use, and those where passwords are tried. */
struct val network_admin_ports(struct arena *a, const struct plan *p)
{
    struct vals ports = { .a = a };
    vals_add(&ports, network_port(a, p->inter_broker->port));
    for (uint32_t i = 0; i < p->port_count; i++)
        if (p->ports[i].tried && &p->ports[i] != p->inter_broker)
            vals_add(&ports, network_port(a, p->ports[i].port));
    return vals_done(&ports);
}

/* Nobody calls a Job. */
static void add_job_policy(struct arena *a, const struct plan *p, const struct job_plan *j, struct val egress, struct vals *out)
{
    if (j->used)
        vals_add(out, policy(a, p, j->name, j->labels, j->selector, t_none(), egress));
}

/* Brokers replicate from each other; nodes with the controller role are called by every Kafka node. */
static struct val broker_rules(struct arena *a, const struct plan *p)
{
    struct vals rules = { .a = a };
    vals_add(&rules, rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER)), SEQ(a, network_port(a, p->inter_broker->port))));
    if (p->combined)
        vals_add(&rules, rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER), network_pods_of(a, p, COMP_CONTROLLER)),
                              SEQ(a, network_port(a, p->controller_port.port))));
    if (p->admin.job.used)
        vals_add(&rules, rule(a, SEQ(a, network_pods(a, p->admin.job.selector)), network_admin_ports(a, p)));
    add_clients(a, p, &rules);
    vals_add(&rules, scraping(a, p, p->jmx.used, p->d->monitoring.exporter.port));
    return vals_done(&rules);
}

static struct val controller_rules(struct arena *a, const struct plan *p)
{
    return SEQ(a,
        rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER), network_pods_of(a, p, COMP_CONTROLLER)),
             SEQ(a, network_port(a, p->controller_port.port))),
        scraping(a, p, p->jmx.used, p->d->monitoring.exporter.port));
}

struct val network_zookeeper_ports(struct arena *a, const struct plan *p)
{
    return SEQ(a,
        t_if(p->zookeeper.open, network_port(a, ZK_CLIENT_PORT)),
        t_if(p->zookeeper.tls, network_port(a, ZK_TLS_PORT)));
}

static struct val zookeeper_rules(struct arena *a, const struct plan *p)
{
    const struct val first = t_if(p->scram_bootstrap.used, network_pods(a, p->scram_bootstrap.selector));
    return SEQ(a,
        rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER), first), network_zookeeper_ports(a, p)),
        rule(a, SEQ(a, network_pods_of(a, p, COMP_ZOOKEEPER)), SEQ(a, network_port(a, ZK_QUORUM_PORT), network_port(a, ZK_ELECTION_PORT))),
        scraping(a, p, p->zookeeper_jmx.used, p->d->monitoring.exporter.port));
}

static struct val lag_exporter_policy(struct arena *a, const struct plan *p)
{
    return policy(a, p, emit_lag_exporter_name(a, p), emit_lag_exporter_labels(a, p), emit_lag_exporter_selector(a, p),
                  SEQ(a, scraping(a, p, true, LAG_EXPORTER_PORT)), egress_lag_exporter(a, p));
}

void emit_network_policies(struct arena *a, const struct plan *p, struct vals *out)
{
    struct val (*const rules[COMPONENTS])(struct arena *, const struct plan *) = {
        [COMP_BROKER] = broker_rules, [COMP_CONTROLLER] = controller_rules, [COMP_ZOOKEEPER] = zookeeper_rules };
    if (!p->d->network_policy.enabled)
        return;
    for (int i = 0; i < COMPONENTS; i++) {
        const struct component_plan *c = &p->components[i];
        if (c->used)
            vals_add(out, policy(a, p, c->name, c->labels, c->selector, rules[i](a, p),
                                 egress_rules(a, p, (enum component)i)));
    }
    add_job_policy(a, p, &p->admin.job, egress_admin(a, p), out);
    add_job_policy(a, p, &p->scram_bootstrap, egress_scram_bootstrap(a, p), out);
    if (p->lag.image != NULL)
        vals_add(out, lag_exporter_policy(a, p));
}
