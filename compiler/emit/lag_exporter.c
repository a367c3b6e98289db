/* lag_exporter.c: kafka_exporter beside the cluster, which tells how far consumers are behind. */
#include "emit/pods.h"

#include "base/text.h"
#include "cluster/value.h"

#define NOBODY    65534 /* the user of the image, by number: runAsNonRoot cannot judge a name */
#define LOGIN_DIR "/etc/kafka-exporter"

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

struct val emit_lag_exporter_labels(struct arena *a, const struct plan *p)
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

/* ---- how it connects ---------------------------------------------------------------------------------------------- */

static void add_tls(struct vals *args, const struct lag_plan *l)
{
    if (l->ca.secret == NULL)
        return;
    vals_add(args, t_str("--tls.enabled"));
    vals_add(args, t_str("--tls.ca-file=" LOGIN_DIR "/ca.crt"));
    if (l->certificate == NULL)
        return;
    vals_add(args, t_str("--tls.cert-file=" LOGIN_DIR "/tls.crt"));
    vals_add(args, t_str("--tls.key-file=" LOGIN_DIR "/tls.key"));
}

/* The password is the one line of a file that the exporter's parser reads as an argument (kingpin: "@file"): no list of processes and no
 * environment shows it. The last argument, so that nothing else is taken for it. */
static void add_login(struct arena *a, struct vals *args, const struct lag_plan *l)
{
    if (l->mechanism == NULL)
        return;
    vals_add(args, t_str("--sasl.enabled"));
    vals_add(args, t_str(str_join(a, "--sasl.mechanism=", l->mechanism, NULL)));
    vals_add(args, t_str(str_join(a, "--sasl.username=", l->user->user->name, NULL)));
    vals_add(args, t_str("--sasl.password"));
    vals_add(args, t_str("@" LOGIN_DIR "/password"));
}

static struct val arguments(struct arena *a, const struct plan *p)
{
    struct vals args = { .a = a };
    vals_add(&args, t_str(str_join(a, "--kafka.server=", p->lag.address, NULL)));
    vals_add(&args, t_str(str_join(a, "--kafka.version=", p->d->kafka.version, NULL)));
    vals_add(&args, t_str(str_join(a, "--web.listen-address=:", str_int(a, LAG_EXPORTER_PORT), NULL)));
    add_tls(&args, &p->lag);
    add_login(a, &args, &p->lag);
    return vals_done(&args);
}

static struct val item(struct arena *a, const char *key, const char *path)
{
    return MAP(a,
        { "key",  t_str(key) },
        { "path", t_str(path) });
}

static struct val source(struct arena *a, const char *secret, struct val items)
{
    return t_if(secret != NULL, MAP(a, { "secret", MAP(a, { "name", t_str(secret) }, { "items", items }) }));
}

/* Of each Secret what it reads, and no more: that of the nodes holds their key as well. */
static struct val login_volume(struct arena *a, const struct plan *p)
{
    const struct lag_plan *l = &p->lag;
    const struct user_plan *u = l->mechanism == NULL ? NULL : l->user;
    const struct val sources = SEQ(a,
        source(a, l->ca.secret, SEQ(a, item(a, l->ca.key, "ca.crt"))),
        source(a, l->certificate, SEQ(a, item(a, "tls.crt", "tls.crt"), item(a, "tls.key", "tls.key"))),
        source(a, u == NULL ? NULL : u->secret, SEQ(a, item(a, u == NULL ? NULL : u->key, "password"))));
    return t_if(sources.kind != V_NONE, MAP(a,
        { "name",      t_str("login") },
        { "projected", MAP(a, { "sources", sources }, { "defaultMode", t_int(0440) }) }));
}

static struct val login_mount(struct arena *a, struct val volume)
{
    return t_if(volume.kind != V_NONE, SEQ(a, MAP(a,
        { "name",      t_str("login") },
        { "mountPath", t_str(LOGIN_DIR) },
        { "readOnly",  t_bool(true) })));
}

/* ---- the pod -------------------------------------------------------------------------------------------------------- */

