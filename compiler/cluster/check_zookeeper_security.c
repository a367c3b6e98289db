/* check_zookeeper_security.c: TLS and logins between brokers and ZooKeeper. */
#include "cluster/check.h"
#include "model/kubernetes.h"

static void no_certificate(const struct check *c)
{
    if (c->kraft || !c->d->zookeeper.tls || c->d->tls.enabled)
        return;
    struct diag *e = diag_at(c->cx, E_ZOO_TLS, place(c->d, "zookeeper.tls"), "ZooKeeper has no certificate for TLS");
    diag_hint(c->cx, e, "write tls: existing, or tls: {source: cert-manager, issuer: ...}, at the top");
}

static void mtls_without_tls(const struct check *c)
{
    if (c->kraft || c->d->zookeeper.auth != ZAUTH_MTLS || c->d->zookeeper.tls)
        return;
    struct diag *e = diag_at(c->cx, E_ZOO_MTLS, place(c->d, "zookeeper.auth"),
                             "brokers cannot show a certificate to ZooKeeper: it has no TLS");
    diag_hint(c->cx, e, "write zookeeper.tls: true, or auth: digest-md5");
}

static void digest_in_the_open(const struct check *c)
{
    if (zookeeper_auth(c->d) != ZAUTH_DIGEST || c->d->zookeeper.tls)
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_DIGEST, place(c->d, "zookeeper.auth"),
                             "whoever listens between brokers and ZooKeeper can read what they write and guess the password");
    diag_hint(c->cx, w, "write zookeeper.tls: true");
}

static bool is_scram(const char *mechanism)
{
    return mechanism != NULL && str_starts(mechanism, "scram-");
}

/* The field that puts users of SCRAM into ZooKeeper; NULL: none does. */
static const char *keeps_users(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        for (uint32_t n = 0; n < c->d->listeners[i].auth.len; n++)
            if (is_scram(c->d->listeners[i].auth.at[n]))
                return "listeners";
    return is_scram(c->d->sasl.inter_broker.mechanism) ? "sasl.interBroker" : NULL;
}

/* The field that puts into ZooKeeper what nobody else may write; NULL: none does. */
static const char *keeps_secrets(const struct check *c)
{
    return c->d->authorization.type == AUTHZ_ACL ? "authorization" : keeps_users(c);
}

static void anybody_may_write(const struct check *c)
{
    const char *kept = keeps_secrets(c);
    if (c->kraft || zookeeper_auth(c->d) != ZAUTH_NONE || kept == NULL || (own_zookeeper(c->d) && c->d->network_policy.enabled))
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_OPEN, place(c->d, "%s", kept), "whoever reaches ZooKeeper can change %s",
                             str_eq(kept, "authorization") ? "the access control lists" : "the users of SCRAM");
    diag_hint(c->cx, w, "write zookeeper.auth: digest-md5, or zookeeper.tls: true; networkPolicy lets only brokers reach it");
}

/* Where everything else has TLS; a login without it, and an ensemble that anybody reaches, are told of already. */
static void anybody_may_listen(const struct check *c)
{
    const char *kept = keeps_users(c);
    const bool guarded = own_zookeeper(c->d) && c->d->network_policy.enabled && zookeeper_auth(c->d) == ZAUTH_NONE;
    if (c->kraft || kept == NULL || !guarded || !c->d->tls.enabled || c->d->zookeeper.tls)
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_READ, place(c->d, "%s", kept),
                             "whoever listens between brokers and ZooKeeper reads the users of SCRAM and can guess their passwords");
    diag_hint(c->cx, w, "write zookeeper.tls: true, as all other connections have TLS");
}

static void stage_of_nothing(const struct check *c)
{
    const bool secured = c->d->zookeeper.tls || zookeeper_auth(c->d) != ZAUTH_NONE;
    if (c->kraft || secured || c->d->zookeeper.stage == ZSTAGE_REQUIRE)
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_STAGE, place(c->d, "zookeeper.security"),
                             "'zookeeper.security' has no effect: ZooKeeper has neither TLS nor logins");
    diag_hint(c->cx, w, "write zookeeper.tls: true or zookeeper.auth: digest-md5, or remove it");
}

