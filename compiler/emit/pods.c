#include "emit/pods.h"

#include "model/kubernetes.h"

#define ZONE_LABEL "topology.kubernetes.io/zone"
#define HOST_LABEL "kubernetes.io/hostname"

struct val pods_selector(struct arena *a, const struct plan *p, const struct workload *w)
{
    const struct val mine = MAP(a, { WORKLOAD_LABEL, t_str(w->name) });
    return tree_overlay(a, p->components[w->component].selector, &mine);
}

/* ---- where pods run -------------------------------------------------------------------------------------------- */

static struct val component_selector(struct arena *a, const struct plan *p, const struct workload *w)
{
    return MAP(a, { "matchLabels", p->components[w->component].selector });
}

static struct val host_term(struct arena *a, const struct plan *p, const struct workload *w)
{
    return MAP(a,
        { "labelSelector", component_selector(a, p, w) },
        { "topologyKey",   t_str(HOST_LABEL) });
}

static struct val anti_affinity(struct arena *a, const struct plan *p, const struct workload *w)
{
    if (w->anti_affinity == AA_REQUIRED)
        return MAP(a, { "requiredDuringSchedulingIgnoredDuringExecution", SEQ(a, host_term(a, p, w)) });
    if (w->anti_affinity != AA_PREFERRED)
        return t_none();
    return MAP(a, { "preferredDuringSchedulingIgnoredDuringExecution", SEQ(a, MAP(a,
        { "podAffinityTerm", host_term(a, p, w) },
        { "weight",          t_int(100) })) });
}

/* Only the zones named, when one StatefulSet serves several. */
static struct val zone_affinity(struct arena *a, const struct workload *w)
{
    if (w->zone != NULL || w->pool->zones.len == 0)
        return t_none();
    const struct val in_zones = MAP(a,
        { "key",      t_str(ZONE_LABEL) },
        { "operator", t_str("In") },
        { "values",   k8s_texts(a, &w->pool->zones) });
    return MAP(a, { "requiredDuringSchedulingIgnoredDuringExecution", MAP(a,
        { "nodeSelectorTerms", SEQ(a, MAP(a, { "matchExpressions", SEQ(a, in_zones) })) }) });
}

static struct val affinity(struct arena *a, const struct plan *p, const struct workload *w)
{
    const struct val ours = MAP(a,
        { "nodeAffinity",    zone_affinity(a, w) },
        { "podAntiAffinity", anti_affinity(a, p, w) });
    const struct val *written = w->pool->affinity;
    if (written == NULL)
        return ours;
    return ours.kind == V_NONE ? *written : k8s_merge(a, k8s_type("core.v1.Affinity"), ours, *written);
}

static struct val spread(struct arena *a, const struct plan *p, const struct workload *w)
{
    if (w->pool->spread != NULL)
        return *w->pool->spread;
    if (w->zone != NULL || w->pool->zones.len == 0)
        return t_none();
    return SEQ(a, MAP(a,
        { "labelSelector",     component_selector(a, p, w) },
        { "maxSkew",           t_int(1) },
        { "topologyKey",       t_str(ZONE_LABEL) },
        { "whenUnsatisfiable", t_str("DoNotSchedule") }));
}

static struct val node_selector(struct arena *a, const struct workload *w)
{
    const struct val zone = MAP(a, { ZONE_LABEL, t_str(w->zone) });
    return tree_overlay(a, zone, w->pool->node_selector);
}

/* ---- the template ------------------------------------------------------------------------------------------------ */

static struct val pod_labels(struct arena *a, const struct plan *p, const struct workload *w)
{
    const struct val mine = MAP(a, { WORKLOAD_LABEL, t_str(w->name) });
    return tree_overlay(a, tree_overlay(a, p->components[w->component].labels, w->pool->labels), &mine);
}

static struct val pod_annotations(struct arena *a, const struct plan *p, const struct workload *w, const char *checksum)
{
    const struct jmx *j = w->component == COMP_ZOOKEEPER ? &p->zookeeper_jmx : &p->jmx;
    const bool scraped = j->used && p->d->monitoring.prometheus == PROM_ANNOTATIONS;
    const struct val ours = MAP(a,
        { CHECKSUM,               t_str(checksum) },
        { "prometheus.io/path",   t_if(scraped, t_str("/metrics")) },
        { "prometheus.io/port",   t_if(scraped, t_str(str_int(a, p->d->monitoring.exporter.port))) },
        { "prometheus.io/scrape", t_if(scraped, t_str("true")) });
    return tree_overlay(a, ours, w->pool->annotations);
}

