/* show.h: the plan as values, for --dump=plan. */
#ifndef GREGOR_PLAN_SHOW_H
#define GREGOR_PLAN_SHOW_H

#include "plan/plan.h"

struct val plan_show(struct arena *a, const struct plan *p);

#endif
