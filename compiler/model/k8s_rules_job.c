/* Rules about Jobs. */
#include "model/k8s_walk.h"

#include <stdlib.h>
#include <string.h>

/* ---- failures ----------------------------------------------------------------------------------------- */

static bool has_container(const struct val *pod, const char *name)
{
    static const char *const lists[] = { "containers", "initContainers" };
    for (size_t l = 0; l < 2; l++) {
        const struct val *list = tree_get(pod, lists[l]);
        for (uint32_t i = 0; i < k8s_items(list) && i < 300; i++)
            if (k8s_is(tree_get(&list->seq[i], "name"), name))
                return true;
    }
    return false;
}

static void check_codes(struct k8s_walk *w, const struct val *codes, const struct val *pod, const struct k8s_step *at)
{
    const struct val *name = tree_get(codes, "containerName"), *values = tree_get(codes, "values");
    const struct k8s_step list = { at, "values", 0 };
    int64_t n, before = INT64_MIN;
    if (name != NULL && name->kind == V_STR && !has_container(pod, name->s))
        k8s_report_in(w, E_K8S_RULE, name, at, "containerName",
                      "is '%s', and the pod has no such container", k8s_shown(w, name->s));
    for (uint32_t i = 0; i < k8s_items(values); i++) {
        const struct k8s_step item = { &list, NULL, i };
        if (!k8s_int(&values->seq[i], &n))
            continue;
        if (n == 0 && k8s_is(tree_get(codes, "operator"), "In"))
            k8s_report(w, E_K8S_RULE, &values->seq[i], &item, "is 0, which is no failure");
        if (n < before)
            k8s_report(w, E_K8S_RULE, &values->seq[i], &item, "is %lld, and the values must ascend", (long long)n);
        before = n;
    }
}

static void check_failures(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *rules = tree_at(v, "podFailurePolicy", "rules", NULL), *pod = tree_at(v, "template", "spec", NULL);
    const struct k8s_step policy = { at, "podFailurePolicy", 0 }, list = { &policy, "rules", 0 };
    for (uint32_t i = 0; i < k8s_items(rules); i++) {
        const struct k8s_step item = { &list, NULL, i }, codes = { &item, "onExitCodes", 0 };
        const struct val *action = tree_get(&rules->seq[i], "action");
        check_codes(w, tree_get(&rules->seq[i], "onExitCodes"), pod, &codes);
        if (k8s_is(action, "FailIndex") && !k8s_given(tree_get(v, "backoffLimitPerIndex")))
            k8s_report_in(w, E_K8S_RULE, action, &item, "action", "is 'FailIndex', which needs a 'backoffLimitPerIndex'");
    }
}

/* ---- indexes ------------------------------------------------------------------------------------------ */

/* What only a Job of numbered pods has. */
static void check_indexes(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char *const fields[] = { "backoffLimitPerIndex", "maxFailedIndexes", "successPolicy" };
    const struct val *mode = tree_get(v, "completionMode"), *most = tree_get(v, "maxFailedIndexes");
    int64_t failed, completions;
    const bool indexed = k8s_is(mode, "Indexed");
    if (indexed && !k8s_given(tree_get(v, "completions")))
        k8s_report_in(w, E_K8S_MISSING, k8s_written(mode, v), at, "completions",
                      "is missing: the completionMode 'Indexed' needs it");
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !indexed; i++)
        if (k8s_given(tree_get(v, fields[i])))
            k8s_report_in(w, E_K8S_RULE, tree_get(v, fields[i]), at, fields[i], "needs 'completionMode: Indexed'");
    if (k8s_given(most) && !k8s_given(tree_get(v, "backoffLimitPerIndex")))
        k8s_report_in(w, E_K8S_RULE, most, at, "maxFailedIndexes", "needs a 'backoffLimitPerIndex' beside it");
    if (k8s_int(most, &failed) && k8s_int(tree_get(v, "completions"), &completions) && failed > completions)
        k8s_report_in(w, E_K8S_RULE, most, at, "maxFailedIndexes", "is %lld, more than the completions of %lld",
                      (long long)failed,
                      (long long)completions);
}

