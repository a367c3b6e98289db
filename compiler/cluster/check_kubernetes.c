/* check_kubernetes.c: what reaches the pod template as the user wrote it, where it would undo what gregor
 * relies on. */
#include "cluster/check.h"
#include "model/kubernetes.h"

#include <strings.h>

/* ---- labels and annotations ---------------------------------------------------------------------------- */

static bool is_ours(const char *key)
{
    static const char *const ours[] = {
        "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component",
        "app.kubernetes.io/managed-by", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
        "controller-revision-hash", NULL
    };
    for (const char *const *k = ours; *k != NULL; k++)
        if (strcmp(key, *k) == 0)
            return true;
    return str_starts(key, "gregor.") && strchr(key, '/') != NULL;
}

static void labels_of(const struct check *c, const struct val *map)
{
    for (uint32_t i = 0; map != NULL && map->kind == V_MAP && i < map->len; i++) {
        if (!is_ours(map->map[i].key))
            continue;
        struct diag *e = diag_at(c->cx, E_OUR_LABEL, tree_key_at(map, i),
                                 "the label '%s' is part of how objects find their pods",
                                 map->map[i].key);
        diag_hint(c->cx, e, "use a label of your own");
    }
}

static void labels(const struct check *c)
{
    labels_of(c, c->d->labels);
    labels_of(c, c->d->monitoring.labels);
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        labels_of(c, c->d->listeners[i].labels);
    for (uint32_t i = 0; i < c->pool_count; i++) {
        labels_of(c, c->pools[i].pool->labels);
        labels_of(c, tree_at(c->pools[i].pool->pod, "metadata", "labels", NULL));
    }
}

/* kubectl keeps the whole object in one annotation, and all of them may have 256 KiB. */
#define ANNOTATIONS_MOST (256 * 1024)

static void annotations_of(const struct check *c, const struct val *map)
{
    size_t sum = 0;
    for (uint32_t i = 0; map != NULL && i < map->len; i++) {
        const char *bad = k8s_bad_label_key(map->map[i].key);
        sum += strlen(map->map[i].key) + map->map[i].v.len;
        if (bad == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_ANNOTATION, tree_key_at(map, i),
                                 "'%s' is no key of an annotation: it %s", map->map[i].key, bad);
        diag_hint(c->cx, e, "write [prefix/]name, the name at most 63 characters");
    }
    if (sum <= ANNOTATIONS_MOST)
        return;
    struct diag *e = diag_at(c->cx, E_ANNOTATIONS, map->at,
                             "annotations of %zu bytes: Kubernetes takes 262144", sum);
    diag_hint(c->cx, e, "keep large texts in a ConfigMap");
}

static void annotations(const struct check *c)
{
    annotations_of(c, c->d->annotations);
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        annotations_of(c, c->d->listeners[i].annotations);
    for (uint32_t i = 0; i < c->pool_count; i++)
        annotations_of(c, c->pools[i].pool->annotations);
}

/* ---- names --------------------------------------------------------------------------------------------- */

static void name_of(const struct check *c, const char *path, const char *name, const char *what)
{
    const char *bad = name == NULL ? NULL : k8s_bad_subdomain(name);
    if (bad == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_OBJECT_NAME, place(c->d, "%s", path), "'%s' is no name of a %s: it %s",
                             name, what, bad);
    diag_hint(c->cx, e, "use lower case letters, digits, '-' and '.'");
}

static void names(const struct check *c)
{
    struct arena *a = c->cx->a;
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        name_of(c, str_join(a, c->pools[i].path, ".priorityClassName", NULL), p->priority_class,
                "PriorityClass");
        name_of(c, str_join(a, c->pools[i].path, ".runtimeClassName", NULL), p->runtime_class,
                "RuntimeClass");
        name_of(c, str_join(a, c->pools[i].path, ".schedulerName", NULL), p->scheduler, "scheduler");
    }
    name_of(c, "externalSecrets.store.name", c->d->external_secrets.store.name, "SecretStore");
    for (uint32_t i = 0; i < c->d->images.pull_secrets.len; i++)
        name_of(c, str_join(a, "images.pullSecrets[", str_int(a, i), "]", NULL),
                c->d->images.pull_secrets.at[i], "Secret");
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const char *path = str_join(a, "listeners[", str_int(a, i), "].", NULL);
        if (l->expose == EX_GATEWAY)
            name_of(c, str_join(a, path, "gateway.name", NULL), l->gateway.name, "Gateway");
        if (l->expose == EX_INGRESS)
            name_of(c, str_join(a, path, "class", NULL), l->class, "IngressClass");
    }
}

/* ---- environment --------------------------------------------------------------------------------------- */

static const struct { const char *name, *instead; bool zookeeper, agent; } taken[] = {
    { "POD_NAME", NULL, false, false },                    { "POD_NAME", NULL, true, false },
    { "NODE_ZONE", NULL, false, false },                   { "LOG_DIR", NULL, false, false },
    { "EXTRA_ARGS", NULL, false, false },                  { "KAFKA_HEAP_OPTS", "heap", false, false },
    { "KAFKA_JVM_PERFORMANCE_OPTS", "jvm.options", false, false },
    { "KAFKA_LOG4J_OPTS", "logging", false, false },
    { "KAFKA_OPTS", "jvm.properties or jvm.options", false, true }, { "ZOOCFGDIR", NULL, true, false },
    { "ZOO_LOG_DIR", NULL, true, false },                  { "ZK_SERVER_HEAP", "heap", true, false },
    { "JVMFLAGS", "jvm.options", true, false },            { "JMXDISABLE", NULL, true, false },
    { "SERVER_JVMFLAGS", "jvm.options", true, true } };

