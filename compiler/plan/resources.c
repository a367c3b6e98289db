#include "plan/parts.h"

#include "cluster/cluster.h"
#include "cluster/value.h"

#define DEFAULT_COLLECTOR "-XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 " \
                          "-XX:+ExplicitGCInvokesConcurrent"

static const char *heap_size(struct arena *a, int64_t bytes)
{
    const int64_t mib = bytes >> 20;
    return mib % 1024 == 0 ? str_join(a, str_int(a, mib / 1024), "g", NULL) : str_join(a, str_int(a, mib), "m", NULL);
}

/* A pod whose JVM has run out of memory is better dead than half alive. Names are asked for again after 5 seconds
 * instead of 30: a pod that was replaced has another address. */
static const char *jvm_options(struct arena *a, const struct jvm *jvm)
{
    struct text t = { .a = a };
    text_add(&t, jvm->options.len == 0 ? DEFAULT_COLLECTOR : "");
    for (uint32_t i = 0; i < jvm->options.len; i++)
        text_join(&t, i > 0 ? " " : "", jvm->options.at[i], NULL);
    text_add(&t, " -XX:+ExitOnOutOfMemoryError -Djava.awt.headless=true -Dsun.net.inetaddr.ttl=5");
    for (uint32_t i = 0; jvm->properties != NULL && i < jvm->properties->len; i++)
        text_join(&t, " -D", jvm->properties->map[i].key, "=", jvm->properties->map[i].v.s, NULL);
    return text_str(&t);
}

struct ids { int64_t user, group; };

/* Users of the images, by number: kubelet cannot prove a name to be no root (runAsNonRoot). */
static struct ids image_user(const struct plan *p, const struct workload *w)
{
    static const struct ids layouts[] = {
        [LAYOUT_APACHE] = { 1000, 1000 }, [LAYOUT_CONFLUENT] = { 1000, 1000 },
        [LAYOUT_STRIMZI] = { 1001, 0 },   [LAYOUT_OWN] = { 1000, 1000 } };
    const struct layout *l = &p->d->kafka.layout;
    if (p->d->platform == ON_OPENSHIFT)
        return (struct ids){ 0, 0 }; /* restricted-v2 gives each namespace its own range */
    if (w->component == COMP_ZOOKEEPER)
        return (struct ids){ 1000, 1000 };
    struct ids u = layouts[l->type];
    if (l->user != 0)
        u = (struct ids){ l->user, l->group };
    return u;
}

void plan_resources(struct arena *a, const struct plan *p, struct workload *w)
{
    const struct pool *pool = w->pool;
    const struct pool_at at = { pool, NULL, w->is_broker, w->is_controller, w->component == COMP_ZOOKEEPER };
    const struct ids user = image_user(p, w);
    const char *heap = heap_size(a, w->heap = heap_of(&at));
    w->cpu          = value_show_cpu(a, pool->cpu);
    w->memory       = value_show_bytes(a, pool->memory);
    w->cpu_limit    = pool->limits.cpu > 0 ? value_show_cpu(a, pool->limits.cpu) : NULL;
    w->memory_limit = pool->limits.memory > 0 ? value_show_bytes(a, pool->limits.memory) : w->memory;
    w->heap_options = str_join(a, "-Xms", heap, " -Xmx", heap, NULL);
    w->jvm_options  = jvm_options(a, &pool->jvm);
    w->user         = user.user;
    w->group        = user.group;
    w->image        = w->component == COMP_ZOOKEEPER ? plan_zookeeper_image(a, p) : plan_kafka_image(a, p);
}
