/* sync.c: what tools that keep a cluster in step read from annotations (EC 2.6, 2.7). */
#include "emit/sync.h"

#include "base/text.h"

#define ARGOCD "argocd.argoproj.io/"
#define FLUX   "kustomize.toolkit.fluxcd.io/"

/* ---- Argo CD -------------------------------------------------------------------------------------------------------------- */

/* A wave waits until all of the one before it is healthy, so what waits for others comes last. */
static const struct { const char *kind, *wave; } waves[] = {
    { "Namespace", "-3" }, { "CustomResourceDefinition", "-3" }, { "PriorityClass", "-3" },
    { "ServiceAccount", "-2" }, { "Role", "-2" }, { "RoleBinding", "-2" }, { "ClusterRole", "-2" }, { "ClusterRoleBinding", "-2" },
    { "Secret", "-2" }, { "ExternalSecret", "-2" }, { "Issuer", "-2" }, { "Certificate", "-2" }, { "StorageClass", "-2" },
    { "PersistentVolume", "-2" }, { "NetworkPolicy", "-2" },
    { "ConfigMap", "-1" }, { "Service", "-1" }, { "PodDisruptionBudget", "-1" },
};

static bool waits_for_others(const struct val *object, const char *kind)
{
    const char *component = tree_str(tree_at(object, "metadata", "labels", NULL), "app.kubernetes.io/component");
    if (str_eq(component, "scram-bootstrap"))
        return false;
    return strcmp(kind, "StatefulSet") != 0 || !(str_eq(component, "controller") || str_eq(component, "zookeeper"));
}

/* Brokers come behind controllers and ZooKeeper, and everything that speaks to brokers behind them. A load balancer is healthy when
 * it has an address, and no broker waits for that. */
static const char *wave_of(const struct val *object, const char *kind)
{
    const bool balanced = str_eq(tree_str(tree_get(object, "spec"), "type"), "LoadBalancer");
    for (size_t i = 0; i < sizeof waves / sizeof waves[0] && !balanced; i++)
        if (strcmp(waves[i].kind, kind) == 0)
            return waves[i].wave;
    if (!waits_for_others(object, kind))
        return "0";
    return strcmp(kind, "StatefulSet") == 0 ? "1" : "2";
}

/* Groups that every Kubernetes has end in k8s.io or have no dot; others come with a definition that may be applied together with
 * what it defines. */
static bool is_custom(const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    const size_t len = slash == NULL ? 0 : (size_t)(slash - api_version);
    return memchr(api_version, '.', len) != NULL && strstr(api_version, "k8s.io/") == NULL && strstr(api_version, "openshift.io/") == NULL;
}

/* With a Namespace go its claims, and with a volume a disk. */
static bool holds_data(const char *kind)
{
    return strcmp(kind, "Namespace") == 0 || strcmp(kind, "PersistentVolume") == 0;
}

static struct val argocd(struct arena *a, const struct val *object, const char *kind)
{
    const char *api_version = tree_str(object, "apiVersion");
    const char *options = holds_data(kind) ? "Prune=false,Delete=false"
                        : api_version != NULL && is_custom(api_version) ? "SkipDryRunOnMissingResource=true" : NULL;
    return MAP(a,
        { ARGOCD "sync-options", t_str(options) },
        { ARGOCD "sync-wave",    t_str(wave_of(object, kind)) });
}

/* ---- Flux ------------------------------------------------------------------------------------------------------------------ */

/* postBuild replaces ${NAME} and its variants in the whole text, and from Flux 2.9 on a name that is not set is an error. */
static bool is_hazard(const struct val *v)
{
    bool found = v->kind == V_STR && strstr(v->s, "${") != NULL;
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len && !found; i++)
        found = is_hazard(&v->seq[i]);
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len && !found; i++)
        found = strstr(v->map[i].key, "${") != NULL || is_hazard(&v->map[i].v);
    return found;
}

static struct val flux(struct arena *a, const struct val *object, const char *kind)
{
    return MAP(a,
        { FLUX "prune",      t_if(holds_data(kind), t_str("disabled")) },
        { FLUX "substitute", t_if(is_hazard(object), t_str("disabled")) });
}

/* ---- both ------------------------------------------------------------------------------------------------------------------ */

/* What somebody wrote stays. */
static struct val annotated(struct arena *a, const struct val *object, struct val ours)
{
    static const struct tree_step steps[] = { { "metadata", 0 }, { "annotations", 0 } };
    const struct val *metadata = tree_get(object, "metadata");
    if (ours.kind == V_NONE || metadata == NULL || metadata->kind != V_MAP)
        return *object;
    struct val made = tree_with(a, object, steps, 2, tree_overlay(a, ours, tree_get(metadata, "annotations")));
    made.at = object->at;
    return made;
}

void emit_sync(struct arena *a, unsigned sync, struct val *objects)
{
    struct val *all = NEWS(a, struct val, objects->len);
    for (uint32_t i = 0; i < objects->len; i++) {
        const char *kind = tree_str(&objects->seq[i], "kind");
        all[i] = objects->seq[i];
        if (kind != NULL && (sync & SYNC_ARGOCD))
            all[i] = annotated(a, &all[i], argocd(a, &objects->seq[i], kind));
        if (kind != NULL && (sync & SYNC_FLUX))
            all[i] = annotated(a, &all[i], flux(a, &objects->seq[i], kind));
    }
    objects->seq = all;
}
