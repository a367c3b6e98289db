/* What fields that few pods have ask of the rest of their pod. The walk has noted which of them there are, so that other
 * pods cost nothing here. */
#include "model/k8s_walk.h"

#include <string.h>

/* More of anything than this in one pod is somebody's mistake. */
enum { COMPARED = 300 };

static const char *const lists[] = { "initContainers", "containers" };

typedef void check_container(struct k8s_walk *w, const struct val *pod, const struct val *container,
                             const struct k8s_step *at);

static void each_container(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at, check_container *check)
{
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const struct val *list = tree_get(pod, lists[l]);
        for (uint32_t i = 0; i < k8s_items(list); i++) {
            const struct k8s_step in = { at, lists[l], 0 }, item = { &in, NULL, i };
            check(w, pod, &list->seq[i], &item);
        }
    }
}

/* ---- how pods end ------------------------------------------------------------------------------------- */

static void check_sleep(struct k8s_walk *w, const struct val *pod, const struct val *container, const struct k8s_step *at)
{
    static const char *const hooks[] = { "postStart", "preStop" };
    int64_t grace = 30, seconds;
    k8s_int(tree_get(pod, "terminationGracePeriodSeconds"), &grace);
    for (size_t i = 0; i < 2; i++) {
        const struct val *v = tree_at(container, "lifecycle", hooks[i], "sleep", "seconds", NULL);
        const struct k8s_step lifecycle = { at, "lifecycle", 0 }, hook = { &lifecycle, hooks[i], 0 };
        const struct k8s_step sleep = { &hook, "sleep", 0 };
        if (!k8s_int(v, &seconds))
            continue;
        if (seconds > grace)
            k8s_report_in(w, E_K8S_RULE, k8s_written(v, tree_get(pod, "terminationGracePeriodSeconds")), &sleep, "seconds",
                          "is %lld, more than the pod's terminationGracePeriodSeconds of %lld", (long long)seconds,
                          (long long)grace);
        if (seconds == 0 && w->c->minor < 33)
            k8s_report_in(w, E_K8S_VALUE, v, &sleep, "seconds", "must be at least 1 before Kubernetes 1.33");
    }
}

/* ---- files of variables ------------------------------------------------------------------------------- */

static bool is_scratch(const struct val *volumes, const char *name)
{
    for (uint32_t i = 0; i < k8s_items(volumes) && i < COMPARED; i++)
        if (k8s_is(tree_get(&volumes->seq[i], "name"), name))
            return k8s_given(tree_get(&volumes->seq[i], "emptyDir"));
    return false;
}

static void check_file_keys(struct k8s_walk *w, const struct val *pod, const struct val *container, const struct k8s_step *at)
{
    const struct val *env = tree_get(container, "env");
    for (uint32_t i = 0; i < k8s_items(env); i++) {
        const struct val *name = tree_at(&env->seq[i], "valueFrom", "fileKeyRef", "volumeName", NULL);
        const struct k8s_step list = { at, "env", 0 }, item = { &list, NULL, i }, from = { &item, "valueFrom", 0 };
        const struct k8s_step file = { &from, "fileKeyRef", 0 };
        if (k8s_filled(name) && !is_scratch(tree_get(pod, "volumes"), name->s))
            k8s_report_in(w, E_K8S_RULE, name, &file, "volumeName", "is '%s', and the pod has no emptyDir of that name",
                          k8s_shown(w, name->s));
    }
}

/* ---- ports of the host -------------------------------------------------------------------------------- */

static bool same_text(const struct val *a, const struct val *b, const char *key, const char *otherwise)
{
    const char *x = tree_str(a, key), *y = tree_str(b, key);
    return strcmp(x == NULL ? otherwise : x, y == NULL ? otherwise : y) == 0;
}

static bool same_host_port(const struct val *a, const struct val *b)
{
    int64_t x = 0, y = 0;
    return k8s_int(tree_get(a, "hostPort"), &x) && k8s_int(tree_get(b, "hostPort"), &y) && x == y
        && same_text(a, b, "protocol", "TCP") && same_text(a, b, "hostIP", "");
}

/* Returns true when one of the container's ports before number `end` takes the same port of the host. */
static bool takes_port(const struct val *container, uint32_t end, const struct val *port)
{
    const struct val *ports = tree_get(container, "ports");
    for (uint32_t i = 0; i < k8s_items(ports) && i < end; i++)
        if (same_host_port(&ports->seq[i], port))
            return true;
    return false;
}

/* Compares port `p` of container `c` with those before it, from container `first` on. */
static void check_host_port(struct k8s_walk *w, const struct val *list, uint32_t first, uint32_t c, uint32_t p,
                            const struct k8s_step *at)
{
    const struct val *port = &tree_get(&list->seq[c], "ports")->seq[p];
    bool taken = takes_port(&list->seq[c], p, port);
    for (uint32_t i = first; i < c && !taken; i++)
        taken = takes_port(&list->seq[i], COMPARED, port);
    const struct k8s_step ports = { at, "ports", 0 }, item = { &ports, NULL, p };
    if (taken)
        k8s_report_in(w, E_K8S_DUPLICATE, tree_get(port, "hostPort"), &item, "hostPort",
                      "is taken by another port of the pod");
}

