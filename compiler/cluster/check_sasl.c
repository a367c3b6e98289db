/* check_sasl.c: what the ways to log in need. Codes: check_sasl.def. */
#include "cluster/check.h"
#include "model/kubernetes.h"

static bool has_word(const struct listener *l, const char *word)
{
    return check_find(&l->auth, word) >= 0;
}

/* The first listener with that way to log in, or NULL. */
static const struct listener *user_of(const struct check *c, const char *word, uint32_t *at)
{
    for (*at = 0; *at < c->d->listener_count; (*at)++)
        if (has_word(&c->d->listeners[*at], word))
            return &c->d->listeners[*at];
    return NULL;
}

static struct pos auth_place(const struct check *c, uint32_t i, const char *word)
{
    return place(c->d, "listeners[%u].auth[%u]", i, (unsigned)check_find(&c->d->listeners[i].auth, word));
}

static bool plain_users(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++)
        if (c->d->users[i].state == STATE_PRESENT && str_eq(user_auth(c->d, &c->d->users[i]), "plain"))
            return true;
    return c->d->sasl.plain.secret != NULL;
}

bool check_reads_secrets(const struct check *c)
{
    uint32_t i;
    const struct sasl *s = &c->d->sasl;
    return c->d->tls.enabled || s->inter_broker.mechanism != NULL || s->controller.mechanism != NULL
        || (plain_users(c) && user_of(c, "plain", &i) != NULL)
        || (s->oauth.ca.secret != NULL && user_of(c, "oauthbearer", &i) != NULL);
}

/* ---- references to Secrets --------------------------------------------------------------------------------- */

static void reference(const struct check *c, const char *path, const char *what, const struct secret_ref *r)
{
    if (r->secret != NULL && k8s_bad_subdomain(r->secret) != NULL) {
        struct diag *e = diag_at(c->cx, E_SASL_REFERENCE, place(c->d, "%s", path), "no %s can be called '%s', which %s", what,
                                 r->secret, k8s_bad_subdomain(r->secret));
        diag_hint(c->cx, e, "write the name of the %s, in lower case", what);
    } else if (r->secret != NULL && !check_secret_key(r->key)) {
        struct diag *e = diag_at(c->cx, E_SASL_REFERENCE, place(c->d, "%s.key", path), "'%s' is no key of a %s", r->key, what);
        diag_hint(c->cx, e, "write a name of letters, digits, '-', '_' and '.'");
    }
}

static void references(const struct check *c)
{
    const struct sasl *s = &c->d->sasl;
    const struct secret_ref krb5 = { s->gssapi.krb5.config_map, s->gssapi.krb5.key },
        keytab = { s->gssapi.keytab.secret, str_replace(c->cx->a, s->gssapi.keytab.key, "{pod}", "p") };
    reference(c, "sasl.plain", "Secret", &s->plain);
    reference(c, "sasl.scram", "Secret", &s->scram);
    reference(c, "sasl.oauthbearer.ca", "Secret", &s->oauth.ca);
    reference(c, "sasl.gssapi.keytab", "Secret", &keytab);
    reference(c, "sasl.gssapi.krb5", "ConfigMap", &krb5);
    reference(c, "sasl.interBroker.password", "Secret", &s->inter_broker.password);
    reference(c, "sasl.controller.password", "Secret", &s->controller.password);
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        const struct secret_ref password = { c->d->users[i].password.secret, c->d->users[i].password.key };
        reference(c, arena_printf(c->cx->a, "users[%u].password", i), "Secret", &password);
    }
}

/* ---- what a mechanism needs -------------------------------------------------------------------------------- */

static void plain_without_users(const struct check *c)
{
    uint32_t i;
    const struct listener *l = user_of(c, "plain", &i);
    const bool nodes_only = l != NULL && str_eq(c->d->inter_broker, l->name) && str_eq(c->d->sasl.inter_broker.mechanism, "plain");
    if (l == NULL || nodes_only || plain_users(c))
        return;
    struct diag *e = diag_at(c->cx, E_PLAIN_USERS, auth_place(c, i, "plain"), "nobody can log in at '%s' with plain: it has no users",
                             l->name);
    diag_hint(c->cx, e, "write users: [{name: ..., auth: plain, password: {secret: ..., key: ...}}], or sasl: {plain: {secret: ...}}");
}