static struct val pod_spec(struct arena *a, const struct plan *p, const struct workload *w, struct val container,
                           struct val init_containers, struct val volumes)
{
    const struct pool *pool = w->pool;
    return MAP(a,
        { "serviceAccountName",            t_str(p->account) },
        { "automountServiceAccountToken",  t_bool(false) },
        { "enableServiceLinks",            t_bool(false) },
        { "imagePullSecrets",              k8s_pull_secrets(a, p) },
        { "securityContext",               k8s_pod_security(a, w->user, w->group) },
        { "terminationGracePeriodSeconds", t_int(w->grace) },
        { "priorityClassName",             t_str(pool->priority_class) },
        { "runtimeClassName",              t_str(pool->runtime_class) },
        { "schedulerName",                 t_str(pool->scheduler) },
        { "nodeSelector",                  node_selector(a, w) },
        { "affinity",                      affinity(a, p, w) },
        { "topologySpreadConstraints",     spread(a, p, w) },
        { "tolerations",                   pool->tolerations == NULL ? t_none() : *pool->tolerations },
        { "initContainers",                SEQ(a, init_containers) },
        { "containers",                    SEQ(a, container) },
        { "volumes",                       volumes });
}

struct val pods_template(struct arena *a, const struct plan *p, const struct workload *w, struct val container,
                         struct val init_containers, struct val volumes, const char *checksum)
{
    const struct val ours = MAP(a,
        { "metadata", MAP(a,
            { "labels",      pod_labels(a, p, w) },
            { "annotations", pod_annotations(a, p, w, checksum) }) },
        { "spec", pod_spec(a, p, w, container, init_containers, volumes) });
    return w->pool->pod == NULL ? ours : k8s_merge(a, k8s_type("core.v1.PodTemplateSpec"), ours, *w->pool->pod);
}

struct val pods_port(struct arena *a, const char *name, int64_t port)
{
    return MAP(a,
        { "name",          t_str(name) },
        { "containerPort", t_int(port) });
}

struct val pods_env(struct arena *a, const struct workload *w, struct val ours)
{
    const struct val *written = w->pool->env;
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < ours.len; i++) {
        bool replaced = false;
        for (uint32_t j = 0; written != NULL && j < written->len; j++)
            replaced |= str_eq(tree_str(&ours.seq[i], "name"), tree_str(&written->seq[j], "name"));
        if (!replaced)
            vals_add(&out, ours.seq[i]);
    }
    for (uint32_t j = 0; written != NULL && j < written->len; j++)
        vals_add(&out, written->seq[j]);
    return vals_done(&out);
}

static int64_t seconds(int64_t written_ms, int64_t usual_ms)
{
    return (written_ms > 0 ? written_ms : usual_ms) / 1000;
}

struct val pods_probe(struct arena *a, struct val action, const char *kind, const struct probe *written,
                      const struct probe *usual)
{
    return MAP(a,
        { kind,               action },
        { "periodSeconds",    t_int(seconds(written->period, usual->period)) },
        { "timeoutSeconds",   t_int(seconds(written->timeout, usual->timeout)) },
        { "failureThreshold", t_int(written->failures > 0 ? written->failures : usual->failures) });
}

/* ---- the JMX exporter --------------------------------------------------------------------------------------------- */

struct val pods_exporter_volume(struct arena *a, const struct jmx *j)
{
    if (!j->used || j->source == JAR_IMAGE)
        return t_none();
    if (j->source == JAR_COPY)
        return pods_scratch(a, "jmx-exporter", NULL);
    return MAP(a,
        { "name",  t_str("jmx-exporter") },
        { "image", MAP(a, { "reference", t_str(j->image) }) });
}

struct val pods_exporter_mount(struct arena *a, const struct jmx *j)
{
    return t_if(j->used && j->source != JAR_IMAGE, pods_mount(a, "jmx-exporter", EXPORTER_DIR, true));
}

