#include "emit/jobs.h"

#include "base/text.h"
#include "cluster/value.h"
#include "emit/pods.h"
#include "plan/parts.h"
#include "print/print.h"
#include "source/builtin.h"

#define LONGEST_LABEL ((size_t)63)

struct val jobs_script(struct arena *a, const char *name)
{
    const struct builtin *b = builtin_find(str_join(a, "stdlib/admin/", name, NULL));
    return t_strn(b->text, b->len);
}

void jobs_add_password(struct arena *a, const struct secret_ref *from, struct vals *volumes, struct vals *mounts)
{
    vals_add(mounts, pods_mount(a, "secrets", SECRETS_DIR, true));
    vals_add(volumes, MAP(a,
        { "name",      t_str("secrets") },
        { "projected", MAP(a,
            { "sources",     SEQ(a, pods_login_source(a, from)) },
            { "defaultMode", t_int(0440) }) }));
}

/* In memory: files with passwords are written to it. */
static struct val scratch(struct arena *a)
{
    return MAP(a,
        { "name",     t_str("tmp") },
        { "emptyDir", MAP(a, { "medium", t_str("Memory") }, { "sizeLimit", t_str("16Mi") }) });
}

static struct val container(struct arena *a, const struct plan *p, const struct job_plan *j, const char *script, struct val mounts)
{
    const struct admin_job *size = &p->d->admin_job;
    const char *memory = value_show_bytes(a, size->memory);
    return MAP(a,
        { "name",            t_str(j->component) },
        { "image",           t_str(j->brokers->image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "command",         SEQ(a, t_str("bash"), t_str(str_join(a, JOB_DIR "/", script, NULL))) },
        { "resources",       k8s_resources(a, value_show_cpu(a, size->cpu), memory, NULL, memory) },
        { "volumeMounts",    mounts },
        { "securityContext", k8s_container_security(a) });
}

static struct val pod_spec(struct arena *a, const struct plan *p, const struct job_plan *j, struct val container, struct val volumes)
{
    const struct workload *w = j->brokers;
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

static void add_all(struct vals *out, struct val list)
{
    for (uint32_t i = 0; i < list.len; i++)
        vals_add(out, list.seq[i]);
}

static struct val pod(struct arena *a, const struct plan *p, const struct job_plan *j, const char *script, const struct job_files *files)
{
    struct vals volumes = { .a = a }, mounts = { .a = a };
    vals_add(&mounts, pods_mount(a, j->component, JOB_DIR, true));
    vals_add(&volumes, pods_config_volume(a, j->component, j->name));
    add_all(&mounts, files->mounts);
    add_all(&volumes, files->volumes);
    vals_add(&mounts, pods_mount(a, "tmp", "/tmp", false));
    vals_add(&volumes, scratch(a));
    return MAP(a,
        { "metadata", MAP(a,
            { "labels",      j->labels },
            { "annotations", p->annotations }) },
        { "spec", pod_spec(a, p, j, container(a, p, j, script, vals_done(&mounts)), vals_done(&volumes)) });
}

struct val jobs_spec(struct arena *a, const struct plan *p, const struct job_plan *j, const char *script, int64_t deadline,
                     const struct job_files *files)
{
    const int64_t ttl = p->d->admin_job.ttl;
    return MAP(a,
        { "activeDeadlineSeconds",   t_if(deadline > 0, t_int(deadline)) },
        { "backoffLimit",            t_int(3) },
        { "ttlSecondsAfterFinished", t_if(ttl > 0, t_int(ttl / 1000)) },
        { "template",                pod(a, p, j, script, files) });
}

/* Ten digits of the checksum, or as many as fit: the name of a Job becomes a label of its pods. */
static const char *name_of(struct arena *a, const struct job_plan *j, const struct val *data, const struct val *spec)
{
    const size_t used = strlen(j->name) + 1, digits = used + 10 <= LONGEST_LABEL ? 10 : LONGEST_LABEL - used;
    struct text all = { .a = a };
    struct sha256 h;
    sha256_start(&h);
    print_yaml(&all, data);
    print_yaml(&all, spec);
    return str_join(a, j->name, "-", arena_dup(a, plan_checksum(a, h, all.p, all.len), digits), NULL);
}

struct val jobs_object(struct arena *a, const struct plan *p, const struct job_plan *j, const struct val *data, const struct val *spec)
{
    return k8s_object(a, p, "batch/v1", "Job", name_of(a, j, data, spec), j->labels, t_none(), *spec);
}
