/* egress.c: where pods may go, when that is limited: names in DNS, each other, and what the description names. */
#include "emit/network.h"

#include "cluster/cluster.h"

#define NODE_LOCAL_DNS "169.254.20.10/32"   /* NodeLocal DNSCache: on the node, no pod */
#define GKE_DNS        "169.254.169.254/32" /* Cloud DNS for GKE: the metadata server */

static struct val rule(struct arena *a, struct val to, struct val ports)
{
    return to.kind == V_NONE ? t_none() : MAP(a,
        { "to",    to },
        { "ports", ports });
}

static struct val system_pods(struct arena *a, const char *space, const char *label, const char *value)
{
    return MAP(a,
        { "namespaceSelector", network_namespace(a, space) },
        { "podSelector",       MAP(a, { "matchLabels", MAP(a, { label, t_str(value) }) }) });
}

static struct val address(struct arena *a, const char *cidr)
{
    return MAP(a, { "ipBlock", MAP(a, { "cidr", t_str(cidr) }) });
}

static struct val both_protocols(struct arena *a, int64_t port)
{
    const struct val udp = MAP(a,
        { "port",     t_int(port) },
        { "protocol", t_str("UDP") });
    return SEQ(a, network_port(a, port), udp);
}

/* CoreDNS under its usual label, and the caches on nodes that answer in its place. Policies see the port of the pod: that of
 * OpenShift's DNS is 5353. */
static struct val names(struct arena *a, const struct plan *p)
{
    if (p->d->platform == ON_OPENSHIFT)
        return rule(a, SEQ(a, system_pods(a, "openshift-dns", "dns.operator.openshift.io/daemonset-dns", "default")),
                    both_protocols(a, 5353));
    return rule(a, SEQ(a,
        system_pods(a, "kube-system", "k8s-app", "kube-dns"),
        system_pods(a, "kube-system", "k8s-app", "node-local-dns"),
        address(a, NODE_LOCAL_DNS),
        t_if(p->d->platform == ON_GKE, address(a, GKE_DNS))), both_protocols(a, 53));
}

static void add_destinations(struct arena *a, const struct plan *p, struct vals *rules)
{
    const struct network_policy *np = &p->d->network_policy;
    for (uint32_t i = 0; i < np->destination_count; i++) {
        const struct destination *to = &np->destinations[i];
        const struct val cidr = to->cidr == NULL ? t_none()
                              : k8s_text_at(to->cidr, place(p->d, "networkPolicy.destinations[%u].cidr", i));
        vals_add(rules, rule(a, SEQ(a, network_peer(a, cidr, to->namespace_, to->pods)), SEQ(a, network_port(a, to->port))));
    }
}

static struct val controllers(struct arena *a, const struct plan *p)
{
    return SEQ(a, t_if(p->combined, network_pods_of(a, p, COMP_BROKER)), network_pods_of(a, p, COMP_CONTROLLER));
}

/* An ensemble of somebody else's is known by its names, which a policy cannot hold: its ports, wherever it is. */
static struct val zookeeper(struct arena *a, const struct plan *p)
{
    struct vals ports = { .a = a };
    if (p->components[COMP_ZOOKEEPER].used)
        return rule(a, SEQ(a, network_pods_of(a, p, COMP_ZOOKEEPER)), network_zookeeper_ports(a, p));
    for (uint32_t i = 0; i < p->zookeeper.server_count; i++) {
        const struct val port = network_port(a, p->zookeeper.servers[i].port);
        bool listed = false;
        for (uint32_t n = 0; n < ports.len; n++)
            listed |= tree_same(&ports.at[n], &port);
        if (!listed)
            vals_add(&ports, port);
    }
    return MAP(a, { "ports", vals_done(&ports) });
}

/* Brokers fetch from each other and ask whoever keeps the metadata; controllers ask controllers alone. */
static void add_kafka(struct arena *a, const struct plan *p, enum component c, struct vals *rules)
{
    if (c == COMP_BROKER)
        vals_add(rules, rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER)), SEQ(a, network_port(a, p->inter_broker->port))));
    if (p->kraft)
        vals_add(rules, rule(a, controllers(a, p), SEQ(a, network_port(a, p->controller_port.port))));
    else
        vals_add(rules, zookeeper(a, p));
    add_destinations(a, p, rules);
}

struct val egress_rules(struct arena *a, const struct plan *p, enum component c)
{
    struct vals rules = { .a = a };
    if (!p->d->network_policy.egress)
        return t_none();
    vals_add(&rules, names(a, p));
    if (c == COMP_ZOOKEEPER)
        vals_add(&rules, rule(a, SEQ(a, network_pods_of(a, p, c)),
                              SEQ(a, network_port(a, ZK_QUORUM_PORT), network_port(a, ZK_ELECTION_PORT))));
    else
        add_kafka(a, p, c, &rules);
    return vals_done(&rules);
}

/* It asks brokers on a listener inside. Where all that it may use are exposed, that leads through load balancers whose
 * addresses nobody knows beforehand. */
struct val egress_lag_exporter(struct arena *a, const struct plan *p)
{
    const struct port *port = p->lag.port;
    if (!p->d->network_policy.egress || port->listener == NULL || port->listener->expose != EX_NONE)
        return t_none();
    return SEQ(a, names(a, p),
        rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER)), SEQ(a, network_port(a, port->port))));
}

struct val egress_admin(struct arena *a, const struct plan *p)
{
    return !p->d->network_policy.egress ? t_none() : SEQ(a, names(a, p),
        rule(a, SEQ(a, network_pods_of(a, p, COMP_BROKER)), network_admin_ports(a, p)));
}

struct val egress_scram_bootstrap(struct arena *a, const struct plan *p)
{
    return !p->d->network_policy.egress ? t_none() : SEQ(a, names(a, p), zookeeper(a, p));
}
