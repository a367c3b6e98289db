/* external_secrets.c: an ExternalSecret (External Secrets Operator, API v1) for each Secret that the cluster refers to and nobody
 * here makes: the operator reads a store and fills the Secret, with exactly the keys that are used. */
#include "emit/emit.h"

#include "base/text.h"

/* What is fetched into one Secret. */
struct wanted {
    const char *secret;
    struct vals keys;
};

struct list {
    struct arena  *a;
    struct wanted *at;
    uint32_t       len, cap;
};

static struct wanted *wanted_of(struct list *l, const char *secret)
{
    for (uint32_t i = 0; i < l->len; i++)
        if (strcmp(l->at[i].secret, secret) == 0)
            return &l->at[i];
    if (l->len == l->cap) {
        const uint32_t cap = l->cap == 0 ? 16 : l->cap * 2;
        l->at  = arena_grow(l->a, l->at, l->cap * sizeof *l->at, l->len * sizeof *l->at, cap * sizeof *l->at);
        l->cap = cap;
    }
    l->at[l->len] = (struct wanted){ .secret = secret, .keys = { .a = l->a } };
    return &l->at[l->len++];
}

static void want(struct list *l, const char *secret, const char *key)
{
    if (secret == NULL || key == NULL)
        return;
    struct wanted *w = wanted_of(l, secret);
    for (uint32_t i = 0; i < w->keys.len; i++)
        if (strcmp(w->keys.at[i].s, key) == 0)
            return;
    vals_add(&w->keys, t_str(key));
}

/* ---- what the cluster refers to ------------------------------------------------------------------------------------ */

static void want_certificates(struct list *l, const struct plan *p)
{
    if (!p->tls.used || p->d->tls.source != TLS_EXISTING)
        return;
    for (const struct workload *w = p->workloads; w < p->workloads + p->workload_count; w++)
        for (uint32_t n = 0; n < (p->tls.own ? w->node_count : 1); n++)
            for (uint32_t k = 0; k < w->secret_keys.len; k++)
                want(l, w->nodes[n].secret, w->secret_keys.at[k]);
    if (p->d->tls.type != STORE_PEM)
        want(l, p->d->tls.password.secret, p->d->tls.password.key);
}

/* Its password is that of a user. */
static void want_lag_exporter(struct list *l, const struct plan *p)
{
    const struct lag_plan *lag = &p->lag;
    if (p->d->monitoring.lag.secret != NULL)
        want(l, lag->ca.secret, lag->ca.key);
    else if (p->d->tls.source != TLS_EXISTING)
        return;
    want(l, lag->certificate, "tls.crt");
    want(l, lag->certificate, "tls.key");
}

/* `--secrets` makes these of password files. */
static bool made_here(const struct plan *p, const char *secret)
{
    for (uint32_t i = 0; i < p->user_count; i++)
        if (p->users[i].user->password.file != NULL
            && (str_eq(p->users[i].object, secret)
                || (str_eq(p->users[i].auth, "plain") && str_eq(p->d->sasl.plain.secret, secret))))
            return true;
    return false;
}

static void want_keytabs(struct list *l, const struct plan *p)
{
    for (uint32_t i = 0; p->keytab != NULL && i < p->workload_count; i++)
        for (uint32_t n = 0; p->workloads[i].is_broker && n < p->workloads[i].node_count; n++)
            want(l, p->keytab, str_replace(l->a, p->d->sasl.gssapi.keytab.key, "{pod}", p->workloads[i].nodes[n].pod));
}

static bool scram_made_here(const struct plan *p)
{
    bool made = false;
    for (uint32_t i = 0; i < p->user_count; i++)
        made |= p->users[i].user->password.file != NULL && str_starts(p->users[i].auth, "scram-");
    return made;
}

static void want_logins(struct list *l, const struct plan *p)
{
    if (p->d->zookeeper.login.file == NULL)
        want(l, p->zookeeper.login, p->d->zookeeper.login.key);
    for (uint32_t i = 0; i < p->user_count; i++)
        if (p->users[i].user->password.secret != NULL)
            want(l, p->users[i].secret, p->users[i].key);
    if (!scram_made_here(p))
        want(l, p->scram.secret, p->scram.key);
    for (uint32_t i = 0; i < p->secret_file_count; i++)
        if (!made_here(p, p->secret_files[i].from.secret))
            want(l, p->secret_files[i].from.secret, p->secret_files[i].from.key);
}

/* ---- objects -------------------------------------------------------------------------------------------------------- */

static const char *remote_key(struct arena *a, const struct plan *p, const char *secret)
{
    const char *key = str_replace(a, p->d->external_secrets.key, "{secret}", secret);
    return str_replace(a, str_replace(a, key, "{name}", p->d->name), "{namespace}", p->d->namespace_);
}

static struct val entries(struct arena *a, const struct plan *p, const struct wanted *w)
{
    struct vals out = { .a = a };
    const char *key = remote_key(a, p, w->secret);
    for (uint32_t i = 0; i < w->keys.len; i++)
        vals_add(&out, MAP(a,
            { "secretKey", w->keys.at[i] },
            { "remoteRef", MAP(a,
                { "key",      t_str(key) },
                { "property", w->keys.at[i] }) }));
    return vals_done(&out);
}

static struct val external_secret(struct arena *a, const struct plan *p, const struct wanted *w)
{
    const struct external_secrets *x = &p->d->external_secrets;
    return k8s_object(a, p, "external-secrets.io/v1", "ExternalSecret", w->secret, p->labels, t_none(), MAP(a,
        { "refreshInterval", k8s_duration(a, x->refresh) },
        { "secretStoreRef",  MAP(a,
            { "kind", t_str(x->store.kind) },
            { "name", t_str(x->store.name) }) },
        { "target",          MAP(a,
            { "name",           t_str(w->secret) },
            { "creationPolicy", t_str("Owner") }) },
        { "data",            entries(a, p, w) }));
}

void emit_external_secrets(struct arena *a, const struct plan *p, struct vals *out)
{
    struct list l = { .a = a };
    if (p->d->external_secrets.store.name == NULL)
        return;
    want_certificates(&l, p);
    want_lag_exporter(&l, p);
    want_logins(&l, p);
    want_keytabs(&l, p);
    for (uint32_t i = 0; i < l.len; i++)
        vals_add(out, external_secret(a, p, &l.at[i]));
}
