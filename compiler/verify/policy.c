/* The Pod Security Standard "restricted" (pod-security-admission's checks; the version is that of the target). */
#include "verify/objects.h"

#include "base/text.h"

#include <string.h>

struct pod {
    struct verifier  *vf;
    const struct val *spec, *security;
    const char       *path;
};

/* A container and where it stands. */
struct container {
    const struct pod *pod;
    const struct val *v, *security;
    const char       *list;
    uint32_t          index;
};

static bool is_true(const struct val *v)
{
    return v != NULL && ((v->kind == V_BOOL && v->b) || (v->kind == V_STR && strcmp(v->s, "true") == 0));
}

static bool is_false(const struct val *v)
{
    return v != NULL && ((v->kind == V_BOOL && !v->b) || (v->kind == V_STR && strcmp(v->s, "false") == 0));
}

static bool is_zero(const struct val *v)
{
    return v != NULL && ((v->kind == V_INT && v->i == 0) || (v->kind == V_STR && strcmp(v->s, "0") == 0));
}

static bool is_text(const struct val *v, const char *s)
{
    return v != NULL && v->kind == V_STR && strcmp(v->s, s) == 0;
}

/* The first of them that somebody wrote. */
static const struct val *placed(const struct val *a, const struct val *b, const struct val *c)
{
    return a != NULL && a->at.line > 0 ? a : b != NULL && b->at.line > 0 ? b : c;
}

static void hint(const struct verifier *vf, struct diag *d)
{
    if (d != NULL && !code_table[d->code].error)
        diag_hint(vf->cx, d, "namespaces that enforce the restricted Pod Security Standard refuse the pod");
}

static void pod_violates(const struct pod *p, const struct val *v, const char *field, const char *what)
{
    hint(p->vf, objects_report(p->vf, W_POD_SECURITY, placed(v, p->security, p->spec), "'%s.%s' %s", p->path, field, what));
}

static void violates(const struct container *c, const struct val *v, const char *field, const char *what)
{
    hint(c->pod->vf, objects_report(c->pod->vf, W_POD_SECURITY, placed(v, c->security, c->v), "'%s.%s[%u].%s' %s",
                                    c->pod->path, c->list, c->index, field, what));
}

/* ---- what pods and containers share ------------------------------------------------------------------- */

/* Returns what is wrong with a securityContext of either, and the field, or NULL. */
static const char *bad_profile(const struct val *security, const struct val **field, const char **name)
{
    *name = "securityContext.seccompProfile.type";
    *field = tree_at(security, "seccompProfile", "type", NULL);
    if (*field != NULL && !is_text(*field, "RuntimeDefault") && !is_text(*field, "Localhost"))
        return "must be 'RuntimeDefault' or 'Localhost'";
    *name = "securityContext.appArmorProfile.type";
    *field = tree_at(security, "appArmorProfile", "type", NULL);
    if (*field != NULL && !is_text(*field, "RuntimeDefault") && !is_text(*field, "Localhost"))
        return "must be 'RuntimeDefault' or 'Localhost'";
    *name = "securityContext.windowsOptions.hostProcess";
    *field = tree_at(security, "windowsOptions", "hostProcess", NULL);
    return is_true(*field) ? "must be false" : NULL;
}

static const char *bad_selinux(const struct val *security, int minor, const struct val **field, const char **name)
{
    static const char *const types[] = { "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t" };
    const struct val *options = tree_get(security, "seLinuxOptions");
    bool known = false;
    *name = "securityContext.seLinuxOptions.type";
    *field = tree_get(options, "type");
    for (size_t i = 0; i < (minor >= 31 ? 5u : 4u); i++)
        known |= is_text(*field, types[i]);
    if (*field != NULL && !known)
        return "must be one of the types of containers";
    *name = "securityContext.seLinuxOptions";
    *field = options;
    const struct val *user = tree_get(options, "user"), *role = tree_get(options, "role");
    const bool set = (user != NULL && !is_text(user, "")) || (role != NULL && !is_text(role, ""));
    return set ? "must not set 'user' or 'role'" : NULL;
}

static const char *bad_security(const struct val *security, int minor, const struct val **field, const char **name)
{
    if (security == NULL)
        return NULL;
    const char *bad = bad_profile(security, field, name);
    return bad != NULL ? bad : bad_selinux(security, minor, field, name);
}

