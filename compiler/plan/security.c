/* security.c: who may connect to a listener, as whom, and what they may do. */
#include "plan/parts.h"

#include "model/kafka.h"

/* A principal is the common name of its certificate, where that stands first, as X.500 names are printed (RFC 2253); anchored, so
 * that no other part of a name can pretend to be one. */
#define COMMON_NAME "RULE:^CN=([^,+]+)(,.*)?$/$1/,DEFAULT"

static const char *rules_of(struct arena *a, const struct listener *l)
{
    return l == NULL || l->principal_rules.len == 0 ? COMMON_NAME : plan_list(a, &l->principal_rules);
}

/* With a login beside it the certificate is asked for all the same, and the login names the client (KIP-684). */
static void add_port(struct text *t, const struct plan *p, const struct port *port)
{
    if (port->tls)
        plan_of_listener(t, port, "ssl.client.auth", port->mtls ? "required" : "none");
    if (port->mtls)
        plan_of_listener(t, port, "ssl.principal.mapping.rules", rules_of(t->a, port->listener));
    if (port->sasl != NULL)
        plan_sasl_port(t, p, port);
}

static void add_super_user(struct text *t, struct vals *seen, const char *name)
{
    for (uint32_t i = 0; i < seen->len; i++)
        if (str_eq(seen->at[i].s, name))
            return;
    vals_add(seen, t_str(name));
    text_join(t, t->len > 0 ? ";" : "", "User:", name, NULL);
}

/* The nodes first: by certificate, by login, or both. */
static const char *super_users(struct arena *a, const struct plan *p)
{
    struct text t = { .a = a };
    struct vals seen = { .a = a };
    const struct sasl_login *brokers = p->inter_broker->login, *controllers = p->controller_port.login;
    if (p->tls.used && (brokers == NULL || (p->kraft && controllers == NULL)))
        add_super_user(&t, &seen, p->tls.principal);
    if (brokers != NULL)
        add_super_user(&t, &seen, brokers->user);
    if (controllers != NULL)
        add_super_user(&t, &seen, controllers->user);
    for (uint32_t i = 0; i < p->d->super_users.len; i++)
        add_super_user(&t, &seen, p->d->super_users.at[i]);
    return t.len == 0 ? NULL : text_str(&t);
}

/* Controllers decide about their own requests, so they have the authorizer too (KIP-801). */
static void add_authorizer(struct text *t, const struct plan *p)
{
    const struct authorization *z = &p->d->authorization;
    const char *kafkas = p->kraft ? "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
                                  : "kafka.security.authorizer.AclAuthorizer";
    const char *users = super_users(t->a, p);
    plan_property(t, "authorizer.class.name", z->class != NULL ? z->class : kafkas);
    if (z->class == NULL)
        plan_property(t, "allow.everyone.if.no.acl.found", "false");
    if (users != NULL)
        plan_property(t, "super.users", users);
    for (uint32_t i = 0; z->class != NULL && z->config != NULL && i < z->config->len; i++)
        plan_property(t, z->config->map[i].key, z->config->map[i].v.s);
}

static bool any_sasl(const struct plan *p)
{
    bool sasl = p->controller_port.sasl != NULL;
    for (uint32_t i = 0; i < p->port_count; i++)
        sasl |= p->ports[i].sasl != NULL;
    return sasl;
}

void plan_security(struct text *t, const struct plan *p, const struct workload *w)
{
    if (!p->tls.used && !any_sasl(p) && p->d->authorization.type == AUTHZ_NONE)
        return;
    text_add(t, "\n# Security\n");
    if (p->tls.used)
        plan_tls_files(t, p);
    for (uint32_t i = 0; w->is_broker && i < p->port_count; i++)
        add_port(t, p, &p->ports[i]);
    if (p->kraft)
        add_port(t, p, &p->controller_port);
    plan_sasl_shared(t, p, w);
    if (p->d->authorization.type == AUTHZ_ACL)
        add_authorizer(t, p);
}
