#include "emit/pods.h"

#include "model/kafka.h"

struct val kafka_common_data(struct arena *a, const struct plan *p)
{
    return tree_sorted(a, MAP(a,
        { p->log_file,           t_str(p->log_config) },
        { "broker-ready.sh",     t_str(scripts_broker_ready(a, p)) },
        { "broker-stop.sh",      t_if(p->turns, t_str(scripts_broker_stop(a, p))) },
        { "controller-ready.sh", t_if(p->components[COMP_CONTROLLER].used, t_str(scripts_controller_ready(a, p))) },
        { CLIENT_FILE,            t_str(scripts_client_config(a, p)) },
        { ZK_CLIENT_FILE,         t_str(p->zookeeper.client) },
        { CONTROLLER_CLIENT_FILE, t_str(scripts_controller_client(a, p)) },
        { KRB5_FILE,              t_if(p->krb5 != NULL, t_str(p->d->sasl.gssapi.krb5.text)) },
        { EXPORTER_FILE,          t_if(p->jmx.used, t_str(emit_jmx_kafka(a, p))) }));
}

struct val kafka_chunk_data(struct arena *a, const struct workload *w, const struct chunk *c)
{
    struct pairs out = { .a = a };
    for (uint32_t i = 0; i < c->count; i++) {
        const struct node *n = &w->nodes[c->first + i];
        pairs_add(&out, str_join(a, n->pod, ".properties", NULL), t_str(n->config));
    }
    return pairs_done(&out);
}

/* Options of the server's JVM are set where it starts (plan/start.c). */
static struct val environment(struct arena *a, const struct workload *w)
{
    return pods_env(a, w, SEQ(a,
        k8s_env_field(a, "POD_NAME", "metadata.name"),
        t_if(w->zone_label, k8s_env_field(a, "NODE_ZONE", "metadata.labels['topology.kubernetes.io/zone']")),
        k8s_env(a, "LOG_DIR", "/tmp")));
}

static struct val container_ports(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; w->is_broker && i < p->port_count; i++)
        vals_add(&out, pods_port(a, p->ports[i].port_name, p->ports[i].port));
    if (w->is_controller)
        vals_add(&out, pods_port(a, p->controller_port.port_name, p->controller_port.port));
    if (p->jmx.used)
        vals_add(&out, pods_port(a, METRICS_PORT, p->d->monitoring.exporter.port));
    return vals_done(&out);
}

/* ---- probes: an hour for log recovery after a crash; readiness as a rolling update needs it ------------------------ */

static const struct probe usual_startup   = { 10000, 5000, 360 };
static const struct probe usual_readiness = { 10000, 30000, 3 };
static const struct probe usual_liveness  = { 20000, 5000, 6 };

static struct val answers(struct arena *a, const struct plan *p, const struct workload *w)
{
    return MAP(a, { "port", t_int(w->is_broker ? p->inter_broker->port : p->controller_port.port) });
}

static struct val readiness(struct arena *a, const struct plan *p, const struct workload *w)
{
    const bool script = w->is_broker || p->line >= KAFKA(3, 7);
    if (!script)
        return pods_probe(a, answers(a, p, w), "tcpSocket", &w->pool->probes.readiness, &usual_readiness);
    const char *file = w->is_broker ? COMMON_DIR "/broker-ready.sh" : COMMON_DIR "/controller-ready.sh";
    const struct val run = MAP(a, { "command", SEQ(a, t_str("bash"), t_str(file)) });
    return pods_probe(a, run, "exec", &w->pool->probes.readiness, &usual_readiness);
}

/* Brokers of several StatefulSets take turns (plan/turns.c). */
static struct val lifecycle(struct arena *a, const struct plan *p, const struct workload *w)
{
    if (!p->turns || !w->is_broker)
        return t_none();
    const struct val run = MAP(a, { "command", SEQ(a, t_str("bash"), t_str(COMMON_DIR "/broker-stop.sh"),
                                                   t_str(str_int(a, w->turn)), t_str(str_int(a, w->turn_wait))) });
    return MAP(a, { "preStop", MAP(a, { "exec", run }) });
}

/* ---- the pod --------------------------------------------------------------------------------------------------------------- */

