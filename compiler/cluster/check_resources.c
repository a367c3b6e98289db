/* check_resources.c: memory, processors and time. */
#include "cluster/check.h"
#include "cluster/value.h"

#include <inttypes.h>

#define MiB ((int64_t)1 << 20)
#define GiB ((int64_t)1 << 30)

static int64_t memory_limit(const struct pool *p)
{
    return p->limits.memory > 0 ? p->limits.memory : p->memory;
}

static void heap_of_pool(const struct check *c, const struct pool_at *p)
{
    const int64_t heap = p->pool->heap, limit = memory_limit(p->pool);
    struct arena *a = c->cx->a;
    if (heap == AUTO)
        return;
    const struct pos at = place(c->d, "%s.heap", p->path);
    const char *heap_text = value_show_bytes(a, heap), *limit_text = value_show_bytes(a, limit);
    struct diag *found = NULL;
    if (heap >= limit)
        found = diag_at(c->cx, E_HEAP, at, "a heap of %s does not fit into a container of %s", heap_text,
                        limit_text);
    else if (limit - heap < JVM_BESIDE_HEAP)
        found = diag_at(c->cx, E_HEAP_ALONE, at, "a heap of %s leaves the JVM %s of %s for all else",
                        heap_text,
                        value_show_bytes(a, limit - heap), limit_text);
    else if (p->is_broker && heap > limit / 4 * 3)
        found = diag_at(c->cx, W_PAGE_CACHE, at, "a heap of %s of %s leaves hardly any page cache", heap_text,
                        limit_text);
    else if (heap >= 32 * GiB)
        found = diag_at(c->cx, W_COMPRESSED_OOPS, at,
                        "with a heap of %s every pointer needs 8 bytes instead of 4", heap_text);
    if (found != NULL && found->code == W_COMPRESSED_OOPS)
        diag_hint(c->cx, found, "use 31Gi or less; a broker seldom needs more than 6Gi");
    else if (found != NULL)
        diag_hint(c->cx, found, "use auto: here that is %s",
                  value_show_bytes(a, heap_of(&(struct pool_at){ .pool = &(struct pool){
            .heap = AUTO, .memory = p->pool->memory }, .is_broker = p->is_broker })));
}

static void heap(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++)
        heap_of_pool(c, &c->pools[i]);
}

/* ---- limits -------------------------------------------------------------------------------------------- */

static void below(const struct check *c, const char *path, const char *what, const char *limit,
                  const char *request)
{
    struct diag *e = diag_at(c->cx, E_LIMIT, place(c->d, "%s.limits.%s", path, what),
                             "the limit %s is below the request %s", limit, request);
    diag_hint(c->cx, e, "raise the limit, or lower '%s.%s'", path, what);
}

static void limits_of(const struct check *c, const char *path, const struct limits *l, int64_t cpu,
                      int64_t memory)
{
    struct arena *a = c->cx->a;
    if (l->cpu > 0 && l->cpu < cpu)
        below(c, path, "cpu", value_show_cpu(a, l->cpu), value_show_cpu(a, cpu));
    if (l->memory > 0 && l->memory < memory)
        below(c, path, "memory", value_show_bytes(a, l->memory), value_show_bytes(a, memory));
}

static void limits(const struct check *c)
{
    const struct lag_exporter *lag = &c->d->monitoring.lag;
    for (uint32_t i = 0; i < c->pool_count; i++)
        limits_of(c, c->pools[i].path, &c->pools[i].pool->limits, c->pools[i].pool->cpu,
                  c->pools[i].pool->memory);
    if (lag->enabled)
        limits_of(c, "monitoring.lagExporter", &lag->limits, lag->cpu, lag->memory);
}

/* More memory than requested is taken back first when the node runs short. */
static void overcommitted(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        if (p->pool->limits.memory <= p->pool->memory || heap_of(p) < p->pool->memory)
            continue;
        struct diag *w = diag_at(c->cx, W_OVERCOMMIT, place(c->d, "%s.memory", p->path),
                                 "the request of %s does not even cover the heap of %s",
                                 value_show_bytes(c->cx->a, p->pool->memory),
                                 value_show_bytes(c->cx->a, heap_of(p)));
        diag_hint(c->cx, w, "request what the pod uses: the heap and some page cache");
    }
}

/* ---- time ---------------------------------------------------------------------------------------------- */

static void grace(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        if (!p->is_broker || c->brokers < 2 || p->pool->grace >= 60 * 1000)
            continue;
        struct diag *w = diag_at(c->cx, W_GRACE, place(c->d, "%s.gracePeriod", p->path),
                                 "%s is short for a broker to hand over its leaders",
                                 value_show_duration(c->cx->a, p->pool->grace));
        diag_hint(c->cx, w, "use 2m or more");
    }
}

static void whole_seconds(const struct check *c, int64_t ms, const char *path)
{
    if (ms <= 0 || ms % 1000 == 0)
        return;
    struct diag *e = diag_at(c->cx, E_WHOLE_SECONDS, place(c->d, "%s", path),
                             "'%s' is %" PRId64 " ms: Kubernetes counts whole seconds",
                             path, ms);
    diag_hint(c->cx, e, "use %" PRId64 "s", ms / 1000 + 1);
}

static void probe(const struct check *c, const struct pool_at *p, const struct probe *probe, const char *name)
{
    struct arena *a = c->cx->a;
    const char *path = str_join(a, p->path, ".probes.", name, NULL);
    whole_seconds(c, probe->period, str_join(a, path, ".period", NULL));
    whole_seconds(c, probe->timeout, str_join(a, path, ".timeout", NULL));
    if (probe->period <= 0 || probe->timeout <= probe->period)
        return;
    struct diag *w = diag_at(c->cx, W_PROBE_TIMEOUT, place(c->d, "%s.timeout", path),
                             "a try may take %s, and the next begins after %s",
                             value_show_duration(a, probe->timeout), value_show_duration(a, probe->period));
    diag_hint(c->cx, w, "let 'timeout' be at most 'period'");
}

static void seconds(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        whole_seconds(c, p->pool->grace, str_join(c->cx->a, p->path, ".gracePeriod", NULL));
        probe(c, p, &p->pool->probes.startup, "startup");
        probe(c, p, &p->pool->probes.readiness, "readiness");
        probe(c, p, &p->pool->probes.liveness, "liveness");
    }
    whole_seconds(c, c->d->monitoring.interval, "monitoring.interval");
}

/* A broker that was killed reads its open segments before it serves; killing it again begins anew. */
static void startup(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        const struct probe *s = &p->pool->probes.startup;
        if (!p->is_broker || s->period == 0 || s->failures == 0 || s->period * s->failures >= 5 * 60 * 1000)
            continue;
        struct diag *w = diag_at(c->cx, W_STARTUP, place(c->d, "%s.probes.startup", p->path),
                                 "a broker that needs more than %s to recover its "
                                 "logs is killed again and again",
                                 value_show_duration(c->cx->a, s->period * s->failures));
        diag_hint(c->cx, w, "let period times failures be 5m or more; large brokers need an hour");
    }
}

check_rule *const check_resources[] = { heap, limits, overcommitted, grace, seconds, startup, NULL };
