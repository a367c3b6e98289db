#include "plan/parts.h"

static struct val identity(struct arena *a, const struct plan *p, const char *component)
{
    return MAP(a,
        { "app.kubernetes.io/component", t_str(component) },
        { "app.kubernetes.io/instance",  t_str(p->d->name) },
        { "app.kubernetes.io/name",      t_str(str_eq(component, "zookeeper") ? "zookeeper" : "kafka") });
}

/* The identity and what may change: never part of a selector. */
static struct val all_labels(struct arena *a, const struct plan *p, struct val identity_labels)
{
    struct pairs out = { .a = a };
    for (uint32_t i = 0; i < identity_labels.len; i++)
        pairs_add(&out, identity_labels.map[i].key, identity_labels.map[i].v);
    pairs_add(&out, "app.kubernetes.io/managed-by", t_str("gregor"));
    pairs_add(&out, "app.kubernetes.io/part-of", t_str(p->d->name));
    for (uint32_t i = 0; p->d->labels != NULL && i < p->d->labels->len; i++)
        pairs_set(&out, p->d->labels->map[i].key, p->d->labels->map[i].v);
    return tree_sorted(a, pairs_done(&out));
}

static void name_component(struct arena *a, struct plan *p, enum component c, const char *label)
{
    struct component_plan *to = &p->components[c];
    to->label    = label;
    to->name     = str_join(a, p->d->name, "-", label, NULL);
    to->selector = identity(a, p, label);
    to->labels   = all_labels(a, p, to->selector);
}

void plan_names(struct arena *a, struct plan *p)
{
    const char *name = p->d->name;
    name_component(a, p, COMP_BROKER, "broker");
    name_component(a, p, COMP_CONTROLLER, "controller");
    name_component(a, p, COMP_ZOOKEEPER, "zookeeper");
    p->account           = name;
    p->nodes_service     = str_join(a, name, "-nodes", NULL);
    p->bootstrap_service = str_join(a, name, "-bootstrap", NULL);
    p->common_config     = str_join(a, name, "-kafka", NULL);
    p->zookeeper_service = str_join(a, name, "-zookeeper", NULL);
    p->zookeeper_nodes   = str_join(a, name, "-zookeeper-nodes", NULL);
    p->zookeeper_config  = str_join(a, name, "-zookeeper", NULL);
    p->labels = all_labels(a, p, MAP(a,
        { "app.kubernetes.io/instance", t_str(name) },
        { "app.kubernetes.io/name",     t_str("kafka") }));
    p->annotations = p->d->annotations == NULL ? t_none() : *p->d->annotations;
}