static struct val container(struct arena *a, const struct plan *p, struct val mounts)
{
    const struct lag_exporter *l = &p->d->monitoring.lag;
    const int64_t most = l->limits.memory > 0 ? l->limits.memory : l->memory;
    return MAP(a,
        { "name",            t_str("kafka-exporter") },
        { "image",           t_str(p->lag.image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "args",            arguments(a, p) },
        { "ports", SEQ(a, MAP(a,
            { "name",          t_str("tcp-metrics") },
            { "containerPort", t_int(LAG_EXPORTER_PORT) },
            { "protocol",      t_str("TCP") })) },
        { "resources", k8s_resources(a, quantity(a, l->cpu, value_show_cpu), quantity(a, l->memory, value_show_bytes),
                                     quantity(a, l->limits.cpu, value_show_cpu), quantity(a, most, value_show_bytes)) },
        { "volumeMounts",    mounts },
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

/* The image's user; its group may read the files of the volume, if there is one. */
static struct val pod_security(struct arena *a, const struct plan *p, bool has_volume)
{
    const bool ours = p->d->platform != ON_OPENSHIFT;
    return MAP(a,
        { "fsGroup",        t_if(ours && has_volume, t_int(NOBODY)) },
        { "runAsGroup",     t_if(ours, t_int(NOBODY)) },
        { "runAsNonRoot",   t_bool(true) },
        { "runAsUser",      t_if(ours, t_int(NOBODY)) },
        { "seccompProfile", MAP(a, { "type", t_str("RuntimeDefault") }) });
}

static struct val pod_spec(struct arena *a, const struct plan *p)
{
    const struct val volume = login_volume(a, p);
    return MAP(a,
        { "serviceAccountName",           t_str(p->account) },
        { "automountServiceAccountToken", t_bool(false) },
        { "enableServiceLinks",           t_bool(false) },
        { "imagePullSecrets",             k8s_pull_secrets(a, p) },
        { "securityContext",              pod_security(a, p, volume.kind != V_NONE) },
        { "containers",                   SEQ(a, container(a, p, login_mount(a, volume))) },
        { "volumes",                      SEQ(a, volume) });
}

static struct val annotations(struct arena *a, const struct plan *p)
{
    const struct val scrape = scrape_annotations(a, p), sum = MAP(a, { CHECKSUM, t_str(p->lag.checksum) });
    return tree_overlay(a, tree_overlay(a, p->annotations, &scrape), &sum);
}

static struct val pod(struct arena *a, const struct plan *p)
{
    return MAP(a,
        { "metadata", MAP(a,
            { "labels",      emit_lag_exporter_labels(a, p) },
            { "annotations", annotations(a, p) }) },
        { "spec", pod_spec(a, p) });
}

static struct val deployment(struct arena *a, const struct plan *p)
{
    return k8s_object(a, p, "apps/v1", "Deployment", emit_lag_exporter_name(a, p), emit_lag_exporter_labels(a, p), t_none(), MAP(a,
        { "replicas", t_int(1) },
        { "selector", MAP(a, { "matchLabels", emit_lag_exporter_selector(a, p) }) },
        { "strategy", MAP(a, { "type", t_str("Recreate") }) }, /* two at once would report every lag twice */
        { "template", pod(a, p) }));
}

static struct val service(struct arena *a, const struct plan *p)
{
    return k8s_object(a, p, "v1", "Service", emit_lag_exporter_name(a, p), emit_lag_exporter_labels(a, p), t_none(), MAP(a,
        { "type",     t_str("ClusterIP") },
        { "ports",    SEQ(a, k8s_service_port(a, "tcp-metrics", LAG_EXPORTER_PORT, LAG_EXPORTER_PORT, 0)) },
        { "selector", emit_lag_exporter_selector(a, p) }));
}

void emit_lag_exporter(struct arena *a, const struct plan *p, struct vals *out)
{
    if (p->lag.image == NULL)
        return;
    vals_add(out, service(a, p));
    vals_add(out, deployment(a, p));
}
