/* Rules about where pods run: tolerations, affinity, spreading, labels of nodes. */
#include "model/k8s_walk.h"

#include <string.h>

/* ---- labels of nodes ---------------------------------------------------------------------------------- */

void k8s_advise_node_label(struct k8s_walk *w, const char *key, const struct val *v, const struct k8s_step *at)
{
    static const struct { const char *key, *instead; } old[] = {
        { "beta.kubernetes.io/arch", "kubernetes.io/arch" },
        { "beta.kubernetes.io/os", "kubernetes.io/os" },
        { "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type" },
        { "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region" },
        { "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone" },
        { "node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane" },
    };
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        if (key[0] != old[i].key[0] || strcmp(key, old[i].key) != 0)
            continue;
        struct diag *d = k8s_advise(w, v, at, "uses the deprecated label '%s'", key);
        diag_hint(w->c->cx, d, "write '%s'", old[i].instead);
    }
}

static void advise_key(struct k8s_walk *w, const struct val *v, const char *field, const struct k8s_step *at)
{
    const struct val *key = tree_get(v, field);
    const struct k8s_step step = { at, field, 0 };
    if (key != NULL && key->kind == V_STR)
        k8s_advise_node_label(w, key->s, key, &step);
}

/* ---- requirements ------------------------------------------------------------------------------------- */

/* In and NotIn compare with values, Exists and DoesNotExist do not. Returns false when that has been reported. */
static bool check_values(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *operator = tree_get(v, "operator"), *values = tree_get(v, "values");
    const bool any = k8s_items(values) > 0;
    if (!any && (k8s_is(operator, "In") || k8s_is(operator, "NotIn")) && !w->c->partial)
        k8s_report_in(w, E_K8S_RULE, v, at, "values", "is missing: the operator '%s' compares with values", operator->s);
    else if (any && (k8s_is(operator, "Exists") || k8s_is(operator, "DoesNotExist")))
        k8s_report_in(w, E_K8S_RULE, values, at, "values", "must not stand with the operator '%s'", operator->s);
    else
        return true;
    return false;
}

void k8s_rule_selector_requirement(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    check_values(w, v, at);
}

void k8s_rule_node_requirement(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *operator = tree_get(v, "operator"), *values = tree_get(v, "values");
    int64_t n;
    advise_key(w, v, "key", at);
    if (!check_values(w, v, at) || (!k8s_is(operator, "Gt") && !k8s_is(operator, "Lt")) || w->c->partial)
        return;
    if (k8s_items(values) != 1 || values->seq[0].kind != V_STR || !k8s_plain_int(values->seq[0].s, &n))
        k8s_report_in(w, E_K8S_RULE, k8s_written(values, v), at, "values",
                      "must be one whole number in quotes with the operator '%s'", operator->s);
}

/* A preference that no node can meet is taken by the server, with a warning. */
void k8s_rule_preferred_requirement(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *values = tree_get(v, "values");
    k8s_rule_node_requirement(w, v, at);
    for (uint32_t i = 0; i < k8s_items(values); i++) {
        const struct k8s_step list = { at, "values", 0 }, item = { &list, NULL, i };
        const char *bad = values->seq[i].kind == V_STR ? k8s_bad_label_value(values->seq[i].s) : NULL;
        if (bad != NULL)
            k8s_advise(w, &values->seq[i], &item, "is '%s', which no label can be: it %s", k8s_shown(w, values->seq[i].s),
                       bad);
    }
}

/* ---- keys whose values come from the pod -------------------------------------------------------------- */

static bool selects_by(const struct val *selector, const char *key)
{
    const struct val *expressions = tree_get(selector, "matchExpressions");
    for (uint32_t i = 0; i < k8s_items(expressions) && i < 100; i++)
        if (k8s_is(tree_get(&expressions->seq[i], "key"), key))
            return true;
    return tree_get(tree_get(selector, "matchLabels"), key) != NULL;
}

static void check_label_keys(struct k8s_walk *w, const struct val *v, const char *field, const struct k8s_step *at)
{
    const struct val *keys = tree_get(v, field), *selector = tree_get(v, "labelSelector");
    const bool mismatch = field[1] == 'i';
    if (k8s_items(keys) > 0 && !k8s_given(selector) && !w->c->partial)
        k8s_report_in(w, E_K8S_RULE, keys, at, field, "needs a 'labelSelector' beside it");
    for (uint32_t i = 0; i < k8s_items(keys) && i < 100; i++) {
        const struct k8s_step list = { at, field, 0 }, item = { &list, NULL, i };
        const struct val *key = &keys->seq[i];
        if (!mismatch && key->kind == V_STR && selects_by(selector, key->s))
            k8s_report(w, E_K8S_RULE, key, &item, "is '%s', by which the labelSelector selects, too", k8s_shown(w, key->s));
        if (mismatch && key->kind == V_STR && k8s_has(tree_get(v, "matchLabelKeys"), key->s))
            k8s_report(w, E_K8S_RULE, key, &item, "is '%s', which stands in 'matchLabelKeys', too", k8s_shown(w, key->s));
    }
}

static void advise_selector(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_step step = { at, "labelSelector", 0 };
    if (!w->c->partial && tree_get(v, "labelSelector") == NULL)
        k8s_advise(w, v, &step, "is missing, so no pod is meant");
}

void k8s_rule_affinity_term(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    advise_selector(w, v, at);
    check_label_keys(w, v, "matchLabelKeys", at);
    check_label_keys(w, v, "mismatchLabelKeys", at);
}

void k8s_rule_spread(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *domains = tree_get(v, "minDomains");
    if (k8s_given(domains) && k8s_is(tree_get(v, "whenUnsatisfiable"), "ScheduleAnyway"))
        k8s_report_in(w, E_K8S_RULE, domains, at, "minDomains", "needs 'whenUnsatisfiable: DoNotSchedule'");
    advise_key(w, v, "topologyKey", at);
    advise_selector(w, v, at);
    check_label_keys(w, v, "matchLabelKeys", at);
}

/* ---- tolerations -------------------------------------------------------------------------------------- */

void k8s_rule_toleration(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *operator = tree_get(v, "operator"), *value = tree_get(v, "value");
    const struct val *seconds = tree_get(v, "tolerationSeconds");
    const bool exists = k8s_is(operator, "Exists");
    if (exists && k8s_filled(value))
        k8s_report_in(w, E_K8S_RULE, value, at, "value", "must not stand with the operator 'Exists'");
    if (!exists && !k8s_filled(tree_get(v, "key")) && !w->c->partial) {
        struct diag *d = k8s_report(w, E_K8S_RULE, v, at, "has no key, and its operator is not 'Exists'");
        diag_hint(w->c->cx, d, "to tolerate everything, write 'operator: Exists'");
    }
    if (k8s_given(seconds) && !k8s_is(tree_get(v, "effect"), "NoExecute") && !w->c->partial)
        k8s_report_in(w, E_K8S_RULE, seconds, at, "tolerationSeconds", "needs the effect 'NoExecute'");
}
