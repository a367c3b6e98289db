/* derive.c: what checks and plan both need to know about a description (cluster.h). */
#include "cluster/cluster.h"

#include "base/text.h"
#include "model/kafka.h"

#include <stdlib.h>

#define GiB ((int64_t)1 << 30)

static bool has_role(const struct pool *p, const char *role)
{
    for (uint32_t i = 0; i < p->roles.len; i++)
        if (strcmp(p->roles.at[i], role) == 0)
            return true;
    return false;
}

bool is_combined(const struct description *d)
{
    return d->kafka.metadata == MD_KRAFT && d->controllers.count == 0;
}

bool own_zookeeper(const struct description *d)
{
    return d->kafka.metadata == MD_ZOOKEEPER && d->zookeeper.connect == NULL;
}

int zookeeper_auth(const struct description *d)
{
    if (d->kafka.metadata != MD_ZOOKEEPER)
        return ZAUTH_NONE;
    return d->zookeeper.auth != ZAUTH_AUTO ? d->zookeeper.auth : d->zookeeper.tls ? ZAUTH_MTLS : ZAUTH_NONE;
}

/* With no controllers of their own, the default pool takes the role, unless a pool of pools[] has it. */
static bool brokers_control(const struct description *d)
{
    for (uint32_t i = 0; i < d->pool_count; i++)
        if (d->pools[i].count > 0 && has_role(&d->pools[i], "controller"))
            return false;
    return is_combined(d);
}

uint32_t pools_in_use(struct arena *a, const struct description *d, struct pool_at *out)
{
    uint32_t n = 0;
    const bool kraft = d->kafka.metadata == MD_KRAFT;
    if (own_zookeeper(d))
        out[n++] = (struct pool_at){ &d->zookeeper.pool, "zookeeper", .is_zookeeper = true };
    else if (kraft && d->controllers.count > 0)
        out[n++] = (struct pool_at){ &d->controllers, "controllers", .is_controller = true };
    if (d->brokers.count > 0)
        out[n++] = (struct pool_at){ &d->brokers, "brokers", .is_broker = true, .is_controller = brokers_control(d) };
    for (uint32_t i = 0; i < d->pool_count; i++)
        if (d->pools[i].count > 0)
            out[n++] = (struct pool_at){ &d->pools[i], str_join(a, "pools[", str_int(a, i), "]", NULL),
                .is_broker = has_role(&d->pools[i], "broker"),
                .is_controller = kraft && has_role(&d->pools[i], "controller") };
    return n;
}

bool one_set_a_zone(const struct description *d, const struct pool_at *p)
{
    if (!p->is_broker || p->pool->zones.len == 0)
        return false;
    if (p->pool->rack != RACK_AUTO)
        return p->pool->rack == RACK_STATEFULSET;
    return d->kubernetes < 35 || d->kafka_line < KAFKA(3, 5);
}

static struct pod_set one_set(struct arena *a, const struct description *d, const struct pool_at *p, uint32_t zone)
{
    const bool each = one_set_a_zone(d, p);
    const uint32_t zones = each ? p->pool->zones.len : 1;
    const char *in = each ? p->pool->zones.at[zone] : NULL;
    return (struct pod_set){
        .pool = p, .zone = in,
        .name     = str_join(a, d->name, "-", p->pool->name, in ? "-" : "", in ? in : "", NULL),
        .count    = p->pool->count / zones + (zone < p->pool->count % zones),
        .first_id = p->pool->first_id + zone * (each ? p->pool->ids_per_zone : 0) };
}

const struct pod_set *pod_sets(struct arena *a, const struct description *d, const struct pool_at *pools, uint32_t n,
                               uint32_t *count)
{
    uint32_t most = 1;
    for (uint32_t i = 0; i < n; i++)
        most += pools[i].pool->zones.len + 1;
    struct pod_set *sets = NEWS(a, struct pod_set, most);
    *count = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t z = 0; z < (one_set_a_zone(d, &pools[i]) ? pools[i].pool->zones.len : 1); z++) {
            sets[*count] = one_set(a, d, &pools[i], z);
            *count += sets[*count].count > 0;
        }
    return sets;
}

const char *kafka_config(const struct description *d, const char *key)
{
    return d->kafka.config == NULL ? NULL : tree_str(d->kafka.config, key);
}

int64_t broker_total(const struct description *d)
{
    int64_t n = d->brokers.count;
    for (uint32_t i = 0; i < d->pool_count; i++)
        if (has_role(&d->pools[i], "broker"))
            n += d->pools[i].count;
    return n;
}

/* Kafka's numbers of copies have 32 bits; what has more is reported where keys are checked. */
static int64_t configured(const struct description *d, const char *key, int64_t otherwise)
{
    const char *s = kafka_config(d, key);
    const long long n = s == NULL ? 0 : strtoll(s, NULL, 10);
    return n > 0 && n <= INT32_MAX ? n : otherwise;
}

