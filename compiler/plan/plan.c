#include "plan/parts.h"

#include "cluster/cluster.h"
#include "model/kafka.h"

/* The protocol of the line: metadata.version for KRaft (its release version, "3.9"), inter.broker.protocol.version else. */
static const char *protocol_of(struct arena *a, const struct description *d)
{
    if (d->kafka.protocol != NULL)
        return d->kafka.protocol;
    return str_join(a, str_int(a, d->kafka_line / 100), ".", str_int(a, d->kafka_line % 100), NULL);
}

bool plan_cluster(struct ctx *cx, const struct description *d, struct plan *p)
{
    struct arena *a = cx->a;
    *p = (struct plan){ .d = d, .minor = (int)d->kubernetes, .line = d->kafka_line,
                        .kraft = d->kafka.metadata == MD_KRAFT,
                        .replication = replication_factor(d), .min_isr = min_insync(d), .protocol = protocol_of(a, d) };
    plan_names(a, p);
    plan_workloads(a, p);
    plan_turns(p);
    plan_tls(a, p);
    plan_zookeeper_security(a, p);
    plan_listeners(a, p);
    plan_certificates(a, p);
    plan_users(a, p);
    plan_sasl(a, p);
    plan_certificate_files(cx, p);
    plan_quorum(a, p);
    plan_monitoring(a, p);
    plan_logging(a, p);
    plan_zookeeper(a, p);
    plan_config(a, p);
    plan_start(a, p);
    plan_admin(a, p);
    plan_scram_bootstrap(a, p);
    plan_budgets(a, p);
    return !diag_failed(cx);
}
