/* check_logins.c: how nodes log in, and authorizers of one's own. Codes: check_sasl.def. */
#include "cluster/check.h"

static const char *missing_of(const struct sasl_login *l)
{
    return l->mechanism == NULL ? "mechanism: scram-sha-512" : l->user == NULL ? "user: kafka"
         : l->password.secret == NULL ? "password: {secret: ...}" : NULL;
}

/* ';' parts super.users, ',' and '=' part what kafka-storage reads of SCRAM users. */
static bool is_plain_name(const char *s)
{
    return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

static void one_login(const struct check *c, const char *path, const struct sasl_login *l)
{
    const int64_t user = l->user == NULL ? -1 : check_find(&c->d->super_users, l->user);
    if (written(c->d, "%s", path) && missing_of(l) != NULL) {
        struct diag *e = diag_at(c->cx, E_NODE_LOGIN, place(c->d, "%s", path), "nodes cannot log in with what '%s' says", path);
        diag_hint(c->cx, e, "write %s", missing_of(l));
    } else if (l->user != NULL && !is_plain_name(l->user)) {
        struct diag *e = diag_at(c->cx, E_NODE_USER, place(c->d, "%s.user", path), "nodes cannot be called '%s'", l->user);
        diag_hint(c->cx, e, "write letters, digits, '-', '_' and '.'");
    } else if (user >= 0) {
        struct diag *e = diag_at(c->cx, E_NODE_USER, place(c->d, "superUsers[%u]", (unsigned)user),
                                 "'%s' is the name of the nodes", l->user);
        diag_hint(c->cx, e, "remove it: nodes are super users already; a person needs a name of their own");
    }
}

static void logins(const struct check *c)
{
    const struct sasl *s = &c->d->sasl;
    one_login(c, "sasl.interBroker", &s->inter_broker);
    if (!str_eq(s->controller.user, s->inter_broker.user) || missing_of(&s->controller) != NULL)
        one_login(c, "sasl.controller", &s->controller);
}

static void mechanism_of_listener(const struct check *c)
{
    const char *m = c->d->sasl.inter_broker.mechanism;
    for (uint32_t i = 0; m != NULL && i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (!str_eq(c->d->inter_broker, l->name) || check_find(&l->auth, m) >= 0)
            continue;
        struct diag *e = diag_at(c->cx, E_NODE_MECHANISM, place(c->d, "sasl.interBroker.mechanism"),
                                 "brokers cannot log in at '%s' with %s", l->name, m);
        diag_note(c->cx, e, place(c->d, "listeners[%u].name", i), "it does not list %s in 'auth'", m);
        diag_hint(c->cx, e, "write %s there too, or remove 'interBroker': brokers then use a listener of their own", m);
    }
}

static const char *no_scram(const struct check *c)
{
    static const char *const early[] = { "3.0", "3.1", "3.2", "3.3", "3.4" };
    const char *protocol = c->d->kafka.protocol;
    if (!c->kraft) /* a Job makes the user in ZooKeeper */
        return NULL;
    for (size_t i = 0; i < 5; i++)
        if (protocol != NULL && str_starts(protocol, early[i]))
            return "kafka.protocol is older than SCRAM users in KRaft";
    return c->line != 0 && c->line < KAFKA(3, 5) ? "this release cannot make users when it formats storage" : NULL;
}

static void scram_between_brokers(const struct check *c)
{
    const char *m = c->d->sasl.inter_broker.mechanism, *why = no_scram(c);
    if (m == NULL || !str_starts(m, "scram-") || why == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_NODE_SCRAM, place(c->d, "sasl.interBroker.mechanism"),
                             "the user '%s' cannot be there before the first broker: %s",
                             c->d->sasl.inter_broker.user == NULL ? "kafka" : c->d->sasl.inter_broker.user, why);
    diag_hint(c->cx, e, "write mechanism: plain, or leave it to certificates");
}

static void scram_at_controllers(const struct check *c)
{
    const char *m = c->d->sasl.controller.mechanism;
    if (m == NULL || !str_starts(m, "scram-") || !c->kraft)
        return;
    struct diag *e = diag_at(c->cx, E_CONTROLLER_SCRAM, place(c->d, "sasl.controller.mechanism"),
                             "controllers know no SCRAM user until they have a leader, and have none until they are let in");
    diag_hint(c->cx, e, "write mechanism: plain, or leave it to certificates");
}

static void open_login(const struct check *c, const char *path, const struct sasl_login *l, bool used, bool tls)
{
    if (!used || tls || !str_eq(l->mechanism, "plain"))
        return;
    struct diag *w = diag_at(c->cx, W_LOGIN_OPEN, place(c->d, "%s.mechanism", path),
                             "whoever listens on the network of the nodes reads their password, and is a super user with it");
    diag_hint(c->cx, w, "write tls: existing, or tls: {source: cert-manager, issuer: ...}");
}

static void node_passwords_in_the_open(const struct check *c)
{
    bool tls = c->d->tls.enabled;
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        if (str_eq(c->d->inter_broker, c->d->listeners[i].name))
            tls = c->d->listeners[i].tls;
    open_login(c, "sasl.interBroker", &c->d->sasl.inter_broker, true, tls);
    open_login(c, "sasl.controller", &c->d->sasl.controller, c->kraft, c->d->tls.enabled);
}

/* ---- authorizers of one's own -------------------------------------------------------------------------------- */

/* A binary name of a Java class. */
static bool is_class(const char *s)
{
    bool start = true;
    for (; *s != '\0'; s++) {
        const bool digit = *s >= '0' && *s <= '9', letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')
            || *s == '_' || *s == '$' || (unsigned char)*s >= 0x80;
        if (!(letter || (digit && !start) || (*s == '.' && !start)))
            return false;
        start = *s == '.';
    }
    return !start;
}

static void authorizer_class(const struct check *c)
{
    const struct authorization *z = &c->d->authorization;
    if (z->class != NULL && (str_starts(z->class, "kafka.") || str_starts(z->class, "org.apache.kafka."))) {
        struct diag *e = diag_at(c->cx, E_AUTHORIZER_CLASS, place(c->d, "authorization.class"), "'%s' is Kafka's own", z->class);
        diag_hint(c->cx, e, "write authorization: acl, which takes the one of this version");
    } else if (z->class != NULL && !is_class(z->class)) {
        struct diag *e = diag_at(c->cx, E_AUTHORIZER_CLASS, place(c->d, "authorization.class"), "'%s' is no name of a Java class",
                                 z->class);
        diag_hint(c->cx, e, "write it in full, such as com.example.kafka.PolicyAuthorizer");
    } else if (z->class == NULL && check_own(c, "authorization.config")) {
        struct diag *e = diag_at(c->cx, E_AUTHORIZER_CLASS, place(c->d, "authorization.config"),
                                 "no authorizer reads 'authorization.config'");
        diag_hint(c->cx, e, "write class: ..., or put keys of the broker into kafka.config");
    }
}

static void authorizer_config(const struct check *c)
{
    const struct val *config = c->d->authorization.config;
    for (uint32_t i = 0; config != NULL && i < config->len; i++) {
        const char *key = config->map[i].key;
        if (check_is_secret(key, config->map[i].v.s)) {
            struct diag *e = diag_at(c->cx, E_SECRET, config->map[i].v.at, "'%s' holds a secret in plain text", key);
            diag_hide(c->cx, config->map[i].v.at);
            diag_hint(c->cx, e, "mount a Secret (brokers.pod) and write ${dir:/path:key}");
        } else if (c->line != 0 && kafka_broker_key(key, c->line) != NULL) {
            struct diag *e = diag_at(c->cx, E_AUTHORIZER_CLASS, tree_key_at(config, i), "'%s' is the broker's own", key);
            diag_hint(c->cx, e, "write it into kafka.config, or as the field that stands for it");
        }
    }
}

check_rule *const check_logins[] = {
    logins, mechanism_of_listener, scram_between_brokers, scram_at_controllers, node_passwords_in_the_open, authorizer_class,
    authorizer_config, NULL
};
