/* check_config.c: each key of kafka.config and of a pool's config, by itself: known, of this release,
 * with a value that the broker takes, not one that gregor writes, and no secret (REL 24, 33, 38, 40; EC
 * 2.14). */
#include "cluster/check.h"

#include <strings.h>

/* One entry of a configuration, and who shares it. */
struct entry {
    const char           *key, *value;
    const char           *path;     /* "kafka.config" or "brokers.config" */
    const struct pool_at *pool;     /* NULL: all nodes */
    struct pos            key_at, at;
};

/* ---- keys that gregor writes --------------------------------------------------------------------------- */

static const struct { const char *key, *instead; } owned[] = {
    { "advertised.host.name", "listeners: [{host: ...}]" },
    { "advertised.listeners", "listeners: [{expose, host, advertisedPort}]" },
    { "advertised.port", "listeners: [{advertisedPort: ...}]" },
    { "broker.id", "brokers.firstId" },
    { "broker.rack", "brokers.zones" },
    { "control.plane.listener.name", NULL },
    { "controller.listener.names", NULL },
    { "controller.quorum.bootstrap.servers", "kafka.quorum: dynamic" },
    { "controller.quorum.voters", "controllers: {count, firstId}" },
    { "early.start.listeners", NULL },
    { "host.name", "listeners" },
    { "inter.broker.listener.name", "interBroker" },
    { "inter.broker.protocol.version", "kafka.protocol" },
    { "listener.security.protocol.map", "listeners" },
    { "listeners", "listeners" },
    { "log.dir", "brokers.storage" },
    { "log.dirs", "brokers.storage or brokers.volumes" },
    { "metadata.log.dir", "brokers.storage" },
    { "node.id", "brokers.firstId" },
    { "port", "listeners: [{port: ...}]" },
    { "process.roles", "controllers, brokers or pools: [{roles: ...}]" },
    { "security.inter.broker.protocol", "interBroker" },
    { "zookeeper.connect", "zookeeper" }
};

static void derived(const struct check *c, const struct entry *e, const char *instead)
{
    struct diag *d = diag_at(c->cx, E_KEY_OWNED, e->key_at, "'%s' is derived from the description", e->key);
    if (instead != NULL)
        diag_hint(c->cx, d, "describe it as %s", instead);
    else
        diag_hint(c->cx, d, "remove it");
}

static bool is_owned(const struct check *c, const struct entry *e)
{
    const char *security = check_security_key(c, e->key);
    if (security != NULL)
        derived(c, e, security);
    for (size_t i = 0; security == NULL && i < sizeof owned / sizeof owned[0]; i++) {
        if (strcmp(owned[i].key, e->key) != 0)
            continue;
        derived(c, e, owned[i].instead);
        return true;
    }
    return security != NULL;
}

/* ---- secrets ------------------------------------------------------------------------------------------- */

static bool contains_word(const char *s, const char *word)
{
    for (; *s != '\0'; s++)
        if (strncasecmp(s, word, strlen(word)) == 0)
            return true;
    return false;
}

/* Judged by the end of the key, so that it holds for listener.name.*, plugins and old releases alike. */
bool check_is_secret(const char *key, const char *value)
{
    static const char *const ends[] = {
        "password", ".passphrase", ".secret", "secret.key", "master.key", "ssl.keystore.key", ".token", NULL
    };
    if (value[0] == '\0' || strstr(value, "${") != NULL)
        return false;
    if (str_ends(key, "sasl.jaas.config"))
        return contains_word(value, "password") || contains_word(value, "secret");
    for (const char *const *end = ends; *end != NULL; end++)
        if (str_ends(key, *end))
            return true;
    return false;
}

static void secret(const struct check *c, const struct entry *e)
{
    if (!check_is_secret(e->key, e->value))
        return;
    struct diag *d = diag_at(c->cx, E_SECRET, e->at, "'%s' holds a secret in plain text", e->key);
    diag_hide(c->cx, e->at);
    diag_hint(c->cx, d, "mount a Secret (%s.pod) and write ${file:/path:key}, with config.providers",
              e->pool == NULL ? "brokers" : e->pool->path);
}

/* ---- providers ----------------------------------------------------------------------------------------- */

