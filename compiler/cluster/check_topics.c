/* check_topics.c: topics as code: names that Kafka takes, settings of this release, copies that fit on the brokers. */
#include "cluster/check.h"
#include "source/index.h"

#include <inttypes.h>

#define LONGEST_TOPIC 249

static bool is_there(const struct topic *t)
{
    return t->state == STATE_PRESENT;
}

/* The number of a key of the topic, or of the broker key that is its default. */
static bool number_of(const struct check *c, const struct topic *t, const char *key, const char *broker_key, int64_t *n)
{
    const char *own = tree_str(t->config, key);
    return own != NULL ? check_integer(own, n) : check_number(c, broker_key, n);
}

static int64_t replicas_of(const struct check *c, const struct topic *t)
{
    return t->replicas > 0 ? t->replicas : c->factor;
}

static int64_t partitions_of(const struct check *c, const struct topic *t)
{
    int64_t n = 1;
    return t->partitions > 0 ? t->partitions : check_number(c, "num.partitions", &n) ? n : 1;
}

static struct pos at_field(const struct check *c, uint32_t i, const char *field)
{
    return place(c->d, written(c->d, "topics[%u].%s", i, field) ? "topics[%u].%s" : "topics[%u].name", i, field);
}

/* ---- names --------------------------------------------------------------------------------------------------- */

const char *check_topic_name(const char *s)
{
    const size_t len = strlen(s);
    if (strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
        return "names a folder";
    if (len > LONGEST_TOPIC)
        return "has more than 249 characters";
    for (size_t i = 0; i < len; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= '0' && s[i] <= '9')
              || strchr("._-", s[i]) != NULL))
            return "holds a character other than letters, digits, '.', '_' and '-'";
    return NULL;
}

static void names(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->topic_count; i++) {
        const char *name = c->d->topics[i].name, *bad = check_topic_name(name);
        if (bad == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_TOPIC_NAME, place(c->d, "topics[%u].name", i), "no topic can be called '%s': it %s",
                                 name, bad);
        diag_hint(c->cx, e, "write a name of letters, digits, '.', '_' and '-'");
    }
}

/* Metrics write '.' as '_': the two names would be one there, and Kafka refuses the second. */
static const char *metric_name(struct arena *a, const char *s, const char *also)
{
    char *out = arena_dup(a, s, strlen(s));
    for (char *p = out; *p != '\0'; p++)
        if (*p == '.' || (also != NULL && strchr(also, *p) != NULL))
            *p = '_';
    return out;
}

static void internal(const struct check *c)
{
    static const char *const own[] = { "__consumer_offsets", "__transaction_state", "__share_group_state",
                                       "__cluster_metadata", "__remote_log_metadata", NULL };
    for (uint32_t i = 0; i < c->d->topic_count; i++)
        for (size_t n = 0; own[n] != NULL; n++) {
            if (strcmp(metric_name(c->cx->a, c->d->topics[i].name, "-"), own[n]) != 0)
                continue;
            struct diag *e = diag_at(c->cx, E_TOPIC_INTERNAL, place(c->d, "topics[%u].name", i),
                                     "'%s' is Kafka's own topic", c->d->topics[i].name);
            diag_hint(c->cx, e, "remove it; how Kafka makes its topics is set in kafka.config");
        }
}

static void twice(const struct check *c)
{
    check_names_differ(c, E_TOPIC_TWICE, "topics", tree_get(c->d->root, "topics"), "describe each topic once");
}

/* One map of metric names: the list may be long. */
static void collisions(const struct check *c)
{
    struct vals metrics = { .a = c->cx->a };
    for (uint32_t i = 0; i < c->d->topic_count; i++)
        vals_add(&metrics, MAP(c->cx->a, { "name", t_str(metric_name(c->cx->a, c->d->topics[i].name, NULL)) }));
    const struct val list = vals_done(&metrics);
    const struct index known = index_names(c->cx->a, &list);
    for (uint32_t i = 0; i < list.len; i++) {
        const uint32_t first = index_find(&known, tree_str(&list.seq[i], "name"));
        if (first == i || strcmp(c->d->topics[first].name, c->d->topics[i].name) == 0)
            continue;
        struct diag *e = diag_at(c->cx, E_TOPIC_COLLISION, place(c->d, "topics[%u].name", i),
                                 "'%s' and '%s' have the same name in metrics", c->d->topics[i].name, c->d->topics[first].name);
        diag_note(c->cx, e, place(c->d, "topics[%u].name", first), "the other one");
        diag_hint(c->cx, e, "use either '.' or '_' in names of topics, never both");
    }
}

