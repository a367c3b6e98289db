/* admin.c: the Job that brings topics, users, rules and quotas to the cluster. */
#include "emit/jobs.h"

#include "base/text.h"
#include "cluster/cluster.h"
#include "emit/pods.h"

#define SCRIPT "admin.sh"
#define AN_HOUR 3600 /* of waiting for brokers, and of changes */

/* Its size is what topics and users make of it. */
static struct val files(struct arena *a, const struct plan *p)
{
    struct val data = MAP(a,
        { SCRIPT,       jobs_script(a, SCRIPT) },
        { JOB_COMMON,   jobs_script(a, JOB_COMMON) },
        { CLIENT_FILE,  t_if(p->admin.secured, t_str(scripts_client_config(a, p))) },
        { "desired",    t_str(p->admin.desired) },
        { JOB_SETTINGS, t_str(p->admin.job.settings) });
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

static struct val job_spec(struct arena *a, const struct plan *p)
{
    struct vals volumes = { .a = a }, mounts = { .a = a };
    const struct val secrets = passwords(a, p);
    vals_add(&mounts, t_if(secrets.kind != V_NONE, pods_mount(a, "passwords", PASSWORD_DIR, true)));
    vals_add(&volumes, secrets);
    pods_add_secret(a, "tls", p->admin.job.brokers->nodes[0].secret, TLS_DIR, &volumes, &mounts);
    if (p->inter_broker->login != NULL)
        jobs_add_password(a, &p->inter_broker->login->password, &volumes, &mounts);
    return jobs_spec(a, p, &p->admin.job, SCRIPT, AN_HOUR, &(struct job_files){ vals_done(&volumes), vals_done(&mounts) });
}

/* ---- the objects ---------------------------------------------------------------------------------------------------------- */

static struct val cron_job(struct arena *a, const struct plan *p, struct val spec)
{
    return k8s_object(a, p, "batch/v1", "CronJob", p->admin.job.name, p->admin.job.labels, t_none(), MAP(a,
        { "schedule",                   k8s_text_at(p->d->admin_job.schedule, place(p->d, "adminJob.schedule")) },
        { "concurrencyPolicy",          t_str("Forbid") },
        { "successfulJobsHistoryLimit", t_int(1) },
        { "failedJobsHistoryLimit",     t_int(3) },
        { "jobTemplate", MAP(a, { "spec", spec }) }));
}

void emit_admin(struct arena *a, const struct plan *p, struct vals *out)
{
    const struct job_plan *j = &p->admin.job;
    if (!j->used)
        return;
    const struct val data = files(a, p), spec = job_spec(a, p);
    vals_add(out, k8s_config_map(a, p, j->name, j->labels, data));
    vals_add(out, p->d->admin_job.schedule != NULL ? cron_job(a, p, spec) : jobs_object(a, p, j, &data, &spec));
}