/* Of passwords that are files, brokers read one text in which all are quoted. */
static void plain_files_without_text(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count && c->d->sasl.plain.secret == NULL; i++) {
        const struct user *u = &c->d->users[i];
        if (u->state != STATE_PRESENT || u->password.file == NULL || !str_eq(user_auth(c->d, u), "plain"))
            continue;
        struct diag *e = diag_at(c->cx, E_PLAIN_USERS, place(c->d, "users[%u].password", i),
                                 "brokers do not learn the password of '%s'", u->name);
        diag_hint(c->cx, e, "write sasl: {plain: {secret: ...}}, the Secret in which all of them stand");
        return;
    }
}

static void readable_logins(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const char *word = has_word(l, "plain") ? "plain" : "oauthbearer";
        if (l->tls || !has_word(l, word))
            continue;
        struct diag *w = diag_at(c->cx, W_LOGIN_OPEN, auth_place(c, i, word), "whoever listens on the network of '%s' reads the %s of "
                                 "its clients", l->name, *word == 'p' ? "passwords" : "tokens");
        diag_hint(c->cx, w, "write tls: true for it");
    }
}

static void oauth_release(const struct check *c)
{
    uint32_t i;
    if (c->line == 0 || c->line >= KAFKA(3, 1) || user_of(c, "oauthbearer", &i) == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_OAUTH_RELEASE, auth_place(c, i, "oauthbearer"),
                             "Kafka %s cannot check the signature of a token", c->d->kafka.version);
    diag_hint(c->cx, e, "use Kafka 3.1 or later, or another 'auth'");
}

/* Kafka's list of allowed URLs is parted by commas, and the start script's options by blanks. */
static const char *bad_url(const char *s)
{
    const size_t scheme = str_starts(s, "https://") ? 8 : str_starts(s, "http://") ? 7 : 0;
    if (scheme == 0)
        return "does not begin with https://";
    if (strpbrk(s, " ,\"'\\") != NULL)
        return "holds a character that has no place in a URL";
    return s[scheme] == '\0' || s[scheme] == '/' ? "names no host" : NULL;
}

static void oauth_endpoint(const struct check *c)
{
    uint32_t i;
    const char *jwks = c->d->sasl.oauth.jwks;
    const struct listener *l = user_of(c, "oauthbearer", &i);
    if (jwks == NULL && l != NULL) {
        struct diag *e = diag_at(c->cx, E_OAUTH_ENDPOINT, auth_place(c, i, "oauthbearer"),
                                 "brokers do not know whose tokens to believe on '%s'", l->name);
        diag_hint(c->cx, e, "write sasl: {oauthbearer: {jwks: https://..., issuer: https://..., audience: ...}}");
    } else if (jwks != NULL && bad_url(jwks) != NULL) {
        struct diag *e = diag_at(c->cx, E_OAUTH_URL, place(c->d, "sasl.oauthbearer.jwks"), "'sasl.oauthbearer.jwks' is '%s', which %s",
                                 jwks, bad_url(jwks));
        diag_hint(c->cx, e, "write the jwks_uri of the issuer's .well-known/openid-configuration");
    } else if (l != NULL && str_starts(jwks, "http://")) {
        struct diag *w = diag_at(c->cx, W_OAUTH_HTTP, place(c->d, "sasl.oauthbearer.jwks"),
                                 "whoever is on the network between brokers and issuer can make tokens for anybody");
        diag_hint(c->cx, w, "use https, with 'ca' for a certificate of your own");
    }
}

static void oauth_audience(const struct check *c)
{
    uint32_t i;
    if (user_of(c, "oauthbearer", &i) == NULL || c->d->sasl.oauth.jwks == NULL || c->d->sasl.oauth.audience.len > 0)
        return;
    struct diag *w = diag_at(c->cx, W_OAUTH_AUDIENCE, place(c->d, "sasl.oauthbearer.jwks"),
                             "every token of this issuer is let in, whichever service it was made for");
    diag_hint(c->cx, w, "write audience: what the claim 'aud' of tokens for this cluster holds");
}

static void one_list(const struct check *c, const char *path, const struct strs *list)
{
    for (uint32_t i = 0; i < list->len; i++) {
        const int64_t first = check_find(list, list->at[i]);
        if (first == i && strchr(list->at[i], ',') == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_SASL_LIST, place(c->d, "%s[%u]", path, i), first == i
                                 ? "'%s' would be read as several items" : "'%s' is listed twice", list->at[i]);
        diag_hint(c->cx, e, first == i ? "write an item without a comma" : "remove one of the two");
    }
}

static void lists(const struct check *c)
{
    one_list(c, "sasl.oauthbearer.audience", &c->d->sasl.oauth.audience);
    one_list(c, "sasl.gssapi.principalToLocal", &c->d->sasl.gssapi.rules);
}

