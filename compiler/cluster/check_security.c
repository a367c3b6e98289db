/* check_security.c: who proves what on which listener, and who may do what. */
#include "cluster/check.h"

static bool has_word(const struct listener *l, const char *prefix)
{
    for (uint32_t i = 0; i < l->auth.len; i++)
        if (str_starts(l->auth.at[i], prefix))
            return true;
    return false;
}

static bool is_inter_broker(const struct check *c, const struct listener *l)
{
    return str_eq(c->d->inter_broker, l->name);
}

/* ---- listeners ----------------------------------------------------------------------------------------- */

static void tls_of_nothing(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        if (!c->d->listeners[i].tls || c->d->tls.enabled)
            continue;
        struct diag *e = diag_at(c->cx, E_TLS_MISSING, place(c->d, "listeners[%u].tls", i),
                                 "the listener '%s' has no certificate for TLS", c->d->listeners[i].name);
        diag_hint(c->cx, e, "write tls: existing, or tls: {source: cert-manager, issuer: ...}, at the top");
    }
}

static void mtls_without_tls(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (l->tls || !has_word(l, "mtls"))
            continue;
        struct diag *e = diag_at(c->cx, E_MTLS_PLAIN, place(c->d, "listeners[%u].auth", i),
                                 "clients of '%s' cannot show a certificate: the listener has no TLS", l->name);
        diag_hint(c->cx, e, "write tls: true for it");
    }
}

static void auth_twice(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct strs *auth = &c->d->listeners[i].auth;
        for (uint32_t n = 0; n < auth->len; n++) {
            const int64_t first = check_find(auth, auth->at[n]);
            if (first == n)
                continue;
            struct diag *e = diag_at(c->cx, E_AUTH_TWICE, place(c->d, "listeners[%u].auth[%u]", i, n),
                                     "'%s' is listed twice", auth->at[n]);
            diag_note(c->cx, e, place(c->d, "listeners[%u].auth[%u]", i, (unsigned)first), "the first one");
            diag_hint(c->cx, e, "remove one of the two");
        }
    }
}

static void scram_release(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        if (!c->kraft || c->line == 0 || c->line >= KAFKA(3, 5) || !has_word(&c->d->listeners[i], "scram-"))
            continue;
        struct diag *e = diag_at(c->cx, E_SCRAM_RELEASE, place(c->d, "listeners[%u].auth", i),
                                 "Kafka %s has no SCRAM users without ZooKeeper", c->d->kafka.version);
        diag_hint(c->cx, e, "use Kafka 3.5 or later, or auth: mtls");
    }
}

static void scram_protocol(const struct check *c)
{
    int64_t major = 0, minor = 0;
    const char *s = c->d->kafka.protocol, *dot = s == NULL ? NULL : strchr(s, '.');
    bool scram = false;
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        scram |= has_word(&c->d->listeners[i], "scram-");
    if (!c->kraft || !scram || dot == NULL || !check_integer(arena_dup(c->cx->a, s, (size_t)(dot - s)), &major)
        || !check_integer(arena_dup(c->cx->a, dot + 1, strspn(dot + 1, "0123456789")), &minor) || major * 100 + minor >= 305)
        return;
    struct diag *e = diag_at(c->cx, E_SCRAM_PROTOCOL, place(c->d, "kafka.protocol"), "metadata version '%s' knows no SCRAM users", s);
    diag_hint(c->cx, e, "write protocol: \"3.5\" or later");
}

static void scram_in_the_open(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const bool scram = has_word(l, "scram-");
        if (l->tls || (!scram && !has_word(l, "gssapi")))
            continue;
        struct diag *w = diag_at(c->cx, W_SCRAM_PLAIN, place(c->d, "listeners[%u].auth", i),
                                 "whoever listens on the network of '%s' can read its data%s", l->name,
                                 scram ? " and guess passwords" : "");
        diag_hint(c->cx, w, "write tls: true for it");
    }
}

static bool logs_in(const struct listener *l)
{
    return l->auth.len > (uint32_t)has_word(l, "mtls");
}

static void brokers_have_no_password(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (!is_inter_broker(c, l) || !logs_in(l) || c->d->sasl.inter_broker.mechanism != NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_INTER_BROKER_SCRAM, place(c->d, "interBroker"),
                                 "brokers have no user and password for '%s'", l->name);
        diag_note(c->cx, e, place(c->d, "listeners[%u].auth", i), "asked for here");
        diag_hint(c->cx, e, "write sasl: {interBroker: {mechanism: scram-sha-512, user: kafka, password: {secret: ...}}}, or remove "
                            "'interBroker': brokers then use a listener of their own");
    }
}

/* ---- authorization ------------------------------------------------------------------------------------- */

