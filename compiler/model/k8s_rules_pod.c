/* Rules about pods and their containers. Resources: k8s_rules_resources.c; where they run: k8s_rules_schedule.c; what few of
 * them have: k8s_rules_noted.c. */
#include "model/k8s_walk.h"

#include <string.h>

/* ---- containers --------------------------------------------------------------------------------------- */

static void check_probe(struct k8s_walk *w, const struct val *v, const char *name, bool readiness, const struct k8s_step *at)
{
    const struct val *probe = tree_get(v, name);
    const struct k8s_step step = { at, name, 0 };
    int64_t n;
    if (probe == NULL)
        return;
    const struct val *grace = tree_get(probe, "terminationGracePeriodSeconds");
    const struct val *success = tree_get(probe, "successThreshold");
    if (readiness && grace != NULL)
        k8s_report_in(w, E_K8S_RULE, grace, &step, "terminationGracePeriodSeconds", "must not stand in a readiness probe");
    if (!readiness && k8s_int(success, &n) && n != 1)
        k8s_report_in(w, E_K8S_RULE, success, &step, "successThreshold", "must be 1, not %lld", (long long)n);
}

/* A read-only mount can be so all the way down only where nothing is mounted into it later. */
static void check_recursion(struct k8s_walk *w, const struct val *mount, const struct k8s_step *at)
{
    const struct val *recursive = tree_get(mount, "recursiveReadOnly"), *propagation = tree_get(mount, "mountPropagation");
    if (!k8s_is(recursive, "Enabled") && !k8s_is(recursive, "IfPossible"))
        return;
    if (!k8s_bool(tree_get(mount, "readOnly")))
        k8s_report_in(w, E_K8S_RULE, recursive, at, "recursiveReadOnly", "needs 'readOnly: true' beside it");
    if (k8s_given(propagation) && !k8s_is(propagation, "None"))
        k8s_report_in(w, E_K8S_RULE, k8s_written(propagation, recursive), at, "mountPropagation",
                      "must be 'None' beside 'recursiveReadOnly'");
}

static void check_propagation(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *mounts = tree_get(v, "volumeMounts");
    const bool privileged = k8s_bool(tree_at(v, "securityContext", "privileged", NULL));
    for (uint32_t i = 0; i < k8s_items(mounts); i++) {
        const struct k8s_step list = { at, "volumeMounts", 0 }, item = { &list, NULL, i };
        const struct val *propagation = tree_get(&mounts->seq[i], "mountPropagation");
        check_recursion(w, &mounts->seq[i], &item);
        if (k8s_is(propagation, "Bidirectional") && !privileged)
            k8s_report_in(w, E_K8S_RULE, propagation, &item, "mountPropagation",
                          "is 'Bidirectional', which needs a privileged container");
    }
}

/* A volume is a block device or a file system to a container, not both; so is a path. */
static void check_devices(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char *const keys[][2] = { { "name", "name" }, { "devicePath", "mountPath" } };
    const struct val *devices = tree_get(v, "volumeDevices"), *mounts = tree_get(v, "volumeMounts");
    for (uint32_t d = 0; d < k8s_items(devices) && d < 100; d++)
        for (uint32_t m = 0; m < k8s_items(mounts) && m < 100; m++)
            for (size_t k = 0; k < 2; k++) {
                const struct val *mine = tree_get(&devices->seq[d], keys[k][0]), *other = tree_get(&mounts->seq[m],
                                                                                                   keys[k][1]);
                const struct k8s_step list = { at, "volumeDevices", 0 }, item = { &list, NULL, d };
                if (k8s_filled(mine) && k8s_filled(other) && strcmp(mine->s, other->s) == 0)
                    k8s_report_in(w, E_K8S_RULE, k8s_written(mine, other), &item, keys[k][0],
                                  "is '%s', which stands in volumeMounts, too",
                                  k8s_shown(w, mine->s));
            }
}

static void check_restart_rules(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *rules = tree_get(v, "restartPolicyRules");
    if (k8s_items(rules) > 0 && !k8s_given(tree_get(v, "restartPolicy")))
        k8s_report_in(w, E_K8S_MISSING, rules, at, "restartPolicy", "is missing: it says what else restarts the container");
}

void k8s_rule_container(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *ports = tree_get(v, "ports");
    if (k8s_noted(w, NOTE_RESTART_RULES) && !w->c->partial)
        check_restart_rules(w, v, at);
    if (k8s_noted(w, NOTE_MOUNTS) && !w->c->partial)
        check_propagation(w, v, at);
    if (k8s_noted(w, NOTE_DEVICES))
        check_devices(w, v, at);
    check_probe(w, v, "livenessProbe", false, at);
    check_probe(w, v, "readinessProbe", true, at);
    check_probe(w, v, "startupProbe", false, at);
    if (k8s_items(ports) > 1) {
        const struct k8s_step step = { at, "ports", 0 };
        k8s_walk_distinct(w, ports, "name", &step);
    }
}

/* An init container that ends before the others start has no probes. */
static void check_init(struct k8s_walk *w, const struct val *c, const struct k8s_step *at)
{
    static const char *const never[] = { "livenessProbe", "readinessProbe", "startupProbe", "lifecycle" };
    if (k8s_is(tree_get(c, "restartPolicy"), "Always"))
        return;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        const struct val *v = tree_get(c, never[i]);
        if (v != NULL && v->kind != V_NULL) {
            struct diag *d = k8s_report_in(w, E_K8S_RULE, v, at, never[i], "must not stand in an init container");
            diag_hint(w->c->cx, d, "a sidecar that keeps running has 'restartPolicy: Always'");
        }
    }
}

