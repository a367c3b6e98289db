#include "cluster/check.h"
#include "source/index.h"

#include <inttypes.h>
#include <stdlib.h>

static check_rule *const *const subjects[] = {
    check_versions, check_images, check_counts, check_replication, check_names, check_listeners, check_network, check_expose,
    check_security, check_sasl, check_logins, check_certificates, check_storage, check_classes, check_resources, check_jvm,
    check_config, check_values, check_zookeeper, check_zookeeper_security, check_zones, check_kubernetes, check_monitoring, check_lag_exporter, check_topics,
    check_users, check_secrets, check_site, NULL
};

static int64_t controller_total(const struct check *c)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (c->pools[i].is_controller)
            n += c->pools[i].pool->count;
    return n;
}

/* ---- limits: rules compare entries with each other ----------------------------------------------------- */

static bool too_many(struct ctx *cx, const struct description *d, const char *path, uint32_t have,
                     uint32_t most)
{
    if (have <= most)
        return false;
    struct diag *e = diag_at(cx, E_TOO_MANY, place(d, "%s", path),
                             "'%s' has %u entries: at most %u are allowed", path, have, most);
    diag_hint(cx, e, "a cluster of this size is better split");
    return true;
}

static bool pool_too_long(struct ctx *cx, const struct description *d, const struct pool *p, const char *path)
{
    struct arena *a = cx->a;
    bool bad = too_many(cx, d, str_join(a, path, ".zones", NULL), p->zones.len, 64);
    bad |= too_many(cx, d, str_join(a, path, ".volumes", NULL), p->volume_count, 64);
    bad |= too_many(cx, d, str_join(a, path, ".jvm.options", NULL), p->jvm.options.len, 200);
    bad |= too_many(cx, d, str_join(a, path, ".storage.nodes", NULL), p->storage.nodes.len, 1000);
    for (uint32_t i = 0; i < p->volume_count && !bad; i++)
        bad |= too_many(cx, d, arena_printf(a, "%s.volumes[%u].nodes", path, i), p->volumes[i].nodes.len,
                        1000);
    return bad;
}

static bool user_too_long(struct ctx *cx, const struct description *d, uint32_t i)
{
    const struct user *u = &d->users[i];
    const struct { const char *list; uint32_t len; } lists[] = {
        { "produce", u->produce_count }, { "consume", u->consume_count }, { "manage", u->manage_count },
        { "transactional", u->transactional_count }, { "acls", u->acl_count } };
    bool bad = false;
    for (size_t n = 0; n < sizeof lists / sizeof lists[0]; n++)
        bad |= too_many(cx, d, arena_printf(cx->a, "users[%u].%s", i, lists[n].list), lists[n].len, 1000);
    return bad;
}

static bool too_long(struct ctx *cx, const struct description *d)
{
    bool bad = too_many(cx, d, "listeners", d->listener_count, 100);
    bad |= too_many(cx, d, "pools", d->pool_count, 200);
    bad |= too_many(cx, d, "sasl.oauthbearer.audience", d->sasl.oauth.audience.len, 100);
    bad |= too_many(cx, d, "sasl.gssapi.principalToLocal", d->sasl.gssapi.rules.len, 1000);
    for (uint32_t i = 0; i < d->listener_count && !bad; i++)
        bad |= too_many(cx, d, arena_printf(cx->a, "listeners[%u].auth", i), d->listeners[i].auth.len, 100);
    bad |= too_many(cx, d, "superUsers", d->super_users.len, 1000);
    bad |= too_many(cx, d, "storageClasses", d->storage_class_count, 100);
    bad |= too_many(cx, d, "networkPolicy.clients", d->network_policy.client_count, 1000);
    bad |= too_many(cx, d, "networkPolicy.destinations", d->network_policy.destination_count, 1000);
    bad |= too_many(cx, d, "topics", d->topic_count, 10000);
    bad |= too_many(cx, d, "users", d->user_count, 2000);
    for (uint32_t i = 0; i < d->user_count && !bad; i++)
        bad |= user_too_long(cx, d, i);
    bad |= pool_too_long(cx, d, &d->brokers, "brokers");
    bad |= pool_too_long(cx, d, &d->controllers, "controllers");
    bad |= pool_too_long(cx, d, &d->zookeeper.pool, "zookeeper");
    for (uint32_t i = 0; i < d->pool_count && !bad; i++)
        bad |= pool_too_long(cx, d, &d->pools[i], arena_printf(cx->a, "pools[%u]", i));
    return bad;
}

