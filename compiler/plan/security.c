/* security.c: who may connect to a listener, as whom, and what they may do. */
#include "plan/parts.h"

#include "model/kafka.h"

/* A principal is the common name of its certificate, where that stands first, as X.500 names are printed (RFC 2253); anchored, so
 * that no other part of a name can pretend to be one. */
#define COMMON_NAME "RULE:^CN=([^,+]+)(,.*)?$/$1/,DEFAULT"

static const char *lower(struct arena *a, const char *s)
{
    char *out = arena_dup(a, s, strlen(s));
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return out;
}

/* Kafka reads settings of one listener under its name in lower case. */
static const char *of_listener(struct arena *a, const struct port *port, const char *key)
{
    return str_join(a, "listener.name.", lower(a, port->kafka), ".", key, NULL);
}

/* SCRAM keeps its credentials in the cluster's metadata: the module needs none of its own. */
static void add_scram(struct text *t, const struct port *port)
{
    static const char *const mechanisms[] = { "SCRAM-SHA-256", "SCRAM-SHA-512" };
    plan_property(t, of_listener(t->a, port, "sasl.enabled.mechanisms"), port->sasl);
    for (size_t i = 0; i < 2; i++)
        if (strstr(port->sasl, mechanisms[i]) != NULL)
            plan_property(t, of_listener(t->a, port, str_join(t->a, lower(t->a, mechanisms[i]), ".sasl.jaas.config", NULL)),
                          "org.apache.kafka.common.security.scram.ScramLoginModule required;");
}

static void add_port(struct text *t, const struct port *port)
{
    if (port->tls)
        plan_property(t, of_listener(t->a, port, "ssl.client.auth"), port->mtls ? "required" : "none");
    if (port->mtls)
        plan_property(t, of_listener(t->a, port, "ssl.principal.mapping.rules"), COMMON_NAME);
    if (port->sasl != NULL)
        add_scram(t, port);
}

static const char *super_users(struct arena *a, const struct plan *p)
{
    struct text t = { .a = a };
    text_add(&t, p->tls.used ? str_join(a, "User:", p->tls.principal, NULL) : "");
    for (uint32_t i = 0; i < p->d->super_users.len; i++)
        text_join(&t, t.len > 0 ? ";" : "", "User:", p->d->super_users.at[i], NULL);
    return text_str(&t);
}

/* Controllers decide about their own requests, so they have the authorizer too (KIP-801). */
static void add_authorizer(struct text *t, const struct plan *p)
{
    plan_property(t, "authorizer.class.name", p->kraft ? "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
                                                       : "kafka.security.authorizer.AclAuthorizer");
    plan_property(t, "allow.everyone.if.no.acl.found", "false");
    plan_property(t, "super.users", super_users(t->a, p));
}

void plan_security(struct text *t, const struct plan *p, const struct workload *w)
{
    bool sasl = false;
    for (uint32_t i = 0; i < p->port_count; i++)
        sasl |= p->ports[i].sasl != NULL;
    if (!p->tls.used && !sasl && p->d->authorization == AUTHZ_NONE)
        return;
    text_add(t, "\n# Security\n");
    if (p->tls.used)
        plan_tls_files(t, p);
    for (uint32_t i = 0; w->is_broker && i < p->port_count; i++)
        add_port(t, &p->ports[i]);
    if (p->kraft)
        add_port(t, &p->controller_port);
    if (p->d->authorization == AUTHZ_ACL)
        add_authorizer(t, p);
}
