/* admin.c: the Job that brings topics, users, rules and quotas to the cluster. A Job cannot be changed, so its name holds a checksum of
 * all that it does: applied again, an unchanged description changes nothing, and a changed one runs anew. */
#include "emit/pods.h"

#include "base/text.h"
#include "cluster/cluster.h"
#include "cluster/value.h"
#include "plan/parts.h"
#include "print/print.h"
#include "source/builtin.h"

#define SCRIPT "stdlib/admin/admin.sh"

/* Its size is what topics and users make of it. */
static struct val files(struct arena *a, const struct plan *p)
{
    const struct builtin *script = builtin_find(SCRIPT);
    struct val data = MAP(a,
        { "admin.sh",    t_strn(script->text, script->len) },
        { CLIENT_FILE,   t_if(p->admin.secured, t_str(scripts_client_config(a, p))) },
        { "desired",     t_str(p->admin.desired) },
        { "settings.sh", t_str(p->admin.settings) });
    data.at = place(p->d, p->d->topic_count > p->d->user_count ? "topics" : "users");
    return data;
}

/* ---- the pod -------------------------------------------------------------------------------------------------------------- */

static bool is_scram(const struct user_plan *u)
{
    return u->secret != NULL && str_starts(u->auth, "scram-");
}

static struct val password_source(struct arena *a, const struct plan *p, const struct user_plan *u)
{
    const unsigned i = (unsigned)(u->user - p->d->users);
    const struct pos at = place(p->d, "users[%u].password.secret", i), key = place(p->d, "users[%u].password.key", i);
    return MAP(a, { "secret", MAP(a,
        { "name",  k8s_text_at(u->secret, at) },
        { "items", SEQ(a, MAP(a,
            { "key",  k8s_text_at(u->key, key) },
            { "path", t_str(str_join(a, "user.", u->user->name, NULL)) })) }) });
}

/* Of all SCRAM users, a file each; nothing when there are none. */
static struct val passwords(struct arena *a, const struct plan *p)
{
    struct vals sources = { .a = a };
    for (uint32_t i = 0; i < p->user_count; i++)
        if (is_scram(&p->users[i]))
            vals_add(&sources, password_source(a, p, &p->users[i]));
    return sources.len == 0 ? t_none() : MAP(a,
        { "name",      t_str("passwords") },
        { "projected", MAP(a, { "sources", vals_done(&sources) }, { "defaultMode", t_int(0440) }) });
}

/* Where the settings of a tool that logs in as a node look for it. */
static struct val node_password(struct arena *a, const struct secret_ref *from)
{
    const struct val item = MAP(a,
        { "key",  t_str(from->key) },
        { "path", t_str(str_join(a, from->secret, "/", from->key, NULL)) });
    return MAP(a,
        { "name",      t_str("secrets") },
        { "projected", MAP(a,
            { "sources",     SEQ(a, MAP(a, { "secret", MAP(a, { "name", t_str(from->secret) }, { "items", SEQ(a, item) }) })) },
            { "defaultMode", t_int(0440) }) });
}

/* In memory: files with passwords are written to it. */
static struct val scratch(struct arena *a)
{
    return MAP(a,
        { "name",     t_str("tmp") },
        { "emptyDir", MAP(a, { "medium", t_str("Memory") }, { "sizeLimit", t_str("16Mi") }) });
}

