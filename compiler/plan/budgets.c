#include "plan/parts.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Copies that may be missing while writes with acks=all go on. With one copy each drain stops some partition whatever
 * the budget says, and no budget at all would let it stop all of them. */
static int64_t brokers_to_spare(const struct plan *p)
{
    const int64_t asked = p->d->budget.max_unavailable, spare = p->replication - p->min_isr;
    if (asked != AUTO)
        return asked;
    return spare > 1 ? spare : 1;
}

static int64_t minority(uint32_t members)
{
    return ((int64_t)members - 1) / 2;
}

/* A budget for one pod, or for a quorum that has nothing to spare, would only block node drains for ever. */
void plan_budgets(struct arena *a, struct plan *p)
{
    (void)a;
    for (int i = 0; i < COMPONENTS; i++) {
        struct component_plan *c = &p->components[i];
        c->max_unavailable = AUTO;
        if (!c->used || !p->d->budget.enabled || c->pods < 2)
            continue;
        const int64_t spare = i == COMP_BROKER ? brokers_to_spare(p) : minority(c->pods);
        c->max_unavailable = i == COMP_BROKER && p->combined && p->controllers > 2
            ? least(spare, minority(p->controllers)) : spare;
        if (i != COMP_BROKER && c->max_unavailable == 0)
            c->max_unavailable = AUTO;
    }
}