/* Since 1.35 root inside of a user namespace is nobody outside, and may be. */
static bool may_be_root(const struct pod *p)
{
    return p->vf->minor >= 35 && is_false(tree_get(p->spec, "hostUsers"));
}

/* ---- containers --------------------------------------------------------------------------------------- */

static void check_capabilities(const struct container *c)
{
    const struct val *capabilities = tree_get(c->security, "capabilities");
    const struct val *drop = tree_get(capabilities, "drop"), *add = tree_get(capabilities, "add");
    bool all = false;
    for (uint32_t i = 0; drop != NULL && drop->kind == V_SEQ && i < drop->len; i++)
        all |= is_text(&drop->seq[i], "ALL");
    if (!all)
        violates(c, placed(drop, capabilities, NULL), "securityContext.capabilities.drop", "must hold 'ALL'");
    for (uint32_t i = 0; add != NULL && add->kind == V_SEQ && i < add->len; i++)
        if (!is_text(&add->seq[i], "NET_BIND_SERVICE"))
            violates(c, &add->seq[i], "securityContext.capabilities.add", "may hold only 'NET_BIND_SERVICE'");
}

static void check_user(const struct container *c)
{
    const struct val *own = tree_get(c->security, "runAsNonRoot"), *user = tree_get(c->security, "runAsUser");
    if (may_be_root(c->pod))
        return;
    if (is_false(own) || (own == NULL && !is_true(tree_get(c->pod->security, "runAsNonRoot"))))
        violates(c, own, "securityContext.runAsNonRoot", "must be true, here or for the pod");
    if (is_zero(user))
        violates(c, user, "securityContext.runAsUser", "must not be 0");
}

static void check_privileges(const struct container *c)
{
    const struct val *privileged = tree_get(c->security, "privileged"), *proc = tree_get(c->security, "procMount");
    const struct val *escalation = tree_get(c->security, "allowPrivilegeEscalation");
    if (is_true(privileged))
        violates(c, privileged, "securityContext.privileged", "must be false");
    if (!is_false(escalation))
        violates(c, escalation, "securityContext.allowPrivilegeEscalation", "must be false");
    if (proc != NULL && !is_text(proc, "Default"))
        violates(c, proc, "securityContext.procMount", "must be 'Default'");
}

static void check_profiles(const struct container *c)
{
    const struct val *field;
    const char *name, *bad = bad_security(c->security, c->pod->vf->minor, &field, &name);
    if (bad != NULL)
        violates(c, field, name, bad);
    if (tree_at(c->security, "seccompProfile", "type", NULL) == NULL
        && tree_at(c->pod->security, "seccompProfile", "type", NULL) == NULL)
        violates(c, NULL, "securityContext.seccompProfile.type",
                 "must be 'RuntimeDefault' or 'Localhost', here or for the pod");
}

static void check_ports(const struct container *c)
{
    const struct val *ports = tree_get(c->v, "ports");
    for (uint32_t i = 0; ports != NULL && ports->kind == V_SEQ && i < ports->len; i++) {
        const struct val *host = tree_get(&ports->seq[i], "hostPort");
        if (host != NULL && !is_zero(host))
            violates(c, host, "ports", "must not open a 'hostPort'");
    }
}

/* Since 1.34 a probe may not be sent to another host. */
static void check_probes(const struct container *c)
{
    static const char *const holders[][2] = {
        { "livenessProbe", NULL }, { "readinessProbe", NULL }, { "startupProbe", NULL }, { "lifecycle", "postStart" },
        { "lifecycle", "preStop" } };
    if (c->pod->vf->minor < 34)
        return;
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
        const struct val *probe = tree_get(c->v, holders[i][0]);
        if (probe != NULL && holders[i][1] != NULL)
            probe = tree_get(probe, holders[i][1]);
        if (probe == NULL)
            continue;
        const struct val *http = tree_at(probe, "httpGet", "host", NULL), *tcp = tree_at(probe, "tcpSocket", "host", NULL);
        const struct val *host = http != NULL ? http : tcp;
        if (host != NULL && !is_text(host, ""))
            violates(c, host, holders[i][0], "must not name a 'host'");
    }
}