/* Kafka's own authorizers, which deny what nothing allows; what another class does with a nameless node is its own affair. */
static bool denies(const struct check *c)
{
    return c->d->authorization.type == AUTHZ_ACL && c->d->authorization.class == NULL;
}

static void nodes_without_names(const struct check *c)
{
    const bool brokers = c->d->sasl.inter_broker.mechanism != NULL, controllers = c->d->sasl.controller.mechanism != NULL;
    if (!denies(c) || c->d->tls.enabled || (brokers && (controllers || !c->kraft)))
        return;
    struct diag *e = diag_at(c->cx, E_AUTHORIZATION_TLS, place(c->d, "authorization"),
                             "without 'tls' %s have no name, and would deny each other everything",
                             brokers ? "controllers" : "brokers and controllers");
    diag_hint(c->cx, e, "write tls: existing, or tls: {source: cert-manager, issuer: ...}; or let nodes log in: sasl: {interBroker: "
                        "..., controller: ...}");
}

static void brokers_without_names(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (!denies(c) || !c->d->tls.enabled || !is_inter_broker(c, l) || l->auth.len > 0
            || c->d->sasl.inter_broker.mechanism != NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_INTER_BROKER_OPEN, place(c->d, "interBroker"),
                                 "brokers have no name on '%s', and would deny each other everything", l->name);
        diag_hint(c->cx, e, "write auth: mtls for it, or remove 'interBroker': brokers then use a listener of their own");
    }
}

static void clients_without_names(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (!denies(c) || is_inter_broker(c, l) || l->auth.len > 0)
            continue;
        struct diag *w = diag_at(c->cx, W_ANONYMOUS, place(c->d, "listeners[%u].name", i),
                                 "clients of '%s' are all User:ANONYMOUS, which may do nothing until a rule allows it",
                                 l->name);
        diag_hint(c->cx, w, "write auth: mtls or auth: scram-sha-512 for it");
    }
}

static void super_users_unused(const struct check *c)
{
    if (c->d->authorization.type == AUTHZ_ACL || c->d->super_users.len == 0 || !check_own(c, "superUsers"))
        return;
    struct diag *w = diag_at(c->cx, W_SUPER_USERS, place(c->d, "superUsers"),
                             "'superUsers' has no effect: everybody may do everything");
    diag_hint(c->cx, w, "write authorization: acl");
}

static const char *bad_user(const char *s)
{
    if (str_starts(s, "User:"))
        return "write the name alone: 'User:' is put before it";
    if (strchr(s, ';') != NULL)
        return "write each user as an item of the list";
    if (str_starts(s, "CN="))
        return "write the common name alone: a client with a certificate is called by it";
    if (strcmp(s, "*") == 0)
        return "write each name: '*' is no pattern here";
    if (strstr(s, "${") != NULL)
        return "write the name itself: a broker would look \"${...}\" up as a setting";
    return s[0] == ' ' || str_ends(s, " ") ? "write a name without blanks around it" : NULL;
}

static void super_users(const struct check *c)
{
    const struct strs *users = &c->d->super_users;
    for (uint32_t i = 0; i < users->len; i++) {
        const struct pos at = place(c->d, "superUsers[%u]", i);
        const int64_t first = check_find(users, users->at[i]);
        if (bad_user(users->at[i]) != NULL) {
            struct diag *e = diag_at(c->cx, E_SUPER_USER, at, "no user is called '%s'", users->at[i]);
            diag_hint(c->cx, e, "%s", bad_user(users->at[i]));
        } else if (first != i) {
            struct diag *e = diag_at(c->cx, E_SUPER_USER_TWICE, at, "'%s' is listed twice", users->at[i]);
            diag_note(c->cx, e, place(c->d, "superUsers[%u]", (unsigned)first), "the first one");
            diag_hint(c->cx, e, "remove one of the two");
        }
    }
}

/* ---- keys of the configuration that are gregor's with security ----------------------------------------- */

struct owned { const char *key, *instead; };

static const struct owned by_tls[] = {
    { "ssl.keystore.", "tls" }, { "ssl.truststore.", "tls" }, { "ssl.key.password", "tls" },
    { "ssl.client.auth", "listeners: [{auth: ...}]" }, { "ssl.principal.mapping.rules", "listeners: [{auth: ...}]" },
    { NULL, NULL } };
static const struct owned by_acl[] = {
    { "authorizer.class.name", "authorization" }, { "super.users", "superUsers" },
    { "allow.everyone.if.no.acl.found", "authorization" }, { NULL, NULL } };
static const struct owned by_zookeeper_tls[] = {
    { "zookeeper.ssl.", "zookeeper.tls" }, { "zookeeper.clientCnxnSocket", "zookeeper.tls" }, { NULL, NULL } };