/* "0-2,4": numbers and ranges that ascend, each below the number of completions. */
static bool are_indexes(const char *s, int64_t completions)
{
    int64_t last = -1;
    while (*s != '\0') {
        char *end;
        const int64_t first = s[0] >= '0' && s[0] <= '9' ? strtoll(s, &end, 10) : -1;
        int64_t until = first;
        if (first <= last)
            return false;
        if (*end == '-' && (until = end[1] >= '0' && end[1] <= '9' ? strtoll(end + 1, &end, 10) : -1) <= first)
            return false;
        if (until >= completions || (*end != '\0' && (*end != ',' || end[1] == '\0')))
            return false;
        last = until;
        s = end + (*end == ',');
    }
    return true;
}

static void check_success(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *rules = tree_at(v, "successPolicy", "rules", NULL);
    const struct k8s_step policy = { at, "successPolicy", 0 }, list = { &policy, "rules", 0 };
    int64_t completions = 0, n;
    k8s_int(tree_get(v, "completions"), &completions);
    for (uint32_t i = 0; i < k8s_items(rules); i++) {
        const struct val *count = tree_get(&rules->seq[i], "succeededCount"), *indexes = tree_get(&rules->seq[i], "succeededIndexes");
        const struct k8s_step item = { &list, NULL, i };
        if (!k8s_given(count) && !k8s_given(indexes))
            k8s_report(w, E_K8S_RULE, &rules->seq[i], &item, "needs 'succeededCount' or 'succeededIndexes'");
        if (k8s_int(count, &n) && n > completions)
            k8s_report_in(w, E_K8S_RULE, count, &item, "succeededCount", "is %lld, more than the completions of %lld", (long long)n,
                          (long long)completions);
        if (indexes != NULL && indexes->kind == V_STR && !are_indexes(indexes->s, completions))
            k8s_report_in(w, E_K8S_VALUE, indexes, &item, "succeededIndexes",
                          "is '%s', which is no ascending list of indexes below %lld, like 0-2,4", k8s_shown(w, indexes->s),
                          (long long)completions);
    }
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void check_selector(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *selector = tree_get(v, "selector"), *manual = tree_get(v, "manualSelector");
    if (k8s_given(selector) && !k8s_bool(manual))
        k8s_report_in(w, E_K8S_RULE, selector, at, "selector", "must not stand: the server makes one");
    if (!k8s_given(selector) && k8s_bool(manual))
        k8s_report_in(w, E_K8S_MISSING, manual, at, "selector", "is missing: 'manualSelector' is true");
}

static void check_restarts(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *policy = tree_at(v, "template", "spec", "restartPolicy", NULL);
    const struct val *failures = tree_get(v, "podFailurePolicy"), *replacement = tree_get(v, "podReplacementPolicy");
    const struct k8s_step template = { at, "template", 0 }, spec = { &template, "spec", 0 };
    if (!k8s_is(policy, "OnFailure") && !k8s_is(policy, "Never"))
        k8s_report_in(w, E_K8S_RULE, k8s_written(policy, v), &spec, "restartPolicy",
                      "must be 'OnFailure' or 'Never' in a Job");
    else if (k8s_given(failures) && !k8s_is(policy, "Never"))
        k8s_report_in(w, E_K8S_RULE, k8s_written(policy, failures), &spec, "restartPolicy",
                      "must be 'Never' with a podFailurePolicy");
    if (k8s_given(failures) && k8s_given(replacement) && !k8s_is(replacement, "Failed"))
        k8s_report_in(w, E_K8S_RULE, replacement, at, "podReplacementPolicy", "must be 'Failed' with a podFailurePolicy");
}

void k8s_rule_job(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct k8s_step template = { at, "template", 0 }, spec = { &template, "spec", 0 };
    if (w->c->partial)
        return;
    check_restarts(w, v, at);
    check_selector(w, v, at);
    check_indexes(w, v, at);
    if (k8s_is(tree_get(v, "completionMode"), "Indexed"))
        check_success(w, v, at);
    check_failures(w, v, at);
    k8s_check_mounts(w, tree_at(v, "template", "spec", NULL), NULL, &spec);
}
