#include "emit/pods.h"

#include "plan/parts.h"

/* Asks the server itself, through bash's /dev/tcp: no nc, no second JVM. `srvr` answers with its mode once it serves. */
#define ASK(word)  "exec 3<>/dev/tcp/127.0.0.1/2181 && printf " word " >&3 && "
#define SERVES     ASK("srvr") "grep -q '^Mode: ' <&3"
#define IS_ALIVE   ASK("ruok") "read -r answer <&3; test \"$answer\" = imok"

static const struct workload *ensemble(const struct plan *p)
{
    const struct workload *w = p->workloads;
    while (w->component != COMP_ZOOKEEPER)
        w++;
    return w;
}

struct val zookeeper_data(struct arena *a, const struct plan *p)
{
    const struct workload *w = ensemble(p);
    struct pairs out = { .a = a };
    for (uint32_t i = 0; i < w->node_count; i++)
        pairs_add(&out, str_join(a, w->nodes[i].pod, ".myid", NULL),
                  t_str(str_join(a, str_int(a, w->nodes[i].id), "\n", NULL)));
    pairs_add(&out, "zoo.cfg", t_str(p->zoo_cfg));
    pairs_add(&out, p->zookeeper_log_file, t_str(p->zookeeper_log_config));
    if (p->zookeeper_jmx.used)
        pairs_add(&out, EXPORTER_FILE, t_str(emit_jmx_zookeeper(a, p)));
    return tree_sorted(a, pairs_done(&out));
}

static const char *server_options(struct arena *a, const struct plan *p)
{
    return plan_options(a, plan_exporter_option(a, p, &p->zookeeper_jmx, ZK_CONFIG_DIR "/" EXPORTER_FILE),
                        p->zookeeper.login_option);
}

static struct val environment(struct arena *a, const struct plan *p, const struct workload *w)
{
    return pods_env(a, w, SEQ(a,
        k8s_env_field(a, "POD_NAME", "metadata.name"),
        k8s_env(a, "ZOOCFGDIR", ZK_CONFIG_DIR),
        k8s_env(a, "ZOO_LOG_DIR", "/tmp"),
        k8s_env(a, "ZK_SERVER_HEAP", str_int(a, w->heap >> 20)),
        k8s_env(a, "JVMFLAGS", str_join(a, "-Xms", str_int(a, w->heap >> 20), "m ", w->jvm_options, NULL)),
        k8s_env(a, "SERVER_JVMFLAGS", server_options(a, p)),
        k8s_env(a, "JMXDISABLE", "true")));
}

static struct val ports(struct arena *a, const struct plan *p)
{
    return SEQ(a,
        t_if(p->zookeeper.open, pods_port(a, "tcp-client", ZK_CLIENT_PORT)),
        t_if(p->zookeeper.tls, pods_port(a, "tcp-client-tls", ZK_TLS_PORT)),
        pods_port(a, "tcp-quorum", ZK_QUORUM_PORT),
        pods_port(a, "tcp-election", ZK_ELECTION_PORT),
        t_if(p->zookeeper_jmx.used, pods_port(a, METRICS_PORT, p->d->monitoring.exporter.port)));
}

/* ---- probes: ten minutes to read a large snapshot ------------------------------------------------------------------- */

static const struct probe usual_startup   = { 5000, 5000, 120 };
static const struct probe usual_readiness = { 5000, 5000, 3 };
static const struct probe usual_liveness  = { 20000, 5000, 6 };

static struct val ask(struct arena *a, const char *question, const struct probe *written, const struct probe *usual)
{
    const struct val run = MAP(a, { "command", SEQ(a, t_str("bash"), t_str("-c"), t_str(question)) });
    return pods_probe(a, run, "exec", written, usual);
}

static struct val container(struct arena *a, const struct plan *p, const struct workload *w, struct val mounts)
{
    const struct probes *probes = &w->pool->probes;
    return MAP(a,
        { "name",            t_str("zookeeper") },
        { "image",           t_str(w->image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "command",         SEQ(a, t_str("zkServer.sh"), t_str("start-foreground"), t_str(ZK_CONFIG_DIR "/zoo.cfg")) },
        { "ports",           ports(a, p) },
        { "env",             environment(a, p, w) },
        { "resources",       k8s_resources(a, w->cpu, w->memory, w->cpu_limit, w->memory_limit) },
        { "volumeMounts",    mounts },
        { "startupProbe",    ask(a, IS_ALIVE, &probes->startup, &usual_startup) },
        { "readinessProbe",  ask(a, SERVES, &probes->readiness, &usual_readiness) },
        { "livenessProbe",   ask(a, IS_ALIVE, &probes->liveness, &usual_liveness) },
        { "securityContext", k8s_container_security(a) });
}

struct val zookeeper_pod(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals volumes = { .a = a }, mounts = { .a = a };
    pods_add_data(a, w, &volumes, &mounts);
    vals_add(&mounts, pods_mount_file(a, "config", ZK_DATA_DIR "/myid", "$(POD_NAME).myid"));
    vals_add(&mounts, pods_mount(a, "config", ZK_CONFIG_DIR, true));
    vals_add(&mounts, pods_exporter_mount(a, &p->zookeeper_jmx));
    vals_add(&mounts, pods_mount(a, "tmp", "/tmp", false));
    pods_add_certificate(a, w, ZK_TLS_DIR, &volumes, &mounts);
    pods_add_secret(a, "login", p->zookeeper.login, ZK_LOGIN_DIR, &volumes, &mounts);
    vals_add(&volumes, pods_config_volume(a, "config", p->zookeeper_config));
    vals_add(&volumes, pods_exporter_volume(a, &p->zookeeper_jmx));
    vals_add(&volumes, pods_scratch(a, "tmp", NULL));
    return pods_template(a, p, w, container(a, p, w, vals_done(&mounts)), pods_exporter_init(a, p, &p->zookeeper_jmx),
                         vals_done(&volumes), w->checksum);
}
