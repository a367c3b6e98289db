#include "emit/emit.h"

static struct val labels(struct arena *a, const struct plan *p, struct val own)
{
    return tree_overlay(a, own, p->d->monitoring.labels);
}

static struct val endpoint(struct arena *a, const struct plan *p)
{
    return MAP(a,
        { "port",     t_str("tcp-metrics") },
        { "path",     t_str("/metrics") },
        { "interval", k8s_duration(a, p->d->monitoring.interval) });
}

static struct val pod_monitor(struct arena *a, const struct plan *p, const struct component_plan *c)
{
    return k8s_object(a, p, "monitoring.coreos.com/v1", "PodMonitor", c->name, labels(a, p, c->labels), t_none(), MAP(a,
        { "selector",            MAP(a, { "matchLabels", c->selector }) },
        { "podMetricsEndpoints", SEQ(a, endpoint(a, p)) }));
}

static struct val lag_monitor(struct arena *a, const struct plan *p)
{
    const struct val selector = emit_lag_exporter_selector(a, p);
    return k8s_object(a, p, "monitoring.coreos.com/v1", "ServiceMonitor", emit_lag_exporter_name(a, p),
                      labels(a, p, tree_overlay(a, p->labels, &selector)), t_none(), MAP(a,
        { "selector",  MAP(a, { "matchLabels", selector }) },
        { "endpoints", SEQ(a, endpoint(a, p)) }));
}

void emit_monitors(struct arena *a, const struct plan *p, struct vals *out)
{
    if (p->d->monitoring.prometheus == PROM_MONITORS) {
        for (int i = 0; i < COMPONENTS; i++)
            if (p->components[i].used && (i == COMP_ZOOKEEPER ? p->zookeeper_jmx.used : p->jmx.used))
                vals_add(out, pod_monitor(a, p, &p->components[i]));
        if (p->lag.image != NULL)
            vals_add(out, lag_monitor(a, p));
    }
    if (p->d->monitoring.rules)
        emit_rules(a, p, out);
}
