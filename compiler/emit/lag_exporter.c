#include "emit/emit.h"

#include "base/text.h"
#include "cluster/value.h"

#define NOBODY 65534 /* the user of the image, by number: runAsNonRoot cannot judge a name */

const char *emit_lag_exporter_name(struct arena *a, const struct plan *p)
{
    return str_join(a, p->d->name, "-lag-exporter", NULL);
}

struct val emit_lag_exporter_selector(struct arena *a, const struct plan *p)
{
    return MAP(a,
        { "app.kubernetes.io/component", t_str("lag-exporter") },
        { "app.kubernetes.io/instance",  t_str(p->d->name) },
        { "app.kubernetes.io/name",      t_str("kafka-exporter") });
}

static struct val labels(struct arena *a, const struct plan *p)
{
    const struct val selector = emit_lag_exporter_selector(a, p);
    return tree_overlay(a, p->labels, &selector);
}

/* Answers while the process runs; that Kafka can be reached, only the metrics tell. */
static struct val probe(struct arena *a, int64_t period)
{
    return MAP(a,
        { "httpGet", MAP(a,
            { "path", t_str("/healthz") },
            { "port", t_str("tcp-metrics") }) },
        { "timeoutSeconds", t_int(5) },
        { "periodSeconds",  t_int(period) });
}

static const char *quantity(struct arena *a, int64_t n, const char *(*show)(struct arena *, int64_t))
{
    return n > 0 ? show(a, n) : NULL;
}

static struct val container(struct arena *a, const struct plan *p)
{
    const struct lag_exporter *l = &p->d->monitoring.lag;
    const int64_t most = l->limits.memory > 0 ? l->limits.memory : l->memory;
    return MAP(a,
        { "name",            t_str("kafka-exporter") },
        { "image",           t_str(p->lag_image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "args", SEQ(a,
            t_str(str_join(a, "--kafka.server=", p->bootstrap_address, NULL)),
            t_str(str_join(a, "--kafka.version=", p->d->kafka.version, NULL)),
            t_str(str_join(a, "--web.listen-address=:", str_int(a, LAG_EXPORTER_PORT), NULL))) },
        { "ports", SEQ(a, MAP(a,
            { "name",          t_str("tcp-metrics") },
            { "containerPort", t_int(LAG_EXPORTER_PORT) },
            { "protocol",      t_str("TCP") })) },
        { "resources", k8s_resources(a, quantity(a, l->cpu, value_show_cpu), quantity(a, l->memory, value_show_bytes),
                                     quantity(a, l->limits.cpu, value_show_cpu), quantity(a, most, value_show_bytes)) },
        { "livenessProbe",   probe(a, 30) },
        { "readinessProbe",  probe(a, 10) },
        { "securityContext", k8s_container_security(a) });
}

static struct val scrape_annotations(struct arena *a, const struct plan *p)
{
    return p->d->monitoring.prometheus != PROM_ANNOTATIONS ? t_none() : MAP(a,
        { "prometheus.io/path",   t_str("/metrics") },
        { "prometheus.io/port",   t_str(str_int(a, LAG_EXPORTER_PORT)) },
        { "prometheus.io/scrape", t_str("true") });
}

/* The image's user, which owns no files: there is no volume whose group would matter. */
static struct val pod_security(struct arena *a, const struct plan *p)
{
    const bool ours = p->d->platform != ON_OPENSHIFT;
    return MAP(a,
        { "runAsGroup",     t_if(ours, t_int(NOBODY)) },
        { "runAsNonRoot",   t_bool(true) },
        { "runAsUser",      t_if(ours, t_int(NOBODY)) },
        { "seccompProfile", MAP(a, { "type", t_str("RuntimeDefault") }) });
}

static struct val pod(struct arena *a, const struct plan *p)
{
    const struct val scrape = scrape_annotations(a, p);
    return MAP(a,
        { "metadata", MAP(a,
            { "labels",      labels(a, p) },
            { "annotations", tree_overlay(a, p->annotations, &scrape) }) },
        { "spec", MAP(a,
            { "serviceAccountName",           t_str(p->account) },
            { "automountServiceAccountToken", t_bool(false) },
            { "enableServiceLinks",           t_bool(false) },
            { "imagePullSecrets",             k8s_pull_secrets(a, p) },
            { "securityContext",              pod_security(a, p) },
            { "containers",                   SEQ(a, container(a, p)) }) });
}

static struct val deployment(struct arena *a, const struct plan *p)
{
    return k8s_object(a, p, "apps/v1", "Deployment", emit_lag_exporter_name(a, p), labels(a, p), t_none(), MAP(a,
        { "replicas", t_int(1) },
        { "selector", MAP(a, { "matchLabels", emit_lag_exporter_selector(a, p) }) },
        { "strategy", MAP(a, { "type", t_str("Recreate") }) }, /* two at once would report every lag twice */
        { "template", pod(a, p) }));
}

static struct val service(struct arena *a, const struct plan *p)
{
    return k8s_object(a, p, "v1", "Service", emit_lag_exporter_name(a, p), labels(a, p), t_none(), MAP(a,
        { "type",     t_str("ClusterIP") },
        { "ports",    SEQ(a, k8s_service_port(a, "tcp-metrics", LAG_EXPORTER_PORT, LAG_EXPORTER_PORT, 0)) },
        { "selector", emit_lag_exporter_selector(a, p) }));
}

void emit_lag_exporter(struct arena *a, const struct plan *p, struct vals *out)
{
    if (p->lag_image == NULL)
        return;
    vals_add(out, service(a, p));
    vals_add(out, deployment(a, p));
}
