/* Rules about metadata, labels, and what ConfigMaps, Secrets and roles hold. */
#include "model/k8s_walk.h"

#include <string.h>

/* More keys than the last are not compared with each other: it would take too long. */
enum { ANNOTATIONS_MOST = 262144, KEYS_COMPARED = 1000 };

/* Bytes of the keys and texts of a map. */
static size_t map_bytes(const struct val *map)
{
    size_t n = 0;
    for (uint32_t i = 0; map != NULL && map->kind == V_MAP && i < map->len; i++)
        if (map->map[i].v.kind == V_STR)
            n += strlen(map->map[i].key) + map->map[i].v.len;
    return n;
}

void k8s_advise_annotation(struct k8s_walk *w, const char *key, const struct val *v, const struct k8s_step *at)
{
    static const struct { const char *key, *instead; int since; bool prefix; } old[] = {
        { "scheduler.alpha.kubernetes.io/critical-pod", "'priorityClassName'", 0, false },
        { "security.alpha.kubernetes.io/sysctls", "'sysctls' of the pod's securityContext", 0, false },
        { "security.alpha.kubernetes.io/unsafe-sysctls", "'sysctls' of the pod's securityContext", 0, false },
        { "seccomp.security.alpha.kubernetes.io/pod", "'seccompProfile'", 27, false },
        { "container.seccomp.security.alpha.kubernetes.io/", "'seccompProfile'", 27, true },
        { "container.apparmor.security.beta.kubernetes.io/", "'appArmorProfile'", 30, true },
        { "service.kubernetes.io/topology-aware-hints", "the annotation 'service.kubernetes.io/topology-mode'", 27, false },
    };
    for (size_t i = 0; (*key == 's' || *key == 'c') && i < sizeof old / sizeof *old; i++) {
        const size_t len = strlen(old[i].key);
        if (strncmp(key, old[i].key, len) != 0 || (key[len] != '\0' && !old[i].prefix) || w->c->minor < old[i].since)
            continue;
        struct diag *d = k8s_advise(w, v, at, "is deprecated");
        diag_hint(w->c->cx, d, "use %s instead", old[i].instead);
    }
}

void k8s_rule_metadata(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *annotations = tree_get(v, "annotations");
    if (annotations == NULL || map_bytes(annotations) <= ANNOTATIONS_MOST)
        return;
    struct diag *d = k8s_report_in(w, E_K8S_RULE, k8s_written(annotations, v), at, "annotations",
                                   "hold %zu bytes, and an object may have %d", map_bytes(annotations), ANNOTATIONS_MOST);
    diag_hint(w->c->cx, d, "put large texts into a ConfigMap");
}

static void check_size(struct k8s_walk *w, const struct val *v, size_t bytes, const struct k8s_step *at)
{
    if (bytes <= K8S_DATA_MOST)
        return;
    struct diag *d = k8s_report_in(w, E_K8S_RULE, k8s_written(tree_get(v, "data"), v), at, "data",
                                   "holds %zu bytes, and an object may have %d", bytes, K8S_DATA_MOST);
    diag_hint(w->c->cx, d, "make it smaller, or split it into several objects");
}

static void check_shared_keys(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *binary = tree_get(v, "binaryData"), *data = tree_get(v, "data");
    if (binary == NULL || binary->kind != V_MAP || data == NULL || binary->len > KEYS_COMPARED || data->len > KEYS_COMPARED)
        return;
    for (uint32_t i = 0; i < binary->len; i++)
        if (tree_get(data, binary->map[i].key) != NULL) {
            const struct k8s_step step = { at, "binaryData", 0 };
            k8s_report_in(w, E_K8S_DUPLICATE, &binary->map[i].v, &step, binary->map[i].key, "stands in 'data' too");
        }
}

void k8s_rule_config_map(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const size_t bytes = map_bytes(tree_get(v, "data")) + map_bytes(tree_get(v, "binaryData"));
    check_size(w, v, bytes, at);
    if (bytes <= K8S_DATA_MOST)
        check_shared_keys(w, v, at);
}