int64_t replication_factor(const struct description *d)
{
    const int64_t brokers = broker_total(d);
    return configured(d, "default.replication.factor", brokers < 3 ? (brokers < 1 ? 1 : brokers) : 3);
}

/* A majority of three or more copies: one may be missing, so that a broker can restart. */
int64_t min_insync(const struct description *d)
{
    const int64_t copies = replication_factor(d);
    return configured(d, "min.insync.replicas", copies >= 3 ? copies / 2 + 1 : 1);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t heap_of(const struct pool_at *p)
{
    const struct pool *pool = p->pool;
    if (pool->heap != AUTO)
        return pool->heap;
    const int64_t share = p->is_broker ? pool->memory / 2 : pool->memory / 4 * 3;
    const int64_t most  = p->is_broker ? 6 * GiB : 4 * GiB;
    const int64_t spare = pool->memory - JVM_BESIDE_HEAP;
    const int64_t heap  = least(least(share, most), spare > pool->memory / 4 ? spare : pool->memory / 4);
    return heap >> 20 << 20; /* whole mebibytes, as -Xmx wants */
}

const char *tls_folder(const struct description *d)
{
    if (!d->tls.enabled || d->tls.source == TLS_CERT_MANAGER)
        return NULL;
    return d->tls.folder == NULL && d->tls.source == TLS_GENERATED ? "pki" : d->tls.folder;
}

const char *tls_principal(struct arena *a, const struct description *d)
{
    return str_replace(a, str_replace(a, d->tls.principal, "{name}", d->name), "{namespace}", d->namespace_);
}

/* A certificate beside a login is shown, too, and names nobody (plan/security.c). */
static const char *login_of(const struct listener *l)
{
    for (uint32_t i = 0; i < l->auth.len; i++)
        if (!str_eq(l->auth.at[i], "mtls"))
            return l->auth.at[i];
    return NULL;
}

static const char *first_of(const struct listener *l)
{
    return login_of(l) != NULL ? login_of(l) : l->auth.at[0];
}

/* A listener of the brokers is asked last: clients may use it, too, when there is no other. */
const char *user_auth(const struct description *d, const struct user *u)
{
    const char *among_brokers = NULL;
    for (uint32_t i = 0; u->auth == NULL && i < d->listener_count; i++) {
        const struct listener *l = &d->listeners[i];
        if (l->auth.len > 0 && !str_eq(l->name, d->inter_broker))
            return first_of(l);
        if (l->auth.len > 0)
            among_brokers = first_of(l);
    }
    return u->auth != NULL ? u->auth : among_brokers;
}

bool rights_count(const struct description *d)
{
    return d->authorization.type == AUTHZ_ACL && d->authorization.class == NULL;
}

static bool asks_for(const struct listener *l, const char *auth)
{
    for (uint32_t i = 0; i < l->auth.len; i++)
        if (str_eq(l->auth.at[i], auth))
            return !str_eq(auth, "mtls") || login_of(l) == NULL;
    return false;
}

const struct listener *listener_with(const struct description *d, const char *auth)
{
    const struct listener *found = NULL;
    for (uint32_t i = 0; i < d->listener_count; i++)
        if (asks_for(&d->listeners[i], auth) && (found == NULL || (found->expose != EX_NONE && d->listeners[i].expose == EX_NONE)))
            found = &d->listeners[i];
    return found;
}

const struct user *lag_user(const struct description *d)
{
    for (uint32_t i = 0; i < d->user_count; i++)
        if (d->users[i].state == STATE_PRESENT && str_eq(d->users[i].name, d->monitoring.lag.user))
            return &d->users[i];
    return NULL;
}

const struct listener *lag_listener(const struct description *d)
{
    const struct user *u = lag_user(d);
    const char *auth = u == NULL ? NULL : user_auth(d, u);
    if (auth != NULL && listener_with(d, auth) != NULL)
        return listener_with(d, auth);
    for (uint32_t i = 0; i < d->listener_count; i++)
        if (d->listeners[i].expose == EX_NONE)
            return &d->listeners[i];
    return d->listener_count > 0 ? &d->listeners[0] : NULL;
}

bool tls_each_pod(const struct tls *t)
{
    return strstr(t->secret, "{pod}") != NULL;
}

struct tls_stores tls_stores(const struct tls *t)
{
    const bool jks = t->type == STORE_JKS;
    return (struct tls_stores){ .key   = t->keystore != NULL ? t->keystore : jks ? "keystore.jks" : "keystore.p12",
                                .trust = t->truststore != NULL ? t->truststore : jks ? "truststore.jks" : "truststore.p12",
                                .type  = jks ? "JKS" : "PKCS12" };
}