static bool lists(const char *list, const char *word, size_t len)
{
    while (list != NULL && *list != '\0') {
        const size_t n = strcspn(list, ", ");
        if (n == len && memcmp(list, word, len) == 0)
            return true;
        list += n + strspn(list + n, ", ");
    }
    return false;
}

/* "${file:/mnt/s:key}" asks the provider `file`; Kafka leaves it as it stands when no such provider is
 * configured. */
static void provider(const struct check *c, const struct entry *e)
{
    const char *start = strstr(e->value, "${"), *colon = start == NULL ? NULL : strchr(start, ':');
    if (colon == NULL || strchr(colon, '}') == NULL)
        return;
    const char *own = e->pool == NULL || e->pool->pool->config == NULL ? NULL
        : tree_str(e->pool->pool->config, "config.providers");
    const size_t len = (size_t)(colon - start) - 2;
    const char *name = arena_dup(c->cx->a, start + 2, len);
    if (lists(own != NULL ? own : kafka_config(c->d, "config.providers"), start + 2, len)
        || (check_reads_secrets(c) && strcmp(name, "dir") == 0))
        return;
    struct diag *d = diag_at(c->cx, E_PROVIDER, e->at,
                             "'%s' asks the provider '%s', which 'config.providers' does not name", e->key,
                             name);
    diag_hint(c->cx, d, "write config.providers: %s and config.providers.%s.class", name, name);
}

static bool reads_rack(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (c->pools[i].is_broker && c->pools[i].pool->zones.len > 0 && !one_set_a_zone(c->d, &c->pools[i]))
            return true;
    return false;
}

static bool own_providers(const struct check *c, const struct entry *e)
{
    const bool list = strcmp(e->key, "config.providers") == 0, dir = check_reads_secrets(c);
    struct diag *d;
    if (dir && (list || str_starts(e->key, "config.providers.dir."))) {
        d = diag_at(c->cx, E_PROVIDERS, e->key_at, "'%s' is in use: nodes read their Secrets through a provider", e->key);
        diag_hint(c->cx, d, "remove it: ${dir:/path:key} reads the key of any Secret that 'pod' mounts");
    } else if (list && reads_rack(c)) {
        d = diag_at(c->cx, E_PROVIDERS, e->key_at, "'config.providers' is in use: brokers read their rack through a provider");
        diag_hint(c->cx, d, "write rack: statefulset for the brokers, to free it");
    } else {
        return false;
    }
    return true;
}

/* ---- keys of this release ------------------------------------------------------------------------------ */

static const char *line_name(struct arena *a, int line)
{
    return str_join(a, str_int(a, line / 100), ".", str_int(a, line % 100), NULL);
}

/* The first line without the key after one that has it; 0 when it comes later than ours. */
static int gone_since(const char *key, int line)
{
    bool seen = false;
    for (const struct kafka_release *r = kafka_releases; r->name != NULL && r->line <= line; r++) {
        const bool has = kafka_broker_key(key, r->line) != NULL;
        if (seen && !has)
            return r->line;
        seen |= has;
    }
    return 0;
}

static void other_release(const struct check *c, const struct entry *e)
{
    const int gone = gone_since(e->key, c->line);
    struct diag *d;
    if (gone != 0) {
        d = diag_at(c->cx, E_KEY_REMOVED, e->key_at, "'%s' was removed in Kafka %s", e->key,
                    line_name(c->cx->a, gone));
        diag_hint(c->cx, d, "remove it: a broker of %s would ignore it", c->d->kafka.version);
    } else {
        d = diag_at(c->cx, E_KEY_NEW, e->key_at, "'%s' is new in Kafka %s", e->key,
                    line_name(c->cx->a, kafka_any_broker_key(e->key)->since));
        diag_hint(c->cx, d, "remove it: a broker of %s would ignore it", c->d->kafka.version);
    }
}

/* Keys of one mode that the other ignores. Releases up to 3.9 know both. */
static bool other_mode(const struct check *c, const struct entry *e)
{
    static const char *const zookeeper[] = {
        "zookeeper.", "broker.id.generation.enable", "reserved.broker.max.id", NULL
    };
    static const char *const kraft[] = {
        "controller.quorum.", "metadata.log.", "metadata.max.", "broker.heartbeat.interval.ms",
        "broker.session.timeout.ms", "initial.broker.registration.timeout.ms",
        "sasl.mechanism.controller.protocol", NULL
    };
    for (const char *const *p = c->kraft ? zookeeper : kraft; *p != NULL; p++) {
        if (!str_starts(e->key, *p))
            continue;
        struct diag *d = diag_at(c->cx, E_KEY_MODE, e->key_at, "'%s' has no effect %s", e->key,
                                 c->kraft ? "on a KRaft cluster" : "on a ZooKeeper cluster");
        diag_hint(c->cx, d, "remove it");
        return true;
    }
    return false;
}

