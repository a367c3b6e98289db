/* Rules about what scales and what bounds: HorizontalPodAutoscalers and LimitRanges. */
#include "model/k8s_walk.h"

#include <string.h>

/* ---- autoscalers -------------------------------------------------------------------------------------- */

void k8s_rule_autoscaler(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *least = tree_get(v, "minReplicas"), *most = tree_get(v, "maxReplicas");
    int64_t low = 1, high;
    k8s_int(least, &low);
    if (k8s_int(most, &high) && high >= 1 && high < low)
        k8s_report_in(w, E_K8S_RULE, k8s_written(most, least), at, "maxReplicas",
                      "is %lld, less than the minReplicas of %lld",
                      (long long)high, (long long)low);
}

/* What a source of numbers may be compared with, and the field that the type names. */
static const struct source {
    const char *type, *field, *targets[2];
    bool        both; /* the targets may stand together */
} sources[] = {
    { "ContainerResource", "containerResource", { "averageUtilization", "averageValue" }, false },
    { "External", "external", { "value", "averageValue" }, false },
    { "Object", "object", { "value", "averageValue" }, true },
    { "Pods", "pods", { "averageValue", NULL }, true },
    { "Resource", "resource", { "averageUtilization", "averageValue" }, false },
};
enum { SOURCES = sizeof sources / sizeof *sources };

static void check_target(struct k8s_walk *w, const struct source *s, const struct val *v, const struct k8s_step *at)
{
    const struct val *target = tree_get(v, "target");
    const struct k8s_step step = { at, "target", 0 };
    const bool one = k8s_given(tree_get(target, s->targets[0]));
    const bool two = s->targets[1] != NULL && k8s_given(tree_get(target, s->targets[1]));
    if (target == NULL || target->kind != V_MAP)
        return;
    if (!one && !two)
        k8s_report_in(w, E_K8S_MISSING, target, &step, s->targets[0], "is missing: the metric is compared with it");
    else if (one && two && !s->both)
        k8s_report_in(w, E_K8S_RULE, tree_get(target, s->targets[1]), &step, s->targets[1], "must not stand beside '%s'",
                      s->targets[0]);
}

void k8s_rule_metric(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *type = tree_get(v, "type");
    for (size_t i = 0; i < SOURCES && !w->c->partial && type != NULL; i++) {
        const struct val *source = tree_get(v, sources[i].field);
        const struct k8s_step step = { at, sources[i].field, 0 };
        const bool named = k8s_is(type, sources[i].type);
        if (named && !k8s_given(source))
            k8s_report_in(w, E_K8S_MISSING, k8s_written(type, v), at, sources[i].field,
                          "is missing: the type '%s' needs it", sources[i].type);
        else if (!named && k8s_given(source))
            k8s_report_in(w, E_K8S_RULE, source, at, sources[i].field, "needs the type '%s'", sources[i].type);
        else if (named)
            check_target(w, &sources[i], source, &step);
    }
}

/* ---- limits of a namespace ---------------------------------------------------------------------------- */

/* The first must not be more than the second. */
static const char *const ordered[][2] = {
    { "min", "max" }, { "min", "defaultRequest" }, { "defaultRequest", "max" }, { "defaultRequest", "default" },
    { "min", "default" }, { "default", "max" },
};

static void check_order(struct k8s_walk *w, const struct val *v, size_t pair, const struct k8s_step *at)
{
    const struct val *low = tree_get(v, ordered[pair][0]), *high = tree_get(v, ordered[pair][1]);
    const struct k8s_step step = { at, ordered[pair][0], 0 };
    int64_t a, b;
    for (uint32_t i = 0; low != NULL && low->kind == V_MAP && i < low->len && i < 100; i++) {
        const struct val *other = tree_get(high, low->map[i].key), *mine = &low->map[i].v;
        if (k8s_amount(mine, &a) && k8s_amount(other, &b) && a > b)
            k8s_report_in(w, E_K8S_RULE, k8s_written(mine, other), &step, low->map[i].key, "is %s, more than the '%s' of %s",
                          k8s_amount_text(w, mine), ordered[pair][1], k8s_amount_text(w, other));
    }
}

/* A limit may be at most so many times the request: at least once, and no more than the bounds leave room for. */
static void check_ratio(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *ratios = tree_get(v, "maxLimitRequestRatio");
    const struct k8s_step step = { at, "maxLimitRequestRatio", 0 };
    for (uint32_t i = 0; ratios != NULL && ratios->kind == V_MAP && i < ratios->len && i < 100; i++) {
        const struct pair *p = &ratios->map[i];
        int64_t ratio, low, high;
        if (!k8s_amount(&p->v, &ratio))
            continue;
        if (ratio < 1000)
            k8s_report_in(w, E_K8S_VALUE, &p->v, &step, p->key, "must be at least 1");
        else if (k8s_amount(tree_get(tree_get(v, "min"), p->key), &low) && k8s_amount(tree_get(tree_get(v, "max"),
                                                                                               p->key), &high)
                 && low > 0 && (double)ratio / 1000 > (double)high / (double)low)
            k8s_report_in(w, E_K8S_RULE, &p->v, &step, p->key, "is %s, more than 'max' is of 'min'", k8s_amount_text(w,
                                                                                                                     &p->v));
    }
}

static void check_keys(struct k8s_walk *w, const struct val *v, const char *field, bool pods, const struct k8s_step *at)
{
    const struct val *map = tree_get(v, field);
    const struct k8s_step step = { at, field, 0 };
    for (uint32_t i = 0; map != NULL && map->kind == V_MAP && i < map->len && i < 100; i++) {
        const char *bad = pods ? k8s_bad_resource(map->map[i].key) : k8s_bad_label_key(map->map[i].key);
        if (bad != NULL)
            k8s_report_in(w, E_K8S_VALUE, &map->map[i].v, &step, map->map[i].key, "has a key that %s", bad);
    }
}

void k8s_rule_limit(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char *const maps[] = { "default", "defaultRequest", "max", "maxLimitRequestRatio", "min" };
    const struct val *type = tree_get(v, "type");
    const bool claims = k8s_is(type, "PersistentVolumeClaim");
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        check_keys(w, v, maps[i], !claims, at);
        if (i < 2 && k8s_is(type, "Pod") && k8s_given(tree_get(v, maps[i])))
            k8s_report_in(w, E_K8S_RULE, tree_get(v, maps[i]), at, maps[i], "must not stand with the type 'Pod'");
    }
    for (size_t i = 0; i < sizeof ordered / sizeof *ordered; i++)
        check_order(w, v, i, at);
    check_ratio(w, v, at);
    if (claims && !w->c->partial && tree_get(tree_get(v, "min"), "storage") == NULL && tree_get(tree_get(v, "max"),
                                                                                                "storage") == NULL)
        k8s_report_in(w, E_K8S_MISSING, v, at, "max", "is missing: claims are bounded by 'storage' in 'min' or 'max'");
}
