/* check_users.c: users and topics are read and typed; nothing brings them to a cluster yet, so they are refused. */
#include "cluster/check.h"

static void refuse(const struct check *c, const char *field, const char *word)
{
    struct diag *d;
    if (!written(c->d, "%s", field))
        return;
    d = diag_at(c->cx, E_NOT_SUPPORTED, place(c->d, "%s", field), "'%s' %s not supported by this version", field, word);
    diag_hint(c->cx, d, "remove it: a cluster without what it asks for is never built silently");
}

static void not_yet(const struct check *c)
{
    refuse(c, "users", "is");
    refuse(c, "topics", "is");
    refuse(c, "adminJob", "is");
}

check_rule *const check_users[] = { not_yet, NULL };
