/* check_names.c: names that Kubernetes must accept, and ids that no two nodes may share. */
#include "cluster/check.h"
#include "model/kubernetes.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- ids ----------------------------------------------------------------------------------------------- */

static int by_first_id(const void *a, const void *b)
{
    const struct pod_set *x = *(const struct pod_set *const *)a, *y = *(const struct pod_set *const *)b;
    if (x->first_id != y->first_id)
        return x->first_id < y->first_id ? -1 : 1;
    return x < y ? -1 : 1;
}

static const char *span(struct arena *a, const struct pod_set *s)
{
    const char *first = str_int(a, s->first_id);
    return s->count < 2 ? first : str_join(a, first, " to ", str_int(a, s->first_id + s->count - 1), NULL);
}

static void overlap(const struct check *c, const struct pod_set *x, const struct pod_set *y)
{
    const bool later = x->pool > y->pool;
    const struct pod_set *change = later ? x : y, *keep = later ? y : x;
    struct arena *a = c->cx->a;
    struct diag *e = diag_at(c->cx, E_ID_TWICE, place(c->d, "%s.firstId", change->pool->path),
                             "'%s' and '%s' share node ids: %s and %s", change->name, keep->name,
                             span(a, change), span(a, keep));
    if (written(c->d, "%s", keep->pool->path))
        diag_note(c->cx, e, place(c->d, "%s.firstId", keep->pool->path), "the ids of '%s'", keep->name);
    diag_hint(c->cx, e, "give %s.firstId a number that leaves room", change->pool->path);
}

static void id_twice(const struct check *c)
{
    const struct pod_set **sorted = NEWS(c->cx->a, const struct pod_set *, c->set_count + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->set_count; i++)
        if (!c->sets[i].pool->is_zookeeper && c->sets[i].count > 0)
            sorted[n++] = &c->sets[i];
    qsort(sorted, n, sizeof *sorted, by_first_id);
    for (uint32_t i = 1; i < n; i++)
        if (sorted[i - 1]->first_id + sorted[i - 1]->count > sorted[i]->first_id
            && sorted[i - 1]->pool != sorted[i]->pool)
            overlap(c, sorted[i - 1], sorted[i]);
}

static void id_range(const struct check *c)
{
    const struct pool_at *said = NULL;
    for (uint32_t i = 0; i < c->set_count; i++) {
        const struct pod_set *s = &c->sets[i];
        const int64_t last = s->first_id + s->count - 1;
        if (s->pool->is_zookeeper || s->count == 0 || last <= INT32_MAX || s->pool == said)
            continue;
        said = s->pool;
        struct diag *e = diag_at(c->cx, E_ID_RANGE, place(c->d, "%s.firstId", s->pool->path),
                                 "'%s' needs ids up to %" PRId64,
                                 s->name, last);
        diag_hint(c->cx, e, "ids end at 2147483647");
    }
}

static void zookeeper_id(const struct check *c)
{
    const struct pool *z = &c->d->zookeeper.pool;
    if (!own_zookeeper(c->d) || z->count == 0 || (z->first_id >= 1 && z->first_id + z->count - 1 <= 255))
        return;
    struct diag *e = diag_at(c->cx, E_ZOOKEEPER_ID, place(c->d, "zookeeper.firstId"),
                             "ZooKeeper ids %" PRId64 " to %" PRId64
                             " are not within 1 to 255", z->first_id, z->first_id + z->count - 1);
    diag_hint(c->cx, e, "leave 'firstId' out: the default is 1");
}

static void ids_per_zone(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        const int64_t zones = p->zones.len, most = zones == 0 ? 0 : (p->count + zones - 1) / zones;
        if (!one_set_a_zone(c->d, &c->pools[i]) || most <= p->ids_per_zone)
            continue;
        struct diag *e = diag_at(c->cx, E_IDS_PER_ZONE, place(c->d, "%s.idsPerZone", c->pools[i].path),
                                 "%d pods a zone do not fit into %d ids a zone", (int)most,
                                 (int)p->ids_per_zone);
        diag_hint(c->cx, e, "let 'idsPerZone' be %d or more, before the cluster is first built", (int)most);
    }
}

/* ---- names of pools and objects ------------------------------------------------------------------------ */