/* The server takes a reference without a name, with a warning. */
void k8s_rule_pull_secret(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_step step = { at, "name", 0 };
    if (!k8s_filled(tree_get(v, "name")) && !w->c->partial)
        k8s_advise(w, v, &step, "is missing, so no Secret is meant");
}

/* Types that need one of two keys, or an annotation. */
static void check_type(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char *const keys[] = { "username", "password" };
    static const char account[] = "kubernetes.io/service-account.name";
    const struct val *type = tree_get(v, "type");
    const struct k8s_step metadata = { at, "metadata", 0 }, annotations = { &metadata, "annotations", 0 };
    bool any = false;
    for (size_t i = 0; i < 2; i++)
        any |= tree_get(tree_get(v, "data"), keys[i]) != NULL || tree_get(tree_get(v, "stringData"), keys[i]) != NULL;
    if (k8s_is(type, "kubernetes.io/basic-auth") && !any)
        k8s_report(w, E_K8S_RULE, k8s_written(type, v), at,
                   "has no 'username' and no 'password', of which the type '%s' needs one", type->s);
    if (k8s_is(type, "kubernetes.io/service-account-token")
        && !k8s_filled(tree_get(tree_at(v, "metadata", "annotations", NULL), account)))
        k8s_report_in(w, E_K8S_MISSING, k8s_written(type, v), &annotations, account, "is missing: the type '%s' needs it",
                      type->s);
}

void k8s_rule_secret(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const struct { const char *type, *keys[2]; } needs[] = {
        { "kubernetes.io/tls", { "tls.crt", "tls.key" } },
        { "kubernetes.io/dockerconfigjson", { ".dockerconfigjson", ".dockerconfigjson" } },
        { "kubernetes.io/ssh-auth", { "ssh-privatekey", "ssh-privatekey" } },
        { "kubernetes.io/dockercfg", { ".dockercfg", ".dockercfg" } },
    };
    const struct val *type = tree_get(v, "type"), *data = tree_get(v, "data"), *text = tree_get(v, "stringData");
    check_size(w, v, map_bytes(data) + map_bytes(text), at);
    for (size_t i = 0; type != NULL && !w->c->partial && i < sizeof needs / sizeof *needs; i++)
        for (size_t k = 0; k < 2 && k8s_is(type, needs[i].type); k++)
            if (tree_get(data, needs[i].keys[k]) == NULL && tree_get(text, needs[i].keys[k]) == NULL) {
                k8s_report(w, E_K8S_RULE, k8s_written(data, v), at, "has no '%s', which the type '%s' needs",
                           needs[i].keys[k], needs[i].type);
                break;
            }
    if (type != NULL && !w->c->partial)
        check_type(w, v, at);
}

/* ---- namespaces and priorities ------------------------------------------------------------------------ */

static bool is_version(const char *s)
{
    int64_t n;
    return strcmp(s, "latest") == 0 || (strncmp(s, "v1.", 3) == 0 && k8s_plain_int(s + 3, &n) && n >= 0);
}

/* Which Pod Security Standard a namespace asks for stands in its labels. */
void k8s_rule_namespace(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char prefix[] = "pod-security.kubernetes.io/", *const modes[] = { "enforce", "audit", "warn" };
    const struct val *labels = tree_at(v, "metadata", "labels", NULL);
    const struct k8s_step metadata = { at, "metadata", 0 }, of = { &metadata, "labels", 0 };
    for (uint32_t i = 0; labels != NULL && labels->kind == V_MAP && i < labels->len; i++) {
        const struct val *value = &labels->map[i].v;
        if (strncmp(labels->map[i].key, prefix, sizeof prefix - 1) != 0 || value->kind != V_STR)
            continue;
        const char *key = labels->map[i].key + sizeof prefix - 1;
        for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
            const size_t len = strlen(modes[m]);
            const bool level = strcmp(value->s, "privileged") == 0 || strcmp(value->s, "baseline") == 0
                            || strcmp(value->s, "restricted") == 0;
            if (strcmp(key, modes[m]) == 0 && !level)
                k8s_report_in(w, E_K8S_VALUE, value, &of, labels->map[i].key,
                              "is '%s', which is none of: privileged, baseline, restricted",
                              k8s_shown(w, value->s));
            if (strncmp(key, modes[m], len) == 0 && strcmp(key + len, "-version") == 0 && !is_version(value->s))
                k8s_report_in(w, E_K8S_VALUE, value, &of, labels->map[i].key,
                              "is '%s', which is no version like v1.34, nor 'latest'",
                              k8s_shown(w, value->s));
        }
    }
}