/* One ConfigMap as it is; several become one directory, in which those that only more brokers need may be missing. */
static struct val node_files(struct arena *a, const struct workload *w)
{
    struct vals sources = { .a = a };
    if (w->chunk_count == 1)
        return pods_config_volume(a, "node", w->chunks[0].name);
    for (uint32_t i = 0; i < w->chunk_room; i++)
        vals_add(&sources, MAP(a, { "configMap", MAP(a,
            { "name",     t_str(w->chunks[i].name) },
            { "optional", t_if(i > 0, t_bool(true)) }) }));
    return MAP(a,
        { "name",      t_str("node") },
        { "projected", MAP(a, { "sources", vals_done(&sources) }) });
}

static struct val container(struct arena *a, const struct plan *p, const struct workload *w, struct val mounts)
{
    return MAP(a,
        { "name",            t_str("kafka") },
        { "image",           t_str(w->image) },
        { "imagePullPolicy", t_str(k8s_pull_policy(p)) },
        { "command",         SEQ(a, t_str("bash"), t_str("-ec"), t_str(w->start)) },
        { "ports",           container_ports(a, p, w) },
        { "env",             environment(a, w) },
        { "resources",       k8s_resources(a, w->cpu, w->memory, w->cpu_limit, w->memory_limit) },
        { "volumeMounts",    mounts },
        { "startupProbe",    pods_probe(a, answers(a, p, w), "tcpSocket", &w->pool->probes.startup, &usual_startup) },
        { "readinessProbe",  readiness(a, p, w) },
        { "livenessProbe",   pods_probe(a, answers(a, p, w), "tcpSocket", &w->pool->probes.liveness, &usual_liveness) },
        { "lifecycle",       lifecycle(a, p, w) },
        { "securityContext", k8s_container_security(a) });
}

/* The keys that logins need, each in a directory named after its Secret. */
static struct val login_files(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals sources = { .a = a };
    for (uint32_t i = 0; i < p->secret_file_count; i++) {
        const struct secret_file *f = &p->secret_files[i];
        if ((w->is_broker && f->brokers) || (w->is_controller && f->controllers))
            vals_add(&sources, pods_login_source(a, &f->from));
    }
    return sources.len == 0 ? t_none() : MAP(a,
        { "name",      t_str("secrets") },
        { "projected", MAP(a, { "sources", vals_done(&sources) }, { "defaultMode", t_int(0440) }) });
}

static void add_secrets(struct arena *a, const struct plan *p, const struct workload *w, struct vals *volumes, struct vals *mounts)
{
    const struct val logins = login_files(a, p, w);
    pods_add_certificate(a, w, TLS_DIR, volumes, mounts);
    if (p->tls.used && p->d->tls.type != STORE_PEM)
        pods_add_secret(a, "tls-password", p->d->tls.password.secret, TLS_PASSWORD_DIR, volumes, mounts);
    if (p->zookeeper.used)
        pods_add_secret(a, "zookeeper-login", p->zookeeper.login, ZK_LOGIN_DIR, volumes, mounts);
    if (logins.kind != V_NONE) {
        vals_add(mounts, pods_mount(a, "secrets", SECRETS_DIR, true));
        vals_add(volumes, logins);
    }
    if (w->is_controller)
        pods_add_secret(a, "scram", p->scram.secret, SCRAM_DIR, volumes, mounts);
    if (w->is_broker)
        pods_add_secret(a, "keytab", p->keytab, KEYTAB_DIR, volumes, mounts);
    if (w->is_broker && p->keytab != NULL && p->d->sasl.gssapi.krb5.text == NULL) {
        vals_add(mounts, pods_mount(a, "krb5", KRB5_DIR, true));
        vals_add(volumes, pods_config_volume(a, "krb5", p->d->sasl.gssapi.krb5.config_map));
    }
}

struct val kafka_pod(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct vals volumes = { .a = a }, mounts = { .a = a };
    pods_add_data(a, w, &volumes, &mounts);
    vals_add(&mounts, pods_mount_file(a, "node", NODE_DIR "/server.properties", "$(POD_NAME).properties"));
    vals_add(&mounts, pods_mount(a, "common", COMMON_DIR, true));
    add_secrets(a, p, w, &volumes, &mounts);
    vals_add(&mounts, pods_exporter_mount(a, &p->jmx));
    vals_add(&mounts, pods_mount(a, "tmp", "/tmp", false));
    vals_add(&volumes, node_files(a, w));
    vals_add(&volumes, pods_config_volume(a, "common", p->common_config));
    vals_add(&volumes, pods_exporter_volume(a, &p->jmx));
    vals_add(&volumes, pods_scratch(a, "tmp", NULL));
    return pods_template(a, p, w, container(a, p, w, vals_done(&mounts)), pods_exporter_init(a, p, &p->jmx),
                         vals_done(&volumes), w->checksum);
}
