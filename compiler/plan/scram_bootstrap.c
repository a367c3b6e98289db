/* scram_bootstrap.c: brokers that log in to each other with SCRAM look for their user in ZooKeeper, before any of them could make it. */
#include "plan/parts.h"

/* A user of somebody else's ensemble is made there all the same: its brokers are ours. */
static bool is_needed(const struct plan *p)
{
    const struct sasl_login *l = p->inter_broker->login;
    return !p->kraft && l != NULL && str_starts(l->mechanism, "scram-");
}

static const char *settings(struct arena *a, const struct plan *p)
{
    const struct sasl_login *l = p->inter_broker->login;
    const char *option = p->zookeeper.used && p->zookeeper.login_option != NULL ? p->zookeeper.login_option : "";
    struct text t = { .a = a };
    text_join(&t, "zookeeper='", p->zookeeper_connect, "'\n", NULL);
    plan_job_tools(&t, p);
    text_join(&t, "client='", p->zookeeper.client == NULL ? "" : JOB_DIR "/" ZK_CLIENT_FILE, "' options='", option, "'\n"
              "user='", l->user, "' mechanism='", plan_upper(a, l->mechanism), "'\n"
              "password='", plan_secret_file(a, &l->password), "'\n", NULL);
    return text_str(&t);
}

void plan_scram_bootstrap(struct arena *a, struct plan *p)
{
    if (!is_needed(p))
        return;
    p->scram_bootstrap          = plan_job(a, p, "scram-bootstrap");
    p->scram_bootstrap.settings = settings(a, p);
}
