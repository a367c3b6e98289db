/* Rules about Services. */
#include "model/k8s_walk.h"

#include <string.h>

/* ---- types and ports ---------------------------------------------------------------------------------- */

/* What only some types of Service may have. */
static void check_by_type(struct k8s_walk *w, const struct val *v, const char *type, const struct k8s_step *at)
{
    static const struct { const char *field; bool node_port; } rules[] = {
        { "allocateLoadBalancerNodePorts", false }, { "loadBalancerClass", false }, { "loadBalancerSourceRanges", false },
        { "healthCheckNodePort", false }, { "externalTrafficPolicy", true },
    };
    const bool node_port = strcmp(type, "NodePort") == 0;
    if (strcmp(type, "LoadBalancer") == 0)
        return;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct val *field = tree_get(v, rules[i].field);
        if (!k8s_given(field) || (rules[i].node_port && (node_port || k8s_given(tree_get(v, "externalIPs")))))
            continue;
        k8s_report_in(w, E_K8S_RULE, k8s_written(field, tree_get(v, "type")), at, rules[i].field, "needs the type %s",
                      rules[i].node_port ? "'NodePort' or 'LoadBalancer'" : "'LoadBalancer'");
    }
}

static void check_service_port(struct k8s_walk *w, const struct val *port, bool several, bool published,
                               const struct k8s_step *at)
{
    const struct val *node = tree_get(port, "nodePort"), *name = tree_get(port, "name");
    int64_t n;
    if (several && (name == NULL || k8s_is(name, "")))
        k8s_report_in(w, E_K8S_MISSING, port, at, "name", "is missing: a Service of several ports names each");
    if (!published && k8s_int(node, &n) && n != 0)
        k8s_report_in(w, E_K8S_RULE, node, at, "nodePort", "needs the type 'NodePort' or 'LoadBalancer'");
}

static void check_ports(struct k8s_walk *w, const struct val *v, const char *type, const struct k8s_step *at)
{
    const struct val *ports = tree_get(v, "ports");
    const bool published = strcmp(type, "NodePort") == 0 || strcmp(type, "LoadBalancer") == 0;
    const struct k8s_step list = { at, "ports", 0 };
    const bool headless = k8s_is(tree_get(v, "clusterIP"), "None");
    if ((ports == NULL || ports->len == 0) && !headless && strcmp(type, "ExternalName") != 0)
        k8s_report(w, E_K8S_MISSING, v, &list, "is missing");
    if (ports == NULL || ports->kind != V_SEQ)
        return;
    for (uint32_t i = 0; i < ports->len; i++) {
        const struct k8s_step item = { &list, NULL, i };
        check_service_port(w, &ports->seq[i], ports->len > 1, published, &item);
    }
    k8s_walk_distinct(w, ports, "name", &list);
    if (published)
        k8s_walk_distinct(w, ports, "nodePort,protocol", &list);
}

/* ---- addresses ---------------------------------------------------------------------------------------- */

static void check_addresses(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *list = tree_get(v, "externalIPs");
    for (uint32_t i = 0; i < k8s_items(list); i++) {
        const struct k8s_step in = { at, "externalIPs", 0 }, item = { &in, NULL, i };
        if (list->seq[i].kind == V_STR && k8s_is_loopback(list->seq[i].s))
            k8s_report(w, E_K8S_VALUE, &list->seq[i], &item, "is '%s', an address of each machine itself", list->seq[i].s);
    }
    const struct k8s_step step = { at, "externalIPs", 0 };
    if (k8s_items(list) > 0 && w->c->minor >= 36)
        k8s_advise(w, list, &step, "is deprecated, and some clusters leave it unanswered");
}