/* ---- the login ----------------------------------------------------------------------------------------- */

static void login_unused(const struct check *c)
{
    if (c->kraft || zookeeper_auth(c->d) == ZAUTH_DIGEST || !check_own(c, "zookeeper.login"))
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_LOGIN, place(c->d, "zookeeper.login"),
                             "'zookeeper.login' has no effect: nobody logs in with a password");
    diag_hint(c->cx, w, "write auth: digest-md5, or remove it");
}

static void login(const struct check *c)
{
    const struct login *l = &c->d->zookeeper.login;
    const char *bad = k8s_bad_subdomain(str_replace(c->cx->a, l->secret, "{name}", c->d->name));
    if (zookeeper_auth(c->d) != ZAUTH_DIGEST)
        return;
    if (bad != NULL) {
        struct diag *e = diag_at(c->cx, E_ZOO_LOGIN, place(c->d, "zookeeper.login.secret"),
                                 "no Secret can be called '%s', which %s", l->secret, bad);
        diag_hint(c->cx, e, "leave 'secret' out: the default is {name}-zookeeper-login");
    }
    if (!check_secret_key(l->key)) {
        struct diag *e = diag_at(c->cx, E_ZOO_LOGIN, place(c->d, "zookeeper.login.key"), "'%s' is no key of a Secret", l->key);
        diag_hint(c->cx, e, "write a name of letters, digits, '-', '_' and '.', such as jaas.conf");
    }
}

/* ---- keys of zoo.cfg ------------------------------------------------------------------------------------- */

static const char *const of_tls[] = {
    "serverCnxnFactory", "sslQuorum", "portUnification", "client.portUnification", "ssl.clientAuth", "ssl.keyStore.location",
    "ssl.keyStore.type", "ssl.trustStore.location", "ssl.trustStore.type", "ssl.quorum.keyStore.location",
    "ssl.quorum.keyStore.type", "ssl.quorum.trustStore.location", "ssl.quorum.trustStore.type", NULL };
static const char *const of_auth[] = {
    "authProvider.x509", "authProvider.sasl", "sessionRequireClientSASLAuth", "enforce.auth.enabled", "enforce.auth.schemes",
    NULL };

static bool lists(const char *const *list, const char *key)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, key) == 0)
            return true;
    return false;
}

static void password(const struct check *c, struct pos at, const char *key)
{
    struct diag *e = diag_at(c->cx, E_ZOO_PASSWORD, at, "'%s' would stand in a ConfigMap", key);
    diag_hide(c->cx, at);
    diag_hint(c->cx, e, "remove it: with zookeeper.tls stores are PEM, which need no password");
}

static void one_key(const struct check *c, const char *key, struct pos key_at, struct pos at)
{
    const bool tls = c->d->zookeeper.tls && lists(of_tls, key);
    if (str_ends(key, ".password")) {
        password(c, at, key);
    } else if (tls || (zookeeper_auth(c->d) != ZAUTH_NONE && lists(of_auth, key))) {
        struct diag *e = diag_at(c->cx, E_ZOO_SECURITY_KEY, key_at, "'%s' follows from 'zookeeper.%s'", key, tls ? "tls" : "auth");
        diag_hint(c->cx, e, "remove it");
    } else if (strcmp(key, "requireClientAuthScheme") == 0) {
        struct diag *w = diag_at(c->cx, W_ZOO_SCHEME, key_at, "no release of ZooKeeper reads '%s'", key);
        diag_hint(c->cx, w, "write zookeeper.auth: digest-md5, which refuses sessions without a login");
    }
}

static void keys(const struct check *c)
{
    const struct val *map = c->d->zookeeper.pool.config;
    for (uint32_t i = 0; own_zookeeper(c->d) && map != NULL && i < map->len; i++)
        one_key(c, map->map[i].key, tree_key_at(map, i), map->map[i].v.at);
}

check_rule *const check_zookeeper_security[] = {
    no_certificate, mtls_without_tls, digest_in_the_open, anybody_may_write, anybody_may_listen, stage_of_nothing, login_unused, login, keys, NULL
};
