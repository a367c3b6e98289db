/* cluster.h: the stages `load` and `check`. */
#ifndef GREGOR_CLUSTER_CLUSTER_H
#define GREGOR_CLUSTER_CLUSTER_H

#include "base/ctx.h"
#include "cluster/description.h"
#include "source/layers.h"

/* Keys -> struct, through the field table; what is absent gets its default. `root` is the merged description.
 * Returns false when something was reported; `d` is then filled, with defaults in place of what is wrong, if at least name and
 * kafka could be read, and `d->root` is NULL else. */
bool load_description(struct ctx *cx, const struct val *root, struct description *d);

/* Reads the files that `include` names, below the folder of the description. Topics and users in them join those of the root, with their
 * places; `include` becomes the list of the other objects. Returns false when something was reported. */
bool include_files(struct ctx *cx, struct val *root);

/* One of those objects, checked for that Kubernetes minor and typed as its kind says, in `space` when it is namespaced and names no
 * namespace; of an unknown kind only what all readers of YAML take alike is let pass. V_POISON when something was reported. */
struct val include_typed(struct ctx *cx, const struct val *object, int minor, const char *space);

/* Rules that need more than one field. Reports everything; returns false when an error stands. */
bool check_description(struct ctx *cx, const struct description *d);

/* What can still be said when load_description() has failed and left `d->root`: the configuration keys, which need only the
 * Kafka version. Without a root it does nothing. */
void check_keys(struct ctx *cx, const struct description *d);

/* Where a field was written: a printf path such as "listeners[%u].port" or "kafka.config.num.partitions" (below a free-form field
 * the rest is one key). A field that nobody wrote stands at its nearest written parent. */
struct pos place(const struct description *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True when somebody wrote that field. Same paths. */
bool written(const struct description *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What the field table knows of a path of --set (source/layers.h). */
enum layers_kind resolve_path(const char *path, const char **nearest);

/* Returns a layer with its short forms written out (`storage: 500Gi` as `storage: {size: 500Gi}`). */
struct val expand_short_forms(struct arena *a, struct val layer);

/* A pool with the path it stands at: "brokers", "controllers", "zookeeper", "pools[1]". */
struct pool_at {
    const struct pool *pool;
    const char        *path;
    bool               is_broker, is_controller, is_zookeeper;
};

/* The pools in use, in this order: controllers or zookeeper, brokers, pools[]. `out` has room for pool_count + 3. Returns how many. */
uint32_t pools_in_use(struct arena *a, const struct description *d, struct pool_at *out);

/* True when this pool gets one StatefulSet a zone, each with its block of node ids. Zones by pod label need the
 * PodTopologyLabels admission plugin (Kubernetes 1.35) and EnvVarConfigProvider (KIP-887, Kafka 3.5). Controllers and ZooKeeper
 * have no rack: spreading them is enough. */
bool one_set_a_zone(const struct description *d, const struct pool_at *p);

/* One StatefulSet to be: a pool, or one zone of it. Node ids count up from `first_id`. */
struct pod_set {
    const struct pool_at *pool;
    const char           *name;  /* "orders-broker", "orders-broker-eu-1a" */
    const char           *zone;  /* NULL: not one of its own */
    int64_t               first_id, count;
};

/* Returns the StatefulSets of the pools, in their order, none empty; the first zones get what is left over. */
const struct pod_set *pod_sets(struct arena *a, const struct description *d, const struct pool_at *pools, uint32_t n,
                               uint32_t *count);

/* Value of a broker key for all brokers, from kafka.config, as text; NULL when it is not set there. */
const char *kafka_config(const struct description *d, const char *key);

/* Folder of certificates that builds check, beside the description: written, or that of `gregor pki`; NULL: nothing is looked at. */
const char *tls_folder(const struct description *d);

/* The common name of the nodes' certificates: `tls.principal` with its placeholders filled in. Owned by `a`. */
const char *tls_principal(struct arena *a, const struct description *d);

/* How a user proves who it is: by its own `auth`, else as the first listener with `auth` asks first; NULL: no listener asks. */
const char *user_auth(const struct description *d, const struct user *u);

/* True when Kafka asks the rules of users: it has its own authorizer. */
bool rights_count(const struct description *d);

/* The listener at which clients log in that way: one inside if there is any, else an exposed one; NULL: none. */
const struct listener *listener_with(const struct description *d, const char *auth);

/* Who the lag exporter is, an entry of `users` that is present, and the listener that it connects to: where that user logs in, else the
 * first that clients inside use. NULL: nobody; the port between brokers. */
const struct user     *lag_user(const struct description *d);
const struct listener *lag_listener(const struct description *d);

/* True when each pod has a certificate of its own: the name of the Secret holds {pod}. */
bool tls_each_pod(const struct tls *t);

/* Keys of Java's key stores in the Secret: as written, or the names that cert-manager and others give them. */
struct tls_stores { const char *key, *trust, *type; };
struct tls_stores tls_stores(const struct tls *t);

/* Replication arithmetic: what applies when the configuration says nothing. */
int64_t broker_total(const struct description *d);             /* pods with the broker role */
int64_t replication_factor(const struct description *d);       /* default.replication.factor in effect */
int64_t min_insync(const struct description *d);               /* min.insync.replicas in effect */
/* Class data, code, stacks and direct buffers of a Kafka or ZooKeeper JVM: 150 to 250 MiB with little traffic. */
#define JVM_BESIDE_HEAP ((int64_t)256 << 20)
int64_t heap_of(const struct pool_at *p);                      /* bytes; resolves "auto" */
bool    own_zookeeper(const struct description *d);            /* an ensemble is emitted */
int     zookeeper_auth(const struct description *d);           /* enum zookeeper_auth; resolves "auto" */
bool    is_combined(const struct description *d);              /* brokers are controllers too */

#endif
