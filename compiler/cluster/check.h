/* check.h: the rules of the stage `check`: one file a subject (check_<subject>.c), one static function a rule.
 *
 * To add a rule: write the function, put it into the table at the end of its file, and give its code a row with
 * a story in check_<subject>.def, and a row in tests/check_rules.def. A rule reports each fact once, at the field
 * the user has to change, and says what to do. Rules run on a description that was loaded without errors: types,
 * ranges and names hold. The exception is check_config, which runs on broken ones too: what is wrong or missing there
 * is NULL or 0. */
#ifndef GREGOR_CLUSTER_CHECK_H
#define GREGOR_CLUSTER_CHECK_H

#include "cluster/cluster.h"
#include "model/kafka.h"

/* What rules look at. The figures are those in effect: written or default. */
struct check {
    struct ctx               *cx;
    const struct description *d;
    const struct pool_at     *pools; /* in use, see pools_in_use() */
    uint32_t                  pool_count;
    const struct pod_set   *sets;  /* in the order of the pools */
    uint32_t                  set_count;
    int                       line;    /* KAFKA(3, 9); 0: unknown, which is reported */
    bool                      kraft;
    int64_t                   brokers, controllers, factor, min_isr;
};

typedef void check_rule(const struct check *c);

/* Tables end with NULL. */
extern check_rule *const check_versions[], *const check_images[], *const check_counts[],
    *const check_replication[], *const check_names[], *const check_listeners[], *const check_network[], *const check_expose[],
    *const check_storage[], *const check_classes[], *const check_resources[], *const check_jvm[],
    *const check_config[], *const check_values[], *const check_zookeeper[], *const check_zookeeper_security[],
    *const check_zones[], *const check_kubernetes[], *const check_monitoring[], *const check_lag_exporter[], *const check_security[],
    *const check_sasl[], *const check_logins[], *const check_certificates[], *const check_topics[], *const check_users[],
    *const check_secrets[], *const check_site[];

/* True when somebody wrote the field and it was not a preset: to say that a field has no effect is of use
 * only to its author. */
bool check_own(const struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Says how to describe what a broker key sets, when gregor writes it on a cluster with this TLS, authentication and
 * authorization ("superUsers"); else NULL. */
const char *check_security_key(const struct check *c, const char *key);

/* The listener that "listener.name.<listener>.<key>" speaks of; NULL: none of the description's (check_security.c). */
const struct listener *check_listener_of(const struct check *c, const char *key);

/* True when `s` can be a key of a Secret, and so a file name in a pod (check_certificates.c). */
bool check_secret_key(const char *s);

/* True when the nodes read mounted Secrets through the config provider `dir` (check_sasl.c). */
bool check_reads_secrets(const struct check *c);

/* True when that key with that value is a secret in plain text; the end of the key tells (check_config.c). */
bool check_is_secret(const char *key, const char *value);

/* The number a broker key has in effect: from kafka.config, else the default of this Kafka release.
 * Returns false when the release has no such key, or the value is no whole number, or none that the broker takes (E_KEY_VALUE says so). */
bool check_number(const struct check *c, const char *key, int64_t *n);

/* Parses a whole decimal number that fills `s`. Returns false when it is none or does not fit. */
bool check_integer(const char *s, int64_t *n);

/* One volume of a pool in use, and its path: "brokers.storage", "brokers.volumes[1]". */
struct check_volume {
    const struct pool_at *pool;
    const struct storage *storage;
    const char           *path;
};

/* Bytes of all volumes of all brokers together (check_storage.c). */
int64_t check_disk_of_brokers(const struct check *c);

/* Calls `rule` for each of them (check_storage.c). */
void check_each_volume(const struct check *c, void (*rule)(const struct check *c, const struct check_volume *v));

/* Reports each entry of the list at `path`, maps with a text at 'name', that has the name of one before; NULL: no list. */
void check_names_differ(const struct check *c, enum code code, const char *path, const struct val *list, const char *hint);

/* Why no topic can have that name; NULL when one can. */
const char *check_topic_name(const char *s);

/* Returns the item of `list` that equals `s`, or -1. */
int64_t check_find(const struct strs *list, const char *s);

/* Returns the first placeholder of `s` that is none of `known`, a list up to a NULL; NULL: none. A lone '{' counts: names hold none. */
const char *check_unknown_placeholder(struct arena *a, const char *s, const char *const *known);

#endif