/* ---- copies ---------------------------------------------------------------------------------------------------- */

static void beyond_brokers(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->topic_count; i++) {
        const struct topic *t = &c->d->topics[i];
        if (!is_there(t) || t->replicas <= c->brokers)
            continue;
        struct diag *e = diag_at(c->cx, E_TOPIC_REPLICAS, place(c->d, "topics[%u].replicas", i),
                                 "'%s' has %" PRId64 " replicas, the cluster %" PRId64 " brokers", t->name, t->replicas,
                                 c->brokers);
        diag_hint(c->cx, e, "use %" PRId64 " or less, or more brokers", c->brokers);
    }
}

static void min_isr(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->topic_count; i++) {
        const struct topic *t = &c->d->topics[i];
        const int64_t copies = replicas_of(c, t);
        const char *own = tree_str(t->config, "min.insync.replicas");
        int64_t least = c->min_isr;
        if (!is_there(t) || (own != NULL && !check_integer(own, &least)) || (own == NULL && t->replicas == 0)
            || least < copies || (least == copies && copies == 1))
            continue;
        struct diag *e = diag_at(c->cx, least > copies ? E_TOPIC_MIN_ISR : W_TOPIC_MIN_ISR,
                                 at_field(c, i, own != NULL ? "config.min.insync.replicas" : "replicas"),
                                 least > copies ? "nobody could write to '%s': min.insync.replicas is %" PRId64 " of %" PRId64
                                                : "nobody can write to '%s' while a broker restarts: min.insync.replicas is %"
                                                  PRId64 " of %" PRId64, t->name, least, copies);
        if (copies > 1)
            diag_hint(c->cx, e, "let min.insync.replicas be %" PRId64 " or less", copies - 1);
        else
            diag_hint(c->cx, e, "write config: {min.insync.replicas: 1}, or more replicas");
    }
}

/* Before 4.0 a broker was said to carry up to 4,000 replicas; with KRaft more work, but each start and each move takes longer. */
#define REPLICAS_A_BROKER 4000

static int64_t all_replicas_of(const struct check *c, const struct topic *t)
{
    return is_there(t) ? partitions_of(c, t) * replicas_of(c, t) : 0;
}

static void too_many_partitions(const struct check *c)
{
    int64_t all = 0, most = 0;
    uint32_t largest = 0;
    for (uint32_t i = 0; i < c->d->topic_count; i++) {
        const int64_t here = all_replicas_of(c, &c->d->topics[i]);
        if (__builtin_add_overflow(all, here, &all))
            all = INT64_MAX;
        if (here > most) {
            most = here;
            largest = i;
        }
    }
    if (c->brokers == 0 || all / c->brokers <= REPLICAS_A_BROKER)
        return;
    struct diag *w = diag_at(c->cx, W_TOPIC_PARTITIONS, at_field(c, largest, "partitions"),
                             "each broker would hold %" PRId64 " replicas", all / c->brokers);
    diag_hint(c->cx, w, "more than %d a broker make restarts slow: use fewer partitions or more brokers", REPLICAS_A_BROKER);
}

/* ---- retention and disks ------------------------------------------------------------------------------------------ */

/* What the topic may keep: retention.bytes in each copy, and the segment that is being written. 0: no bound by size. */
static double bytes_kept(const struct check *c, const struct topic *t)
{
    int64_t kept, segment;
    if (!is_there(t) || !number_of(c, t, "retention.bytes", "log.retention.bytes", &kept) || kept <= 0
        || !number_of(c, t, "segment.bytes", "log.segment.bytes", &segment))
        return 0;
    return ((double)kept + (double)segment) * (double)partitions_of(c, t) * (double)replicas_of(c, t);
}