static void pool_twice(const struct check *c)
{
    check_names_differ(c, E_POOL_TWICE, "pools", tree_get(c->d->root, "pools"), "give each pool a name of its own");
}

static void pool_reserved(const struct check *c)
{
    static const struct { const char *name, *instead; } reserved[] = {
        { "broker", "brokers" }, { "controller", "controllers" }, { "zookeeper", "zookeeper" },
        { "nodes", NULL }, { "admin", NULL },
        { "bootstrap", NULL }, { "scram-bootstrap", NULL }, { "kafka", NULL }, { "zookeeper-nodes", NULL } };
    for (uint32_t i = 0; i < c->d->pool_count; i++)
        for (size_t r = 0; r < sizeof reserved / sizeof reserved[0]; r++) {
            if (strcmp(c->d->pools[i].name, reserved[r].name) != 0)
                continue;
            struct diag *e = diag_at(c->cx, E_POOL_RESERVED, place(c->d, "pools[%u].name", i),
                                     "a pool cannot be called '%s'",
                                     reserved[r].name);
            if (reserved[r].instead != NULL)
                diag_hint(c->cx, e, "that one is described by '%s'; take another name", reserved[r].instead);
            else
                diag_hint(c->cx, e, "'%s-%s' is the name of another object; take another name", c->d->name,
                          reserved[r].name);
        }
}

/* The controller revision hash label is the name, '-' and ten characters; together at most 63
 * (kubernetes/kubernetes#64023). */
#define LONGEST_SET 52

static void set_name(const struct check *c)
{
    for (uint32_t i = 0; i < c->set_count; i++) {
        const struct pod_set *s = &c->sets[i];
        const size_t len = strlen(s->name);
        if (len <= LONGEST_SET || s->count == 0)
            continue;
        const uint32_t number = s->zone == NULL ? 0 : (uint32_t)check_find(&s->pool->pool->zones, s->zone);
        struct diag *e = diag_at(c->cx, E_SET_NAME,
                                 s->zone != NULL ? place(c->d, "%s.zones[%u]", s->pool->path, number)
            : place(c->d, "%s.name", s->pool->path),
            "the StatefulSet would be called '%s': %zu characters, at most %d are allowed",
            s->name, len, LONGEST_SET);
        diag_hint(c->cx, e, s->zone != NULL
                  ? "shorten the name of the cluster, or use rack: label (Kubernetes 1.35)"
                                            : "shorten the name of the pool or of the cluster");
    }
}

static void set_twice(const struct check *c)
{
    for (uint32_t i = 0; i < c->set_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            const struct pod_set *x = &c->sets[i], *y = &c->sets[j];
            if (x->pool == y->pool || strcmp(x->name, y->name) != 0 || (x->zone == NULL && y->zone == NULL))
                continue;
            struct diag *e = diag_at(c->cx, E_SET_TWICE, place(c->d, "%s.name", x->pool->path),
                                     "pools '%s' and '%s' both make a StatefulSet '%s'", x->pool->pool->name,
                                     y->pool->pool->name,
                                     x->name);
            diag_hint(c->cx, e, "rename a pool: its name and its zones are joined by '-'");
        }
}

/* Beyond 64 nodes the files of a StatefulSet fill more ConfigMaps: <name>-2, <name>-3 ... (plan/workloads.c). */
static void config_map_twice(const struct check *c)
{
    for (uint32_t i = 0; i < c->set_count; i++)
        for (uint32_t j = 0; j < c->set_count; j++) {
            const struct pod_set *big = &c->sets[i], *other = &c->sets[j];
            const char *number = str_starts(other->name, big->name) ? other->name + strlen(big->name) : "";
            int64_t k;
            if (big->count <= 64 || *number++ != '-'
                || !check_integer(number, &k)
                || k < 2 || k > (big->count + 63) / 64)
                continue;
            struct diag *e = diag_at(c->cx, E_SET_TWICE, place(c->d, "%s.name", other->pool->path),
                                     "'%s' and '%s' both make a ConfigMap '%s'", big->name, other->name,
                                     other->name);
            diag_hint(c->cx, e, "let the name of the pool not end in a number");
        }
}

