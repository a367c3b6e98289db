/* config.c: server.properties. The lines that differ from node to node come first, then what all nodes of the pool share,
 * written once and copied. */
#include "plan/parts.h"

#include "cluster/cluster.h"
#include "model/kafka.h"

static const char *roles(const struct workload *w)
{
    return w->is_broker && w->is_controller ? "broker,controller" : w->is_broker ? "broker" : "controller";
}

static void settings(struct text *t, const char *heading)
{
    text_join(t, "\n# ", heading, "\n", NULL);
}

/* ---- what one node has alone ----------------------------------------------------------------------------- */

static void add_advertised(struct text *t, const struct plan *p, const struct workload *w, const struct node *n)
{
    text_add(t, "advertised.listeners=");
    for (uint32_t i = 0, x = 0; w->is_broker && i < p->port_count; i++) {
        const struct port *port = &p->ports[i];
        const struct address *out = port->listener != NULL && port->listener->expose != EX_NONE ? &n->addresses[x++] : NULL;
        text_join(t, i > 0 ? "," : "", port->kafka, "://", out ? out->host : n->fqdn, ":", NULL);
        text_int(t, out ? out->port : port->port);
    }
    /* From 3.9 (KIP-853) a controller advertises its own address too; before, that was refused. */
    if (w->is_controller && p->line >= KAFKA(3, 9)) {
        text_join(t, w->is_broker ? "," : "", p->controller_port.kafka, "://", n->fqdn, ":", NULL);
        text_int(t, p->controller_port.port);
    }
    text_char(t, '\n');
}

/* Lines that all nodes of a pool have, and a hash that has seen them and the log configuration. */
struct shared {
    const struct pool *pool;
    struct text        lines;
    struct sha256      hash;
};

static const char *node_config(struct arena *a, const struct plan *p, const struct workload *w, const struct node *n,
                               const struct text *shared)
{
    struct text t = { .a = a };
    text_room(&t, shared->len + 512);
    text_add(&t, p->kraft ? "node.id=" : "broker.id=");
    text_int(&t, n->id);
    text_char(&t, '\n');
    if (!p->kraft && n->id > 1000) /* ids above it are those that ZooKeeper would give out */
        text_add(&t, "reserved.broker.max.id=2147483647\n");
    if (w->is_broker && (n->zone != NULL || w->zone_label))
        text_join(&t, "broker.rack=", n->zone != NULL ? n->zone : "${env:NODE_ZONE}", "\n", NULL);
    if (w->is_broker || p->line >= KAFKA(3, 9))
        add_advertised(&t, p, w, n);
    if (w->is_broker && p->keytab != NULL)
        plan_sasl_node(&t, p, n);
    text_bytes(&t, shared->p, shared->len);
    return text_str(&t);
}

/* ---- what the pool shares ------------------------------------------------------------------------------------ */

static void add_identity(struct text *t, const struct plan *p, const struct workload *w)
{
    if (!p->kraft) {
        settings(t, "ZooKeeper");
        plan_property(t, "zookeeper.connect", p->zookeeper_connect);
        plan_property(t, "zookeeper.connection.timeout.ms", "18000");
        plan_zookeeper_client(t, p);
        if (p->zookeeper.strict)
            plan_property(t, "zookeeper.set.acl", "true");
        return;
    }
    settings(t, "KRaft");
    plan_property(t, "process.roles", roles(w));
    if (p->voters != NULL)
        plan_property(t, "controller.quorum.voters", p->voters);
    else
        plan_property(t, "controller.quorum.bootstrap.servers", p->quorum_bootstrap);
    plan_property(t, "controller.listener.names", p->controller_port.kafka);
}

static void add_listener_list(struct text *t, const struct plan *p, const struct workload *w)
{
    text_add(t, "listeners=");
    for (uint32_t i = 0; w->is_broker && i < p->port_count; i++) {
        text_join(t, i > 0 ? "," : "", p->ports[i].kafka, "://:", NULL);
        text_int(t, p->ports[i].port);
    }
    if (w->is_controller) {
        text_join(t, w->is_broker ? "," : "", p->controller_port.kafka, "://:", NULL);
        text_int(t, p->controller_port.port);
    }
    text_add(t, "\nlistener.security.protocol.map=");
    for (uint32_t i = 0; i < p->port_count; i++)
        text_join(t, i > 0 ? "," : "", p->ports[i].kafka, ":", p->ports[i].protocol, NULL);
    if (p->kraft)
        text_join(t, ",", p->controller_port.kafka, ":", p->controller_port.protocol, NULL);
    text_char(t, '\n');
}

static void add_listeners(struct text *t, const struct plan *p, const struct workload *w)
{
    settings(t, "Listeners");
    add_listener_list(t, p, w);
    plan_property(t, "inter.broker.listener.name", p->inter_broker->kafka);
}

/* What `${env:...}` and `${dir:...}` in this file mean. */
static void add_providers(struct text *t, const struct plan *p, const struct workload *w)
{
    const bool files = p->tls.used || p->secret_file_count > 0;
    if (!w->zone_label && !files)
        return;
    plan_property(t, "config.providers", w->zone_label && files ? "env,dir" : w->zone_label ? "env" : "dir");
    if (w->zone_label) {
        plan_property(t, "config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider");
        plan_property(t, "config.providers.env.param.allowlist.pattern", "NODE_ZONE");
    }
    if (files)
        plan_property(t, "config.providers.dir.class", PLAN_DIR_PROVIDER);
}