/* Init containers run one by one, so only the ports within one of them can clash. */
static void check_host_ports(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const struct val *list = tree_get(pod, lists[l]);
        for (uint32_t c = 0; c < k8s_items(list) && c < COMPARED; c++) {
            const struct k8s_step in = { at, lists[l], 0 }, item = { &in, NULL, c };
            const uint32_t ports = k8s_items(tree_get(&list->seq[c], "ports"));
            for (uint32_t p = 0; p < ports && p < COMPARED; p++)
                check_host_port(w, list, l == 0 ? c : 0, c, p, &item);
        }
    }
}

static void advise_host_ip(struct k8s_walk *w, const struct val *pod, const struct val *container, const struct k8s_step *at)
{
    const struct val *ports = tree_get(container, "ports");
    (void)pod;
    for (uint32_t i = 0; i < k8s_items(ports); i++) {
        const struct val *ip = tree_get(&ports->seq[i], "hostIP");
        const struct k8s_step list = { at, "ports", 0 }, item = { &list, NULL, i }, step = { &item, "hostIP", 0 };
        if (k8s_filled(ip) && tree_get(&ports->seq[i], "hostPort") == NULL)
            k8s_advise(w, ip, &step, "does nothing without a 'hostPort'");
    }
}

static void check_own_ports(struct k8s_walk *w, const struct val *pod, const struct val *container,
                            const struct k8s_step *at)
{
    const struct val *ports = tree_get(container, "ports");
    (void)pod;
    for (uint32_t i = 0; i < k8s_items(ports); i++) {
        const struct val *host = tree_get(&ports->seq[i], "hostPort");
        const struct k8s_step list = { at, "ports", 0 }, item = { &list, NULL, i };
        int64_t a, b;
        if (k8s_int(host, &a) && k8s_int(tree_get(&ports->seq[i], "containerPort"), &b) && a != b)
            k8s_report_in(w, E_K8S_RULE, host, &item, "hostPort",
                          "must equal the containerPort, as the pod has 'hostNetwork: true'");
    }
}

/* ---- namespaces of the host --------------------------------------------------------------------------- */

static bool is_false(const struct val *v)
{
    return v != NULL && ((v->kind == V_BOOL && !v->b) || ((v->flags & VF_PLAIN) && k8s_is(v, "false")));
}

static void check_devices(struct k8s_walk *w, const struct val *pod, const struct val *container, const struct k8s_step *at)
{
    const struct val *devices = tree_get(container, "volumeDevices");
    (void)pod;
    if (k8s_items(devices) > 0)
        k8s_report_in(w, E_K8S_RULE, devices, at, "volumeDevices", "must not stand in a pod with 'hostUsers: false'");
}

static void check_proc_mount(struct k8s_walk *w, const struct val *pod, const struct val *container,
                             const struct k8s_step *at)
{
    const struct val *mount = tree_at(container, "securityContext", "procMount", NULL);
    const struct k8s_step step = { at, "securityContext", 0 };
    if (k8s_is(mount, "Unmasked") && !is_false(tree_get(pod, "hostUsers")))
        k8s_report_in(w, E_K8S_RULE, mount, &step, "procMount", "is 'Unmasked', which needs a pod with 'hostUsers: false'");
}

static void check_users(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    static const char *const shared[] = { "hostNetwork", "hostPID", "hostIPC" };
    if (!is_false(tree_get(pod, "hostUsers")))
        return;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if (k8s_bool(tree_get(pod, shared[i])))
            k8s_report_in(w, E_K8S_RULE, tree_get(pod, shared[i]), at, shared[i],
                          "must not be true in a pod with 'hostUsers: false'");
    if (k8s_noted(w, NOTE_DEVICES))
        each_container(w, pod, at, check_devices);
}

static void check_processes(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *share = tree_get(pod, "shareProcessNamespace"), *host = tree_get(pod, "hostPID");
    if (k8s_bool(share) && k8s_bool(host))
        k8s_report_in(w, E_K8S_RULE, k8s_written(share, host), at, "shareProcessNamespace",
                      "must not be true beside 'hostPID: true'");
}

