/* values_fields.c: the fields that can stay open, and those of them that a description has. */
#include "base/text.h"
#include "cluster/cluster.h"
#include "cluster/fields.h"
#include "pack/values.h"

#include <stddef.h>

/* ---- the fields ---------------------------------------------------------------------------------------------------- */

static bool has_zookeeper(const struct compiled *made, const void *record)
{
    (void)record;
    return made->plan.components[COMP_ZOOKEEPER].used;
}

static bool has_exporter(const struct compiled *made, const void *record)
{
    (void)record;
    return made->plan.jmx.used && made->plan.jmx.image != NULL;
}

static bool has_lag_exporter(const struct compiled *made, const void *record)
{
    (void)record;
    return made->plan.lag.image != NULL;
}

static bool has_heap(const struct compiled *made, const void *record)
{
    (void)made;
    return ((const struct pool *)record)->heap != AUTO;
}

static bool has_cpu_limit(const struct compiled *made, const void *record)
{
    (void)made;
    return ((const struct pool *)record)->limits.cpu > 0;
}

static bool has_memory_limit(const struct compiled *made, const void *record)
{
    (void)made;
    return ((const struct pool *)record)->limits.memory > 0;
}

static bool has_claim(const struct compiled *made, const void *record)
{
    const struct pool *p = record;
    (void)made;
    return p->volume_count == 0 && p->storage.type == ST_CLAIM;
}

static bool is_exposed(const struct compiled *made, const void *record)
{
    (void)made;
    return ((const struct listener *)record)->expose != EX_NONE;
}

#define IN(record, member) offsetof(struct record, member)
const struct value_row value_rows_cluster[] = {
    { "namespace", VALUE_NAMESPACE, false, IN(description, namespace_), NULL, NULL },
    { "kafka.image", VALUE_IMAGE, true, IN(description, kafka.image), NULL, NULL },
    { "zookeeper.image", VALUE_IMAGE, true, IN(description, zookeeper.image), has_zookeeper, "there is no ZooKeeper" },
    { "monitoring.exporter.image", VALUE_IMAGE, true, IN(description, monitoring.exporter.image), has_exporter,
      "no image of the exporter is used" },
    { "monitoring.lagExporter.image", VALUE_IMAGE, true, IN(description, monitoring.lag.image), has_lag_exporter,
      "the lag exporter is off" },
    { "images.pullSecrets", VALUE_PULL_SECRETS, true, IN(description, images.pull_secrets), NULL, NULL },
    { "labels", VALUE_LABELS, false, IN(description, labels), NULL, NULL },
    { "annotations", VALUE_TEXTS, false, IN(description, annotations), NULL, NULL },
    { .path = NULL }
};

const struct value_row value_rows_pool[] = {
    { "cpu", VALUE_CPU, true, IN(pool, cpu), NULL, NULL },
    { "memory", VALUE_SIZE, true, IN(pool, memory), has_heap, "the heap is derived from it; write 'heap' to open the memory" },
    { "limits.cpu", VALUE_CPU, true, IN(pool, limits.cpu), has_cpu_limit, "the description sets no limit" },
    { "limits.memory", VALUE_SIZE, true, IN(pool, limits.memory), has_memory_limit,
      "the description sets no limit of its own: it is the requested memory" },
    { "storage.size", VALUE_SIZE, true, IN(pool, storage.size), has_claim, "the pool has no single claim" },
    { "storage.class", VALUE_NAME, true, IN(pool, storage.class), has_claim, "the pool has no single claim" },
    { "priorityClassName", VALUE_NAME, true, IN(pool, priority_class), NULL, NULL },
    { "nodeSelector", VALUE_LABELS, true, IN(pool, node_selector), NULL, NULL },
    { "tolerations", VALUE_TOLERATIONS, true, IN(pool, tolerations), NULL, NULL },
    { "labels", VALUE_LABELS, false, IN(pool, labels), NULL, NULL },
    { "annotations", VALUE_TEXTS, false, IN(pool, annotations), NULL, NULL },
    { .path = NULL }
};

const struct value_row value_rows_listener[] = {
    { "annotations", VALUE_TEXTS, true, IN(listener, annotations), is_exposed, "the listener is not exposed" },
    { .path = NULL }
};

/* ---- the fields of this description ------------------------------------------------------------------------------------ */

static void add_step(struct open_value *v, const char *key, uint32_t i, const char *shown)
{
    v->steps[v->step_count++] = (struct tree_step){ key, i };
    if (shown != NULL)
        v->keys[v->key_count++] = shown;
}

static void add_path(struct arena *a, struct open_value *v, const char *path)
{
    while (*path != '\0') {
        const size_t len = strcspn(path, ".");
        const char *key = arena_dup(a, path, len);
        add_step(v, key, 0, key);
        path += len + (path[len] == '.');
    }
}

static const char *shown_path(struct arena *a, const struct open_value *v)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < v->key_count; i++)
        text_join(&t, i > 0 ? "." : "", v->keys[i], NULL);
    return text_str(&t);
}

/* `start` holds the steps down to the record, `type` its path in the field table. */
static void add_rows(struct candidates *l, const struct value_row *row, const struct open_value *start, const char *type,
                     const void *record)
{
    for (; row->path != NULL; row++) {
        if (l->len == l->cap) {
            const uint32_t more = l->cap + 32;
            l->at  = arena_grow(l->a, l->at, l->cap * sizeof *l->at, l->len * sizeof *l->at, more * sizeof *l->at);
            l->cap = more;
        }
        const char *rest, *nearest;
        struct open_value v = *start;
        add_path(l->a, &v, row->path);
        const struct field *f = field_path(type[0] == '\0' ? row->path : str_join(l->a, type, ".", row->path, NULL), &rest, &nearest);
        v.row  = row;
        v.path = shown_path(l->a, &v);
        v.doc  = f == NULL ? "" : f->doc;
        v.min  = f == NULL ? 0 : f->min;
        v.max  = f == NULL ? 0 : f->max;
        l->at[l->len++] = (struct candidate){ v, record };
    }
}

static void add_pools(struct candidates *l, const struct description *d)
{
    struct pool_at *pools = NEWS(l->a, struct pool_at, d->pool_count + 3);
    const uint32_t n = pools_in_use(l->a, d, pools);
    for (uint32_t i = 0; i < n; i++) {
        struct open_value start = { .row = NULL };
        const bool listed = d->pool_count > 0 && pools[i].pool >= d->pools && pools[i].pool < d->pools + d->pool_count;
        add_step(&start, listed ? "pools" : pools[i].path, 0, listed ? "pools" : pools[i].path);
        if (listed)
            add_step(&start, NULL, (uint32_t)(pools[i].pool - d->pools), pools[i].pool->name);
        add_rows(l, value_rows_pool, &start, listed ? "pools" : pools[i].path, pools[i].pool);
    }
}

static void add_listeners(struct candidates *l, const struct description *d)
{
    for (uint32_t i = 0; i < d->listener_count; i++) {
        struct open_value start = { .row = NULL };
        add_step(&start, "listeners", 0, "listeners");
        add_step(&start, NULL, i, d->listeners[i].name);
        add_rows(l, value_rows_listener, &start, "listeners", &d->listeners[i]);
    }
}

void values_fields(struct candidates *l, const struct compiled *made)
{
    const struct open_value top = { .row = NULL };
    add_rows(l, value_rows_cluster, &top, "", &made->description);
    add_pools(l, &made->description);
    add_listeners(l, &made->description);
}
