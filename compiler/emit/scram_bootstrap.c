/* scram_bootstrap.c: the Job that makes the SCRAM user of brokers in ZooKeeper. Nothing else waits for it but the brokers, which become
 * ready once their user is there. */
#include "emit/jobs.h"

#include "emit/pods.h"

#define SCRIPT "scram-bootstrap.sh"

static struct val files(struct arena *a, const struct plan *p)
{
    return MAP(a,
        { JOB_COMMON,     jobs_script(a, JOB_COMMON) },
        { SCRIPT,         jobs_script(a, SCRIPT) },
        { JOB_SETTINGS,   t_str(p->scram_bootstrap.settings) },
        { ZK_CLIENT_FILE, t_str(p->zookeeper.client) });
}

void emit_scram_bootstrap(struct arena *a, const struct plan *p, struct vals *out)
{
    const struct job_plan *j = &p->scram_bootstrap;
    struct vals volumes = { .a = a }, mounts = { .a = a };
    if (!j->used)
        return;
    if (p->zookeeper.client != NULL)
        pods_add_secret(a, "tls", j->brokers->nodes[0].secret, TLS_DIR, &volumes, &mounts);
    if (p->zookeeper.used)
        pods_add_secret(a, "zookeeper-login", p->zookeeper.login, ZK_LOGIN_DIR, &volumes, &mounts);
    jobs_add_password(a, &p->inter_broker->login->password, &volumes, &mounts);
    const struct val data = files(a, p);
    const struct val spec = jobs_spec(a, p, j, SCRIPT, 0, &(struct job_files){ vals_done(&volumes), vals_done(&mounts) });
    vals_add(out, k8s_config_map(a, p, j->name, j->labels, data));
    vals_add(out, jobs_object(a, p, j, &data, &spec));
}
