/* check_storage.c: volumes, their classes, and whether what Kafka keeps fits into them. */
#include "cluster/check.h"
#include "cluster/value.h"
#include "model/kubernetes.h"

#include <inttypes.h>

void check_each_volume(const struct check *c, void (*rule)(const struct check *c,
                                                           const struct check_volume *v))
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        const struct pool *pool = p->pool;
        if (pool->volume_count == 0)
            rule(c, &(struct check_volume){ p, &pool->storage,
                                            str_join(c->cx->a, p->path, ".storage", NULL) });
        for (uint32_t v = 0; v < pool->volume_count; v++)
            rule(c, &(struct check_volume){ p, &pool->volumes[v],
                                         str_join(c->cx->a, p->path, ".volumes[", str_int(c->cx->a, v), "]",
                                                  NULL) });
    }
}

static bool has_ephemeral(const struct pool *p)
{
    bool any = p->volume_count == 0 && p->storage.type == ST_EPHEMERAL;
    for (uint32_t i = 0; i < p->volume_count; i++)
        any |= p->volumes[i].type == ST_EPHEMERAL;
    return any;
}

static void storage_and_volumes(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const char *path = c->pools[i].path;
        if (c->pools[i].pool->volume_count == 0 || !check_own(c, "%s.storage", path))
            continue;
        struct diag *e = diag_at(c->cx, E_STORAGE_AND_VOLUMES, place(c->d, "%s.storage", path),
                                 "'%s' has both 'storage' and 'volumes'", path);
        diag_note(c->cx, e, place(c->d, "%s.volumes", path), "the volumes");
        diag_hint(c->cx, e, "keep one: 'volumes' is several disks, 'storage' a single one");
    }
}

/* ---- sizes --------------------------------------------------------------------------------------------- */

static void segments(const struct check *c, const struct check_volume *v)
{
    int64_t segment;
    if (!v->pool->is_broker || !check_number(c, "log.segment.bytes", &segment)
        || v->storage->size / 2 >= segment)
        return;
    struct diag *w = diag_at(c->cx, W_SMALL_VOLUME, place(c->d, "%s.size", v->path),
                             "a volume of %s holds less than two segments of %s",
                             value_show_bytes(c->cx->a, v->storage->size),
                             value_show_bytes(c->cx->a, segment));
    diag_hint(c->cx, w, "use a larger volume, or a smaller log.segment.bytes");
}

static void small_volume(const struct check *c)
{
    check_each_volume(c, segments);
}

static void retention(const struct check *c, const struct check_volume *v)
{
    int64_t keep;
    if (!v->pool->is_broker || !check_number(c, "log.retention.bytes", &keep) || keep <= v->storage->size)
        return;
    struct diag *e = diag_at(c->cx, E_RETENTION, place(c->d, "kafka.config.log.retention.bytes"),
                             "one partition may keep %s and the volume has %s",
                             value_show_bytes(c->cx->a, keep),
                             value_show_bytes(c->cx->a, v->storage->size));
    if (written(c->d, "%s", v->path))
        diag_note(c->cx, e, place(c->d, "%s.size", v->path), "the volume of '%s'", v->pool->path);
    diag_hint(c->cx, e, "log.retention.bytes counts for each partition: use much less than the volume");
}

static void retention_over_disk(const struct check *c)
{
    check_each_volume(c, retention);
}

/* The 2000 brokers that are allowed, with 64 volumes of 64 TiB, stay below the 8 EiB that fit. */
int64_t check_disk_of_brokers(const struct check *c)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        int64_t each = p->volume_count == 0 ? p->storage.size : 0;
        for (uint32_t v = 0; v < p->volume_count; v++)
            each += p->volumes[v].size;
        sum += c->pools[i].is_broker ? each * p->count : 0;
    }
    return sum;
}

/* All brokers together against a single topic with the default number of partitions. */
static void retention_of_a_topic(const struct check *c)
{
    const int64_t space = check_disk_of_brokers(c);
    int64_t keep, partitions, one;
    if (!check_number(c, "log.retention.bytes", &keep) || keep <= 0
        || !check_number(c, "num.partitions", &partitions)
        || __builtin_mul_overflow(keep, partitions, &one) || __builtin_mul_overflow(one, c->factor, &one)
            || one <= space
        || diag_failed(c->cx))
        return;
    struct diag *w = diag_at(c->cx, W_RETENTION, place(c->d, "kafka.config.log.retention.bytes"),
                             "a topic of %d partitions may keep %s with its copies, and all volumes together "
                             "have %s", (int)partitions,
                             value_show_bytes(c->cx->a, one), value_show_bytes(c->cx->a, space));
    diag_hint(c->cx, w, "lower log.retention.bytes, which counts for each partition, or num.partitions");
}

static void uneven_volumes(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        for (uint32_t v = 1; v < p->volume_count && c->pools[i].is_broker; v++) {
            if (p->volumes[v].size == p->volumes[0].size)
                continue;
            struct diag *w = diag_at(c->cx, W_UNEVEN_VOLUMES, place(c->d, "%s.volumes[%u].size",
                                                            c->pools[i].path, v),
                                     "volumes of %s and %s fill evenly by number of partitions, not by size",
                                     value_show_bytes(c->cx->a, p->volumes[0].size),
                                     value_show_bytes(c->cx->a, p->volumes[v].size));
            diag_hint(c->cx, w, "give all volumes of a pool one size, or make a pool for each size");
            break;
        }
    }
}

/* ---- what is lost, and when ---------------------------------------------------------------------------- */