static void retention(const struct check *c)
{
    double all = 0, most = 0;
    uint32_t largest = 0;
    for (uint32_t i = 0; i < c->d->topic_count; i++) {
        const double kept = bytes_kept(c, &c->d->topics[i]);
        all += kept;
        if (kept > most) {
            most = kept;
            largest = i;
        }
    }
    const int64_t disks = check_disk_of_brokers(c);
    if (disks == 0 || all <= (double)disks)
        return;
    struct diag *w = diag_at(c->cx, W_TOPIC_DISK, at_field(c, largest, "config.retention.bytes"),
                             "topics may keep %.0f GiB, the brokers' disks hold %.0f GiB", all / (1 << 30),
                             (double)disks / (1 << 30));
    diag_hint(c->cx, w, "'%s' alone may keep %.0f GiB: retention.bytes and a segment, in each of its partitions and copies",
              c->d->topics[largest].name, most / (1 << 30));
}

/* ---- configuration ---------------------------------------------------------------------------------------------------- */

struct entry {
    const char *topic, *key, *value;
    struct pos  key_at, at;
};

/* The first line of Kafka that knows the key; 0: none does. */
static int first_line(const char *key)
{
    for (const struct kafka_release *r = kafka_releases; r->name != NULL; r++)
        if (kafka_topic_key(key, r->line) != NULL)
            return r->line;
    return 0;
}

static void unknown_key(const struct check *c, const struct entry *e)
{
    const int first = first_line(e->key);
    struct diag *d = diag_at(c->cx, E_TOPIC_CONFIG, e->key_at, "topics of Kafka %s have no key '%s'", c->d->kafka.version, e->key);
    const char *nearest = kafka_nearest_topic_key(e->key, c->line);
    if (first > c->line)
        diag_hint(c->cx, d, "it came with Kafka %d.%d", first / 100, first % 100);
    else if (first != 0)
        diag_hint(c->cx, d, "remove it: this release no longer has it");
    else if (str_starts(e->key, "log.") && kafka_topic_key(e->key + 4, c->line) != NULL)
        diag_hint(c->cx, d, "that is a key of brokers; the topic's is '%s'", e->key + 4);
    else if (nearest != NULL)
        diag_did_you_mean(c->cx, d, nearest);
    else
        diag_hint(c->cx, d, "remove it: Kafka would refuse the topic");
}

static void check_entry(const struct check *c, const struct entry *e)
{
    const struct kafka_key *k = kafka_topic_key(e->key, c->line);
    if (k == NULL) {
        unknown_key(c, e);
        return;
    }
    const char *wanted = kafka_value_wanted(c->cx->a, k, e->value);
    if (wanted != NULL) {
        struct diag *d = diag_at(c->cx, E_TOPIC_VALUE, e->at, "'%s' of '%s' is '%s': Kafka wants %s", e->key, e->topic, e->value,
                                 wanted);
        diag_hint(c->cx, d, k->def != NULL && k->def[0] != '\0' ? "the default is %s" : "it would refuse the topic", k->def);
    } else if (k->deprecated) {
        struct diag *w = diag_at(c->cx, W_TOPIC_DEPRECATED, e->key_at, "'%s' is deprecated in Kafka %s", e->key,
                                 c->d->kafka.version);
        diag_hint(c->cx, w, "remove it before the next upgrade");
    }
}

static void configuration(const struct check *c)
{
    for (uint32_t i = 0; c->line != 0 && i < c->d->topic_count; i++) {
        const struct val *map = c->d->topics[i].config;
        for (uint32_t k = 0; map != NULL && k < map->len; k++) {
            const struct pos at = map->map[k].v.at.line > 0 ? map->map[k].v.at : tree_key_at(map, k);
            check_entry(c, &(struct entry){ c->d->topics[i].name, map->map[k].key, map->map[k].v.s, tree_key_at(map, k), at });
        }
    }
}

/* ---- the Job ------------------------------------------------------------------------------------------------------------ */

static void nobody_brings_them(const struct check *c)
{
    static const char *const lists[] = { "topics", "users" };
    for (size_t i = 0; i < 2 && !c->d->admin_job.enabled; i++) {
        if (!check_own(c, "%s", lists[i]))
            continue;
        struct diag *w = diag_at(c->cx, W_ADMIN_OFF, place(c->d, "adminJob"), "nothing brings '%s' to the cluster", lists[i]);
        diag_note(c->cx, w, place(c->d, "%s", lists[i]), "described here");
        diag_hint(c->cx, w, "remove 'adminJob', or make them by other means");
    }
}

check_rule *const check_topics[] = {
    names, internal, twice, collisions, beyond_brokers, min_isr, too_many_partitions, retention, configuration,
    nobody_brings_them, NULL
};
