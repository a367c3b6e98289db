/* tls.c: certificates as PEM straight out of the mounted Secret (KIP-651, Kafka 2.7), through DirectoryConfigProvider (KIP-632): no key
 * store is made, no password exists, and nothing secret stands in a ConfigMap. */
#include "plan/parts.h"

#include "model/kafka.h"

/* Secrets hold certificates, the principal is their common name: {name} and {set} are filled in. */
static const char *filled(struct arena *a, const struct plan *p, const char *text, const char *set)
{
    text = str_replace(a, text, "{name}", p->d->name);
    return set == NULL ? text : str_replace(a, text, "{set}", set);
}

void plan_tls(struct arena *a, struct plan *p)
{
    const struct tls *t = &p->d->tls;
    p->tls = (struct tls_plan){ .used = t->enabled, .principal = filled(a, p, t->principal, NULL) };
    for (uint32_t i = 0; t->enabled && i < p->workload_count; i++)
        if (p->workloads[i].component != COMP_ZOOKEEPER || p->d->zookeeper.tls)
            p->workloads[i].secret = filled(a, p, t->secret, p->workloads[i].name);
}

static void add_file(struct text *t, const char *key, const char *file)
{
    plan_property(t, key, str_join(t->a, "${dir:" TLS_DIR ":", file, "}", NULL));
}

void plan_tls_files(struct text *t, const struct plan *p)
{
    plan_property(t, "ssl.keystore.type", "PEM");
    add_file(t, "ssl.keystore.certificate.chain", p->d->tls.certificate);
    add_file(t, "ssl.keystore.key", p->d->tls.key);
    plan_property(t, "ssl.truststore.type", "PEM");
    add_file(t, "ssl.truststore.certificates", p->d->tls.ca);
}