static bool env_taken(const struct check *c, const struct pool_at *p, const char *name, struct pos at)
{
    const bool agent = c->d->monitoring.prometheus != PROM_NONE;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (taken[i].zookeeper != p->is_zookeeper || (taken[i].agent && !agent)
            || strcmp(taken[i].name, name) != 0)
            continue;
        struct diag *e = diag_at(c->cx, E_ENV_TAKEN, at, "the variable '%s' is gregor's own", name);
        if (taken[i].instead == NULL)
            diag_hint(c->cx, e, "use another name");
        else
            diag_hint(c->cx, e, "use %s%s%s", str_eq(taken[i].instead, "logging") ? "" : p->path,
                      str_eq(taken[i].instead, "logging") ? "" : ".",
                      taken[i].instead);
        return true;
    }
    return false;
}

/* KAFKA_NUM_PARTITIONS means num.partitions to the entrypoints of images, which are not used. */
static void env_of_entrypoint(const struct check *c, const struct pool_at *p, const char *name, struct pos at)
{
    const char *rest = str_starts(name, "KAFKA_CFG_") ? name + 10 : str_starts(name, "KAFKA_") ? name + 6
        : NULL;
    if (rest == NULL || p->is_zookeeper || c->line == 0)
        return;
    char *key = arena_dup(c->cx->a, rest, strlen(rest));
    for (char *k = key; *k != '\0'; k++)
        *k = *k == '_' ? '.' : *k >= 'A' && *k <= 'Z' ? (char)(*k - 'A' + 'a') : *k;
    if (kafka_broker_key(key, c->line) == NULL)
        return;
    struct diag *w = diag_at(c->cx, W_ENV_IGNORED, at,
                             "the variable '%s' has no effect: the image's own entrypoint is not used", name);
    diag_hint(c->cx, w, "write %s into kafka.config", key);
}

static bool says_secret(const char *name)
{
    static const char *const words[] = { "PASSWORD", "PASSWD", "SECRET_KEY", "_TOKEN", "PASSPHRASE", NULL };
    for (const char *const *w = words; *w != NULL; w++)
        for (const char *s = name; *s != '\0'; s++)
            if (strncasecmp(s, *w, strlen(*w)) == 0)
                return true;
    return false;
}

static void env_secret(const struct check *c, const struct pool_at *p, const char *name,
                       const struct val *value)
{
    if (value == NULL || value->kind != V_STR || value->len == 0 || !says_secret(name))
        return;
    struct diag *e = diag_at(c->cx, E_ENV_SECRET, value->at, "the variable '%s' holds a secret in plain text",
                             name);
    diag_hide(c->cx, value->at);
    diag_hint(c->cx, e, "write valueFrom: {secretKeyRef: {name: ..., key: ...}} in %s.env", p->path);
}

static void environment(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct val *env = c->pools[i].pool->env;
        check_names_differ(c, E_ENV_TWICE, str_join(c->cx->a, c->pools[i].path, ".env", NULL), env, "keep one of them");
        for (uint32_t n = 0; env != NULL && n < env->len; n++) {
            const struct val *name = tree_get(&env->seq[n], "name");
            if (name == NULL || name->kind != V_STR)
                continue;
            if (!env_taken(c, &c->pools[i], name->s, name->at))
                env_of_entrypoint(c, &c->pools[i], name->s, name->at);
            env_secret(c, &c->pools[i], name->s, tree_get(&env->seq[n], "value"));
        }
    }
}

/* ---- the pod override ---------------------------------------------------------------------------------- */

static void pod_fields(const struct check *c, const struct pool_at *p, const struct val *spec)
{
    static const struct { const char *field, *why; } ours[] = {
        { "hostname", "the StatefulSet names its pods" },
        { "subdomain", "the StatefulSet names their domain" },
        { "restartPolicy", "pods of a StatefulSet always restart" },
        { "nodeName", "all pods would have to run on one node" },
        { "terminationGracePeriodSeconds", "it has the field gracePeriod" } };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        const struct val *v = tree_get(spec, ours[i].field);
        if (v == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_POD_FIELD, v->at, "'%s.pod' cannot set 'spec.%s': %s", p->path,
                                 ours[i].field, ours[i].why);
        diag_hint(c->cx, e, "remove it");
    }
}

static void service_links(const struct check *c, const struct pool_at *p, const struct val *spec)
{
    const struct val *v = tree_get(spec, "enableServiceLinks");
    if (v == NULL || v->kind != V_BOOL || !v->b)
        return;
    struct diag *e = diag_at(c->cx, E_SERVICE_LINKS, v->at,
                             "'%s.pod' would let every Service of the namespace set variables such as "
                             "KAFKA_PORT",
                             p->path);
    diag_hint(c->cx, e, "remove it: names in DNS serve the same end");
}

static void pods(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct val *spec = tree_get(c->pools[i].pool->pod, "spec");
        if (spec == NULL)
            continue;
        pod_fields(c, &c->pools[i], spec);
        service_links(c, &c->pools[i], spec);
    }
}

check_rule *const check_kubernetes[] = { labels, annotations, names, environment, pods, NULL };