static bool is_ipc(const char *name)
{
    static const char *const prefixes[] = { "kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue." };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* A setting of the kernel is set for the pod only when the pod has the namespace it belongs to. */
static void check_sysctls(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *list = tree_at(pod, "securityContext", "sysctls", NULL);
    const bool network = k8s_bool(tree_get(pod, "hostNetwork")), ipc = k8s_bool(tree_get(pod, "hostIPC"));
    for (uint32_t i = 0; i < k8s_items(list); i++) {
        const struct val *name = tree_get(&list->seq[i], "name");
        const struct k8s_step security = { at, "securityContext", 0 }, in = { &security, "sysctls", 0 };
        const struct k8s_step item = { &in, NULL, i };
        if (!k8s_filled(name))
            continue;
        const bool clash = network && strncmp(name->s, "net.", 4) == 0;
        if (clash || (ipc && is_ipc(name->s)))
            k8s_report_in(w, E_K8S_RULE, name, &item, "name", "is '%s', which a pod with '%s: true' cannot set",
                          k8s_shown(w, name->s), clash ? "hostNetwork" : "hostIPC");
    }
}

/* ---- names and systems -------------------------------------------------------------------------------- */

static void check_gates(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *node = tree_get(pod, "nodeName");
    if (k8s_filled(node) && k8s_items(tree_get(pod, "schedulingGates")) > 0)
        k8s_report_in(w, E_K8S_RULE, node, at, "nodeName", "must not stand beside 'schedulingGates'");
}

static void check_dns(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *policy = tree_get(pod, "dnsPolicy"), *config = tree_get(pod, "dnsConfig");
    const struct k8s_step step = { at, "dnsConfig", 0 };
    if (k8s_is(policy, "None") && k8s_items(tree_get(config, "nameservers")) == 0)
        k8s_report_in(w, E_K8S_RULE, k8s_written(policy, config), &step, "nameservers",
                      "is missing: the dnsPolicy 'None' needs at least one");
}

/* One system has not what another has. */
static void forbid(struct k8s_walk *w, const struct val *pod, const struct val *holder, const char *const *fields,
                   const struct k8s_step *at)
{
    const struct val *system = tree_at(pod, "os", "name", NULL);
    for (; *fields != NULL; fields++) {
        const struct val *v = tree_get(holder, *fields);
        if (k8s_given(v))
            k8s_report_in(w, E_K8S_RULE, k8s_written(v, system), at, *fields, "must not stand in a pod for '%s'",
                          k8s_shown(w, system->s));
    }
}

static const char *const not_on_linux[] = { "windowsOptions", NULL };

static void check_system(struct k8s_walk *w, const struct val *pod, const struct val *container, const struct k8s_step *at)
{
    static const char *const not_on_windows[] = {
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
        "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup", NULL
    };
    const bool windows = k8s_is(tree_at(pod, "os", "name", NULL), "windows");
    const struct k8s_step step = { at, "securityContext", 0 };
    forbid(w, pod, tree_get(container, "securityContext"), windows ? not_on_windows : not_on_linux, &step);
}

static void check_os(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    static const char *const security[] = {
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser",
        "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy", NULL
    };
    static const char *const spec[] = { "hostUsers", "hostPID", "hostIPC", "shareProcessNamespace", "resources", NULL };
    const struct val *system = tree_at(pod, "os", "name", NULL);
    const struct k8s_step step = { at, "securityContext", 0 };
    const bool windows = k8s_is(system, "windows");
    if (!k8s_filled(system))
        return;
    if (windows)
        forbid(w, pod, pod, spec, at);
    forbid(w, pod, tree_get(pod, "securityContext"), windows ? security : not_on_linux, &step);
    each_container(w, pod, at, check_system);
}

static void check_ephemeral(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *v = tree_get(pod, "ephemeralContainers");
    if (k8s_items(v) == 0)
        return;
    struct diag *d = k8s_report_in(w, E_K8S_RULE, v, at, "ephemeralContainers", "must not stand in a new pod");
    diag_hint(w->c->cx, d, "they are added to pods that run, with 'kubectl debug'");
}

/* ---- all of them -------------------------------------------------------------------------------------- */

void k8s_check_noted(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    static const struct {
        enum k8s_note    note;
        check_container *container;
        k8s_rule        *pod;
    } checks[] = {
        { NOTE_SLEEP, check_sleep, NULL },           { NOTE_HOST_PORT, NULL, check_host_ports },
        { NOTE_HOST_IP, advise_host_ip, NULL },      { NOTE_FILE_KEY, check_file_keys, NULL },
        { NOTE_HOST_USERS, NULL, check_users },      { NOTE_PROC_MOUNT, check_proc_mount, NULL },
        { NOTE_HOST_PID, NULL, check_processes },    { NOTE_SYSCTLS, NULL, check_sysctls },
        { NOTE_GATES, NULL, check_gates },           { NOTE_DNS_POLICY, NULL, check_dns },
        { NOTE_OS, NULL, check_os },                 { NOTE_EPHEMERAL, NULL, check_ephemeral },
        { NOTE_CLAIMS, NULL, k8s_check_resource_claims }, { NOTE_POD_RESOURCES, NULL, k8s_check_pod_resources },
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (!k8s_noted(w, checks[i].note))
            continue;
        if (checks[i].container != NULL)
            each_container(w, pod, at, checks[i].container);
        else
            checks[i].pod(w, pod, at);
    }
    if (k8s_noted(w, NOTE_HOST_NETWORK) && k8s_noted(w, NOTE_HOST_PORT) && k8s_bool(tree_get(pod, "hostNetwork")))
        each_container(w, pod, at, check_own_ports);
}