static void add_storage(struct text *t, const struct plan *p, const struct workload *w)
{
    settings(t, "Storage");
    text_add(t, "log.dirs=");
    for (uint32_t i = 0; i < w->volume_count; i++)
        text_join(t, i > 0 ? "," : "", w->volumes[i].dir, NULL);
    text_char(t, '\n');
    if (p->kraft && w->volume_count > 1)
        plan_property(t, "metadata.log.dir", w->volumes[0].dir);
}

/* Sets what the cluster's size decides, where this release has the key; what users write comes later and wins. */
static void set_number(struct arena *a, const struct plan *p, struct pairs *out, const char *key, int64_t n)
{
    if (kafka_broker_key(key, p->line) != NULL)
        pairs_set(out, key, t_str(str_int(a, n)));
}

static void set_replication(struct arena *a, const struct plan *p, struct pairs *out)
{
    const int64_t brokers = (int64_t)p->brokers, copies = brokers < 3 ? brokers : 3;
    const int64_t acknowledged = copies < 3 ? 1 : 2;
    set_number(a, p, out, "default.replication.factor", p->replication);
    set_number(a, p, out, "min.insync.replicas", p->min_isr);
    set_number(a, p, out, "offsets.topic.replication.factor", copies);
    set_number(a, p, out, "transaction.state.log.replication.factor", copies);
    set_number(a, p, out, "transaction.state.log.min.isr", acknowledged);
    set_number(a, p, out, "share.coordinator.state.topic.replication.factor", copies);
    set_number(a, p, out, "share.coordinator.state.topic.min.isr", acknowledged);
}

static void set_written(struct pairs *out, const struct val *config)
{
    for (uint32_t i = 0; config != NULL && i < config->len; i++)
        pairs_set(out, config->map[i].key, config->map[i].v);
}

/* A controller that was added to a dynamic quorum becomes a voter by itself (KIP-1186, 4.2). */
#define AUTO_JOIN "controller.quorum.auto.join.enable"

static void add_config(struct text *t, const struct plan *p, const struct workload *w)
{
    struct pairs keys = { .a = t->a };
    if (!p->kraft && p->d->kafka.protocol != NULL)
        pairs_add(&keys, "inter.broker.protocol.version", t_str(p->d->kafka.protocol));
    set_replication(t->a, p, &keys); /* controllers too: they decide what a topic gets that asks for the default */
    if (w->is_controller && p->quorum_bootstrap != NULL && kafka_broker_key(AUTO_JOIN, p->line) != NULL)
        pairs_set(&keys, AUTO_JOIN, t_str("true"));
    set_written(&keys, p->d->kafka.config);
    set_written(&keys, w->pool->config);
    settings(t, "Configuration");
    for (uint32_t i = 0; i < keys.len; i++)
        plan_property(t, keys.at[i].key, keys.at[i].v.s);
}

static void share(struct arena *a, const struct plan *p, const struct workload *w, struct shared *s)
{
    *s = (struct shared){ .pool = w->pool, .lines = { .a = a } };
    add_identity(&s->lines, p, w);
    add_listeners(&s->lines, p, w);
    add_providers(&s->lines, p, w);
    plan_security(&s->lines, p, w);
    add_storage(&s->lines, p, w);
    add_config(&s->lines, p, w);
    sha256_start(&s->hash);
    sha256_add(&s->hash, p->log_config, strlen(p->log_config));
    sha256_add(&s->hash, s->lines.p, s->lines.len);
    if (w->is_broker && p->krb5 != NULL && p->d->sasl.gssapi.krb5.text != NULL) /* Java reads it once */
        sha256_add(&s->hash, p->d->sasl.gssapi.krb5.text, strlen(p->d->sasl.gssapi.krb5.text));
}

const char *plan_checksum(struct arena *a, struct sha256 shared, const char *own, size_t len)
{
    uint8_t digest[32];
    char    hex[65];
    sha256_add(&shared, own, len);
    sha256_end(&shared, digest);
    sha256_hex(digest, hex);
    return arena_dup(a, hex, 64);
}

/* Scripts of probes, settings of tools, and the exporter's rules, which it looks at with each scrape. */
bool plan_read_anew(const char *file)
{
    static const char *const names[] = { "broker-ready.sh", "broker-stop.sh", "controller-ready.sh", EXPORTER_FILE, CLIENT_FILE,
                                         ZK_CLIENT_FILE, CONTROLLER_CLIENT_FILE };
    bool anew = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        anew |= strcmp(file, names[i]) == 0;
    return anew;
}

/* The first node's file stands for all in the checksum, so that adding brokers restarts none. */
static void configure(struct arena *a, const struct plan *p, struct workload *w, const struct shared *s)
{
    for (uint32_t n = 0; n < w->node_count; n++)
        w->nodes[n].config = node_config(a, p, w, &w->nodes[n], &s->lines);
    struct sha256 hash = s->hash;
    plan_hash_certificates(&hash, p, w);
    w->checksum = plan_checksum(a, hash, w->nodes[0].config, strlen(w->nodes[0].config) - s->lines.len);
}

void plan_config(struct arena *a, struct plan *p)
{
    struct shared s = { .pool = NULL };
    for (uint32_t i = 0; i < p->workload_count; i++) {
        struct workload *w = &p->workloads[i];
        if (w->component == COMP_ZOOKEEPER)
            continue;
        if (s.pool != w->pool)
            share(a, p, w, &s);
        configure(a, p, w, &s);
    }
}
