#include "plan/parts.h"

#include "cluster/value.h"

/* Kafka's log directory is a folder below the mount: a fresh ext4 volume holds lost+found, which Kafka would take for a
 * partition. ZooKeeper keeps version-2 below its own. */
static struct volume volume_at(struct arena *a, const struct storage *s, const char *name, bool zookeeper)
{
    const char *mount = zookeeper ? ZK_DATA_DIR : str_join(a, DATA_DIR "/", name, NULL);
    return (struct volume){ .name = name, .mount = mount, .dir = zookeeper ? mount : str_join(a, mount, "/kafka", NULL),
                            .storage = s, .size = value_show_bytes(a, s->size) };
}

void plan_storage(struct arena *a, struct workload *w)
{
    const struct pool *pool = w->pool;
    const bool zookeeper = w->component == COMP_ZOOKEEPER;
    w->volume_count = pool->volume_count > 0 ? pool->volume_count : 1;
    w->volumes      = NEWS(a, struct volume, w->volume_count);
    if (pool->volume_count == 0)
        w->volumes[0] = volume_at(a, &pool->storage, "data", zookeeper);
    for (uint32_t i = 0; i < pool->volume_count; i++)
        w->volumes[i] = volume_at(a, &pool->volumes[i], str_join(a, "data-", str_int(a, i), NULL), zookeeper);
}