/* Blanks around a range are part of the API. */
static void check_ranges(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *list = tree_get(v, "loadBalancerSourceRanges");
    for (uint32_t i = 0; i < k8s_items(list); i++) {
        const struct k8s_step in = { at, "loadBalancerSourceRanges", 0 }, item = { &in, NULL, i };
        char range[80];
        const char *s = list->seq[i].kind == V_STR ? list->seq[i].s + strspn(list->seq[i].s, " \t\n") : "";
        const size_t len = strcspn(s, " \t\n");
        const bool alone = s[len + strspn(s + len, " \t\n")] == '\0' && len < sizeof range;
        memcpy(range, s, alone ? len : 0);
        range[alone ? len : 0] = '\0';
        const char *bad = k8s_bad_syntax(k8s_syntax_in(SX_CIDR, w->c->minor), range);
        if (list->seq[i].kind == V_STR && bad != NULL)
            k8s_report(w, E_K8S_VALUE, &list->seq[i], &item, "is '%s', which %s", k8s_shown(w, list->seq[i].s), bad);
    }
}

static void check_families(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *policy = tree_get(v, "ipFamilyPolicy"), *families = tree_get(v, "ipFamilies");
    const struct val *ips = tree_get(v, "clusterIPs"), *ip = tree_get(v, "clusterIP");
    const bool two = k8s_items(families) > 1 || k8s_items(ips) > 1;
    if (k8s_is(policy, "SingleStack") && two)
        k8s_report_in(w, E_K8S_RULE, policy, at, "ipFamilyPolicy",
                      "is 'SingleStack', and there are two families or addresses");
    if (k8s_items(ips) > 1 && k8s_has(ips, "None"))
        k8s_report_in(w, E_K8S_RULE, ips, at, "clusterIPs", "may hold nothing beside 'None'");
    if (k8s_items(ips) > 0 && !k8s_filled(ip))
        k8s_report_in(w, E_K8S_RULE, ips, at, "clusterIPs", "needs the first of them as 'clusterIP' beside it");
    if (k8s_items(ips) > 0 && k8s_filled(ip) && !k8s_is(&ips->seq[0], ip->s))
        k8s_report_in(w, E_K8S_RULE, ips, at, "clusterIPs", "must start with the clusterIP '%s'", k8s_shown(w, ip->s));
    for (uint32_t i = 0; i < k8s_items(ips); i++) {
        const struct k8s_step in = { at, "clusterIPs", 0 }, item = { &in, NULL, i };
        if (ips->seq[i].kind == V_STR && !k8s_is(&ips->seq[i], "None") && k8s_bad_address(ips->seq[i].s) != NULL)
            k8s_report(w, E_K8S_VALUE, &ips->seq[i], &item, "is '%s', which is no IP address", k8s_shown(w, ips->seq[i].s));
    }
}