static const char *instead_of(const char *key)
{
    static const struct { const char *key, *instead; } deprecated[] = {
        { "auto.include.jmx.reporter",
          "remove it, or list org.apache.kafka.common.metrics.JmxReporter in metric.reporters" },
        { "delegation.token.master.key", "use delegation.token.secret.key" },
        { "group.coordinator.rebalance.protocols",
          "remove it: what groups may use follows from the feature levels" },
        { "log.cleaner.enable", "remove it: compacted topics need the cleaner" },
        { "log.message.format.version", "remove it: from protocol 3.0 on it has no effect" },
        { "log.message.timestamp.difference.max.ms",
          "use log.message.timestamp.before.max.ms and .after.max.ms" },
        { "offsets.commit.required.acks", "remove it: the default, -1, is the only right value" },
        { "quota.", "set default quotas with kafka-configs.sh" },
        { "remote.log.manager.thread.pool.size",
          "use remote.log.manager.copier.thread.pool.size and .expiration.thread.pool.size" } };
    for (size_t i = 0; i < sizeof deprecated / sizeof deprecated[0]; i++)
        if (str_starts(key, deprecated[i].key))
            return deprecated[i].instead;
    return "remove it before the next upgrade";
}

static void known_key(const struct check *c, const struct entry *e, const struct kafka_key *k)
{
    if (other_mode(c, e))
        return;
    if (k->deprecated) {
        struct diag *w = diag_at(c->cx, W_KEY_DEPRECATED, e->key_at, "'%s' is deprecated in Kafka %s", e->key,
                                 c->d->kafka.version);
        diag_hint(c->cx, w, "%s", instead_of(e->key));
    }
    const char *wanted = strstr(e->value, "${") != NULL || check_is_secret(e->key, e->value) ? NULL
        : kafka_value_wanted(c->cx->a, k, e->value);
    if (wanted == NULL)
        return;
    struct diag *d = diag_at(c->cx, E_KEY_VALUE, e->at, "'%s' is '%s': the broker wants %s", e->key, e->value,
                             wanted);
    if (k->def != NULL && k->def[0] != '\0')
        diag_hint(c->cx, d, "the default is %s", k->def);
    else
        diag_hint(c->cx, d, "a broker with another value does not start");
}

/* ---- keys of no release -------------------------------------------------------------------------------- */

/* Topic keys whose broker key is not just "log." before it. */
static const char *broker_key_of_topic_key(struct arena *a, const char *key, int line)
{
    static const struct { const char *topic, *broker; } other[] = {
        { "delete.retention.ms", "log.cleaner.delete.retention.ms" },
        { "file.delete.delay.ms", "log.segment.delete.delay.ms" },
        { "flush.messages", "log.flush.interval.messages" },
        { "flush.ms", "log.flush.interval.ms" },
        { "max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms" },
        { "max.message.bytes", "message.max.bytes" },
        { "min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio" },
        { "min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms" },
        { "segment.index.bytes", "log.index.size.max.bytes" },
        { "segment.jitter.ms", "log.roll.jitter.ms" },                     { "segment.ms", "log.roll.ms" } };
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        if (strcmp(other[i].topic, key) == 0)
            return other[i].broker;
    const char *with_log = str_join(a, "log.", key, NULL);
    return kafka_broker_key(with_log, line) == NULL ? NULL : with_log;
}

static void topic_key(const struct check *c, const struct entry *e)
{
    const char *broker = broker_key_of_topic_key(c->cx->a, e->key, c->line);
    struct diag *d = diag_at(c->cx, E_TOPIC_KEY, e->key_at, "'%s' is a key of topics, not of brokers",
                             e->key);
    if (broker != NULL)
        diag_hint(c->cx, d, "the broker's default for all topics is %s", broker);
    else
        diag_hint(c->cx, d, "set it on the topics that need it");
}

