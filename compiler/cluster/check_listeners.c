/* check_listeners.c: names and ports of listeners, and who uses which (REL 32, 35). */
#include "cluster/check.h"
#include "cluster/ports.h"

/* ---- names --------------------------------------------------------------------------------------------- */

static void name_twice(const struct check *c)
{
    check_names_differ(c, E_LISTENER_TWICE, "listeners", tree_get(c->d->root, "listeners"),
                       "give each listener a name of its own");
}

static void name_reserved(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const char *name = c->d->listeners[i].name;
        const bool ours = strcmp(name, "controller") == 0
            || (strcmp(name, "replication") == 0 && c->d->inter_broker == NULL)
            || (strcmp(name, "metrics") == 0 && c->d->monitoring.prometheus != PROM_NONE);
        if (!ours)
            continue;
        struct diag *e = diag_at(c->cx, E_LISTENER_RESERVED, place(c->d, "listeners[%u].name", i),
                                 "the listener '%s' is gregor's own",
                                 name);
        if (strcmp(name, "replication") == 0)
            diag_hint(c->cx, e, "take another name, or write interBroker: replication to describe it "
                                "yourself");
        else
            diag_hint(c->cx, e, "take another name");
    }
}

static bool has_users(const struct listener *l)
{
    for (uint32_t i = 0; i < l->auth.len; i++)
        if (str_starts(l->auth.at[i], "scram-"))
            return true;
    return false;
}

/* Named like a security protocol that it does not speak. */
static void name_of_protocol(const struct check *c)
{
    static const struct { const char *name; bool plain, tls, sasl, sasl_tls; } words[] = {
        { "plain", true, false, false, false },  { "plaintext", true, false, false, false },
        { "ssl", false, true, false, false },    { "tls", false, true, false, true },
        { "sasl", false, false, true, true },    { "sasl-plaintext", false, false, true, false },
        { "sasl-ssl", false, false, false, true } };
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        for (size_t p = 0; p < sizeof words / sizeof words[0]; p++) {
            const struct listener *l = &c->d->listeners[i];
            const bool users = has_users(l);
            if (strcmp(l->name, words[p].name) != 0
                || (l->tls ? (users ? words[p].sasl_tls : words[p].tls) : users ? words[p].sasl : words[p].plain))
                continue;
            struct diag *w = diag_at(c->cx, W_LISTENER_PROTOCOL, place(c->d, "listeners[%u].name", i),
                                     "the listener '%s' is not what its name says: it speaks %s", l->name,
                                     l->tls ? (users ? "SASL over TLS" : "TLS") : users ? "SASL in plain text" : "plain text");
            diag_hint(c->cx, w, "name it after who uses it, such as internal");
        }
}

static void name_of_port(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const char *name = c->d->listeners[i].name;
        if (strlen(name) > 11 || strstr(name, "--") == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_LISTENER_NAME, place(c->d, "listeners[%u].name", i),
                                 "the Service port 'tcp-%s' would have two '-' in a row", name);
        diag_hint(c->cx, e, "write the name of the listener with single dashes");
    }
}

/* ---- ports --------------------------------------------------------------------------------------------- */

static void port_twice(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            const struct listener *x = &c->d->listeners[i], *y = &c->d->listeners[j];
            if (x->port != y->port || strcmp(x->name, y->name) == 0)
                continue;
            struct diag *e = diag_at(c->cx, E_PORT_TWICE, place(c->d, "listeners[%u].port", i),
                                     "listeners '%s' and '%s' are both on port %d", y->name, x->name,
                                     (int)x->port);
            diag_note(c->cx, e, place(c->d, "listeners[%u].port", j), "port %d of '%s'", (int)y->port,
                      y->name);
            diag_hint(c->cx, e, "give each listener a port of its own");
            break;
        }
}

/* Who of us listens on that port of a broker pod (or of the Service that all nodes share); NULL: nobody. */
static const char *owner_of(const struct check *c, int64_t port)
{
    if (port == CONTROLLER_PORT && c->kraft)
        return "the controllers";
    if (port == REPLICATION_PORT && c->d->inter_broker == NULL)
        return "the listener between brokers";
    if (port == c->d->monitoring.exporter.port && c->d->monitoring.prometheus != PROM_NONE)
        return "the metrics exporter";
    return NULL;
}

static void port_taken(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const char *owner = owner_of(c, l->port);
        if (owner == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_PORT_TAKEN, place(c->d, "listeners[%u].port", i),
                                 "port %d belongs to %s", (int)l->port, owner);
        diag_hint(c->cx, e, "use another port, such as %d", (int)(9092 + i));
    }
}

