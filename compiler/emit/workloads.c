#include "emit/pods.h"

/* Deleting claims with their pods: on by default from Kubernetes 1.27 (KEP-1847). */
static struct val claim_retention(struct arena *a, const struct plan *p, const struct workload *w)
{
    bool keep = true;
    for (uint32_t i = 0; i < w->volume_count; i++)
        keep &= w->volumes[i].storage->retain || w->volumes[i].storage->type == ST_EPHEMERAL;
    if (keep || p->minor < 27)
        return t_none();
    return MAP(a,
        { "whenDeleted", t_str("Delete") },
        { "whenScaled",  t_str("Delete") });
}

/* A pod that comes back has another address. Caches of names forget the old one within 30 seconds: until then the
 * others may not find it, and the quorum would be lost if the next voter left already. */
static struct val calm(const struct workload *w)
{
    return t_if(w->node_count > 1 && (w->is_controller || w->component == COMP_ZOOKEEPER), t_int(30));
}

static struct val pod(struct arena *a, const struct plan *p, const struct workload *w)
{
    return w->component == COMP_ZOOKEEPER ? zookeeper_pod(a, p, w) : kafka_pod(a, p, w);
}

static struct val stateful_set(struct arena *a, const struct plan *p, const struct workload *w)
{
    return k8s_object(a, p, "apps/v1", "StatefulSet", w->name, *w->labels, t_none(), MAP(a,
        { "serviceName",          t_str(w->headless) },
        { "replicas",             t_int(w->node_count) },
        { "podManagementPolicy",  t_str("Parallel") },
        { "minReadySeconds",      calm(w) },
        { "updateStrategy",       MAP(a, { "type", t_str("RollingUpdate") }) },
        { "persistentVolumeClaimRetentionPolicy", claim_retention(a, p, w) },
        { "selector",             MAP(a, { "matchLabels", pods_selector(a, p, w) }) },
        { "template",             pod(a, p, w) },
        { "volumeClaimTemplates", pods_claims(a, p, w) }));
}

void emit_workloads(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        vals_add(out, stateful_set(a, p, &p->workloads[i]));
}
