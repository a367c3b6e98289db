#include "plan/show.h"

static struct val show_addresses(struct arena *a, const struct plan *p, const struct node *n)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; n->addresses != NULL && i < p->exposed_count; i++)
        vals_add(&out, MAP(a,
            { "listener", t_str(p->exposed[i].port->name) },
            { "service",  t_str(n->addresses[i].service) },
            { "host",     t_str(n->addresses[i].host) },
            { "port",     t_int(n->addresses[i].port) }));
    return vals_done(&out);
}

static struct val show_nodes(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < w->node_count; i++)
        vals_add(&out, MAP(a,
            { "id",        t_int(w->nodes[i].id) },
            { "pod",       t_str(w->nodes[i].pod) },
            { "address",   t_str(w->nodes[i].fqdn) },
            { "zone",      t_str(w->nodes[i].zone) },
            { "directory", t_if(p->initial_controllers != NULL, t_str(w->nodes[i].directory)) },
            { "exposed",   show_addresses(a, p, &w->nodes[i]) }));
    return vals_done(&out);
}

static struct val show_workloads(struct arena *a, const struct plan *p)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < p->workload_count; i++) {
        const struct workload *w = &p->workloads[i];
        vals_add(&out, MAP(a,
            { "name",    t_str(w->name) },
            { "image",   t_str(w->image) },
            { "heap",    t_str(w->heap_options) },
            { "cpu",     t_str(w->cpu) },
            { "memory",  t_str(w->memory) },
            { "nodes",   show_nodes(a, p, w) }));
    }
    return vals_done(&out);
}

static struct val show_ports(struct arena *a, const struct plan *p)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < p->port_count; i++)
        vals_add(&out, MAP(a,
            { "name",     t_str(p->ports[i].name) },
            { "port",     t_int(p->ports[i].port) },
            { "protocol", t_str(p->ports[i].protocol) }));
    return vals_done(&out);
}

static struct val show_budgets(struct arena *a, const struct plan *p)
{
    struct pairs out = { .a = a };
    for (int i = 0; i < COMPONENTS; i++)
        if (p->components[i].used && p->components[i].max_unavailable != AUTO)
            pairs_add(&out, p->components[i].label, t_int(p->components[i].max_unavailable));
    return pairs_done(&out);
}

struct val plan_show(struct arena *a, const struct plan *p)
{
    return MAP(a,
        { "cluster",           t_str(p->d->name) },
        { "clusterId",         t_str(p->cluster_id) },
        { "protocol",          t_str(p->protocol) },
        { "replicationFactor", t_int(p->replication) },
        { "minInsyncReplicas", t_int(p->min_isr) },
        { "voters",            t_str(p->voters) },
        { "initialControllers", t_str(p->initial_controllers) },
        { "zookeeper",         t_str(p->zookeeper_connect) },
        { "bootstrap",         t_str(p->bootstrap_address) },
        { "ports",             show_ports(a, p) },
        { "interBroker",       t_str(p->inter_broker->name) },
        { "maxUnavailable",    show_budgets(a, p) },
        { "workloads",         show_workloads(a, p) });
}
