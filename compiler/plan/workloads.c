#include "plan/parts.h"

#include "cluster/cluster.h"
#include "model/kafka.h"

#define CHUNKS_AT_MOST 16 /* of a StatefulSet of 1000 brokers */
#define NODES_A_CHUNK  64 /* 64 files of 3 KB stay below the 256 KiB that `kubectl apply` can annotate */

static const char *fqdn(struct arena *a, const struct plan *p, const char *pod, const char *service)
{
    return str_join(a, pod, ".", service, ".", p->d->namespace_, ".svc.", p->d->cluster_domain, NULL);
}

static void add_nodes(struct arena *a, const struct plan *p, struct workload *w, uint32_t count, int64_t first_id)
{
    w->nodes      = NEWS(a, struct node, count);
    w->node_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct node *n = &w->nodes[i];
        n->id   = first_id + i;
        n->pod  = str_join(a, w->name, "-", str_int(a, i), NULL);
        n->fqdn = fqdn(a, p, n->pod, w->headless);
        n->zone = w->zone;
    }
}

static void add_chunks(struct arena *a, struct workload *w)
{
    w->chunk_count = (w->node_count + NODES_A_CHUNK - 1) / NODES_A_CHUNK;
    w->chunk_room  = w->chunk_count > 1 ? CHUNKS_AT_MOST : 1;
    w->chunks      = NEWS(a, struct chunk, w->chunk_room);
    for (uint32_t i = 0; i < w->chunk_room; i++) {
        const uint32_t first = i * NODES_A_CHUNK, left = first < w->node_count ? w->node_count - first : 0;
        w->chunks[i] = (struct chunk){
            .name  = i == 0 ? w->name : str_join(a, w->name, "-", str_int(a, i + 1), NULL),
            .first = first, .count = left < NODES_A_CHUNK ? left : NODES_A_CHUNK };
    }
}

/* Two pods of a component on one host go together when the host goes. */
static int anti_affinity(const struct plan *p, const struct workload *w, uint32_t pods)
{
    if (w->pool->anti_affinity != AA_AUTO)
        return w->pool->anti_affinity;
    if (pods < 2)
        return AA_NONE;
    if (p->d->platform == ON_KIND)
        return AA_PREFERRED;
    const int64_t spare = w->is_broker ? p->replication - p->min_isr : (pods - 1) / 2;
    return (!w->is_broker || p->replication > 1) && spare < 2 ? AA_REQUIRED : AA_PREFERRED;
}

static void add_workload(struct arena *a, struct plan *p, const struct pod_set *set)
{
    const struct pool_at *at = set->pool;
    struct workload *w = &p->workloads[p->workload_count++];
    w->pool          = at->pool;
    w->is_broker     = at->is_broker;
    w->is_controller = at->is_controller;
    w->component     = at->is_zookeeper ? COMP_ZOOKEEPER : at->is_broker ? COMP_BROKER : COMP_CONTROLLER;
    w->headless      = at->is_zookeeper ? p->zookeeper_nodes : p->nodes_service;
    w->name          = set->name;
    w->zone          = set->zone;
    w->zone_label    = at->is_broker && at->pool->zones.len > 0 && set->zone == NULL;
    w->labels        = &p->components[w->component].labels;
    w->grace         = at->pool->grace / 1000;
    add_nodes(a, p, w, (uint32_t)set->count, set->first_id);
    add_chunks(a, w);
}

static void count_nodes(struct plan *p, const struct workload *w)
{
    p->components[w->component].used = true;
    p->components[w->component].pods += w->node_count;
    p->brokers     += w->is_broker ? w->node_count : 0;
    p->controllers += w->is_controller ? w->node_count : 0;
    p->combined    |= w->is_broker && w->is_controller;
}

void plan_workloads(struct arena *a, struct plan *p)
{
    struct pool_at *pools = NEWS(a, struct pool_at, p->d->pool_count + 3);
    uint32_t count;
    const struct pod_set *sets = pod_sets(a, p->d, pools, pools_in_use(a, p->d, pools), &count);
    p->workloads = NEWS(a, struct workload, count);
    for (uint32_t i = 0; i < count; i++) {
        add_workload(a, p, &sets[i]);
        count_nodes(p, &p->workloads[i]);
    }
    for (uint32_t i = 0; i < p->workload_count; i++) {
        struct workload *w = &p->workloads[i];
        w->anti_affinity = anti_affinity(p, w, p->components[w->component].pods);
        plan_storage(a, w);
        plan_resources(a, p, w);
    }
}