static struct check figures(struct ctx *cx, const struct description *d)
{
    struct pool_at *pools = NEWS(cx->a, struct pool_at, d->pool_count + 3);
    struct check c = { .cx = cx, .d = d, .pools = pools, .pool_count = pools_in_use(cx->a, d, pools),
        .line = kafka_newest_of(d->kafka_line) == NULL ? 0 : d->kafka_line,
        .kraft = d->kafka.metadata == MD_KRAFT, .brokers = broker_total(d),
        .factor = replication_factor(d), .min_isr = min_insync(d) };
    c.controllers = controller_total(&c);
    c.sets        = pod_sets(cx->a, d, pools, c.pool_count, &c.set_count);
    return c;
}

/* A node's configuration names all voters, and each pod makes objects and lines of its own. */
#define MOST_BROKERS     2000
#define MOST_CONTROLLERS 100

static bool too_many_pods(const struct check *c, const char *what, int64_t have, int64_t most)
{
    if (have <= most)
        return false;
    struct diag *e = diag_at(c->cx, E_TOO_MANY, place(c->d, c->d->pool_count > 0 ? "pools" : "%ss.count", what),
                             "the cluster has %" PRId64 " %ss: at most %" PRId64 " are allowed", have, what, most);
    diag_hint(c->cx, e, "%s", most == MOST_BROKERS ? "a cluster of this size is better split" : "write controllers: {count: 3}");
    return true;
}

static void run(const struct check *c, check_rule *const *const *tables)
{
    for (check_rule *const *const *s = tables; *s != NULL; s++)
        for (check_rule *const *rule = *s; *rule != NULL; rule++)
            (*rule)(c);
}

bool check_description(struct ctx *cx, const struct description *d)
{
    const uint32_t before = cx->error_count;
    if (too_long(cx, d))
        return false;
    const struct check c = figures(cx, d);
    if (too_many_pods(&c, "broker", c.brokers, MOST_BROKERS) | too_many_pods(&c, "controller", c.kraft ? c.controllers : 0, MOST_CONTROLLERS))
        return false;
    run(&c, subjects);
    return cx->error_count == before;
}

/* Rules about keys need nothing but the version, so they hold beside a field that could not be read. */
void check_keys(struct ctx *cx, const struct description *d)
{
    static check_rule *const *const keys[] = { check_config, NULL };
    if (too_long(cx, d))
        return;
    const struct check c = figures(cx, d);
    run(&c, keys);
}

bool check_own(const struct check *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *path = arena_vprintf(c->cx->a, fmt, ap);
    va_end(ap);
    if (!written(c->d, "%s", path))
        return false;
    const struct pos at = place(c->d, "%s", path);
    return at.file >= c->cx->file_count || !str_eq(c->cx->files[at.file].layer, "preset");
}

bool check_integer(const char *s, int64_t *n)
{
    int64_t sum = 0;
    const bool minus = *s == '-';
    const char *p = s + (*s == '-' || *s == '+');
    if (*p == '\0')
        return false;
    for (; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || sum > (INT64_MAX - (*p - '0')) / 10)
            return false;
        sum = sum * 10 + (*p - '0');
    }
    *n = minus ? -sum : sum;
    return true;
}

bool check_number(const struct check *c, const char *key, int64_t *n)
{
    const struct kafka_key *k = c->line == 0 ? NULL : kafka_broker_key(key, c->line);
    const char *written_text = kafka_config(c->d, key), *text = written_text != NULL || k == NULL ? written_text : k->def;
    return k != NULL && text != NULL && (written_text == NULL || kafka_value_wanted(c->cx->a, k, text) == NULL)
        && check_integer(text, n);
}

int64_t check_find(const struct strs *list, const char *s)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (strcmp(list->at[i], s) == 0)
            return i;
    return -1;
}

void check_names_differ(const struct check *c, enum code code, const char *path, const struct val *list, const char *hint)
{
    if (list == NULL)
        return;
    const struct index names = index_names(c->cx->a, list);
    for (uint32_t i = 0; i < list->len; i++) {
        const struct val *name = tree_get(&list->seq[i], "name");
        const uint32_t first = index_find(&names, name->s);
        if (first == i)
            continue;
        struct diag *e = diag_at(c->cx, code, name->at, "'%s[%u]' has the name of '%s[%u]': '%s'", path, i, path, first,
                                 name->s);
        diag_note(c->cx, e, tree_get(&list->seq[first], "name")->at, "the first one");
        diag_hint(c->cx, e, "%s", hint);
    }
}
