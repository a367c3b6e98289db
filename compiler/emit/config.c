#include "emit/pods.h"

static void chunks(struct arena *a, const struct plan *p, const struct workload *w, struct vals *out)
{
    for (uint32_t i = 0; i < w->chunk_count; i++)
        vals_add(out, k8s_config_map(a, p, w->chunks[i].name, *w->labels, kafka_chunk_data(a, w, &w->chunks[i])));
}

void emit_config(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (p->workloads[i].component != COMP_ZOOKEEPER)
            chunks(a, p, &p->workloads[i], out);
    vals_add(out, k8s_config_map(a, p, p->common_config, p->labels, kafka_common_data(a, p)));
    if (p->components[COMP_ZOOKEEPER].used)
        vals_add(out, k8s_config_map(a, p, p->zookeeper_config, p->components[COMP_ZOOKEEPER].labels, zookeeper_data(a, p)));
}
