/* zookeeper_security.c: TLS and logins between brokers and ZooKeeper, and among its servers. ZooKeeper reads PEM, but key and
 * certificates from one file (ZOOKEEPER-2193, 3.5.5); no password exists and nothing secret stands in a ConfigMap. */
#include "plan/parts.h"

#include "cluster/cluster.h"

#include <stdlib.h>

#define NETTY_SERVER "org.apache.zookeeper.server.NettyServerCnxnFactory"
#define NETTY_CLIENT "org.apache.zookeeper.ClientCnxnSocketNetty"

static const char *client_file(struct arena *a, const struct plan *p)
{
    struct text t = { .a = a };
    if (!p->zookeeper.used || !p->zookeeper.tls)
        return NULL;
    plan_zookeeper_client(&t, p);
    return text_str(&t);
}

static void plan_login(struct arena *a, struct plan *p)
{
    const struct login *l = &p->d->zookeeper.login;
    if (p->zookeeper.auth != ZAUTH_DIGEST)
        return;
    p->zookeeper.login        = str_replace(a, l->secret, "{name}", p->d->name);
    p->zookeeper.login_option = str_join(a, "-Djava.security.auth.login.config=" ZK_LOGIN_DIR "/", l->key, NULL);
}

/* The three rolling updates of ZooKeeper Administrator's Guide, "Upgrading existing non-TLS cluster with no downtime", and of
 * Kafka's, "Migrating clusters": servers learn, then everybody uses, then nothing else is taken. */
void plan_zookeeper_security(struct arena *a, struct plan *p)
{
    const struct zookeeper *z = &p->d->zookeeper;
    const bool used = z->stage != ZSTAGE_ACCEPT, strict = z->stage == ZSTAGE_REQUIRE;
    if (p->kraft)
        return;
    p->zookeeper = (struct zookeeper_plan){
        .tls = z->tls, .used = used, .open = !z->tls || !strict, .auth = zookeeper_auth(p->d),
        .port = z->tls && used ? ZK_TLS_PORT : ZK_CLIENT_PORT };
    p->zookeeper.strict = strict && p->zookeeper.auth != ZAUTH_NONE;
    plan_login(a, p);
    p->zookeeper.client = client_file(a, p);
}

/* ---- ZooKeeper -------------------------------------------------------------------------------------------------- */

static void add_store(struct arena *a, struct pairs *out, const char *prefix, const char *store, const char *file)
{
    pairs_set(out, str_join(a, prefix, store, ".location", NULL), t_str(str_join(a, ZK_TLS_DIR "/", file, NULL)));
    pairs_set(out, str_join(a, prefix, store, ".type", NULL), t_str("PEM"));
}

/* Read when the server starts: a renewal restarts it, as it restarts brokers. sslQuorumReloadCertFiles and client.certReload wait for an
 * event of that very file (X509Util.handleWatchEvent, 3.5 to 3.9), and kubelet changes another link, `..data`. */
static void add_stores(struct arena *a, const struct plan *p, struct pairs *out, const char *prefix)
{
    add_store(a, out, prefix, "keyStore", p->d->tls.combined);
    add_store(a, out, prefix, "trustStore", p->d->tls.ca);
}

/* Servers show each other certificates and check names, those of callers by asking DNS for the address: the headless Service
 * answers with the names that certificates hold. A lone server has nobody to talk to. */
static void add_quorum(struct arena *a, const struct plan *p, struct pairs *out)
{
    const int stage = p->d->zookeeper.stage;
    if (p->components[COMP_ZOOKEEPER].pods < 2)
        return;
    pairs_set(out, "sslQuorum", t_str(stage == ZSTAGE_ACCEPT ? "false" : "true"));
    if (stage != ZSTAGE_REQUIRE)
        pairs_set(out, "portUnification", t_str("true"));
    add_stores(a, p, out, "ssl.quorum.");
}

static void add_tls(struct arena *a, const struct plan *p, struct pairs *out)
{
    pairs_set(out, "serverCnxnFactory", t_str(NETTY_SERVER)); /* the only one that speaks TLS */
    pairs_set(out, "secureClientPort", t_str(str_int(a, ZK_TLS_PORT)));
    pairs_set(out, "ssl.clientAuth", t_str(p->zookeeper.auth == ZAUTH_MTLS ? "need" : "none"));
    add_stores(a, p, out, "ssl.");
    add_quorum(a, p, out);
}

/* enforce.auth is known from 3.7 on; sessions without SASL are refused by all of 3.5 to 3.9. */
static void add_enforcement(const struct plan *p, struct pairs *out)
{
    const char *dot = strchr(p->d->zookeeper.version, '.');
    if (p->zookeeper.auth == ZAUTH_DIGEST) {
        pairs_set(out, "sessionRequireClientSASLAuth", t_str("true"));
    } else if (dot != NULL && strtol(dot + 1, NULL, 10) >= 7) {
        pairs_set(out, "enforce.auth.enabled", t_str("true"));
        pairs_set(out, "enforce.auth.schemes", t_str("x509"));
    }
}

void plan_zookeeper_server(struct arena *a, const struct plan *p, struct pairs *out)
{
    if (p->zookeeper.tls)
        add_tls(a, p, out);
    if (p->zookeeper.auth == ZAUTH_MTLS)
        pairs_set(out, "authProvider.x509", t_str("org.apache.zookeeper.server.auth.X509AuthenticationProvider"));
    if (p->zookeeper.auth == ZAUTH_DIGEST)
        pairs_set(out, "authProvider.sasl", t_str("org.apache.zookeeper.server.auth.SASLAuthenticationProvider"));
    if (p->zookeeper.strict)
        add_enforcement(p, out);
}

/* ---- brokers ---------------------------------------------------------------------------------------------------- */

static void add_file(struct text *t, const char *store, const char *file)
{
    plan_property(t, str_join(t->a, "zookeeper.ssl.", store, ".location", NULL), str_join(t->a, TLS_DIR "/", file, NULL));
    plan_property(t, str_join(t->a, "zookeeper.ssl.", store, ".type", NULL), "PEM");
}

void plan_zookeeper_client(struct text *t, const struct plan *p)
{
    if (!p->zookeeper.tls || !p->zookeeper.used)
        return;
    plan_property(t, "zookeeper.clientCnxnSocket", NETTY_CLIENT);
    plan_property(t, "zookeeper.ssl.client.enable", "true");
    add_file(t, "truststore", p->d->tls.ca);
    if (p->zookeeper.auth == ZAUTH_MTLS)
        add_file(t, "keystore", p->d->tls.combined);
}
