/* check_lag_exporter.c: the consumer lag exporter is a client like others: it needs a name where clients have one, a way to log in that it
 * knows, and rights. Codes: check_security.def. */
#include "cluster/check.h"
#include "cluster/rules.h"
#include "model/kubernetes.h"

static bool enabled(const struct check *c)
{
    return c->d->monitoring.lag.enabled;
}

static bool asks_for(const struct listener *l, const char *auth)
{
    for (uint32_t i = 0; l != NULL && i < l->auth.len; i++)
        if (strcmp(l->auth.at[i], auth) == 0)
            return true;
    return false;
}

/* ---- who it is ------------------------------------------------------------------------------------------ */

static void nameless(const struct check *c)
{
    const struct listener *l = lag_listener(c->d);
    const bool asks = l == NULL ? c->d->tls.enabled : l->auth.len > 0;
    if (!enabled(c) || c->d->monitoring.lag.user != NULL || (!asks && c->d->authorization.type != AUTHZ_ACL))
        return;
    struct diag *e = diag_at(c->cx, E_LAG_EXPORTER, place(c->d, "monitoring.lagExporter"),
                             asks ? "the lag exporter cannot say who it is at '%s'" : "the lag exporter has no name, and no rights, on '%s'",
                             l == NULL ? "replication" : l->name);
    diag_hint(c->cx, e, "write lagExporter: {user: NAME}, the name of an entry of 'users' with admin: [describe]");
}

static const char *user_name(const void *of, size_t i)
{
    const struct description *d = of;
    return i < d->user_count ? d->users[i].name : NULL;
}

static void unknown(const struct check *c)
{
    const char *user = c->d->monitoring.lag.user;
    if (!enabled(c) || user == NULL || lag_user(c->d) != NULL)
        return;
    struct diag *e = diag_at(c->cx, E_LAG_USER, place(c->d, "monitoring.lagExporter.user"), "nobody in 'users' is called '%s'", user);
    const char *nearest = str_nearest(user, user_name, c->d);
    if (nearest != NULL && strcmp(nearest, user) != 0)
        diag_did_you_mean(c->cx, e, nearest);
    else
        diag_hint(c->cx, e, "write users: [{name: %s, admin: [describe], ...}]", user);
}

/* ---- how it logs in ------------------------------------------------------------------------------------- */

static bool knows(const char *auth)
{
    return auth == NULL || strcmp(auth, "mtls") == 0 || strcmp(auth, "plain") == 0 || str_starts(auth, "scram-");
}

static void login(const struct check *c)
{
    const struct user *u = enabled(c) ? lag_user(c->d) : NULL;
    const char *auth = u == NULL ? NULL : user_auth(c->d, u);
    if (knows(auth))
        return;
    struct diag *e = diag_at(c->cx, E_LAG_LOGIN, place(c->d, "monitoring.lagExporter.user"),
                             "the lag exporter cannot log in by %s, as '%s' does", auth, u->name);
    diag_hint(c->cx, e, "name a user with auth: mtls, scram-sha-512, scram-sha-256 or plain");
}

/* ---- certificates --------------------------------------------------------------------------------------- */

static void key_stores(const struct check *c)
{
    const struct listener *l = lag_listener(c->d);
    if (!enabled(c) || l == NULL || !l->tls || c->d->tls.type == STORE_PEM || c->d->monitoring.lag.secret != NULL)
        return;
    struct diag *e = diag_at(c->cx, E_LAG_STORES, place(c->d, "monitoring.lagExporter"), "the lag exporter reads no key stores");
    diag_hint(c->cx, e, "write lagExporter: {secret: NAME}, a Secret with the trusted certificates as PEM, key ca.crt");
}

static void no_certificate(const struct check *c)
{
    const struct user *u = enabled(c) ? lag_user(c->d) : NULL;
    const struct listener *l = lag_listener(c->d);
    if (u == NULL || !asks_for(l, "mtls") || c->d->tls.source != TLS_GENERATED || c->d->monitoring.lag.secret != NULL
        || str_eq(user_auth(c->d, u), "mtls"))
        return;
    struct diag *e = diag_at(c->cx, E_LAG_CERTIFICATE, place(c->d, "monitoring.lagExporter"),
                             "nobody makes the certificate that '%s' wants from the lag exporter", l->name);
    diag_hint(c->cx, e, "write lagExporter: {secret: NAME}, a Secret with tls.crt, tls.key and ca.crt, and see `gregor pki --client`");
}

static void secret_unused(const struct check *c)
{
    const struct listener *l = lag_listener(c->d);
    if (!enabled(c) || l == NULL || l->tls || !check_own(c, "monitoring.lagExporter.secret"))
        return;
    struct diag *w = diag_at(c->cx, W_LAG_SECRET, place(c->d, "monitoring.lagExporter.secret"),
                             "'monitoring.lagExporter.secret' has no effect: '%s' has no TLS", l->name);
    diag_hint(c->cx, w, "remove it");
}

/* The API server takes any name for a Secret that is mounted, and the pod never starts. */
static void secret_name(const struct check *c)
{
    const char *name = enabled(c) ? c->d->monitoring.lag.secret : NULL, *bad = name == NULL ? NULL : k8s_bad_subdomain(name);
    if (bad == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_TLS_SECRET, place(c->d, "monitoring.lagExporter.secret"), "no Secret can be called '%s', which %s", name, bad);
    diag_hint(c->cx, e, "write the name of a Secret with tls.crt, tls.key and ca.crt");
}

/* ---- rights ----------------------------------------------------------------------------------------------- */

/* Operations that let their holder describe the resource (Kafka, AclAuthorizer: "DESCRIBE_IMPLIED_BY"). */
static bool shows(const struct one_rule *r, int resource)
{
    static const char *const words[] = { "Describe", "Read", "Write", "Delete", "Alter", "All", NULL };
    bool fine = false;
    for (size_t i = 0; words[i] != NULL; i++)
        fine |= strcmp(r->operation, words[i]) == 0;
    return fine && r->resource == resource && strcmp(r->permission, "Allow") == 0;
}

static bool sees(const struct rule_list *rules, int resource)
{
    for (uint32_t i = 0; i < rules->len; i++)
        if (shows(&rules->at[i], resource))
            return true;
    return false;
}

static void rights(const struct check *c)
{
    const struct user *u = enabled(c) ? lag_user(c->d) : NULL;
    struct rule_list rules = { .a = c->cx->a };
    if (u == NULL || !rights_count(c->d) || check_find(&c->d->super_users, u->name) >= 0)
        return;
    rules_of(&rules, u, c->line);
    if (sees(&rules, ACL_TOPIC) && sees(&rules, ACL_GROUP))
        return;
    struct diag *w = diag_at(c->cx, W_LAG_RIGHTS, place(c->d, "monitoring.lagExporter.user"), "'%s' may not see %s, so no lag is reported",
                             u->name, sees(&rules, ACL_TOPIC) ? "groups" : sees(&rules, ACL_GROUP) ? "topics" : "topics and groups");
    diag_hint(c->cx, w, "write admin: [describe] for that user");
}

check_rule *const check_lag_exporter[] = { nameless, unknown, login, key_stores, no_certificate, secret_unused, secret_name, rights, NULL };
