#include "emit/emit.h"

#include "base/text.h"

/* `namespace` NULL: the kind is not namespaced. */
static struct val meta(struct arena *a, const struct plan *p, const char *name, const char *namespace,
                       struct val labels, struct val annotations)
{
    return MAP(a,
        { "name",        t_str(name) },
        { "namespace",   t_str(namespace) },
        { "labels",      tree_sorted(a, labels) },
        { "annotations", tree_overlay(a, p->annotations, &annotations) });
}

struct val k8s_meta(struct arena *a, const struct plan *p, const char *name, struct val labels, struct val annotations)
{
    return meta(a, p, name, p->d->namespace_, labels, annotations);
}

struct val k8s_cluster_meta(struct arena *a, const struct plan *p, const char *name, struct val labels,
                            struct val annotations)
{
    return meta(a, p, name, NULL, labels, annotations);
}

struct val k8s_object(struct arena *a, const struct plan *p, const char *api_version, const char *kind, const char *name,
                      struct val labels, struct val annotations, struct val spec_or_none)
{
    return MAP(a,
        { "apiVersion", t_str(api_version) },
        { "kind",       t_str(kind) },
        { "metadata",   k8s_meta(a, p, name, labels, annotations) },
        { "spec",       spec_or_none });
}

struct val k8s_config_map(struct arena *a, const struct plan *p, const char *name, struct val labels, struct val data)
{
    return MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("ConfigMap") },
        { "metadata",   k8s_meta(a, p, name, labels, t_none()) },
        { "data",       data });
}

struct val k8s_texts(struct arena *a, const struct strs *list)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < list->len; i++)
        vals_add(&out, t_str(list->at[i]));
    return vals_done(&out);
}

struct val k8s_text_at(const char *s, struct pos at)
{
    struct val v = t_str(s);
    v.at = at;
    return v;
}

struct val k8s_pod_security(struct arena *a, int64_t user, int64_t group)
{
    const bool ours = user != 0; /* a group of 0 is a real one: that of images made for OpenShift */
    return MAP(a,
        { "fsGroup",             t_if(ours, t_int(group)) },
        { "fsGroupChangePolicy", t_str("OnRootMismatch") }, /* a volume of millions of segments is walked once */
        { "runAsGroup",          t_if(ours, t_int(group)) },
        { "runAsNonRoot",        t_bool(true) },
        { "runAsUser",           t_if(ours, t_int(user)) },
        { "seccompProfile",      MAP(a, { "type", t_str("RuntimeDefault") }) });
}

struct val k8s_container_security(struct arena *a)
{
    return MAP(a,
        { "allowPrivilegeEscalation", t_bool(false) },
        { "capabilities",             MAP(a, { "drop", SEQ(a, t_str("ALL")) }) },
        { "readOnlyRootFilesystem",   t_bool(true) });
}

struct val k8s_env(struct arena *a, const char *name, const char *value)
{
    return value == NULL ? t_none() : MAP(a,
        { "name",  t_str(name) },
        { "value", t_str(value) });
}

struct val k8s_env_field(struct arena *a, const char *name, const char *field_path)
{
    return MAP(a,
        { "name",      t_str(name) },
        { "valueFrom", MAP(a, { "fieldRef", MAP(a, { "fieldPath", t_str(field_path) }) }) });
}

struct val k8s_resources(struct arena *a, const char *cpu, const char *memory, const char *cpu_limit,
                         const char *memory_limit)
{
    return MAP(a,
        { "requests", MAP(a, { "cpu", t_str(cpu) },       { "memory", t_str(memory) }) },
        { "limits",   MAP(a, { "cpu", t_str(cpu_limit) }, { "memory", t_str(memory_limit) }) });
}

struct val k8s_pull_secrets(struct arena *a, const struct plan *p)
{
    const struct strs *names = &p->d->images.pull_secrets;
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < names->len; i++)
        vals_add(&out, MAP(a, { "name", t_str(names->at[i]) }));
    return vals_done(&out);
}

const char *k8s_pull_policy(const struct plan *p)
{
    switch ((enum pull_policy)p->d->images.pull_policy) {
    case PULL_IF_NOT_PRESENT: return "IfNotPresent";
    case PULL_ALWAYS:         return "Always";
    case PULL_NEVER:          return "Never";
    case PULL_AUTO:           break;
    }
    return NULL;
}

struct val k8s_service_port(struct arena *a, const char *name, int64_t port, int64_t target, int64_t node_port)
{
    return MAP(a,
        { "name",       t_str(name) },
        { "port",       t_int(port) },
        { "targetPort", t_int(target) },
        { "nodePort",   t_if(node_port != 0, t_int(node_port)) },
        { "protocol",   t_str("TCP") });
}

struct val k8s_duration(struct arena *a, int64_t ms)
{
    static const struct { int64_t ms; const char *unit; } units[] = { { 3600000, "h" }, { 60000, "m" }, { 1000, "s" } };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ms != 0 && ms % units[i].ms == 0)
            return t_str(str_join(a, str_int(a, ms / units[i].ms), units[i].unit, NULL));
    return t_str(str_join(a, str_int(a, ms), "ms", NULL));
}
