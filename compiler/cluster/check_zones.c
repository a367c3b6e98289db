/* check_zones.c: what the loss of a zone means. */
#include "cluster/check.h"
#include "model/kubernetes.h"

static void zone_names(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct strs *zones = &c->pools[i].pool->zones;
        for (uint32_t z = 0; z < zones->len; z++) {
            const bool named = one_set_a_zone(c->d, &c->pools[i]);
            const char *bad = named ? k8s_bad_label_name(zones->at[z]) : k8s_bad_label_value(zones->at[z]);
            if (bad == NULL)
                continue;
            struct diag *e = diag_at(c->cx, E_ZONE, place(c->d, "%s.zones[%u]", c->pools[i].path, z),
                                     "'%s' is no zone: it %s", zones->at[z], bad);
            diag_hint(c->cx, e, named ? "the zone becomes part of the name of a StatefulSet"
                      : "`kubectl get nodes -L topology.kubernetes.io/zone` "
                      "shows the zones");
        }
    }
}

static void zone_twice(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct strs *zones = &c->pools[i].pool->zones;
        for (uint32_t z = 1; z < zones->len; z++) {
            if (check_find(zones, zones->at[z]) == (int64_t)z)
                continue;
            struct diag *e = diag_at(c->cx, E_ZONE_TWICE, place(c->d, "%s.zones[%u]", c->pools[i].path, z),
                                     "the zone '%s' is named twice",
                                     zones->at[z]);
            diag_hint(c->cx, e, "name each zone once: pods are spread evenly over the list");
        }
    }
}

static void more_zones_than_pods(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        if (p->zones.len <= 1 || p->zones.len <= p->count || p->count == 0)
            continue;
        struct diag *e = diag_at(c->cx, E_ZONES_EMPTY, place(c->d, "%s.zones", c->pools[i].path),
                                 "%u zones for %d pods: some would be empty",
                                 p->zones.len, (int)p->count);
        diag_hint(c->cx, e, "use %d zones, or more pods", (int)p->count);
    }
}

static void uneven(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        const int64_t zones = p->zones.len;
        if (!c->pools[i].is_broker || zones < 2 || p->count < zones || p->count % zones == 0)
            continue;
        struct diag *w = diag_at(c->cx, W_ZONES_UNEVEN, place(c->d, "%s.count", c->pools[i].path),
                                 "%d brokers over %d zones: those of the smaller zones carry more",
                                 (int)p->count, (int)zones);
        diag_hint(c->cx, w, "use %d or %d", (int)(p->count / zones * zones),
                  (int)((p->count / zones + 1) * zones));
    }
}

/* Most copies of a partition that one zone holds when racks spread them. */
static void loss_of_a_zone(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        const int64_t zones = p->zones.len, held = zones == 0 ? 0 : (c->factor + zones - 1) / zones;
        if (!c->pools[i].is_broker || zones == 0 || zones > p->count || c->factor < 2)
            continue;
        const struct pos at = place(c->d, "%s.zones", c->pools[i].path);
        struct diag *w = NULL;
        if (zones == 1 && p->count == c->brokers && p->count > 1)
            w = diag_at(c->cx, W_ONE_ZONE, at,
                        "all brokers are in the zone '%s': its loss is the loss of the cluster",
                        p->zones.at[0]);
        else if (zones > 1 && c->min_isr < c->factor && c->factor - held < c->min_isr)
            w = diag_at(c->cx, W_ZONE_LOSS, at, "the loss of a zone can take %d of %d copies and stop writes",
                        (int)held, (int)c->factor);
        if (w != NULL)
            diag_hint(c->cx, w, zones == 1 ? "name three zones"
                      : "use three zones, so that each holds one copy");
    }
}

static void loss_of_the_quorum(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        const int64_t zones = p->pool->zones.len, n = p->pool->count;
        if (p->is_broker || zones < 2 || zones > n || n < 3 || (n + zones - 1) / zones <= (n - 1) / 2)
            continue;
        struct diag *w = diag_at(c->cx, W_ZONE_QUORUM, place(c->d, "%s.zones", p->path),
                                 "the loss of a zone can take %d of %d %s and with them the majority",
                                 (int)((n + zones - 1) / zones), (int)n, p->is_zookeeper ? "ZooKeeper servers"
                                 : "controllers");
        diag_hint(c->cx, w, "use three zones");
    }
}

/* Brokers without a rack beside brokers with one. */
static void partial(const struct check *c)
{
    const struct pool_at *with = NULL, *without = NULL;
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (c->pools[i].is_broker)
            *(c->pools[i].pool->zones.len > 0 ? &with : &without) = &c->pools[i];
    if (with == NULL || without == NULL)
        return;
    struct diag *w = diag_at(c->cx, W_ZONES_PARTIAL, place(c->d, "%s", without->path),
                             "the brokers of '%s' know no zone, those of '%s' do",
                             without->pool->name, with->pool->name);
    diag_note(c->cx, w, place(c->d, "%s.zones", with->path), "the zones of '%s'", with->pool->name);
    diag_hint(c->cx, w, "write %s.zones too", without->path);
}

static void rack_alone(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        if (!check_own(c, "%s.rack", p->path) || (p->is_broker && p->pool->zones.len > 0)
            || p->pool->rack == RACK_AUTO)
            continue;
        struct diag *w = diag_at(c->cx, W_RACK, place(c->d, "%s.rack", p->path), "'%s.rack' has no effect %s",
                                 p->path,
                                 p->is_broker ? "without zones" : "on pods that are no brokers");
        diag_hint(c->cx, w, p->is_broker ? "write 'zones' too, or remove it" : "remove it");
    }
}

check_rule *const check_zones[] = {
    zone_names, zone_twice, more_zones_than_pods, uneven, loss_of_a_zone, loss_of_the_quorum, partial,
    rack_alone, NULL
};
