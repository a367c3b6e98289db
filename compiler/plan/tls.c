/* tls.c: certificates as PEM straight out of the mounted Secret (KIP-651, Kafka 2.7), through DirectoryConfigProvider (KIP-632): no key
 * store is made, no password exists, and nothing secret stands in a ConfigMap. Key stores that exist are read where they are mounted. */
#include "plan/parts.h"

#include "cluster/cluster.h"
#include "model/kafka.h"

/* {pod} in the name gives each node a Secret of its own. */
static void name_secrets(struct arena *a, const struct plan *p, struct workload *w)
{
    const char *name = str_replace(a, str_replace(a, p->d->tls.secret, "{name}", p->d->name), "{set}", w->name);
    w->secret = p->tls.own ? NULL : name;
    for (uint32_t i = 0; i < w->node_count; i++)
        w->nodes[i].secret = p->tls.own ? str_replace(a, name, "{pod}", w->nodes[i].pod) : name;
}

void plan_tls(struct arena *a, struct plan *p)
{
    const struct tls *t = &p->d->tls;
    p->tls = (struct tls_plan){ .used = t->enabled, .principal = tls_principal(a, p->d),
                                .own = t->enabled && tls_each_pod(t) };
    for (uint32_t i = 0; t->enabled && i < p->workload_count; i++)
        if (p->workloads[i].component != COMP_ZOOKEEPER || p->d->zookeeper.tls)
            name_secrets(a, p, &p->workloads[i]);
}

static void add_file(struct text *t, const char *key, const char *file)
{
    plan_property(t, key, str_join(t->a, "${dir:" TLS_DIR ":", file, "}", NULL));
}

static void add_store(struct text *t, const struct tls *tls, const char *store, const char *type, const char *file)
{
    const char *dir = tls->password.secret != NULL ? TLS_PASSWORD_DIR : TLS_DIR;
    const char *password = str_join(t->a, "${dir:", dir, ":", tls->password.key, "}", NULL);
    plan_property(t, str_join(t->a, store, ".type", NULL), type);
    plan_property(t, str_join(t->a, store, ".location", NULL), str_join(t->a, TLS_DIR "/", file, NULL));
    plan_property(t, str_join(t->a, store, ".password", NULL), password);
    if (strcmp(store, "ssl.keystore") == 0)
        plan_property(t, "ssl.key.password", password);
}

void plan_tls_files(struct text *t, const struct plan *p)
{
    const struct tls *tls = &p->d->tls;
    const struct tls_stores stores = tls_stores(tls);
    if (tls->type != STORE_PEM) {
        add_store(t, tls, "ssl.keystore", stores.type, stores.key);
        add_store(t, tls, "ssl.truststore", stores.type, stores.trust);
        return;
    }
    plan_property(t, "ssl.keystore.type", "PEM");
    add_file(t, "ssl.keystore.certificate.chain", tls->certificate);
    add_file(t, "ssl.keystore.key", tls->key);
    plan_property(t, "ssl.truststore.type", "PEM");
    add_file(t, "ssl.truststore.certificates", tls->ca);
}
