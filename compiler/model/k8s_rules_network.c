/* Rules about what leads to Services, and about NetworkPolicies. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

/* ---- Ingresses ---------------------------------------------------------------------------------------- */

void k8s_rule_ingress_path(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char *const within[] = { "//", "/./", "/../", "%2f", "%2F" };
    const struct val *path = tree_get(v, "path"), *type = tree_get(v, "pathType");
    if (k8s_is(type, "ImplementationSpecific") || type == NULL)
        return;
    if (path == NULL ? !w->c->partial : path->kind == V_STR && *path->s != '/')
        k8s_report_in(w, E_K8S_RULE, k8s_written(path, v), at, "path", "must start with '/'");
    for (size_t i = 0; k8s_filled(path) && i < sizeof within / sizeof *within; i++)
        if (strstr(path->s, within[i]) != NULL)
            k8s_report_in(w, E_K8S_VALUE, path, at, "path", "holds '%s', which a server may read in two ways", within[i]);
    if (k8s_filled(path) && (str_ends(path->s, "/..") || str_ends(path->s, "/.")))
        k8s_report_in(w, E_K8S_VALUE, path, at, "path", "ends in '%s', which a server may read in two ways",
                      strrchr(path->s, '/'));
}

void k8s_rule_ingress_rule(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *host = tree_get(v, "host");
    if (host == NULL || host->kind != V_STR || *host->s == '\0')
        return;
    const char *bad = k8s_bad_syntax(SX_ROUTED_HOST, host->s);
    if (bad != NULL)
        k8s_report_in(w, E_K8S_VALUE, host, at, "host", "is '%s', which %s", k8s_shown(w, host->s), bad);
}

void k8s_rule_ingress(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    if (!w->c->partial && k8s_items(tree_get(v, "rules")) == 0 && !k8s_given(tree_get(v, "defaultBackend")))
        k8s_report(w, E_K8S_RULE, v, at, "leads nowhere: give 'rules' or a 'defaultBackend'");
}

void k8s_rule_class_parameters(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *space = tree_get(v, "namespace");
    const bool namespaced = k8s_is(tree_get(v, "scope"), "Namespace");
    if (namespaced && !k8s_given(space) && !w->c->partial)
        k8s_report_in(w, E_K8S_MISSING, v, at, "namespace", "is missing: the scope is 'Namespace'");
    if (!namespaced && k8s_given(space) && !w->c->partial)
        k8s_report_in(w, E_K8S_RULE, space, at, "namespace", "needs 'scope: Namespace'");
}

/* ---- Routes ------------------------------------------------------------------------------------------- */

void k8s_rule_route_tls(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *policy = tree_get(v, "insecureEdgeTerminationPolicy");
    if (k8s_is(tree_get(v, "termination"), "passthrough") && k8s_is(policy, "Allow"))
        k8s_report_in(w, E_K8S_RULE, policy, at, "insecureEdgeTerminationPolicy",
                      "must not be 'Allow' with the termination 'passthrough'");
}

void k8s_rule_backend_ref(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *group = tree_get(v, "group"), *kind = tree_get(v, "kind");
    const bool service = (group == NULL || k8s_is(group, "")) && (kind == NULL || k8s_is(kind, "Service"));
    if (service && tree_get(v, "port") == NULL && !w->c->partial)
        k8s_report_in(w, E_K8S_MISSING, v, at, "port", "is missing: a Service is reached at one of its ports");
}

/* ---- NetworkPolicies ---------------------------------------------------------------------------------- */

void k8s_rule_policy_port(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *end = tree_get(v, "endPort"), *port = tree_get(v, "port");
    int64_t last, first;
    if (!k8s_int(end, &last) || w->c->partial)
        return;
    if (!k8s_int(port, &first))
        k8s_report_in(w, E_K8S_RULE, end, at, "endPort", "needs a 'port' that is a number");
    else if (last < first)
        k8s_report_in(w, E_K8S_RULE, k8s_written(end, port), at, "endPort", "is %lld, less than the port %lld",
                      (long long)last, (long long)first);
}

void k8s_rule_policy_peer(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *block = tree_get(v, "ipBlock");
    const bool selects = k8s_given(tree_get(v, "podSelector")) || k8s_given(tree_get(v, "namespaceSelector"));
    if (k8s_given(block) && selects)
        k8s_report_in(w, E_K8S_RULE, block, at, "ipBlock", "must not stand beside a selector");
    if (!k8s_given(block) && !selects && !w->c->partial)
        k8s_report(w, E_K8S_RULE, v, at, "names nobody: give a podSelector, a namespaceSelector or an ipBlock");
}

static bool inside(const struct k8s_cidr *inner, const struct k8s_cidr *outer)
{
    if (inner->len != outer->len || inner->bits <= outer->bits)
        return false;
    for (unsigned i = 0; i < outer->bits; i++)
        if (((inner->bytes[i / 8] ^ outer->bytes[i / 8]) >> (7 - i % 8)) & 1)
            return false;
    return true;
}

void k8s_rule_ip_block(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *except = tree_get(v, "except");
    const char *cidr = tree_str(v, "cidr");
    struct k8s_cidr outer, inner;
    if (cidr == NULL || !k8s_parse_cidr(cidr, &outer) || except == NULL || except->kind != V_SEQ)
        return;
    for (uint32_t i = 0; i < except->len; i++) {
        const struct val *e = &except->seq[i];
        const struct k8s_step list = { at, "except", 0 }, item = { &list, NULL, i };
        if (e->kind == V_STR && k8s_parse_cidr(e->s, &inner) && !inside(&inner, &outer))
            k8s_report(w, E_K8S_RULE, e, &item, "is '%s', which is not inside of %s", k8s_shown(w, e->s), cidr);
    }
}
