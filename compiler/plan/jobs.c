/* jobs.c: what the Jobs with Kafka's tools have in common. */
#include "plan/parts.h"

static const struct workload *first_brokers(const struct plan *p)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (p->workloads[i].is_broker)
            return &p->workloads[i];
    return NULL;
}

/* No Kafka node by its name, so in no selector of nodes. */
static struct val selector(struct arena *a, const struct plan *p, const char *component)
{
    return MAP(a,
        { "app.kubernetes.io/component", t_str(component) },
        { "app.kubernetes.io/instance",  t_str(p->d->name) },
        { "app.kubernetes.io/name",      t_str(str_join(a, "kafka-", component, NULL)) });
}

struct job_plan plan_job(struct arena *a, const struct plan *p, const char *component)
{
    const struct workload *brokers = first_brokers(p);
    const struct val selects = selector(a, p, component);
    return (struct job_plan){
        .used = brokers != NULL, .brokers = brokers, .component = component, .name = str_join(a, p->d->name, "-", component, NULL),
        .selector = selects, .labels = tree_overlay(a, p->labels, &selects) };
}

void plan_job_tools(struct text *t, const struct plan *p)
{
    const char *suffix = plan_script(t->a, p, "") + strlen(plan_scripts(p)) + 1;
    text_join(t, "tools='", plan_scripts(p), "' suffix='", suffix, "' scratch=/tmp\n", NULL);
}
