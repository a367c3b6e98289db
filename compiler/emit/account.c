#include "emit/emit.h"

/* The namespace refuses what the pods here never need: anything outside the restricted Pod Security Standard. */
static struct val namespace_of(struct arena *a, const struct plan *p)
{
    const struct val security = MAP(a, { "pod-security.kubernetes.io/enforce", t_str("restricted") });
    return MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("Namespace") },
        { "metadata",   k8s_cluster_meta(a, p, p->d->namespace_, tree_overlay(a, p->labels, &security), t_none()) });
}

/* Nothing in the cluster talks to the Kubernetes API, so no pod holds a token for it. */
static struct val service_account(struct arena *a, const struct plan *p)
{
    return MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("ServiceAccount") },
        { "metadata",   k8s_meta(a, p, p->account, p->labels, t_none()) },
        { "automountServiceAccountToken", t_bool(false) });
}

void emit_account(struct arena *a, const struct plan *p, struct vals *out)
{
    if (p->d->create_namespace)
        vals_add(out, namespace_of(a, p));
    vals_add(out, service_account(a, p));
}
