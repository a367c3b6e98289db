/* sasl.c: how clients and nodes log in. Passwords and keys stay in their Secrets: a JAAS text names the file that a config
 * provider reads, so nothing secret stands in a ConfigMap. Per listener (KIP-103): listener.name.<listener>.<mechanism>.<key>. */
#include "plan/parts.h"

#include "model/kafka.h"
#include "plan/jaas.h"

#include <strings.h>

#define SCRAM_MODULE  "org.apache.kafka.common.security.scram.ScramLoginModule"
#define PLAIN_MODULE  "org.apache.kafka.common.security.plain.PlainLoginModule"
#define OAUTH_MODULE  "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
#define KRB5_MODULE   "com.sun.security.auth.module.Krb5LoginModule"

/* Moved out of `secured` in 3.4, where an alias stayed until 4.0. */
#define OAUTH_JUDGE_3 "org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerValidatorCallbackHandler"
#define OAUTH_JUDGE_4 "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler"

/* ---- files of Secrets ---------------------------------------------------------------------------------------- */

const char *plan_secret_file(struct arena *a, const struct secret_ref *k)
{
    return str_join(a, SECRETS_DIR "/", k->secret, "/", k->key, NULL);
}

static const char *provided(struct arena *a, const struct secret_ref *k)
{
    return str_join(a, "${dir:" SECRETS_DIR "/", k->secret, ":", k->key, "}", NULL);
}

static void add_file(struct plan *p, const struct secret_ref *k, bool brokers, bool controllers)
{
    struct secret_file *f = p->secret_files;
    if (k->secret == NULL)
        return;
    for (uint32_t i = 0; i < p->secret_file_count; i++, f++)
        if (str_eq(f->from.secret, k->secret) && str_eq(f->from.key, k->key))
            break;
    if (f == &p->secret_files[p->secret_file_count])
        p->secret_file_count++;
    *f = (struct secret_file){ *k, f->brokers || brokers, f->controllers || controllers };
}

/* Passwords that are files stand, quoted, in the text of sasl.plain. */
static bool has_plain_password(const struct user_plan *u)
{
    return u->user->password.secret != NULL && str_eq(u->auth, "plain");
}

bool plan_logs_in(const struct plan *p, const char *mechanism)
{
    for (uint32_t i = 0; i < p->port_count; i++)
        if (p->ports[i].listener != NULL && p->ports[i].sasl != NULL && strstr(p->ports[i].sasl, mechanism) != NULL)
            return true;
    return false;
}

void plan_sasl(struct arena *a, struct plan *p)
{
    const struct sasl *s = &p->d->sasl;
    p->secret_files = NEWS(a, struct secret_file, 4 + p->user_count);
    if (plan_logs_in(p, "PLAIN")) {
        add_file(p, &s->plain, true, false);
        for (uint32_t i = 0; i < p->user_count; i++)
            if (has_plain_password(&p->users[i]))
                add_file(p, &(struct secret_ref){ p->users[i].secret, p->users[i].key }, true, false);
    }
    if (plan_logs_in(p, "OAUTHBEARER"))
        add_file(p, &s->oauth.ca, true, false);
    if (p->inter_broker->login != NULL) /* controllers make its user */
        add_file(p, &s->inter_broker.password, true, plan_sasl_first_user(a, p) != NULL);
    if (p->controller_port.login != NULL)
        add_file(p, &s->controller.password, true, true);
    p->keytab = plan_logs_in(p, "GSSAPI") ? s->gssapi.keytab.secret : NULL;
    p->krb5   = p->keytab == NULL ? NULL : s->gssapi.krb5.text != NULL ? COMMON_DIR "/" KRB5_FILE
              : str_join(a, KRB5_DIR "/", s->gssapi.krb5.key, NULL);
}

/* ---- JAAS ------------------------------------------------------------------------------------------------------ */

static void add_login(struct text *t, const struct sasl_login *l)
{
    jaas_option(t, "username", l->user);
    jaas_option(t, "password", provided(t->a, &l->password));
}

static bool is_login(const struct port *port, const char *mechanism)
{
    return port->login != NULL && strcasecmp(port->login->mechanism, mechanism) == 0;
}

/* Credentials live in the cluster's metadata: the module needs those of the nodes alone. */
static const char *scram(struct arena *a, const struct port *port, const char *mechanism)
{
    struct text t = { .a = a };
    jaas_begin(&t, SCRAM_MODULE);
    if (is_login(port, mechanism))
        add_login(&t, port->login);
    jaas_end(&t);
    return text_str(&t);
}

