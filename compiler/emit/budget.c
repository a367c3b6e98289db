#include "emit/emit.h"

static struct val budget(struct arena *a, const struct plan *p, const struct component_plan *c)
{
    return k8s_object(a, p, "policy/v1", "PodDisruptionBudget", c->name, c->labels, t_none(), MAP(a,
        { "maxUnavailable", t_int(c->max_unavailable) },
        { "selector",       MAP(a, { "matchLabels", c->selector }) }));
}

void emit_budgets(struct arena *a, const struct plan *p, struct vals *out)
{
    for (int i = 0; i < COMPONENTS; i++)
        if (p->components[i].used && p->components[i].max_unavailable != AUTO)
            vals_add(out, budget(a, p, &p->components[i]));
}
