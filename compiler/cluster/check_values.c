/* check_values.c: configuration keys that must agree with each other, and settings that are legal and
 * seldom meant (REL 33). */
#include "cluster/check.h"

#include <inttypes.h>

static struct pos at_key(const struct check *c, const char *key)
{
    return place(c->d, "kafka.config.%s", key);
}

/* ---- one after the other ------------------------------------------------------------------------------- */

/* `low` times `times` plus `more` may be at most `high`. */
struct order {
    const char *low;
    int64_t     times, more;
    const char *high;
    int         mode;    /* 0: both; 1: KRaft only */
    bool        if_set;  /* `high` counts only when positive */
    const char *why;
};

/* Requirements of KafkaConfig.validateValues, of GroupCoordinatorConfig and of ReplicaManager, and sizes
 * that refuse each other. */
static const struct order orders[] = {
    { "replica.fetch.wait.max.ms", 1, 0, "replica.lag.time.max.ms", 0, false, "the broker does not start" },
    { "replica.fetch.wait.max.ms", 1, 0, "replica.socket.timeout.ms", 0, false, "the broker does not start" },
    { "broker.heartbeat.interval.ms", 2, 0, "broker.session.timeout.ms", 1, false,
      "brokers lose their session" },
    { "socket.request.max.bytes", 1, 0, "queued.max.request.bytes", 0, true, "the broker does not start" },
    { "connection.failed.authentication.delay.ms", 1, 1, "connections.max.idle.ms", 0, true,
      "the broker does not start" },
    { "log.cleaner.threads", 1048577, 0, "log.cleaner.dedupe.buffer.size", 0, false,
      "the broker does not start" },
    { "group.min.session.timeout.ms", 1, 0, "group.max.session.timeout.ms", 0, false,
      "no consumer can join a group" },
    { "group.consumer.min.heartbeat.interval.ms", 1, 0, "group.consumer.heartbeat.interval.ms", 0, false,
      "the broker does not start" },
    { "group.consumer.heartbeat.interval.ms", 1, 0, "group.consumer.max.heartbeat.interval.ms", 0, false,
      "the broker does not start" },
    { "group.consumer.min.session.timeout.ms", 1, 0, "group.consumer.session.timeout.ms", 0, false,
      "the broker does not start" },
    { "group.consumer.session.timeout.ms", 1, 0, "group.consumer.max.session.timeout.ms", 0, false,
      "the broker does not start" },
    { "message.max.bytes", 1, 0, "socket.request.max.bytes", 0, false,
      "requests with such records are cut off" },
    { "message.max.bytes", 1, 0, "log.segment.bytes", 0, false, "such records fit into no segment" },
    { "log.local.retention.ms", 1, 0, "log.retention.ms", 0, true,
      "the local copy cannot be kept longer than the log" },
    { "log.local.retention.bytes", 1, 0, "log.retention.bytes", 0, true,
      "the local copy cannot be larger than the log" },
};

static void order(const struct check *c, const struct order *o)
{
    int64_t low, high, least;
    const bool low_set = kafka_config(c->d, o->low) != NULL, high_set = kafka_config(c->d, o->high) != NULL;
    if ((!low_set && !high_set) || (o->mode == 1 && !c->kraft) || !check_number(c, o->low, &low)
        || !check_number(c, o->high, &high))
        return;
    if (__builtin_mul_overflow(low, o->times, &least) || __builtin_add_overflow(least, o->more, &least)
        || least <= high
        || (o->if_set && high <= 0))
        return;
    struct diag *e = diag_at(c->cx, E_ORDER, at_key(c, high_set ? o->high : o->low),
                             "'%s' is %" PRId64 " and '%s' is %" PRId64 ": %s",
                             o->high, high, o->low, low, o->why);
    if (low_set && high_set)
        diag_note(c->cx, e, at_key(c, o->low), "'%s' is set here", o->low);
    diag_hint(c->cx, e, "let '%s' be %" PRId64 " or more", o->high, least);
}

static void in_order(const struct check *c)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        order(c, &orders[i]);
}

/* ---- two keys for one thing ---------------------------------------------------------------------------- */

static void shadowed(const struct check *c)
{
    static const struct { const char *wins, *loses; } pairs[] = {
        { "log.retention.ms", "log.retention.minutes" },    { "log.retention.ms", "log.retention.hours" },
        { "log.retention.minutes", "log.retention.hours" }, { "log.roll.ms", "log.roll.hours" },
        { "log.roll.jitter.ms", "log.roll.jitter.hours" } };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (kafka_config(c->d, pairs[i].wins) == NULL || !check_own(c, "kafka.config.%s", pairs[i].loses))
            continue;
        struct diag *w = diag_at(c->cx, W_SHADOWED, at_key(c, pairs[i].loses),
                                 "'%s' has no effect beside '%s'", pairs[i].loses,
                                 pairs[i].wins);
        diag_note(c->cx, w, at_key(c, pairs[i].wins), "the one that counts");
        diag_hint(c->cx, w, "keep one");
    }
}

/* ---- legal, and seldom meant --------------------------------------------------------------------------- */

