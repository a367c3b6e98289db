/* check_users.c: users: who they are, how they log in, what they may do. */
#include "cluster/check.h"
#include "cluster/rules.h"
#include "source/index.h"

/* ---- names ----------------------------------------------------------------------------------------------------- */

/* What stands in an argument of Kafka's tools, a JAAS text and a principal without being quoted in any of them. Brackets end the list of
 * kafka-storage, and "${" asks a config provider. */
static const char *bad_user(const char *s)
{
    if (str_starts(s, "User:"))
        return "write the name alone: 'User:' is put before it";
    if (str_starts(s, "CN="))
        return "write the common name alone: a client with a certificate is called by it";
    if (strlen(s) > 128)
        return "write at most 128 characters";
    for (; *s != '\0'; s++)
        if (*s <= ' ' || *s > '~' || strchr("\"'\\,;=/*()[]{}<>$`", *s) != NULL)
            return "write ASCII letters, digits, '.', '_', '-' or '@'";
    return NULL;
}

/* A common name has at most 64 characters (RFC 5280, ub-common-name); what RFC 2253 puts a backslash before is another principal. */
static const char *bad_common_name(const char *s)
{
    if (strlen(s) > 64)
        return "write at most 64 characters: more do not fit into a certificate";
    return *s == '#' || strchr(s, '+') != NULL ? "write ASCII letters, digits, '.', '_', '-' or '@'" : NULL;
}

static void names(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        const struct user *u = &c->d->users[i];
        const char *bad = bad_user(u->name);
        if (bad == NULL && str_eq(user_auth(c->d, u), "mtls"))
            bad = bad_common_name(u->name);
        if (bad == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_USER_NAME, place(c->d, "users[%u].name", i), "no user can be called '%s' here",
                                 c->d->users[i].name);
        diag_hint(c->cx, e, "%s", bad);
    }
}

static void twice(const struct check *c)
{
    check_names_differ(c, E_USER_TWICE, "users", tree_get(c->d->root, "users"), "describe each user once");
}

static bool is_node(const struct check *c, const char *user)
{
    const struct sasl *s = &c->d->sasl;
    return (c->d->tls.enabled && strcmp(user, tls_principal(c->cx->a, c->d)) == 0)
        || (s->inter_broker.mechanism != NULL && str_eq(user, s->inter_broker.user))
        || (s->controller.mechanism != NULL && str_eq(user, s->controller.user));
}

static void node_principal(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        const char *user = c->d->users[i].name;
        if (!is_node(c, user))
            continue;
        struct diag *e = diag_at(c->cx, E_USER_NODE, place(c->d, "users[%u].name", i), "'%s' is the name of the nodes", user);
        diag_hint(c->cx, e, "give the user a name of its own: this one is a super user, and a broker to the cluster");
    }
}

/* ---- logging in -------------------------------------------------------------------------------------------------- */

static bool has_password(const char *auth)
{
    return auth != NULL && (str_starts(auth, "scram-") || strcmp(auth, "plain") == 0);
}

static void how(const struct check *c, uint32_t i)
{
    const struct user *u = &c->d->users[i];
    const char *auth = user_auth(c->d, u);
    if (auth != NULL && listener_with(c->d, auth) != NULL)
        return;
    struct diag *e = diag_at(c->cx, E_USER_AUTH, place(c->d, u->auth != NULL ? "users[%u].auth" : "users[%u].name", i),
                             auth == NULL ? "'%s' cannot say who it is: no listener asks" : "no listener lets '%s' log in by %s",
                             u->name, auth);
    diag_hint(c->cx, e, "write auth: %s%s for a listener", auth == NULL ? "scram-sha-512" : auth,
              str_eq(auth, "mtls") ? ", and no login beside it," : "");
}

static void password(const struct check *c, uint32_t i)
{
    const struct user *u = &c->d->users[i];
    const char *auth = user_auth(c->d, u);
    const bool some = u->password.secret != NULL || u->password.file != NULL;
    struct diag *e;
    if (has_password(auth) && !some) {
        e = diag_at(c->cx, E_USER_PASSWORD, place(c->d, "users[%u].name", i), "'%s' has no password to log in with", u->name);
        diag_hint(c->cx, e, "write password: {secret: %s-kafka, key: password}, or password: {file: %s}", u->name, u->name);
    } else if (u->password.secret != NULL && u->password.file != NULL) {
        e = diag_at(c->cx, E_USER_PASSWORDS, place(c->d, "users[%u].password", i), "'%s' has two passwords", u->name);
        diag_hint(c->cx, e, "remove 'file' or 'secret'");
    } else if (some && auth != NULL && !has_password(auth)) {
        e = diag_at(c->cx, W_USER_PASSWORD, place(c->d, "users[%u].password", i), "'%s' logs in by %s: nobody asks for a password",
                    u->name, auth);
        diag_hint(c->cx, e, "remove 'password'");
    }
}