static void check_external_name(struct k8s_walk *w, const struct val *v, bool external, const struct k8s_step *at)
{
    static const char *const never[] = { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" };
    const struct val *name = tree_get(v, "externalName");
    const struct k8s_step step = { at, "externalName", 0 };
    const bool text = name != NULL && name->kind == V_STR;
    const char *bad = text ? k8s_bad_syntax(SX_SEARCH, name->s) : NULL;
    if (!external && k8s_filled(name))
        k8s_advise(w, name, &step, "does nothing without the type 'ExternalName'");
    if (external && bad != NULL)
        k8s_report(w, E_K8S_VALUE, name, &step, "is '%s', which %s", k8s_shown(w, name->s), bad);
    for (size_t i = 0; external && i < sizeof never / sizeof *never; i++) {
        const struct val *field = tree_get(v, never[i]);
        if (k8s_filled(field) || k8s_items(field) > 0)
            k8s_report_in(w, E_K8S_RULE, field, at, never[i], "must not stand with the type 'ExternalName'");
    }
}

/* ---- traffic ------------------------------------------------------------------------------------------ */

static void check_affinity(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *affinity = tree_get(v, "sessionAffinity"), *config = tree_get(v, "sessionAffinityConfig");
    const bool by_client = k8s_is(affinity, "ClientIP");
    const struct k8s_step step = { at, "sessionAffinity", 0 }, configured = { at, "sessionAffinityConfig", 0 };
    if (k8s_given(config) && !by_client)
        k8s_advise(w, config, &configured, "does nothing without 'sessionAffinity: ClientIP'");
    if (by_client && k8s_is(tree_get(v, "clusterIP"), "None"))
        k8s_advise(w, affinity, &step, "does nothing in a headless Service");
}

static void check_distribution(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *traffic = tree_get(v, "trafficDistribution");
    const struct k8s_step step = { at, "trafficDistribution", 0 };
    const bool close = k8s_is(traffic, "PreferClose");
    if (traffic != NULL && !close && w->c->minor < 34)
        k8s_report(w, E_K8S_VERSION, traffic, &step, "has only the value 'PreferClose' before Kubernetes 1.34");
    if (close && w->c->minor >= 35) {
        struct diag *d = k8s_advise(w, traffic, &step, "is the deprecated 'PreferClose'");
        diag_hint(w->c->cx, d, "write 'PreferSameZone', which means the same");
    }
}

static void check_health(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *port = tree_get(v, "healthCheckNodePort");
    int64_t n;
    if (k8s_int(port, &n) && n != 0 && k8s_is(tree_get(v, "type"), "LoadBalancer")
        && !k8s_is(tree_get(v, "externalTrafficPolicy"), "Local"))
        k8s_report_in(w, E_K8S_RULE, port, at, "healthCheckNodePort", "needs 'externalTrafficPolicy: Local'");
}

static void check_noted(struct k8s_walk *w, const struct val *v, bool external, const struct k8s_step *at)
{
    check_external_name(w, v, external, at);
    if (!external)
        check_families(w, v, at);
    check_addresses(w, v, at);
    check_ranges(w, v, at);
    check_affinity(w, v, at);
    check_distribution(w, v, at);
    check_health(w, v, at);
}

void k8s_rule_service(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *ip = tree_get(v, "clusterIP"), *kind = tree_get(v, "type");
    const char *type = kind != NULL && kind->kind == V_STR ? kind->s : "ClusterIP";
    if (w->c->partial)
        return;
    if (k8s_is(ip, "None") && strcmp(type, "ClusterIP") != 0)
        k8s_report_in(w, E_K8S_RULE, k8s_written(kind, ip), at, "clusterIP", "is 'None', which the type '%s' cannot have",
                      k8s_shown(w, type));
    if (strcmp(type, "ExternalName") == 0 && tree_get(v, "externalName") == NULL)
        k8s_report_in(w, E_K8S_MISSING, v, at, "externalName", "is missing: the type 'ExternalName' needs it");
    if (k8s_filled(ip) && strcmp(ip->s, "None") != 0 && k8s_bad_address(ip->s) != NULL)
        k8s_report_in(w, E_K8S_VALUE, ip, at, "clusterIP", "is '%s', which is no IP address", k8s_shown(w, ip->s));
    check_by_type(w, v, type, at);
    check_ports(w, v, type, at);
    if (k8s_noted(w, NOTE_SERVICE) || k8s_filled(ip))
        check_noted(w, v, strcmp(type, "ExternalName") == 0, at);
}

/* What the ranges were before they had a field of their own. */
void k8s_rule_annotated_service(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char key[] = "service.beta.kubernetes.io/load-balancer-source-ranges";
    const struct val *annotation = tree_get(tree_at(v, "metadata", "annotations", NULL), key);
    const struct k8s_step metadata = { at, "metadata", 0 }, annotations = { &metadata, "annotations", 0 };
    if (annotation != NULL && !w->c->partial && !k8s_is(tree_at(v, "spec", "type", NULL), "LoadBalancer"))
        k8s_report_in(w, E_K8S_RULE, annotation, &annotations, key, "needs the type 'LoadBalancer'");
}