static void add_user(struct text *t, const char *name, const struct secret_ref *password)
{
    jaas_option(t, str_join(t->a, "user_", name, NULL), provided(t->a, password));
}

/* The brokers hold the list of users themselves: those of the description, and the text of a Secret, made of the same options. */
static const char *plain(struct arena *a, const struct plan *p, const struct port *port)
{
    struct text t = { .a = a };
    jaas_begin(&t, PLAIN_MODULE);
    if (is_login(port, "plain")) {
        add_login(&t, port->login);
        add_user(&t, port->login->user, &port->login->password);
    }
    for (uint32_t i = 0; port->listener != NULL && i < p->user_count; i++)
        if (has_plain_password(&p->users[i]))
            add_user(&t, p->users[i].user->name, &(struct secret_ref){ p->users[i].secret, p->users[i].key });
    if (port->listener != NULL && p->d->sasl.plain.secret != NULL)
        text_join(&t, " ", provided(a, &p->d->sasl.plain), NULL);
    jaas_end(&t);
    return text_str(&t);
}

/* A broker never uses a token of its own here, but a module with options insists on making one; its name is never shown. */
static const char *oauth(struct arena *a, const struct plan *p)
{
    const struct secret_ref *ca = &p->d->sasl.oauth.ca;
    struct text t = { .a = a };
    jaas_begin(&t, OAUTH_MODULE);
    if (ca->secret != NULL) {
        jaas_option(&t, "unsecuredLoginStringClaim_sub", p->d->name);
        jaas_option(&t, "ssl.truststore.type", "PEM");
        jaas_option(&t, "ssl.truststore.location", plan_secret_file(a, ca));
    }
    jaas_end(&t);
    return text_str(&t);
}

static const char *kerberos(struct arena *a, const struct plan *p, const struct node *n, const char *host)
{
    const struct sasl_gssapi *g = &p->d->sasl.gssapi;
    struct text t = { .a = a };
    jaas_begin(&t, KRB5_MODULE);
    jaas_option(&t, "useKeyTab", "true");
    jaas_option(&t, "storeKey", "true");
    jaas_option(&t, "keyTab", str_join(a, KEYTAB_DIR "/", str_replace(a, g->keytab.key, "{pod}", n->pod), NULL));
    jaas_option(&t, "principal", str_replace(a, str_replace(a, g->principal, "{host}", host), "{pod}", n->pod));
    jaas_end(&t);
    return text_str(&t);
}

/* kafka-storage makes the brokers' SCRAM user with the first records of the metadata (KIP-900). It reads arguments from a file too,
 * which here is a pipe of the shell: the password stands in no list of processes and in no file of the node. In quotes, since
 * before 4.0 an '=' in it would count. */
const char *plan_sasl_first_user(struct arena *a, const struct plan *p)
{
    const struct sasl_login *l = p->inter_broker->login;
    if (!p->kraft || l == NULL || !str_starts(l->mechanism, "scram-"))
        return NULL;
    return str_join(a, "\"@\"<(printf '%s\\n' --add-scram \"", plan_upper(a, l->mechanism), "=[name=", l->user,
                    ",password=\\\"$(<", plan_secret_file(a, &l->password), ")\\\"]\")", NULL);
}

/* ---- settings of a listener ------------------------------------------------------------------------------------ */

static void of_mechanism(struct text *t, const struct port *port, const char *mechanism, const char *key, const char *value)
{
    plan_of_listener(t, port, str_join(t->a, plan_lower(t->a, mechanism), ".", key, NULL), value);
}

static void add_oauth(struct text *t, const struct plan *p, const struct port *port)
{
    of_mechanism(t, port, "oauthbearer", "sasl.jaas.config", oauth(t->a, p));
    of_mechanism(t, port, "oauthbearer", "sasl.server.callback.handler.class",
                 p->line >= KAFKA(4, 0) ? OAUTH_JUDGE_4 : OAUTH_JUDGE_3);
}

