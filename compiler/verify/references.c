/* What a pod of ours names must be there, or the pod never starts: ConfigMaps, Secrets, claims, its account, its Service. */
#include "verify/objects.h"

#include "base/text.h"

#include <string.h>

struct site {
    struct verifier *vf;
    const char      *space; /* namespace of the object */
    const char      *path;  /* of the pod */
};

/* Names of ours start with the name of the cluster. */
static bool is_ours(const char *name, const char *cluster)
{
    const size_t len = strlen(cluster);
    return strncmp(name, cluster, len) == 0 && (name[len] == '\0' || name[len] == '-');
}

static bool is_true(const struct val *v)
{
    return v != NULL && ((v->kind == V_BOOL && v->b) || (v->kind == V_STR && strcmp(v->s, "true") == 0));
}

/* It was here until a hook came. */
static bool taken_away(const struct site *s, const char *kind, const char *name)
{
    bool renamed;
    const struct pos *at = hook_gone(s->vf->hooks, kind, s->space, name, &renamed);
    const struct val place = { .kind = V_NULL, .at = at != NULL ? *at : no_pos() };
    if (at == NULL)
        return false;
    struct diag *d = objects_report(s->vf, E_HOOK_GONE, &place, "the hook %s the %s '%.80s' that '%s' needs",
                                    renamed ? "renames" : "drops", kind, name, s->path);
    if (d != NULL)
        diag_hint(s->vf->cx, d, "change what refers to it as well, or leave it");
    return true;
}

/* Returns the object that `holder.key` names, when it is one of ours that must be there; reports when it is not.
 * Secrets come from gregor pki, an issuer or the site, so a missing one is none of our business. */
static const struct val *check_name(const struct site *s, const char *kind, const struct val *holder, const char *key)
{
    const struct val *name = tree_get(holder, key);
    if (name == NULL || name->kind != V_STR || !is_ours(name->s, s->vf->cluster) || is_true(tree_get(holder, "optional")))
        return NULL;
    const struct val *object = objects_find(&s->vf->all, kind, s->space, name->s);
    if (object != NULL || strcmp(kind, "Secret") == 0 || taken_away(s, kind, name->s))
        return object;
    struct diag *d = objects_report(s->vf, W_DANGLING, name, "nothing here makes the %s '%.80s' that '%s' needs",
                                    kind, name->s, s->path);
    if (d != NULL && name->at.line > 0)
        diag_hint(s->vf->cx, d, "names that start with '%s-' are gregor's; use another one for what you make yourself",
                  s->vf->cluster);
    return NULL;
}

/* The key of a ConfigMap or Secret that is mounted or read. What makes a Secret elsewhere is not looked into. */
static void check_key(const struct site *s, const struct val *object, const struct val *key)
{
    const char *kind = tree_str(object, "kind");
    if (object == NULL || key == NULL || key->kind != V_STR || kind == NULL
        || (strcmp(kind, "ConfigMap") != 0 && strcmp(kind, "Secret") != 0))
        return;
    static const char *const parts[] = { "data", "binaryData", "stringData" };
    for (size_t i = 0; i < 3; i++)
        if (tree_get(tree_get(object, parts[i]), key->s) != NULL)
            return;
    objects_report(s->vf, W_DANGLING, key->at.line > 0 ? key : object, "the %s '%.80s' has no key '%.80s' that '%s' needs", kind,
                   tree_str(tree_get(object, "metadata"), "name"), key->s, s->path);
}

/* Nobody mounts more keys one by one, and each is searched for. */
enum { ITEMS_LOOKED_UP = 1000 };

static void check_items(const struct site *s, const char *kind, const struct val *source, const char *key)
{
    const struct val *object = check_name(s, kind, source, key), *items = tree_get(source, "items");
    if (object == NULL || items == NULL || items->kind != V_SEQ)
        return;
    for (uint32_t i = 0; i < items->len && i < ITEMS_LOOKED_UP; i++)
        check_key(s, object, tree_get(&items->seq[i], "key"));
}

static void check_volume(const struct site *s, const struct val *volume)
{
    const struct val *sources = tree_at(volume, "projected", "sources", NULL);
    check_items(s, "ConfigMap", tree_get(volume, "configMap"), "name");
    check_items(s, "Secret", tree_get(volume, "secret"), "secretName");
    check_name(s, "PersistentVolumeClaim", tree_get(volume, "persistentVolumeClaim"), "claimName");
    for (uint32_t i = 0; sources != NULL && sources->kind == V_SEQ && i < sources->len; i++) {
        check_items(s, "ConfigMap", tree_get(&sources->seq[i], "configMap"), "name");
        check_items(s, "Secret", tree_get(&sources->seq[i], "secret"), "name");
    }
}

static void check_variable(const struct site *s, const struct val *env)
{
    const struct val *from = tree_get(env, "valueFrom");
    const struct val *map = tree_get(from, "configMapKeyRef"), *secret = tree_get(from, "secretKeyRef");
    if (map != NULL)
        check_key(s, check_name(s, "ConfigMap", map, "name"), tree_get(map, "key"));
    if (secret != NULL)
        check_key(s, check_name(s, "Secret", secret, "name"), tree_get(secret, "key"));
}

static void check_container(const struct site *s, const struct val *c)
{
    const struct val *env = tree_get(c, "env"), *from = tree_get(c, "envFrom");
    for (uint32_t i = 0; env != NULL && env->kind == V_SEQ && i < env->len; i++)
        check_variable(s, &env->seq[i]);
    for (uint32_t i = 0; from != NULL && from->kind == V_SEQ && i < from->len; i++) {
        check_name(s, "ConfigMap", tree_get(&from->seq[i], "configMapRef"), "name");
        check_name(s, "Secret", tree_get(&from->seq[i], "secretRef"), "name");
    }
}

static void check_each(const struct site *s, const struct val *list, void (*check)(const struct site *, const struct val *))
{
    for (uint32_t i = 0; list != NULL && list->kind == V_SEQ && i < list->len; i++)
        check(s, &list->seq[i]);
}

static void check_pull_secret(const struct site *s, const struct val *item)
{
    check_name(s, "Secret", item, "name");
}

/* Pods find each other by the names of the headless Service. */
static void check_service(const struct site *s, const struct val *object)
{
    const char *kind = tree_str(object, "kind");
    if (kind == NULL || strcmp(kind, "StatefulSet") != 0)
        return;
    const struct site here = { s->vf, s->space, "spec.serviceName" };
    const struct val *spec = tree_get(object, "spec"), *service = check_name(&here, "Service", spec, "serviceName");
    const char *ip = tree_str(tree_get(service, "spec"), "clusterIP");
    if (service != NULL && (ip == NULL || strcmp(ip, "None") != 0))
        objects_report(s->vf, W_DANGLING, tree_get(spec, "serviceName"),
                       "the Service '%.80s' of a StatefulSet must be headless", tree_str(spec, "serviceName"));
}

void references_check(struct verifier *vf, const struct val *pod, const char *path)
{
    const char *space = tree_str(tree_get(vf->object, "metadata"), "namespace");
    const struct site s = { vf, space != NULL ? space : "", path };
    check_service(&s, vf->object);
    check_name(&s, "ServiceAccount", pod, "serviceAccountName");
    check_each(&s, tree_get(pod, "imagePullSecrets"), check_pull_secret);
    check_each(&s, tree_get(pod, "volumes"), check_volume);
    check_each(&s, tree_get(pod, "initContainers"), check_container);
    check_each(&s, tree_get(pod, "containers"), check_container);
}