/* A letter first (RFC 1035): what Service names need; gregor names Services after cluster and listeners. */
static void first_letter(const struct check *c)
{
    if (c->d->name[0] < '0' || c->d->name[0] > '9')
        return;
    struct diag *e = diag_at(c->cx, E_NAME_DIGIT, place(c->d, "name"),
                             "the Service '%s-bootstrap' would begin with a digit",
                             c->d->name);
    diag_hint(c->cx, e, "let the name of the cluster begin with a letter");
}

static void service_name(const struct check *c)
{
    int64_t last = 0;
    for (uint32_t i = 0; i < c->set_count; i++)
        if (c->sets[i].pool->is_broker && c->sets[i].first_id + c->sets[i].count - 1 > last)
            last = c->sets[i].first_id + c->sets[i].count - 1;
    const char *id = str_int(c->cx->a, last);
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const char *name = str_join(c->cx->a, c->d->name, "-", l->name, "-",
                                    strlen(id) > 9 ? id : "bootstrap", NULL);
        if (l->expose == EX_NONE || strlen(name) <= 63)
            continue;
        struct diag *e = diag_at(c->cx, E_SERVICE_NAME, place(c->d, "listeners[%u].name", i),
                                 "a Service would be called '%s': %zu characters, at most 63 are allowed",
                                 name, strlen(name));
        diag_hint(c->cx, e, "shorten the name of the listener");
    }
}

/* ---- namespace and cluster id -------------------------------------------------------------------------- */

static bool is_system(const char *namespace_)
{
    return str_starts(namespace_, "kube-") || str_starts(namespace_, "openshift-")
        || strcmp(namespace_, "openshift") == 0;
}

static void namespaces(const struct check *c)
{
    const char *ns = c->d->namespace_;
    const bool theirs = is_system(ns) || strcmp(ns, "default") == 0;
    if (c->d->create_namespace && theirs) {
        struct diag *e = diag_at(c->cx, E_CREATE_NAMESPACE, place(c->d, "createNamespace"),
                                 "the namespace '%s' belongs to Kubernetes and is not for us to create", ns);
        diag_hint(c->cx, e, "write a namespace of your own, or remove 'createNamespace'");
    } else if (is_system(ns)) {
        struct diag *w = diag_at(c->cx, W_SYSTEM_NAMESPACE, place(c->d, "namespace"),
                                 "'%s' is a namespace of the platform itself", ns);
        diag_hint(c->cx, w, "give the cluster a namespace of its own");
    }
}

#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* Why no cluster can have this id; NULL when one can. kafka-storage takes any text. */
static const char *impossible_id(const char *id)
{
    if (strspn(id, BASE64URL) != strlen(id))
        return "has a character that is not of base64url";
    if (id[0] == '-')
        return "begins with '-', which kafka-storage takes for an option";
    return strspn(id, "A") >= 21 && strlen(id) == 22 && strchr("AQ", id[21]) ? "is an id that Kafka reserves" : NULL;
}

/* Why a text is no Kafka Uuid; NULL when it is one. 22 characters hold 132 bits for 128: the last four are 0. */
static const char *no_uuid(const char *id)
{
    if (strlen(id) != 22)
        return "does not have 22 characters";
    return strchr("AQgw", id[21]) == NULL ? "does not end in A, Q, g or w, so it encodes no 16 bytes" : NULL;
}

static void cluster_id(const struct check *c)
{
    const char *id = c->d->kafka.cluster_id;
    if (str_eq(id, "auto") || !c->kraft)
        return;
    const char *impossible = impossible_id(id), *bad = impossible != NULL ? impossible : no_uuid(id);
    if (bad == NULL)
        return;
    struct diag *e = diag_at(c->cx, impossible != NULL ? E_CLUSTER_ID : W_CLUSTER_ID, place(c->d, "kafka.clusterId"),
                             "'%s' is no cluster id: it %s", id, bad);
    diag_hint(c->cx, e, "use auto, or what `kafka-storage.sh random-uuid` printed or meta.properties holds");
}

check_rule *const check_names[] = {
    id_twice, id_range, zookeeper_id, ids_per_zone, pool_twice, pool_reserved, set_name, set_twice,
    config_map_twice, first_letter, service_name, namespaces, cluster_id, NULL
};