struct val pods_exporter_init(struct arena *a, const struct plan *p, const struct jmx *j)
{
    if (!j->used || j->source != JAR_COPY)
        return t_none();
    return MAP(a,
        { "name",            t_str("jmx-exporter") },
        { "image",           t_str(j->image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "command",         SEQ(a, t_str("cp"), t_str(j->jar_from), t_str(j->jar)) },
        { "resources",       k8s_resources(a, "10m", "32Mi", NULL, "32Mi") },
        { "volumeMounts",    SEQ(a, pods_mount(a, "jmx-exporter", EXPORTER_DIR, false)) },
        { "securityContext", k8s_container_security(a) });
}

/* ---- volumes ---------------------------------------------------------------------------------------------------------- */

struct val pods_mount(struct arena *a, const char *name, const char *path, bool read_only)
{
    return MAP(a,
        { "name",      t_str(name) },
        { "mountPath", t_str(path) },
        { "readOnly",  t_if(read_only, t_bool(true)) });
}

struct val pods_mount_file(struct arena *a, const char *name, const char *path, const char *file)
{
    return MAP(a,
        { "name",        t_str(name) },
        { "mountPath",   t_str(path) },
        { "subPathExpr", t_str(file) },
        { "readOnly",    t_bool(true) });
}

struct val pods_config_volume(struct arena *a, const char *name, const char *config_map)
{
    return MAP(a,
        { "name",      t_str(name) },
        { "configMap", MAP(a, { "name", t_str(config_map) }) });
}

/* Readable by the group of the pod alone (0440, which YAML readers take for different numbers). */
void pods_add_secret(struct arena *a, const char *name, const char *secret, const char *path, struct vals *volumes,
                     struct vals *mounts)
{
    if (secret == NULL)
        return;
    vals_add(mounts, pods_mount(a, name, path, true));
    vals_add(volumes, MAP(a,
        { "name",   t_str(name) },
        { "secret", MAP(a, { "secretName", t_str(secret) }, { "defaultMode", t_int(0440) }) }));
}

/* What one pod reads of its own Secret, in a folder that is called as the pod. */
static struct val own_source(struct arena *a, const struct workload *w, const struct node *n)
{
    struct vals items = { .a = a };
    for (uint32_t i = 0; i < w->secret_keys.len; i++)
        vals_add(&items, MAP(a,
            { "key",  t_str(w->secret_keys.at[i]) },
            { "path", t_str(str_join(a, n->pod, "/", w->secret_keys.at[i], NULL)) }));
    return MAP(a, { "secret", MAP(a, { "name", t_str(n->secret) }, { "items", vals_done(&items) }) });
}

/* All pods of a StatefulSet have one template, so its volume has the certificates of all; a container sees those of its pod. Each file
 * is mounted, not their folder: kubelet removes the folder when one of the Secrets changes, and a running pod would lose its files. */
static void add_own_certificates(struct arena *a, const struct workload *w, const char *path, struct vals *volumes,
                                 struct vals *mounts)
{
    struct vals sources = { .a = a };
    for (uint32_t i = 0; i < w->node_count; i++)
        vals_add(&sources, own_source(a, w, &w->nodes[i]));
    for (uint32_t i = 0; i < w->secret_keys.len; i++)
        vals_add(mounts, pods_mount_file(a, "tls", str_join(a, path, "/", w->secret_keys.at[i], NULL),
                                         str_join(a, "$(POD_NAME)/", w->secret_keys.at[i], NULL)));
    vals_add(volumes, MAP(a,
        { "name",      t_str("tls") },
        { "projected", MAP(a, { "sources", vals_done(&sources) }, { "defaultMode", t_int(0440) }) }));
}

void pods_add_certificate(struct arena *a, const struct workload *w, const char *path, struct vals *volumes, struct vals *mounts)
{
    if (w->secret != NULL)
        pods_add_secret(a, "tls", w->secret, path, volumes, mounts);
    else if (w->nodes[0].secret != NULL)
        add_own_certificates(a, w, path, volumes, mounts);
}

struct val pods_login_source(struct arena *a, const struct secret_ref *from)
{
    return MAP(a, { "secret", MAP(a,
        { "name",  t_str(from->secret) },
        { "items", SEQ(a, MAP(a,
            { "key",  t_str(from->key) },
            { "path", t_str(str_join(a, from->secret, "/", from->key, NULL)) })) }) });
}

struct val pods_scratch(struct arena *a, const char *name, const char *size_limit)
{
    const struct val limits = MAP(a, { "sizeLimit", t_str(size_limit) });
    return MAP(a,
        { "name",     t_str(name) },
        { "emptyDir", limits.kind == V_NONE ? t_empty_map() : limits });
}

void pods_add_data(struct arena *a, const struct workload *w, struct vals *volumes, struct vals *mounts)
{
    for (uint32_t i = 0; i < w->volume_count; i++) {
        const struct volume *v = &w->volumes[i];
        vals_add(mounts, pods_mount(a, v->name, v->mount, false));
        if (v->storage->type == ST_EPHEMERAL)
            vals_add(volumes, pods_scratch(a, v->name, v->size));
    }
}

/* Without a class a claim gets the cluster's default one; for disks of the nodes it must get none. */
static const char *class_of(const struct storage *s)
{
    return s->class == NULL && s->type == ST_LOCAL ? "" : s->class;
}

static struct val claim(struct arena *a, const struct plan *p, const struct workload *w, const struct volume *v)
{
    return MAP(a,
        { "metadata", MAP(a,
            { "name",   t_str(v->name) },
            { "labels", p->components[w->component].selector }) },
        { "spec", MAP(a,
            { "accessModes",      SEQ(a, t_str("ReadWriteOnce")) },
            { "resources",        MAP(a, { "requests", MAP(a, { "storage", t_str(v->size) }) }) },
            { "storageClassName", t_str(class_of(v->storage)) }) });
}

struct val pods_claims(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < w->volume_count; i++)
        if (w->volumes[i].storage->type != ST_EPHEMERAL)
            vals_add(&out, claim(a, p, w, &w->volumes[i]));
    return vals_done(&out);
}