/* ---- Kerberos ------------------------------------------------------------------------------------------------ */

static const char *missing_for_kerberos(const struct sasl_gssapi *g)
{
    if (g->keytab.secret == NULL)
        return "keytab: a Secret with the keys of the brokers' principals";
    if (g->krb5.config_map == NULL && g->krb5.text == NULL)
        return "krb5: a ConfigMap with krb5.conf, or {text: ...}";
    return g->principal == NULL ? "principal: \"kafka/{host}@REALM\"" : NULL;
}

static void kerberos_incomplete(const struct check *c)
{
    uint32_t i;
    const struct listener *l = user_of(c, "gssapi", &i);
    const char *missing = missing_for_kerberos(&c->d->sasl.gssapi);
    if (l == NULL || missing == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_KERBEROS, written(c->d, "sasl.gssapi") ? place(c->d, "sasl.gssapi") : auth_place(c, i, "gssapi"),
                             "brokers cannot prove who they are to Kerberos clients of '%s'", l->name);
    diag_hint(c->cx, e, "write sasl.gssapi.%s", missing);
}

static void kerberos_twice(const struct check *c)
{
    const struct krb5 *k = &c->d->sasl.gssapi.krb5;
    if (k->config_map == NULL || k->text == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_KERBEROS, place(c->d, "sasl.gssapi.krb5.text"), "krb5.conf is in the ConfigMap '%s' and here",
                             k->config_map);
    diag_note(c->cx, e, place(c->d, "sasl.gssapi.krb5.configMap"), "the other one");
    diag_hint(c->cx, e, "remove one of the two");
}

static const char *bad_principal(struct arena *a, const struct sasl_gssapi *g)
{
    const char *filled = str_replace(a, str_replace(a, g->principal, "{host}", "h"), "{pod}", "p");
    const char *service = str_join(a, g->service, "/", NULL), *at = strchr(filled, '@');
    if (strpbrk(filled, "{}") != NULL)
        return "holds a placeholder other than {host} and {pod}";
    if (strcmp(filled, g->principal) == 0)
        return "is the same for all brokers, and clients ask for that of the host they connect to";
    if (!str_starts(filled, service))
        return str_join(a, "does not begin with the service, '", service, "'", NULL);
    return at == NULL || at[1] == '\0' || strchr(at + 1, '@') != NULL ? "does not end in one realm" : NULL;
}

static void kerberos_principal(const struct check *c)
{
    const struct sasl_gssapi *g = &c->d->sasl.gssapi;
    if (g->principal == NULL || bad_principal(c->cx->a, g) == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_KERBEROS_PRINCIPAL, place(c->d, "sasl.gssapi.principal"), "'%s' %s", g->principal,
                             bad_principal(c->cx->a, g));
    diag_hint(c->cx, e, "write \"%s/{host}@REALM\"", g->service);
}

static void unused_scram(const struct check *c)
{
    uint32_t at;
    const bool asked = user_of(c, "scram-sha-512", &at) != NULL || user_of(c, "scram-sha-256", &at) != NULL;
    if ((asked && c->kraft) || !check_own(c, "sasl.scram"))
        return;
    struct diag *w = diag_at(c->cx, W_SASL_UNUSED, place(c->d, "sasl.scram"), "'sasl.scram' has no effect: %s",
                             c->kraft ? "no listener asks for it" : "with ZooKeeper users are made while the cluster runs");
    diag_hint(c->cx, w, c->kraft ? "write auth: scram-sha-512 for a listener" : "describe them in 'users': the admin Job makes them");
}

static void unused(const struct check *c)
{
    static const char *const words[] = { "plain", "oauthbearer", "gssapi" };
    uint32_t at;
    for (size_t i = 0; i < 3; i++) {
        if (user_of(c, words[i], &at) != NULL || !check_own(c, "sasl.%s", words[i]))
            continue;
        struct diag *w = diag_at(c->cx, W_SASL_UNUSED, place(c->d, "sasl.%s", words[i]),
                                 "'sasl.%s' has no effect: no listener asks for it", words[i]);
        diag_hint(c->cx, w, "write auth: %s for a listener", words[i]);
    }
    unused_scram(c);
    if (!c->kraft && check_own(c, "sasl.controller")) {
        struct diag *w = diag_at(c->cx, W_SASL_UNUSED, place(c->d, "sasl.controller"),
                                 "'sasl.controller' has no effect: with ZooKeeper there are no controllers to log in at");
        diag_hint(c->cx, w, "remove it");
    }
}