void plan_sasl_port(struct text *t, const struct plan *p, const struct port *port)
{
    static const char *const mechanisms[] = { "SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN", "OAUTHBEARER", "GSSAPI" };
    plan_of_listener(t, port, "sasl.enabled.mechanisms", port->sasl);
    for (size_t i = 0; i < 5; i++) {
        const char *m = mechanisms[i];
        if (strstr(port->sasl, m) == NULL)
            continue;
        if (str_starts(m, "SCRAM"))
            of_mechanism(t, port, m, "sasl.jaas.config", scram(t->a, port, m));
        else if (str_eq(m, "PLAIN"))
            of_mechanism(t, port, m, "sasl.jaas.config", plain(t->a, p, port));
        else if (str_eq(m, "OAUTHBEARER"))
            add_oauth(t, p, port);
        if (port->listener != NULL && port->listener->reauth > 0)
            of_mechanism(t, port, m, "connections.max.reauth.ms", str_int(t->a, port->listener->reauth));
    }
}

void plan_sasl_node(struct text *t, const struct plan *p, const struct node *n)
{
    for (uint32_t i = 0, x = 0; i < p->port_count; i++) {
        const struct port *port = &p->ports[i];
        const bool out = port->listener != NULL && port->listener->expose != EX_NONE;
        const char *host = out ? n->addresses[x++].host : n->fqdn;
        if (port->sasl != NULL && strstr(port->sasl, "GSSAPI") != NULL)
            of_mechanism(t, port, "gssapi", "sasl.jaas.config", kerberos(t->a, p, n, host));
    }
}

/* ---- settings of the whole node -------------------------------------------------------------------------------- */

static void add_some(struct text *t, const char *key, const char *value)
{
    if (value != NULL)
        plan_property(t, key, value);
}

static void add_tokens(struct text *t, const struct sasl_oauth *o)
{
    plan_property(t, "sasl.oauthbearer.jwks.endpoint.url", o->jwks);
    add_some(t, "sasl.oauthbearer.expected.issuer", o->issuer);
    add_some(t, "sasl.oauthbearer.expected.audience", plan_list(t->a, &o->audience));
    add_some(t, "sasl.oauthbearer.scope.claim.name", o->scope);
    add_some(t, "sasl.oauthbearer.sub.claim.name", o->subject);
    add_some(t, "sasl.oauthbearer.clock.skew.seconds", o->skew == 0 ? NULL : str_int(t->a, (o->skew + 999) / 1000));
    add_some(t, "sasl.oauthbearer.jwks.endpoint.refresh.ms", o->refresh == 0 ? NULL : str_int(t->a, o->refresh));
}

static const char *mechanism_of(struct arena *a, const struct port *port)
{
    return port->login == NULL ? NULL : plan_upper(a, port->login->mechanism);
}

void plan_sasl_shared(struct text *t, const struct plan *p, const struct workload *w)
{
    add_some(t, "sasl.mechanism.inter.broker.protocol", w->is_broker ? mechanism_of(t->a, p->inter_broker) : NULL);
    add_some(t, "sasl.mechanism.controller.protocol", mechanism_of(t->a, &p->controller_port));
    if (w->is_broker && plan_logs_in(p, "OAUTHBEARER"))
        add_tokens(t, &p->d->sasl.oauth);
    if (w->is_broker && p->keytab != NULL) {
        plan_property(t, "sasl.kerberos.service.name", p->d->sasl.gssapi.service);
        add_some(t, "sasl.kerberos.principal.to.local.rules", plan_list(t->a, &p->d->sasl.gssapi.rules));
    }
}

/* Java reads krb5.conf where this says; from 4.0 (and 3.9.1, if asked) Kafka fetches keys only from URLs that are named
 * outside its configuration. */
const char *plan_sasl_options(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct text t = { .a = a };
    if (!w->is_broker)
        return NULL;
    if (p->krb5 != NULL)
        text_join(&t, "-Djava.security.krb5.conf=", p->krb5, NULL);
    if (plan_logs_in(p, "OAUTHBEARER"))
        text_join(&t, t.len > 0 ? " " : "", "-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=", p->d->sasl.oauth.jwks, NULL);
    return t.len == 0 ? NULL : text_str(&t);
}

/* How a client of ours logs in at that port. */
void plan_sasl_client(struct text *t, const struct port *port)
{
    struct text jaas = { .a = t->a };
    jaas_begin(&jaas, str_eq(port->login->mechanism, "plain") ? PLAIN_MODULE : SCRAM_MODULE);
    add_login(&jaas, port->login);
    jaas_end(&jaas);
    plan_property(t, "sasl.mechanism", mechanism_of(t->a, port));
    plan_property(t, "sasl.jaas.config", text_str(&jaas));
}