/* A name stands once among containers and init containers; within each list the merge key has been checked. */
static void check_names(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *init = tree_get(pod, "initContainers"), *containers = tree_get(pod, "containers");
    if (k8s_items(init) > 100 || k8s_items(containers) > 100)
        return;
    for (uint32_t i = 0; i < k8s_items(init); i++)
        for (uint32_t k = 0; k < k8s_items(containers); k++) {
            const char *name = tree_str(&init->seq[i], "name"), *other = tree_str(&containers->seq[k], "name");
            if (name == NULL || other == NULL || strcmp(name, other) != 0)
                continue;
            const struct k8s_step list = { at, "initContainers", 0 }, item = { &list, NULL, i };
            const struct val *place = k8s_written(tree_get(&init->seq[i], "name"), tree_get(&containers->seq[k], "name"));
            k8s_report_in(w, E_K8S_DUPLICATE, place, &item, "name", "is the name of containers[%u] too", k);
        }
}

void k8s_rule_pod(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *init = tree_get(v, "initContainers");
    for (uint32_t i = 0; i < k8s_items(init); i++) {
        const struct k8s_step list = { at, "initContainers", 0 }, item = { &list, NULL, i };
        check_init(w, &init->seq[i], &item);
    }
    if (init != NULL)
        check_names(w, v, at);
    if (w->noted > 1 && !w->c->partial)
        k8s_check_noted(w, v, at);
}

/* ---- mounts ------------------------------------------------------------------------------------------- */

static bool has_volume(const struct val *list, const char *name, bool claims)
{
    for (uint32_t i = 0; i < k8s_items(list); i++) {
        const char *s = tree_str(claims ? tree_get(&list->seq[i], "metadata") : &list->seq[i], "name");
        if (s != NULL && s[0] == name[0] && strcmp(s, name) == 0)
            return true;
    }
    return false;
}

static void check_mounts(struct k8s_walk *w, const struct val *container, const char *key, const struct val *volumes,
                         const struct val *claims, const struct k8s_step *at)
{
    const struct val *mounts = tree_get(container, key);
    for (uint32_t i = 0; i < k8s_items(mounts); i++) {
        const struct val *name = tree_get(&mounts->seq[i], "name");
        if (name == NULL || name->kind != V_STR || has_volume(volumes, name->s, false) || has_volume(claims, name->s, true))
            continue;
        const struct k8s_step list = { at, key, 0 }, item = { &list, NULL, i };
        k8s_report_in(w, E_K8S_RULE, k8s_written(name, &mounts->seq[i]), &item, "name",
                      "is '%s', and the pod has no such volume", k8s_shown(w, name->s));
    }
}

/* More volumes than this in one pod are somebody's mistake, and comparing them all would take too long. */
enum { VOLUMES_COMPARED = 300 };

void k8s_check_mounts(struct k8s_walk *w, const struct val *pod, const struct val *claims, const struct k8s_step *at)
{
    static const char *const lists[] = { "initContainers", "containers" };
    const struct val *volumes = tree_get(pod, "volumes");
    if (k8s_items(volumes) > VOLUMES_COMPARED || k8s_items(claims) > VOLUMES_COMPARED)
        return;
    for (size_t l = 0; l < 2; l++) {
        const struct val *list = tree_get(pod, lists[l]);
        for (uint32_t i = 0; i < k8s_items(list); i++) {
            const struct k8s_step in = { at, lists[l], 0 }, item = { &in, NULL, i };
            check_mounts(w, &list->seq[i], "volumeMounts", volumes, claims, &item);
            check_mounts(w, &list->seq[i], "volumeDevices", volumes, claims, &item);
        }
    }
}

void k8s_rule_bare_pod(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_step spec = { at, "spec", 0 };
    if (!w->c->partial)
        k8s_check_mounts(w, tree_get(v, "spec"), NULL, &spec);
}

/* ---- security ----------------------------------------------------------------------------------------- */

/* The kubelet refuses to start such a container; the API server does not say so. */
void k8s_rule_pod_security(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *user = tree_get(v, "runAsUser"), *non_root = tree_get(v, "runAsNonRoot");
    int64_t n;
    if (k8s_int(user, &n) && n == 0 && k8s_bool(non_root))
        k8s_report_in(w, E_K8S_RULE, k8s_written(user, non_root), at, "runAsUser", "is 0, and 'runAsNonRoot' is true");
}

void k8s_rule_security(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *privileged = tree_get(v, "privileged"), *escalation = tree_get(v, "allowPrivilegeEscalation");
    k8s_rule_pod_security(w, v, at);
    if (k8s_bool(privileged) && escalation != NULL && escalation->kind != V_NULL && !k8s_bool(escalation))
        k8s_report_in(w, E_K8S_RULE, k8s_written(privileged, escalation), at, "privileged",
                      "is true, and 'allowPrivilegeEscalation' is false");
    if (k8s_given(escalation) && !k8s_bool(escalation)) {
        const struct val *added = tree_at(v, "capabilities", "add", NULL);
        const struct k8s_step capabilities = { at, "capabilities", 0 };
        if (k8s_has(added, "CAP_SYS_ADMIN"))
            k8s_report_in(w, E_K8S_RULE, added, &capabilities, "add",
                          "holds 'CAP_SYS_ADMIN', and 'allowPrivilegeEscalation' is false");
    }
}

void k8s_rule_local_profile(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *type = tree_get(v, "type"), *file = tree_get(v, "localhostProfile");
    const bool local = k8s_is(type, "Localhost");
    if (local && !k8s_filled(file) && !w->c->partial)
        k8s_report_in(w, E_K8S_RULE, v, at, "localhostProfile", "is missing: the type 'Localhost' needs it");
    if (!local && type != NULL && k8s_filled(file))
        k8s_report_in(w, E_K8S_RULE, file, at, "localhostProfile", "needs the type 'Localhost'");
}
