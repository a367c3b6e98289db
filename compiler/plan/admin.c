/* admin.c: what the cluster should hold, in lines that the admin Job compares with what it holds (stdlib/admin/admin.sh). */
#include "plan/parts.h"

#include "cluster/cluster.h"
#include "cluster/rules.h"

#include <stdlib.h>

/* ---- the lines of `desired` ---------------------------------------------------------------------------------------- */

struct lines { struct arena *a; const char **at; uint32_t len, cap; };

static void add(struct lines *l, const char *line)
{
    if (l->len == l->cap) {
        const uint32_t cap = l->cap == 0 ? 64 : l->cap * 2;
        l->at  = arena_grow(l->a, l->at, l->cap * sizeof *l->at, l->len * sizeof *l->at, cap * sizeof *l->at);
        l->cap = cap;
    }
    l->at[l->len++] = line;
}

static void add_topic(struct lines *l, const struct topic *t)
{
    struct text line = { .a = l->a };
    if (t->state == STATE_ABSENT) {
        add(l, str_join(l->a, "absent-topic ", t->name, NULL));
        return;
    }
    text_join(&line, "topic ", t->name, NULL);
    if (t->partitions > 0)
        text_join(&line, " partitions=", str_int(l->a, t->partitions), NULL);
    if (t->replicas > 0)
        text_join(&line, " replicas=", str_int(l->a, t->replicas), NULL);
    add(l, text_str(&line));
    for (uint32_t i = 0; t->config != NULL && i < t->config->len; i++)
        add(l, str_join(l->a, "config ", t->name, " ", t->config->map[i].key, "=", t->config->map[i].v.s, NULL));
}

static void add_quota(struct lines *l, const struct user *u)
{
    const struct { const char *key; int64_t n; } quotas[] = {
        { "producer_byte_rate", u->quota.produce }, { "consumer_byte_rate", u->quota.consume },
        { "request_percentage", u->quota.request }, { "controller_mutation_rate", u->quota.mutations } };
    for (size_t i = 0; i < sizeof quotas / sizeof quotas[0]; i++)
        if (quotas[i].n > 0)
            add(l, str_join(l->a, "quota ", u->name, " ", quotas[i].key, "=", str_int(l->a, quotas[i].n), NULL));
}

static void add_rules(struct lines *l, const struct plan *p, const struct user *u)
{
    struct rule_list rules = { .a = l->a };
    rules_of(&rules, u, p->line);
    for (uint32_t i = 0; i < rules.len; i++) {
        const struct one_rule *r = &rules.at[i];
        add(l, str_join(l->a, "rule ", r->user, " ", r->permission, " ", r->operation, " ", rules_resource_word(r->resource),
                        r->prefixed ? " prefixed " : " literal ", r->name, " ", r->host, NULL));
    }
}

static const char *mechanism_of(struct arena *a, const char *auth)
{
    return strcmp(auth, "scram-sha-512") == 0 ? "SCRAM-SHA-512" : strcmp(auth, "scram-sha-256") == 0 ? "SCRAM-SHA-256"
        : arena_dup(a, auth, strlen(auth));
}

static void add_user(struct lines *l, const struct plan *p, const struct user *u)
{
    if (u->state == STATE_ABSENT) {
        add(l, str_join(l->a, "absent-user ", u->name, NULL));
        return;
    }
    add(l, str_join(l->a, "user ", u->name, " ", mechanism_of(l->a, user_auth(p->d, u)), NULL));
    add_quota(l, u);
    if (rights_count(p->d))
        add_rules(l, p, u);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once: the order of the description does not count. */
static const char *desired(struct arena *a, const struct plan *p)
{
    struct lines l = { .a = a };
    struct text t = { .a = a };
    for (uint32_t i = 0; i < p->d->topic_count; i++)
        add_topic(&l, &p->d->topics[i]);
    for (uint32_t i = 0; i < p->d->user_count; i++)
        add_user(&l, p, &p->d->users[i]);
    qsort(l.at, l.len, sizeof *l.at, by_bytes);
    for (uint32_t i = 0; i < l.len; i++)
        if (i == 0 || strcmp(l.at[i - 1], l.at[i]) != 0)
            text_join(&t, l.at[i], "\n", NULL);
    return text_str(&t);
}

/* ---- its settings ------------------------------------------------------------------------------------------------------- */

/* Where a password is tried: a listener that is not exposed, since the addresses of others may lead nowhere from inside. */
static void add_login(struct text *t, struct plan *p, const char *auth, const char *name)
{
    const struct listener *l = listener_with(p->d, auth);
    bool used = false;
    for (uint32_t i = 0; i < p->user_count; i++)
        used |= strcmp(p->users[i].auth, auth) == 0;
    for (uint32_t i = 0; used && l != NULL && l->expose == EX_NONE && i < p->port_count; i++)
        if (p->ports[i].listener == l) {
            p->ports[i].tried = true;
            text_join(t, name, "='", p->ports[i].protocol, " ", plan_brokers_at(t->a, p, &p->ports[i]), "'\n", NULL);
        }
}

/* JVMs side by side: each takes about 160 MiB. */
static int64_t side_by_side(const struct plan *p)
{
    const int64_t n = p->d->admin_job.memory / ((int64_t)160 << 20);
    return n > 8 ? 8 : n < 1 ? 1 : n;
}

static const char *settings(struct arena *a, struct plan *p)
{
    struct text t = { .a = a };
    text_join(&t, "bootstrap='", plan_brokers_at(a, p, p->inter_broker), "'\n", NULL);
    plan_job_tools(&t, p);
    text_join(&t, "client='", p->admin.secured ? JOB_DIR "/" CLIENT_FILE : "", "'\n"
              "passwords='" PASSWORD_DIR "'\n"
              "authorization=", rights_count(p->d) ? "yes" : "no", "\n"
              "exact=", p->d->admin_job.exact ? "yes" : "no", "\n"
              "parallel=", str_int(a, side_by_side(p)), "\n", NULL);
    add_login(&t, p, "scram-sha-256", "login_SCRAM_SHA_256");
    add_login(&t, p, "scram-sha-512", "login_SCRAM_SHA_512");
    return text_str(&t);
}

void plan_admin(struct arena *a, struct plan *p)
{
    struct admin_plan *m = &p->admin;
    if (!p->d->admin_job.enabled || p->d->topic_count + p->d->user_count == 0)
        return;
    m->secured      = p->inter_broker->tls || p->inter_broker->login != NULL;
    m->desired      = desired(a, p);
    m->job          = plan_job(a, p, "admin");
    m->job.settings = settings(a, p);
}