void k8s_rule_priority_class(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *name = tree_at(v, "metadata", "name", NULL);
    const struct k8s_step metadata = { at, "metadata", 0 };
    if (name != NULL && name->kind == V_STR && strncmp(name->s, "system-", 7) == 0
        && strcmp(name->s, "system-node-critical") != 0 && strcmp(name->s, "system-cluster-critical") != 0)
        k8s_report_in(w, E_K8S_VALUE, name, &metadata, "name",
                      "is '%s', and names that start with 'system-' are the cluster's own",
                      k8s_shown(w, name->s));
}

/* ---- roles -------------------------------------------------------------------------------------------- */

/* A rule is about resources or about paths of URLs. */
void k8s_rule_policy_rule(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char *const fields[] = { "apiGroups", "resources", "resourceNames" };
    const struct val *urls = tree_get(v, "nonResourceURLs");
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !w->c->partial; i++) {
        const bool any = k8s_items(tree_get(v, fields[i])) > 0;
        if (k8s_items(urls) > 0 && any)
            k8s_report_in(w, E_K8S_RULE, tree_get(v, fields[i]), at, fields[i], "must not stand beside 'nonResourceURLs'");
        if (k8s_items(urls) == 0 && !any && i < 2)
            k8s_report_in(w, E_K8S_MISSING, v, at, fields[i], "is missing: a rule about resources needs it");
    }
}

void k8s_rule_namespaced_rule(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *urls = tree_get(v, "nonResourceURLs");
    if (k8s_items(urls) > 0)
        k8s_report_in(w, E_K8S_RULE, urls, at, "nonResourceURLs", "must not stand in a Role, only in a ClusterRole");
    else
        k8s_rule_policy_rule(w, v, at);
}

void k8s_rule_subject(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *group = tree_get(v, "apiGroup"), *name = tree_get(v, "name");
    const bool account = k8s_is(tree_get(v, "kind"), "ServiceAccount");
    const char *bad = account && k8s_filled(name) ? k8s_bad_subdomain(name->s) : NULL;
    if (bad != NULL)
        k8s_report_in(w, E_K8S_VALUE, name, at, "name", "is '%s', which %s", k8s_shown(w, name->s), bad);
    if (k8s_filled(group) && (account || strcmp(group->s, "rbac.authorization.k8s.io") != 0))
        k8s_report_in(w, E_K8S_RULE, group, at, "apiGroup", "%s", account ? "must not stand with a ServiceAccount"
                                                                            : "must be 'rbac.authorization.k8s.io'");
}

/* A ClusterRoleBinding has no namespace that an account could be in. */
void k8s_rule_cluster_subject(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    k8s_rule_subject(w, v, at);
    if (k8s_is(tree_get(v, "kind"), "ServiceAccount") && !k8s_filled(tree_get(v, "namespace")) && !w->c->partial)
        k8s_report_in(w, E_K8S_MISSING, v, at, "namespace", "is missing: it says which ServiceAccount is meant");
}

void k8s_rule_role_ref(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *group = tree_get(v, "apiGroup");
    if (k8s_filled(group) && strcmp(group->s, "rbac.authorization.k8s.io") != 0)
        k8s_report_in(w, E_K8S_RULE, group, at, "apiGroup", "must be 'rbac.authorization.k8s.io'");
}