/* From 4.1 on the key itself is deprecated, and reported as such. */
static void cleaner_off(const struct check *c)
{
    if (!str_eq(kafka_config(c->d, "log.cleaner.enable"), "false") || c->line >= KAFKA(4, 1))
        return;
    struct diag *w = diag_at(c->cx, W_CLEANER, at_key(c, "log.cleaner.enable"),
                             "without the cleaner '__consumer_offsets' grows for ever");
    diag_hint(c->cx, w, "remove it");
}

static void keep_for_ever(const struct check *c)
{
    const char *ms = kafka_config(c->d, "log.retention.ms"),
        *minutes = kafka_config(c->d, "log.retention.minutes"),
               *hours = kafka_config(c->d, "log.retention.hours"),
               *policy = kafka_config(c->d, "log.cleanup.policy");
    const char *time = ms != NULL ? "log.retention.ms" : minutes != NULL ? "log.retention.minutes"
        : "log.retention.hours";
    int64_t bytes = -1;
    if (!str_eq(ms != NULL ? ms : minutes != NULL ? minutes : hours, "-1")
        || (policy != NULL && strstr(policy, "delete") == NULL)
        || (check_number(c, "log.retention.bytes", &bytes) && bytes >= 0))
        return;
    struct diag *w = diag_at(c->cx, W_FOR_EVER, at_key(c, time),
                             "topics keep everything for ever, until the disks are full");
    diag_hint(c->cx, w, "limit time or log.retention.bytes, and set retention.ms=-1 on the topics that need "
                        "it");
}

static void flush_each(const struct check *c)
{
    int64_t n;
    const char *s = kafka_config(c->d, "log.flush.interval.messages");
    if (s == NULL || !check_integer(s, &n) || n < 1 || n >= 100)
        return;
    struct diag *w = diag_at(c->cx, W_FLUSH, at_key(c, "log.flush.interval.messages"),
                             "a flush every %d records makes brokers as slow as their disks",
                             (int)n);
    diag_hint(c->cx, w, "remove it: copies on other brokers make records safe");
}

static void connections(const struct check *c)
{
    const char *overrides = kafka_config(c->d, "max.connections.per.ip.overrides");
    if (!str_eq(kafka_config(c->d, "max.connections.per.ip"), "0")
        || (overrides != NULL && overrides[0] != '\0'))
        return;
    struct diag *e = diag_at(c->cx, E_CONNECTIONS, at_key(c, "max.connections.per.ip"),
                             "'max.connections.per.ip' 0 lets nobody connect");
    diag_hint(c->cx, e, "write max.connections.per.ip.overrides too, or a larger number");
}

/* ---- plugins of the broker ----------------------------------------------------------------------------- */

static void authorizer(const struct check *c)
{
    const char *class = kafka_config(c->d, "authorizer.class.name");
    const bool for_zookeeper = str_eq(class, "kafka.security.authorizer.AclAuthorizer")
        || str_eq(class, "kafka.security.auth.SimpleAclAuthorizer");
    const bool for_kraft = str_eq(class, "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    if (!(c->kraft ? for_zookeeper : for_kraft))
        return;
    struct diag *e = diag_at(c->cx, E_AUTHORIZER, at_key(c, "authorizer.class.name"),
                             "'%s' works in %s mode only", class,
                             c->kraft ? "ZooKeeper" : "KRaft");
    diag_hint(c->cx, e, "use %s", c->kraft ? "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
                                           : "kafka.security.authorizer.AclAuthorizer");
}

static void tiered_storage(const struct check *c)
{
    static const char *const key = "remote.log.storage.system.enable";
    if (!str_eq(kafka_config(c->d, key), "true") || c->line == 0 || c->line < KAFKA(3, 6))
        return;
    if (kafka_config(c->d, "remote.log.storage.manager.class.name") == NULL) {
        struct diag *e = diag_at(c->cx, E_TIERED_PLUGIN, at_key(c, key),
                                 "tiered storage needs a plugin, and Kafka ships none");
        diag_hint(c->cx, e, "write remote.log.storage.manager.class.name and its rsm.config.* keys");
    }
    for (uint32_t i = 0; i < c->pool_count; i++) {
        if (!c->pools[i].is_broker || c->pools[i].pool->volume_count < 2)
            continue;
        struct diag *e = diag_at(c->cx, E_TIERED_VOLUMES, place(c->d, "%s.volumes", c->pools[i].path),
                                 "tiered storage does not work with several volumes");
        diag_note(c->cx, e, at_key(c, key), "switched on here");
        diag_hint(c->cx, e, "write %s.storage instead", c->pools[i].path);
        return;
    }
}

/* Kafka 4.2 can let controllers join the quorum by themselves; brokers refuse the key. */
static void auto_join(const struct check *c)
{
    static const char *const key = "controller.quorum.auto.join.enable";
    if (!c->kraft || !str_eq(kafka_config(c->d, key), "true"))
        return;
    struct diag *e = diag_at(c->cx, E_AUTO_JOIN, at_key(c, key), "brokers refuse '%s'", key);
    diag_hint(c->cx, e, "move it to controllers.config");
}

check_rule *const check_values[] = {
    in_order, shadowed, cleaner_off, keep_for_ever, flush_each, connections, authorizer, tiered_storage,
    auto_join, NULL
};
