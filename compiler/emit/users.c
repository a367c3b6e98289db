#include "emit/emit.h"

/* What the application of a user mounts: how it connects. The password is in a Secret of its own. */
void emit_users(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; i < p->user_count; i++)
        if (p->users[i].files.kind != V_NONE)
            vals_add(out, k8s_config_map(a, p, p->users[i].object, p->labels, p->users[i].files));
}