static const struct owned by_zookeeper_auth[] = { { "zookeeper.set.acl", "zookeeper.auth" }, { NULL, NULL } };
static const struct owned by_login[] = {
    { "sasl.enabled.mechanisms", "listeners: [{auth: ...}]" }, { "scram-sha-", "listeners: [{auth: ...}]" },
    { "plain.", "sasl.plain" }, { "oauthbearer.", "sasl.oauthbearer" }, { "gssapi.", "sasl.gssapi" }, { NULL, NULL } };
static const struct owned by_oauth[] = {
    { "sasl.oauthbearer.jwks.endpoint.url", "sasl.oauthbearer.jwks" },
    { "sasl.oauthbearer.expected.issuer", "sasl.oauthbearer.issuer" },
    { "sasl.oauthbearer.expected.audience", "sasl.oauthbearer.audience" },
    { "sasl.oauthbearer.scope.claim.name", "sasl.oauthbearer.scopeClaim" },
    { "sasl.oauthbearer.sub.claim.name", "sasl.oauthbearer.subjectClaim" },
    { "sasl.oauthbearer.clock.skew.seconds", "sasl.oauthbearer.clockSkew" },
    { "sasl.oauthbearer.jwks.endpoint.refresh.ms", "sasl.oauthbearer.refresh" }, { NULL, NULL } };
static const struct owned by_kerberos[] = {
    { "sasl.kerberos.service.name", "sasl.gssapi.service" },
    { "sasl.kerberos.principal.to.local.rules", "sasl.gssapi.principalToLocal" }, { NULL, NULL } };
static const struct owned by_nodes[] = {
    { "sasl.mechanism.inter.broker.protocol", "sasl.interBroker" },
    { "sasl.mechanism.controller.protocol", "sasl.controller" }, { NULL, NULL } };

static const char *instead_of(const struct owned *table, const char *key)
{
    for (; table->key != NULL; table++)
        if (str_ends(table->key, ".") || str_ends(table->key, "-") ? str_starts(key, table->key)
                                                                  : strcmp(key, table->key) == 0)
            return table->instead;
    return NULL;
}

const struct listener *check_listener_of(const struct check *c, const char *key)
{
    const char *name = key + strlen("listener.name.");
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (l->name != NULL && str_starts(name, l->name) && name[strlen(l->name)] == '.')
            return l;
    }
    return NULL;
}

/* What follows the listener in listener.name.<listener>.<key>. */
static const char *after_listener(const char *key)
{
    const char *dot = strchr(key + strlen("listener.name."), '.');
    return dot == NULL ? "" : dot + 1;
}

static bool any_listener(const struct check *c, const char *word)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++)
        if (has_word(&c->d->listeners[i], word))
            return true;
    return false;
}

static const char *instead_of_zookeeper_key(const struct check *c, const char *key)
{
    if (!c->kraft && c->d->zookeeper.tls && instead_of(by_zookeeper_tls, key) != NULL)
        return instead_of(by_zookeeper_tls, key);
    return zookeeper_auth(c->d) != ZAUTH_NONE ? instead_of(by_zookeeper_auth, key) : NULL;
}

/* Keys of the whole broker. */
static const char *instead_of_node_key(const struct check *c, const char *key)
{
    const char *instead = instead_of_zookeeper_key(c, key);
    if (instead == NULL && c->d->authorization.type == AUTHZ_ACL)
        instead = instead_of(by_acl, key);
    if (instead == NULL && any_listener(c, "oauthbearer"))
        instead = instead_of(by_oauth, key);
    if (instead == NULL && any_listener(c, "gssapi"))
        instead = instead_of(by_kerberos, key);
    if (instead == NULL && (c->d->sasl.inter_broker.mechanism != NULL || c->d->sasl.controller.mechanism != NULL))
        instead = instead_of(by_nodes, key);
    return instead;
}

const char *check_security_key(const struct check *c, const char *key)
{
    const bool one = str_starts(key, "listener.name.");
    if (instead_of_node_key(c, key) != NULL)
        return instead_of_node_key(c, key);
    const struct listener *l = one ? check_listener_of(c, key) : NULL;
    key = one ? after_listener(key) : key;
    if (l != NULL && logs_in(l) && instead_of(by_login, key) != NULL)
        return instead_of(by_login, key);
    return c->d->tls.enabled ? instead_of(by_tls, key) : NULL;
}

check_rule *const check_security[] = {
    tls_of_nothing, mtls_without_tls, auth_twice, scram_release, scram_protocol, scram_in_the_open, brokers_have_no_password,
    nodes_without_names, brokers_without_names, clients_without_names, super_users_unused, super_users, NULL
};