static void unknown_key(const struct check *c, const struct entry *e)
{
    const char *nearest = kafka_nearest_broker_key(e->key, c->line);
    if (kafka_topic_key(e->key, c->line) != NULL) {
        topic_key(c, e);
    } else if (nearest != NULL) {
        struct diag *d = diag_at(c->cx, E_KEY_UNKNOWN, e->key_at, "Kafka %s has no key '%s'",
                                 c->d->kafka.version, e->key);
        diag_did_you_mean(c->cx, d, nearest);
    } else {
        struct diag *w = diag_at(c->cx, W_KEY_UNKNOWN, e->key_at, "Kafka %s has no key '%s'",
                                 c->d->kafka.version, e->key);
        diag_hint(c->cx, w, "right if a plugin reads it; the broker itself ignores it");
    }
}

/* A listener without a name was reported: what is written for it cannot be told from a mistake. */
static bool all_named(const struct description *d)
{
    uint32_t i = 0;
    while (i < d->listener_count && d->listeners[i].name != NULL)
        i++;
    return i == d->listener_count;
}

/* listener.name.<listener in lower case>.<key>: for one listener. */
static void listener_key(const struct check *c, const struct entry *e)
{
    const char *name = e->key + strlen("listener.name.");
    if (str_starts(name, "controller.") || (str_starts(name, "replication.") && c->d->inter_broker == NULL))
        return;
    if (check_listener_of(c, e->key) != NULL || !all_named(c->d))
        return;
    struct diag *d = diag_at(c->cx, E_LISTENER_KEY, e->key_at,
                             "'%s' speaks of a listener that does not exist", e->key);
    diag_hint(c->cx, d, "write listener.name.%s.<key>", c->d->listeners[0].name);
}

/* Families whose members are not listed in any release. */
static bool of_a_family(const struct check *c, const struct entry *e)
{
    if (str_starts(e->key, "listener.name.")) {
        listener_key(c, e);
        return true;
    }
    return kafka_is_unlisted(e->key);
}

/* Keys that decide for the whole cluster: brokers that differ would each act by their own. */
static void one_for_all(const struct check *c, const struct entry *e)
{
    static const char *const all[] = {
        "default.replication.factor", "min.insync.replicas", "num.partitions", "offsets.topic.",
        "transaction.state.log.", "share.coordinator.state.topic.", "unclean.leader.election.enable",
        "auto.create.topics.enable", "log.retention.bytes", "log.segment.bytes", "message.max.bytes", NULL
    };
    for (const char *const *p = all; *p != NULL && e->pool != NULL; p++) {
        if (!str_starts(e->key, *p))
            continue;
        struct diag *d = diag_at(c->cx, E_KEY_POOL, e->key_at, "'%s' must be the same on all brokers",
                                 e->key);
        diag_hint(c->cx, d, "move it to kafka.config");
        return;
    }
}

static void check_entry(const struct check *c, const struct entry *e)
{
    if (is_owned(c, e) || own_providers(c, e))
        return;
    secret(c, e);
    provider(c, e);
    one_for_all(c, e);
    if (c->line == 0 || of_a_family(c, e))
        return;
    const struct kafka_key *k = kafka_broker_key(e->key, c->line);
    if (k != NULL)
        known_key(c, e, k);
    else if (kafka_any_broker_key(e->key) != NULL)
        other_release(c, e);
    else
        unknown_key(c, e);
}

static void check_map(const struct check *c, const struct val *map, const char *path,
                      const struct pool_at *pool)
{
    for (uint32_t i = 0; map != NULL && i < map->len; i++) {
        const struct pos at = map->map[i].v.at.line > 0 ? map->map[i].v.at : tree_key_at(map, i);
        check_entry(c, &(struct entry){ map->map[i].key, map->map[i].v.s, path, pool, tree_key_at(map, i),
                                        at });
    }
}

static void entries(const struct check *c)
{
    check_map(c, c->d->kafka.config, "kafka.config", NULL);
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (!c->pools[i].is_zookeeper)
            check_map(c, c->pools[i].pool->config, str_join(c->cx->a, c->pools[i].path, ".config", NULL),
                      &c->pools[i]);
}

check_rule *const check_config[] = { entries, NULL };
