/* Rules about what keeps pods running, and about the claims it makes for them. Jobs: k8s_rules_job.c. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

/* ---- selectors ---------------------------------------------------------------------------------------- */

static bool expression_holds(const struct val *e, const struct val *labels)
{
    const char *operator = tree_str(e, "operator"), *key = tree_str(e, "key");
    if (operator == NULL || key == NULL)
        return true;
    const char *value = tree_str(labels, key);
    if (strcmp(operator, "Exists") == 0)
        return value != NULL;
    if (strcmp(operator, "DoesNotExist") == 0)
        return value == NULL;
    const bool in = value != NULL && k8s_has(tree_get(e, "values"), value);
    return strcmp(operator, "In") == 0 ? in : !in;
}

static void check_match_labels(struct k8s_walk *w, const struct val *match, const struct val *labels,
                               const struct k8s_step *at)
{
    if (match == NULL || match->kind != V_MAP || match->len > 100 || (labels != NULL && match->map == labels->map))
        return;
    const struct k8s_step step = { at, "matchLabels", 0 };
    for (uint32_t i = 0; i < match->len; i++) {
        const struct val *wanted = &match->map[i].v, *label = tree_get(labels, match->map[i].key);
        if (wanted->kind == V_STR && (label == NULL || !k8s_is(label, wanted->s)))
            k8s_report_in(w, E_K8S_RULE, k8s_written(wanted, label), &step, match->map[i].key,
                          "is '%s', and the template's label is %s%s%s", k8s_shown(w, wanted->s),
                          label == NULL ? "missing" : "'",
                          label != NULL && label->kind == V_STR ? k8s_shown(w, label->s) : "", label == NULL ? "" : "'");
    }
}

static void check_selector(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *selector = tree_get(v, "selector"), *match = tree_get(selector, "matchLabels");
    const struct val *expressions = tree_get(selector, "matchExpressions");
    const struct val *labels = tree_at(v, "template", "metadata", "labels", NULL);
    const struct k8s_step step = { at, "selector", 0 };
    if (selector == NULL || selector->kind != V_MAP)
        return;
    if ((match == NULL || match->len == 0) && (expressions == NULL || expressions->len == 0))
        k8s_report(w, E_K8S_RULE, k8s_written(selector, v), &step, "is empty, and would select every pod");
    check_match_labels(w, match, labels, &step);
    for (uint32_t i = 0; expressions != NULL && expressions->kind == V_SEQ && i < expressions->len && i < 100; i++)
        if (!expression_holds(&expressions->seq[i], labels)) {
            const struct k8s_step list = { &step, "matchExpressions", 0 }, item = { &list, NULL, i };
            k8s_report(w, E_K8S_RULE, &expressions->seq[i], &item, "does not match the labels of the template");
        }
}

/* ---- workloads ---------------------------------------------------------------------------------------- */

static void check_template(struct k8s_walk *w, const struct val *v, const struct val *claims, const struct k8s_step *at)
{
    const struct k8s_step template = { at, "template", 0 }, spec = { &template, "spec", 0 };
    k8s_check_mounts(w, tree_at(v, "template", "spec", NULL), claims, &spec);
}

static void check_always(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *policy = tree_at(v, "template", "spec", "restartPolicy", NULL);
    const struct k8s_step template = { at, "template", 0 }, spec = { &template, "spec", 0 };
    if (policy != NULL && policy->kind == V_STR && strcmp(policy->s, "Always") != 0)
        k8s_report_in(w, E_K8S_RULE, policy, &spec, "restartPolicy", "must be 'Always' here, not '%s'",
                      k8s_shown(w, policy->s));
}

/* `rollingUpdate` belongs to the type RollingUpdate, which is the default. */
static void check_strategy(struct k8s_walk *w, const struct val *v, const char *key, const struct k8s_step *at)
{
    const struct val *strategy = tree_get(v, key), *type = tree_get(strategy, "type");
    const struct val *rolling = tree_get(strategy, "rollingUpdate");
    const struct k8s_step step = { at, key, 0 };
    if (rolling != NULL && rolling->kind != V_NULL && type != NULL && !k8s_is(type, "RollingUpdate"))
        k8s_report_in(w, E_K8S_RULE, k8s_written(rolling, type), &step, "rollingUpdate", "needs the type 'RollingUpdate'");
}

static void check_deadline(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *deadline = tree_at(v, "template", "spec", "activeDeadlineSeconds", NULL);
    const struct k8s_step template = { at, "template", 0 }, spec = { &template, "spec", 0 };
    if (k8s_given(deadline))
        k8s_report_in(w, E_K8S_RULE, deadline, &spec, "activeDeadlineSeconds",
                      "must not stand here: these pods have no end");
}