static void reauth_of_nobody(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        if (l->reauth == 0 || l->auth.len > (uint32_t)has_word(l, "mtls"))
            continue;
        struct diag *e = diag_at(c->cx, E_REAUTH, place(c->d, "listeners[%u].reauth", i), "clients of '%s' do not log in", l->name);
        diag_hint(c->cx, e, "remove it: a certificate is looked at once, when a client connects");
    }
}

/* ---- names of certificates --------------------------------------------------------------------------------- */

/* The end of a part that ends in '/': a backslash keeps what follows it (SslPrincipalMapper). NULL: it has none. */
static const char *after_part(const char *s)
{
    for (; *s != '\0' && *s != '/'; s++)
        if (*s == '\\' && *++s == '\0')
            return NULL;
    return *s == '/' ? s + 1 : NULL;
}

/* What follows the '[' of a class: a ']' right behind it, or behind its '^', is one of its characters. */
static const char *after_class_begin(const char *s)
{
    s += *s == '^';
    return s + (*s == ']');
}

/* How many groups a pattern has, up to its '/', as java.util.regex counts them; -1: a bracket stands alone. */
static int groups_of(const char *s)
{
    int groups = 0, open = 0, classes = 0;
    while (*s != '/' && open >= 0) {
        const char c = *s++;
        if (c == '\\')
            s++;
        else if (c == '[') {
            classes++;
            s = after_class_begin(s);
        } else if (classes > 0)
            classes -= c == ']';
        else if (c == '(') {
            open++;
            groups += *s != '?' || (s[1] == '<' && s[2] != '=' && s[2] != '!');
        } else if (c == ')')
            open--;
    }
    return open == 0 && classes == 0 ? groups : -1;
}

/* Kafka writes $2 as it stands when there is no second group, and fails at each handshake over a '$' without a number. */
static bool names_groups(const char *s, int groups)
{
    for (; *s != '/'; s++)
        if (*s == '\\')
            s++;
        else if (*s == '$' && s[1] != '{' && (s[1] < '0' || s[1] > '9' || s[1] - '0' > groups))
            return false;
    return true;
}

/* What to do about a rule that is none, or that no broker could follow; NULL: nothing. */
static const char *bad_rule(const char *s)
{
    const char *pattern = str_starts(s, "RULE:") ? s + strlen("RULE:") : NULL;
    const char *to = pattern == NULL ? NULL : after_part(pattern), *end = to == NULL ? NULL : after_part(to);
    if (strcmp(s, "DEFAULT") == 0)
        return NULL;
    if (end == NULL || (*end != '\0' && ((*end != 'L' && *end != 'U') || end[1] != '\0')))
        return "write \"RULE:pattern/replacement/\", with L or U behind it for lower or upper case, or DEFAULT";
    if (groups_of(pattern) < 0)
        return "close each bracket of the pattern, or write a backslash before it";
    return names_groups(to, groups_of(pattern)) ? NULL
        : "let the replacement name groups that the pattern has: $1 is what stands in its first brackets";
}

/* Why the listener can have no rules of its own; NULL: it can. */
static const char *no_rules(const struct check *c, const struct listener *l)
{
    if (str_eq(c->d->inter_broker, l->name))
        return "brokers use it, and are known by their common name";
    return has_word(l, "mtls") && l->auth.len == 1 ? NULL : "its clients are not named by their certificates";
}

static void principal_rules(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->listener_count; i++) {
        const struct listener *l = &c->d->listeners[i];
        const char *why = no_rules(c, l);
        if (l->principal_rules.len > 0 && why != NULL) {
            struct diag *e = diag_at(c->cx, E_PRINCIPAL_RULES, place(c->d, "listeners[%u].principalRules", i),
                                     "'%s' can have no 'principalRules': %s", l->name, why);
            diag_hint(c->cx, e, "write them for a listener of clients with auth: mtls");
        }
        for (uint32_t n = 0; why == NULL && n < l->principal_rules.len; n++) {
            const char *hint = bad_rule(l->principal_rules.at[n]);
            if (hint == NULL)
                continue;
            struct diag *e = diag_at(c->cx, E_PRINCIPAL_RULES, place(c->d, "listeners[%u].principalRules[%u]", i, n),
                                     "'%s' is no rule", l->principal_rules.at[n]);
            diag_hint(c->cx, e, "%s", hint);
        }
    }
}

check_rule *const check_sasl[] = {
    references, plain_without_users, plain_files_without_text, readable_logins, oauth_release, oauth_endpoint, oauth_audience, lists,
    kerberos_incomplete, kerberos_twice, kerberos_principal, unused, reauth_of_nobody, principal_rules, NULL
};