/* The Job tries a password where clients inside log in. */
static void untried(const struct check *c, uint32_t i)
{
    const char *auth = user_auth(c->d, &c->d->users[i]);
    const struct listener *l = auth == NULL ? NULL : listener_with(c->d, auth);
    if (l == NULL || !str_starts(auth, "scram-") || l->expose == EX_NONE)
        return;
    struct diag *w = diag_at(c->cx, W_USER_UNTRIED, place(c->d, "users[%u].name", i),
                             "when the password of '%s' changes, nobody will notice", c->d->users[i].name);
    diag_note(c->cx, w, place(c->d, "listeners"), "no listener without 'expose' has auth: %s", auth);
    diag_hint(c->cx, w, "add one: the Job tries the password there, and sets it where it is not the one");
}

static void logins(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        if (c->d->users[i].state == STATE_ABSENT)
            continue;
        how(c, i);
        password(c, i);
        untried(c, i);
    }
}

/* ---- rights --------------------------------------------------------------------------------------------------------- */

static bool has_rights(const struct user *u)
{
    return u->produce_count + u->consume_count + u->manage_count + u->transactional_count + u->acl_count + u->admin.len > 0;
}

static void without_authorization(const struct check *c)
{
    const bool none = c->d->authorization.type == AUTHZ_NONE;
    for (uint32_t i = 0; !rights_count(c->d) && i < c->d->user_count; i++) {
        if (!has_rights(&c->d->users[i]))
            continue;
        struct diag *w = diag_at(c->cx, W_RIGHTS_UNUSED, place(c->d, "users[%u].name", i),
                                 none ? "the rights of users have no effect: everybody may do everything"
                                      : "the rights of users have no effect: a class of your own decides");
        diag_hint(c->cx, w, none ? "write authorization: acl" : "give it its rules in its own way, or write authorization: acl");
        return;
    }
}

static void of_super_users(const struct check *c)
{
    for (uint32_t i = 0; c->d->authorization.type == AUTHZ_ACL && i < c->d->user_count; i++) {
        const int64_t at = check_find(&c->d->super_users, c->d->users[i].name);
        if (at < 0 || !has_rights(&c->d->users[i]))
            continue;
        struct diag *w = diag_at(c->cx, W_USER_SUPER, place(c->d, "users[%u].name", i),
                                 "the rights of '%s' have no effect: a super user may do everything", c->d->users[i].name);
        diag_note(c->cx, w, place(c->d, "superUsers[%u]", (unsigned)at), "made one here");
        diag_hint(c->cx, w, "remove it from 'superUsers', or its rights");
    }
}

static void bad_name(const struct check *c, struct pos at, const char *what, const char *name, const char *bad)
{
    struct diag *e = diag_at(c->cx, E_RIGHT_NAME, at, "'%s' is no %s: it %s", name, what, bad);
    diag_hint(c->cx, e, "\"*\" stands for every one, and prefix: true for all that begin alike");
}

static void topic(const struct check *c, const char *path, const char *name)
{
    const char *bad = strcmp(name, "*") == 0 ? NULL : check_topic_name(name);
    if (bad != NULL)
        bad_name(c, place(c->d, "%s.topic", path), "topic", name, bad);
}

/* Groups and transactional ids may be called anything; the file that the Job reads parts its words by blanks. */
static void text_name(const struct check *c, struct pos at, const char *what, const char *name)
{
    for (const char *s = name; *s != '\0'; s++)
        if (*s <= ' ' || *s > '~') {
            bad_name(c, at, what, name, "holds a blank or a character beyond ASCII");
            return;
        }
    if (strcmp(name, "*") != 0 && strchr(name, '*') != NULL)
        bad_name(c, at, what, name, "holds '*', which means every one when it stands alone and nothing inside a name");
}

static void star_with_prefix(const struct check *c, const char *path, const char *field, bool prefix, const char *name)
{
    if (!prefix || strcmp(name, "*") != 0)
        return;
    struct diag *e = diag_at(c->cx, E_RIGHT_PREFIX, place(c->d, "%s.%s", path, field), "no name begins with '*'");
    diag_hint(c->cx, e, "remove '%s': \"*\" alone is every one", field);
}

static void consume(const struct check *c, uint32_t user, uint32_t i)
{
    const struct user *u = &c->d->users[user];
    const struct consume_rule *r = &u->consume[i];
    const char *path = arena_printf(c->cx->a, "users[%u].consume[%u]", user, i);
    const char *group = r->group != NULL ? r->group : u->group;
    topic(c, path, r->topic);
    star_with_prefix(c, path, "prefix", r->prefix, r->topic);
    if (group == NULL) {
        struct diag *e = diag_at(c->cx, E_RIGHT_GROUP, place(c->d, "%s.topic", path),
                                 "'%s' may read '%s' in no consumer group", u->name, r->topic);
        diag_hint(c->cx, e, "write {topic: %s, group: ...}, or `group` for the user; \"*\" is every group", r->topic);
        return;
    }
    text_name(c, r->group != NULL ? place(c->d, "%s.group", path) : place(c->d, "users[%u].group", user), "consumer group", group);
    star_with_prefix(c, path, "groupPrefix", r->group_prefix, group);
}