static void check_containers(const struct pod *p, const char *list)
{
    const struct val *all = tree_get(p->spec, list);
    for (uint32_t i = 0; all != NULL && all->kind == V_SEQ && i < all->len; i++) {
        const struct val *v = &all->seq[i];
        const struct container c = { p, v, tree_get(v, "securityContext"), list, i };
        check_capabilities(&c);
        check_user(&c);
        check_privileges(&c);
        check_profiles(&c);
        check_ports(&c);
        check_probes(&c);
    }
}

/* ---- the pod ------------------------------------------------------------------------------------------ */

static void check_host(const struct pod *p)
{
    static const char *const shares[] = { "hostNetwork", "hostPID", "hostIPC" };
    for (size_t i = 0; i < 3; i++) {
        const struct val *v = tree_get(p->spec, shares[i]);
        if (is_true(v))
            pod_violates(p, v, shares[i], "must be false");
    }
}

static bool is_allowed_volume(const struct val *v, int minor)
{
    static const char *const sources[] = { "configMap", "emptyDir", "secret", "projected", "persistentVolumeClaim",
                                           "downwardAPI", "csi", "ephemeral", "image" };
    const size_t known = minor >= 33 ? 9 : 8;
    for (uint32_t i = 0; i < v->len; i++)
        for (size_t k = 0; k < known; k++)
            if (v->map[i].key[0] == sources[k][0] && strcmp(v->map[i].key, sources[k]) == 0)
                return true;
    return false;
}

static void check_volumes(const struct pod *p)
{
    const struct val *volumes = tree_get(p->spec, "volumes");
    for (uint32_t i = 0; volumes != NULL && volumes->kind == V_SEQ && i < volumes->len; i++)
        if (volumes->seq[i].kind == V_MAP && !is_allowed_volume(&volumes->seq[i], p->vf->minor))
            pod_violates(p, &volumes->seq[i], "volumes", "has a volume of a kind that is not allowed");
}

static void check_sysctls(const struct pod *p)
{
    static const struct { const char *name; int since; } safe[] = {
        { "kernel.shm_rmid_forced", 0 }, { "net.ipv4.ip_local_port_range", 0 }, { "net.ipv4.tcp_syncookies", 0 },
        { "net.ipv4.ping_group_range", 0 }, { "net.ipv4.ip_unprivileged_port_start", 0 },
        { "net.ipv4.ip_local_reserved_ports", 27 }, { "net.ipv4.tcp_keepalive_time", 29 },
        { "net.ipv4.tcp_fin_timeout", 29 },
        { "net.ipv4.tcp_keepalive_intvl", 29 }, { "net.ipv4.tcp_keepalive_probes", 29 }, { "net.ipv4.tcp_rmem", 32 },
        { "net.ipv4.tcp_wmem", 32 },
    };
    const struct val *sysctls = tree_get(p->security, "sysctls");
    for (uint32_t i = 0; sysctls != NULL && sysctls->kind == V_SEQ && i < sysctls->len; i++) {
        const struct val *name = tree_get(&sysctls->seq[i], "name");
        bool known = false;
        for (size_t k = 0; k < sizeof safe / sizeof *safe; k++)
            known |= is_text(name, safe[k].name) && p->vf->minor >= safe[k].since;
        if (!known)
            pod_violates(p, name, "securityContext.sysctls", "has a setting that is not safe for other pods of the node");
    }
}

static void check_pod_security(const struct pod *p)
{
    const struct val *field;
    const char *name, *bad = bad_security(p->security, p->vf->minor, &field, &name);
    const struct val *user = tree_get(p->security, "runAsUser"), *root = tree_get(p->security, "runAsNonRoot");
    if (bad != NULL)
        pod_violates(p, field, name, bad);
    if (is_zero(user) && !may_be_root(p))
        pod_violates(p, user, "securityContext.runAsUser", "must not be 0");
    if (is_false(root) && !may_be_root(p))
        pod_violates(p, root, "securityContext.runAsNonRoot", "must be true");
}

void policy_check(struct verifier *vf, const struct val *pod, const char *path)
{
    const struct pod p = { vf, pod, tree_get(pod, "securityContext"), path };
    if (is_text(tree_at(pod, "os", "name", NULL), "windows"))
        return;
    check_host(&p);
    check_volumes(&p);
    check_sysctls(&p);
    check_pod_security(&p);
    check_containers(&p, "initContainers");
    check_containers(&p, "containers");
    check_containers(&p, "ephemeralContainers");
}