static void check_workload(struct k8s_walk *w, const struct val *v, const struct val *claims, const struct k8s_step *at)
{
    if (w->c->partial)
        return;
    check_selector(w, v, at);
    check_always(w, v, at);
    if (k8s_noted(w, NOTE_DEADLINE))
        check_deadline(w, v, at);
    check_template(w, v, claims, at);
}

static bool is_nothing(const struct val *v, bool otherwise)
{
    int64_t n;
    return !k8s_given(v) ? otherwise : k8s_int(v, &n) ? n == 0 : k8s_is(v, "0%") || k8s_is(v, "00%") || k8s_is(v, "000%");
}

/* Without room above or below nothing can be replaced. A DaemonSet has room on one side only. */
static void check_room(struct k8s_walk *w, const struct val *rolling, bool one_side, const struct k8s_step *at)
{
    const struct val *surge = tree_get(rolling, "maxSurge"), *unavailable = tree_get(rolling, "maxUnavailable");
    const bool no_surge = is_nothing(surge, one_side), all_stay = is_nothing(unavailable, false);
    if (w->c->partial || !k8s_given(rolling))
        return;
    if (no_surge && all_stay)
        k8s_report_in(w, E_K8S_RULE, k8s_written(unavailable, surge), at, "maxUnavailable",
                      "is 0 and so is 'maxSurge': nothing could be replaced");
    else if (one_side && !no_surge && !all_stay)
        k8s_report_in(w, E_K8S_RULE, surge, at, "maxSurge", "needs 'maxUnavailable: 0' beside it");
}

/* 600 seconds are the server's default. */
static void check_progress(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *ready = tree_get(v, "minReadySeconds"), *progress = tree_get(v, "progressDeadlineSeconds");
    int64_t least = 0, most = 600;
    if (!k8s_int(ready, &least) || (progress != NULL && !k8s_int(progress, &most)) || most > least || w->c->partial)
        return;
    k8s_report_in(w, E_K8S_RULE, k8s_written(progress, ready), at, "progressDeadlineSeconds",
                  "is %lld, and must be more than the minReadySeconds of %lld", (long long)most, (long long)least);
}

void k8s_rule_deployment(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_step strategy = { at, "strategy", 0 }, rolling = { &strategy, "rollingUpdate", 0 };
    check_strategy(w, v, "strategy", at);
    check_room(w, tree_at(v, "strategy", "rollingUpdate", NULL), false, &rolling);
    check_progress(w, v, at);
    check_workload(w, v, NULL, at);
}

void k8s_rule_daemon_set(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_step strategy = { at, "updateStrategy", 0 }, rolling = { &strategy, "rollingUpdate", 0 };
    check_strategy(w, v, "updateStrategy", at);
    check_room(w, tree_at(v, "updateStrategy", "rollingUpdate", NULL), true, &rolling);
    check_workload(w, v, NULL, at);
}

static void check_claim_names(struct k8s_walk *w, const struct val *claims, const struct k8s_step *at)
{
    for (uint32_t i = 0; claims != NULL && claims->kind == V_SEQ && i < claims->len; i++) {
        const struct val *name = tree_at(&claims->seq[i], "metadata", "name", NULL);
        const struct k8s_step list = { at, "volumeClaimTemplates", 0 }, item = { &list, NULL, i };
        const struct k8s_step metadata = { &item, "metadata", 0 };
        const char *bad = name == NULL || name->kind != V_STR ? "is missing" : k8s_bad_label_name(name->s);
        if (bad != NULL)
            k8s_report_in(w, name == NULL ? E_K8S_MISSING : E_K8S_VALUE, k8s_written(name, &claims->seq[i]), &metadata,
                          "name", "%s", bad);
        for (uint32_t k = 0; bad == NULL && k < i && i < 100; k++)
            if (k8s_is(tree_at(&claims->seq[k], "metadata", "name", NULL), name->s))
                k8s_report_in(w, E_K8S_DUPLICATE, name, &metadata, "name", "is the name of volumeClaimTemplates[%u] too", k);
    }
}

/* Since 1.33 a StatefulSet may do without a Service. */
void k8s_rule_stateful_set(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *claims = tree_get(v, "volumeClaimTemplates");
    check_strategy(w, v, "updateStrategy", at);
    if (w->c->partial)
        return;
    if (tree_get(v, "serviceName") == NULL && w->c->minor < 33)
        k8s_report_in(w, E_K8S_MISSING, v, at, "serviceName", "is missing");
    check_claim_names(w, claims, at);
    check_workload(w, v, claims, at);
}