static void ephemeral_brokers(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        if (!p->is_broker || !has_ephemeral(p->pool) || (c->brokers > 1 && c->brokers < 3))
            continue;
        struct diag *w = diag_at(c->cx, W_EPHEMERAL_BROKERS, place(c->d, "%s.storage.type", p->path),
                                 c->brokers == 1
            ? "every restart of the only broker loses all data"
            : "brokers lose their data whenever their pod is replaced");
        diag_hint(c->cx, w, "use type: claim, unless this is a test");
    }
}

static bool keeps_data(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (c->pools[i].is_broker && !has_ephemeral(c->pools[i].pool))
            return true;
    return false;
}

static void ephemeral_metadata(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        if (p->is_broker || !has_ephemeral(p->pool) || !keeps_data(c))
            continue;
        struct diag *e = diag_at(c->cx, E_EPHEMERAL_METADATA, place(c->d, "%s.storage.type", p->path),
                                 "%s forget the topics that brokers keep on disk",
                                 p->is_zookeeper ? "ZooKeeper servers" : "controllers");
        diag_hint(c->cx, e, "use type: claim");
    }
}

static void not_retained(const struct check *c, const struct check_volume *v)
{
    if (v->storage->retain || v->storage->type != ST_CLAIM)
        return;
    const struct pos at = place(c->d, "%s.retain", v->path);
    if (c->d->kubernetes < 27) {
        struct diag *e = diag_at(c->cx, E_RETAIN, at,
                                 "Kubernetes 1.%d cannot delete the claims of a StatefulSet",
                                 (int)c->d->kubernetes);
        diag_hint(c->cx, e, "remove 'retain', or target Kubernetes 1.27 or later");
    } else if (v->pool->is_broker && c->factor == 1) {
        struct diag *w = diag_at(c->cx, W_RETAIN, at, "scaling down deletes the only copy of data");
        diag_hint(c->cx, w, "remove 'retain', or keep more copies");
    }
}

static void retain(const struct check *c)
{
    check_each_volume(c, not_retained);
}

/* ---- local disks --------------------------------------------------------------------------------------- */

static void nodes_of(const struct check *c, const struct check_volume *v)
{
    const struct strs *nodes = &v->storage->nodes;
    const int64_t pods = v->pool->pool->count;
    if (nodes->len > 0 && nodes->len < pods) {
        struct diag *e = diag_at(c->cx, E_LOCAL_NODES, place(c->d, "%s.nodes", v->path),
                                 "%u nodes have a disk for %d pods", nodes->len,
                                 (int)pods);
        diag_hint(c->cx, e, "name a node for each pod");
    }
    for (uint32_t i = 0; i < nodes->len; i++) {
        const int64_t first = check_find(nodes, nodes->at[i]);
        const char *bad = k8s_bad_subdomain(nodes->at[i]);
        if (bad == NULL)
            bad = k8s_bad_label_value(nodes->at[i]); /* volumes find their node by a label */
        if (first == (int64_t)i && bad == NULL)
            continue;
        const struct pos at = place(c->d, "%s.nodes[%u]", v->path, i);
        struct diag *e = bad != NULL ? diag_at(c->cx, E_LOCAL_NODE_NAME, at,
                                               "'%s' is no name of a node: it %s", nodes->at[i], bad)
            : diag_at(c->cx, E_LOCAL_NODE_TWICE, at, "two pods would share '%s' on node '%s'",
                      v->storage->path, nodes->at[i]);
        diag_hint(c->cx, e, bad != NULL ? "`kubectl get nodes` shows the names"
                  : "name each node once, or give pods another path");
    }
}

static void local(const struct check *c, const struct check_volume *v)
{
    const struct storage *s = v->storage;
    if (s->type != ST_LOCAL)
        return;
    if (s->class == NULL) {
        struct diag *e = diag_at(c->cx, E_LOCAL_CLASS, place(c->d, "%s.type", v->path),
                                 "a local volume needs a 'class'");
        diag_hint(c->cx, e, "name a StorageClass with provisioner kubernetes.io/no-provisioner, from "
                            "'storageClasses' or of the site");
    }
    if (s->path == NULL ? s->nodes.len > 0 : s->path[0] != '/' || strstr(s->path, "..") != NULL) {
        struct diag *e = diag_at(c->cx, E_LOCAL_PATH,
                                 place(c->d, "%s.%s", v->path, s->path != NULL ? "path" : "nodes"),
                                 s->path == NULL ? "disks on nodes need a 'path'"
                                 : "'%s' is no absolute path", s->path);
        diag_hint(c->cx, e, "write the directory on the node, such as /mnt/disks/kafka");
    }
    nodes_of(c, v);
}

static void local_volumes(const struct check *c)
{
    check_each_volume(c, local);
}

static void foreign_field(const struct check *c, const struct check_volume *v, const char *field,
                          const char *type)
{
    if (!check_own(c, "%s.%s", v->path, field))
        return;
    struct diag *e = diag_at(c->cx, E_STORAGE_FIELD, place(c->d, "%s.%s", v->path, field),
                             "'%s' is for storage of type %s", field, type);
    diag_hint(c->cx, e, "remove it, or change 'type'");
}

static void foreign(const struct check *c, const struct check_volume *v)
{
    if (v->storage->type != ST_LOCAL) {
        foreign_field(c, v, "path", "local");
        foreign_field(c, v, "nodes", "local");
    }
    if (v->storage->type == ST_EPHEMERAL) {
        foreign_field(c, v, "class", "claim or local");
        foreign_field(c, v, "retain", "claim");
    }
}

static void foreign_fields(const struct check *c)
{
    check_each_volume(c, foreign);
}

check_rule *const check_storage[] = {
    storage_and_volumes, small_volume, retention_over_disk, retention_of_a_topic, uneven_volumes,
    ephemeral_brokers, ephemeral_metadata, retain, local_volumes, foreign_fields, NULL
};
