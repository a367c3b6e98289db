#include "plan/parts.h"

/* Kubernetes updates every StatefulSet on its own, one pod at a time in each: with a StatefulSet a zone, three brokers would
 * restart at once. So brokers wait in their preStop hook until it is their turn (emit/scripts.c): the sets go one after the
 * other. How long they wait at most counts brokers by sixteens, so that adding one changes no pod. */
#define SECONDS_A_BROKER 120
#define SECONDS_CALM     30 /* a later set needs this much more calm than the one before it */
#define STEP             16

static uint32_t broker_sets(const struct plan *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        n += p->workloads[i].is_broker;
    return n;
}

void plan_turns(struct plan *p)
{
    int64_t turn = 0, brokers = 0;
    p->turns = broker_sets(p) > 1;
    for (uint32_t i = 0; p->turns && i < p->workload_count; i++) {
        struct workload *w = &p->workloads[i];
        if (!w->is_broker)
            continue;
        brokers     += (w->node_count + STEP - 1) / STEP * STEP;
        w->turn      = turn++;
        w->turn_wait = brokers * SECONDS_A_BROKER;
        w->grace    += w->turn_wait + w->turn * SECONDS_CALM;
    }
}