static struct val container(struct arena *a, const struct plan *p, struct val mounts)
{
    const struct admin_job *j = &p->d->admin_job;
    const char *memory = value_show_bytes(a, j->memory);
    return MAP(a,
        { "name",            t_str("admin") },
        { "image",           t_str(p->admin.brokers->image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "command",         SEQ(a, t_str("bash"), t_str(ADMIN_DIR "/admin.sh")) },
        { "resources",       k8s_resources(a, value_show_cpu(a, j->cpu), memory, NULL, memory) },
        { "volumeMounts",    mounts },
        { "securityContext", k8s_container_security(a) });
}

static struct val pod_spec(struct arena *a, const struct plan *p, struct val container, struct val volumes)
{
    const struct workload *w = p->admin.brokers;
    return MAP(a,
        { "restartPolicy",                t_str("Never") },
        { "serviceAccountName",           t_str(p->account) },
        { "automountServiceAccountToken", t_bool(false) },
        { "enableServiceLinks",           t_bool(false) },
        { "imagePullSecrets",             k8s_pull_secrets(a, p) },
        { "securityContext",              k8s_pod_security(a, w->user, w->group) },
        { "tolerations",                  w->pool->tolerations == NULL ? t_none() : *w->pool->tolerations },
        { "containers",                   SEQ(a, container) },
        { "volumes",                      volumes });
}

static struct val pod(struct arena *a, const struct plan *p)
{
    struct vals volumes = { .a = a }, mounts = { .a = a };
    const struct val secrets = passwords(a, p);
    vals_add(&mounts, pods_mount(a, "admin", ADMIN_DIR, true));
    vals_add(&volumes, pods_config_volume(a, "admin", p->admin.name));
    vals_add(&mounts, t_if(secrets.kind != V_NONE, pods_mount(a, "passwords", PASSWORD_DIR, true)));
    vals_add(&volumes, secrets);
    pods_add_secret(a, "tls", p->admin.brokers->nodes[0].secret, TLS_DIR, &volumes, &mounts);
    if (p->inter_broker->login != NULL) {
        vals_add(&mounts, pods_mount(a, "secrets", SECRETS_DIR, true));
        vals_add(&volumes, node_password(a, &p->inter_broker->login->password));
    }
    vals_add(&mounts, pods_mount(a, "tmp", "/tmp", false));
    vals_add(&volumes, scratch(a));
    return MAP(a,
        { "metadata", MAP(a,
            { "labels",      p->admin.labels },
            { "annotations", p->annotations }) },
        { "spec", pod_spec(a, p, container(a, p, vals_done(&mounts)), vals_done(&volumes)) });
}

/* ---- the Job -------------------------------------------------------------------------------------------------------------- */

static struct val job_spec(struct arena *a, const struct plan *p)
{
    const int64_t ttl = p->d->admin_job.ttl;
    return MAP(a,
        { "activeDeadlineSeconds",   t_int(3600) },
        { "backoffLimit",            t_int(3) },
        { "ttlSecondsAfterFinished", t_if(ttl > 0, t_int(ttl / 1000)) },
        { "template",                pod(a, p) });
}

static const char *job_name(struct arena *a, const struct plan *p, const struct val *data, const struct val *spec)
{
    struct text all = { .a = a };
    struct sha256 h;
    sha256_start(&h);
    print_yaml(&all, data);
    print_yaml(&all, spec);
    return str_join(a, p->admin.name, "-", arena_dup(a, plan_checksum(a, h, all.p, all.len), 10), NULL);
}

static struct val cron_job(struct arena *a, const struct plan *p, struct val spec)
{
    return k8s_object(a, p, "batch/v1", "CronJob", p->admin.name, p->admin.labels, t_none(), MAP(a,
        { "schedule",                   k8s_text_at(p->d->admin_job.schedule, place(p->d, "adminJob.schedule")) },
        { "concurrencyPolicy",          t_str("Forbid") },
        { "successfulJobsHistoryLimit", t_int(1) },
        { "failedJobsHistoryLimit",     t_int(3) },
        { "jobTemplate", MAP(a, { "spec", spec }) }));
}

void emit_admin(struct arena *a, const struct plan *p, struct vals *out)
{
    if (!p->admin.used)
        return;
    const struct val data = files(a, p), spec = job_spec(a, p);
    vals_add(out, k8s_config_map(a, p, p->admin.name, p->admin.labels, data));
    if (p->d->admin_job.schedule != NULL)
        vals_add(out, cron_job(a, p, spec));
    else
        vals_add(out, k8s_object(a, p, "batch/v1", "Job", job_name(a, p, &data, &spec), p->admin.labels, t_none(), spec));
}