static void topics_of(const struct check *c, uint32_t user, const char *list, const struct topic_rule *rules, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *path = arena_printf(c->cx->a, "users[%u].%s[%u]", user, list, i);
        topic(c, path, rules[i].topic);
        star_with_prefix(c, path, "prefix", rules[i].prefix, rules[i].topic);
    }
}

static void words(const struct check *c, uint32_t user)
{
    const struct user *u = &c->d->users[user];
    topics_of(c, user, "produce", u->produce, u->produce_count);
    topics_of(c, user, "manage", u->manage, u->manage_count);
    for (uint32_t i = 0; i < u->consume_count; i++)
        consume(c, user, i);
    for (uint32_t i = 0; i < u->transactional_count; i++) {
        const char *path = arena_printf(c->cx->a, "users[%u].transactional[%u]", user, i);
        text_name(c, place(c->d, "%s.id", path), "transactional id", u->transactional[i].id);
        star_with_prefix(c, path, "prefix", u->transactional[i].prefix, u->transactional[i].id);
    }
}

/* ---- single rules ------------------------------------------------------------------------------------------------------ */

static void operation(const struct check *c, const struct acl *r, uint32_t user, uint32_t i, uint32_t n)
{
    const int since = rules_since(r->resource, r->operations.at[n]);
    if (c->line == 0 || (since != 0 && since <= c->line))
        return;
    struct diag *e = diag_at(c->cx, E_RULE_OPERATION, place(c->d, "users[%u].acls[%u].operations[%u]", user, i, n),
                             since == 0 ? "a %s knows no operation '%s'" : "a %s knows no operation '%s' in this release",
                             rules_resource_word(r->resource), r->operations.at[n]);
    if (since != 0)
        diag_hint(c->cx, e, "it came with Kafka %d.%d", since / 100, since % 100);
    else
        diag_hint(c->cx, e, "use %s", rules_operations(c->cx->a, r->resource, c->line));
}

static void rule_name(const struct check *c, const struct acl *r, uint32_t user, uint32_t i)
{
    const struct pos at = place(c->d, "users[%u].acls[%u].name", user, i);
    struct diag *e;
    if (r->resource == ACL_CLUSTER && r->name != NULL && strcmp(r->name, "kafka-cluster") != 0) {
        e = diag_at(c->cx, E_RULE_NAME, at, "the cluster is not called '%s' in rules", r->name);
        diag_hint(c->cx, e, "remove 'name': Kafka calls every cluster kafka-cluster");
    } else if (r->resource != ACL_CLUSTER && r->name == NULL) {
        e = diag_at(c->cx, E_RULE_NAME, at, "the rule does not say which %s", rules_resource_word(r->resource));
        diag_hint(c->cx, e, "write name: ...; \"*\" is every one");
    } else if (r->resource == ACL_TOPIC && strcmp(r->name, "*") != 0 && check_topic_name(r->name) != NULL) {
        bad_name(c, at, "topic", r->name, check_topic_name(r->name));
    } else if (r->resource != ACL_CLUSTER) {
        text_name(c, at, rules_resource_word(r->resource), r->name);
    }
}

static void rule(const struct check *c, uint32_t user, uint32_t i)
{
    const struct acl *r = &c->d->users[user].acls[i];
    rule_name(c, r, user, i);
    for (uint32_t n = 0; n < r->operations.len; n++)
        operation(c, r, user, i, n);
    if (r->pattern == ACL_PREFIXED && r->name != NULL && strcmp(r->name, "*") == 0) {
        struct diag *e = diag_at(c->cx, E_RIGHT_PREFIX, place(c->d, "users[%u].acls[%u].pattern", user, i), "no name begins with '*'");
        diag_hint(c->cx, e, "remove 'pattern': \"*\" alone is every one");
    }
    if (strspn(r->host, "0123456789abcdefABCDEF.:/") == strlen(r->host) || strcmp(r->host, "*") == 0)
        return;
    struct diag *e = diag_at(c->cx, E_RULE_HOST, place(c->d, "users[%u].acls[%u].host", user, i),
                             "Kafka compares addresses, so no client comes from '%s'", r->host);
    diag_hint(c->cx, e, "write an address such as 10.0.0.7, or \"*\"");
}

static void rights(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        words(c, i);
        for (uint32_t n = 0; n < c->d->users[i].acl_count; n++)
            rule(c, i, n);
    }
}

check_rule *const check_users[] = {
    names, twice, node_principal, logins, without_authorization, of_super_users, rights, NULL
};