static void exporter_port(const struct check *c)
{
    static const struct { int port; bool kraft, zookeeper; const char *owner; } ours[] = {
        { CONTROLLER_PORT, true, false, "the controllers" },
        { ZK_CLIENT_PORT, false, true, "ZooKeeper's clients" },
        { ZK_TLS_PORT, false, true, "ZooKeeper's clients with TLS" },
        { ZK_QUORUM_PORT, false, true, "the ZooKeeper ensemble" },
        { ZK_ELECTION_PORT, false, true, "ZooKeeper's elections" } };
    const int64_t port = c->d->monitoring.exporter.port;
    if (c->d->monitoring.prometheus == PROM_NONE)
        return;
    const char *owner = port == REPLICATION_PORT && c->d->inter_broker == NULL
        ? "the listener between brokers" : NULL;
    for (size_t i = 0; i < sizeof ours / sizeof *ours && owner == NULL; i++)
        if (ours[i].port == port && (c->kraft ? ours[i].kraft : ours[i].zookeeper))
            owner = ours[i].owner;
    if (owner == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_EXPORTER_PORT, place(c->d, "monitoring.exporter.port"),
                             "port %d belongs to %s", (int)port, owner);
    diag_hint(c->cx, e, "leave 'port' out: the default is 9404");
}

/* ---- between brokers ----------------------------------------------------------------------------------- */

static const char *listener_at(const void *d, size_t i)
{
    const struct description *of = d;
    return i < of->listener_count ? of->listeners[i].name : NULL;
}

static const struct listener *listener_named(const struct check *c, const char *name)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        if (strcmp(c->d->listeners[i].name, name) == 0)
            return &c->d->listeners[i];
    return NULL;
}

static const char *listener_names(const struct check *c)
{
    struct text t = { .a = c->cx->a };
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        text_join(&t, i > 0 ? ", " : "", c->d->listeners[i].name, NULL);
    return text_str(&t);
}

static void inter_broker(const struct check *c)
{
    const char *name = c->d->inter_broker;
    if (name == NULL)
        return;
    const struct listener *l = listener_named(c, name);
    const struct pos at = place(c->d, "interBroker");
    if (l == NULL) {
        struct diag *e = diag_at(c->cx, E_INTER_BROKER, at, "no listener is called '%s'", name);
        if (strcmp(name, "replication") == 0)
            diag_hint(c->cx, e, "remove 'interBroker': brokers then use a listener 'replication' of their "
                                "own");
        else if (str_nearest(name, listener_at, c->d) != NULL)
            diag_did_you_mean(c->cx, e, str_nearest(name, listener_at, c->d));
        else
            diag_hint(c->cx, e, "listeners: %s", listener_names(c));
    } else if (l->expose != EX_NONE) {
        struct diag *w = diag_at(c->cx, W_INTER_BROKER, at,
                                 "brokers would replicate through the exposed listener '%s'", name);
        diag_hint(c->cx, w, "remove 'interBroker', or name a listener that stays inside");
    }
}

/* ---- network policy ------------------------------------------------------------------------------------ */

static void unknown_listener(const struct check *c, const struct client *client, uint32_t i, uint32_t n)
{
    const char *name = client->listeners.at[n];
    struct diag *e = diag_at(c->cx, E_CLIENT_LISTENER, place(c->d, "networkPolicy.clients[%u].listeners[%u]",
                                                            i, n),
                             "no listener is called '%s'", name);
    const char *nearest = str_nearest(name, listener_at, c->d);
    if (nearest != NULL)
        diag_did_you_mean(c->cx, e, nearest);
    else
        diag_hint(c->cx, e, "listeners: %s", listener_names(c));
}

static void open_listener(const struct check *c, const char *name, uint32_t i, uint32_t n)
{
    struct diag *w = diag_at(c->cx, W_CLIENT_EXPOSED, place(c->d, "networkPolicy.clients[%u].listeners[%u]",
                                                            i, n),
                             "the exposed listener '%s' is open to everybody", name);
    diag_hint(c->cx, w, "limit it where traffic enters: sourceRanges, or a firewall");
}

static void client_listeners(const struct check *c)
{
    const struct network_policy *np = &c->d->network_policy;
    for (uint32_t i = 0; i < np->client_count; i++)
        for (uint32_t n = 0; n < np->clients[i].listeners.len; n++) {
            const struct listener *l = listener_named(c, np->clients[i].listeners.at[n]);
            if (l == NULL)
                unknown_listener(c, &np->clients[i], i, n);
            else if (l->expose != EX_NONE)
                open_listener(c, l->name, i, n);
        }
}

static void client_kinds(const struct check *c)
{
    const struct network_policy *np = &c->d->network_policy;
    for (uint32_t i = 0; i < np->client_count; i++) {
        const struct client *k = &np->clients[i];
        if (k->cidr == NULL || (k->namespace_ == NULL && (k->pods == NULL || k->pods->len == 0)))
            continue;
        struct diag *e = diag_at(c->cx, E_CLIENT_BOTH, place(c->d, "networkPolicy.clients[%u].cidr", i),
                                 "a client is either pods or a network, not both");
        diag_hint(c->cx, e, "write two clients");
    }
}

static void policy_off(const struct check *c)
{
    if (c->d->network_policy.enabled || c->d->network_policy.client_count == 0
        || !check_own(c, "networkPolicy.clients"))
        return;
    struct diag *w = diag_at(c->cx, W_POLICY_OFF, place(c->d, "networkPolicy.enabled"),
                             "'networkPolicy.clients' has no effect: "
                             "'enabled' is false");
    diag_hint(c->cx, w, "remove 'enabled', or the clients");
}

check_rule *const check_listeners[] = {
    name_twice, name_reserved, name_of_protocol, name_of_port, port_twice, port_taken, exporter_port,
    inter_broker, client_listeners, client_kinds, policy_off, NULL
};
