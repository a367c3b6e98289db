/* check_network.c: where pods may go. Who may come in is in check_listeners.c. */
#include "cluster/check.h"

static void no_egress(const struct check *c)
{
    const struct network_policy *np = &c->d->network_policy;
    if ((np->enabled && np->egress) || np->destination_count == 0 || !check_own(c, "networkPolicy.destinations"))
        return;
    struct diag *w = diag_at(c->cx, W_EGRESS_OFF, place(c->d, "networkPolicy.destinations"),
                             "'networkPolicy.destinations' has no effect: pods may go everywhere");
    diag_hint(c->cx, w, np->enabled ? "write egress: true, or remove it" : "remove 'enabled', or the destinations");
}

static bool asks_for(const struct check *c, const char *word)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        if (check_find(&c->d->listeners[i].auth, word) >= 0)
            return true;
    return false;
}

/* Brokers fetch the keys of tokens from their issuer, and tickets of their own from Kerberos. */
static void judges_out_of_reach(const struct check *c)
{
    const struct network_policy *np = &c->d->network_policy;
    const char *judge = asks_for(c, "oauthbearer") ? "the issuer of tokens" : asks_for(c, "gssapi") ? "the Kerberos servers" : NULL;
    if (!np->enabled || !np->egress || np->destination_count > 0 || judge == NULL)
        return;
    struct diag *w = diag_at(c->cx, W_EGRESS_JUDGE, place(c->d, "networkPolicy.egress"), "brokers may not reach %s", judge);
    diag_hint(c->cx, w, "name it: destinations: [{cidr: ..., port: %s}], or its namespace", asks_for(c, "oauthbearer") ? "443" : "88");
}

static void destination_kinds(const struct check *c)
{
    const struct network_policy *np = &c->d->network_policy;
    for (uint32_t i = 0; i < np->destination_count; i++) {
        const struct destination *to = &np->destinations[i];
        if (to->cidr == NULL || (to->namespace_ == NULL && (to->pods == NULL || to->pods->len == 0)))
            continue;
        struct diag *e = diag_at(c->cx, E_DESTINATION_BOTH, place(c->d, "networkPolicy.destinations[%u].cidr", i),
                                 "a destination is either pods or a network, not both");
        diag_hint(c->cx, e, "write two destinations");
    }
}

check_rule *const check_network[] = { no_egress, judges_out_of_reach, destination_kinds, NULL };
