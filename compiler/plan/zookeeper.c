#include "plan/parts.h"

#include <stdlib.h>

/* Where the plain port listens when only the pod's own probes may use it. */
#define PROBES_ONLY "127.0.0.1"

/* "server.1=host:2888:3888;2181": from 3.5 the client port stands on the line. */
static void add_servers(struct text *t, const struct plan *p, const struct workload *w)
{
    for (uint32_t i = 0; i < w->node_count; i++) {
        text_add(t, "server.");
        text_int(t, w->nodes[i].id);
        text_join(t, "=", w->nodes[i].fqdn, NULL);
        text_f(t, ":%d:%d;%s%d\n", ZK_QUORUM_PORT, ZK_ELECTION_PORT, p->zookeeper.open ? "" : PROBES_ONLY ":", ZK_CLIENT_PORT);
    }
}

/* Timing as in the ZooKeeper administrator's guide. Snapshots are purged, which the image's default forgets, and the server
 * listens on all addresses, so that a pod need not resolve its own name before it is in DNS. */
static void add_defaults(struct pairs *out)
{
    pairs_add(out, "tickTime", t_str("2000"));
    pairs_add(out, "initLimit", t_str("10"));
    pairs_add(out, "syncLimit", t_str("5"));
    pairs_add(out, "maxClientCnxns", t_str("0"));
    pairs_add(out, "autopurge.snapRetainCount", t_str("5"));
    pairs_add(out, "autopurge.purgeInterval", t_str("12"));
    pairs_add(out, "admin.enableServer", t_str("false"));
    pairs_add(out, "4lw.commands.whitelist", t_str("ruok,srvr,mntr"));
}

static const char *zoo_cfg(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct text t = { .a = a };
    struct pairs keys = { .a = a };
    const struct val *written = w->pool->config;
    add_defaults(&keys);
    for (uint32_t i = 0; written != NULL && i < written->len; i++)
        pairs_set(&keys, written->map[i].key, written->map[i].v);
    plan_zookeeper_server(a, p, &keys);
    for (uint32_t i = 0; i < keys.len; i++)
        plan_property(&t, keys.at[i].key, keys.at[i].v.s);
    plan_property(&t, "dataDir", ZK_DATA_DIR);
    if (w->node_count == 1) {
        plan_property(&t, "clientPort", str_int(a, ZK_CLIENT_PORT));
        if (!p->zookeeper.open)
            plan_property(&t, "clientPortAddress", PROBES_ONLY);
        return text_str(&t);
    }
    plan_property(&t, "quorumListenOnAllIPs", "true");
    add_servers(&t, p, w);
    return text_str(&t);
}

static const char *connect_string(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < w->node_count; i++)
        text_join(&t, i > 0 ? "," : "", w->nodes[i].fqdn, ":", str_int(a, p->zookeeper.port), NULL);
    return text_str(&t);
}

/* The servers of zookeeper.connect, which was checked: host:port parted by commas, up to a path. */
static void list_servers(struct arena *a, struct plan *p)
{
    const char *s = p->zookeeper_connect;
    p->zookeeper.servers = NEWS(a, struct server, strlen(s) / 3 + 1);
    for (;; s++) {
        const size_t len = strcspn(s, ",/"), host = strcspn(s, ":");
        p->zookeeper.servers[p->zookeeper.server_count++] = (struct server){
            .host = arena_dup(a, s, host), .port = strtol(s + host + 1, NULL, 10) };
        s += len;
        if (*s != ',')
            return;
    }
}

static const char *checksum(struct arena *a, const struct plan *p, const struct workload *w)
{
    struct sha256 h;
    sha256_start(&h);
    sha256_add(&h, p->zookeeper_log_config, strlen(p->zookeeper_log_config));
    plan_hash_certificates(&h, p, w);
    return plan_checksum(a, h, p->zoo_cfg, strlen(p->zoo_cfg));
}

void plan_zookeeper(struct arena *a, struct plan *p)
{
    for (uint32_t i = 0; i < p->workload_count; i++) {
        struct workload *w = &p->workloads[i];
        if (w->component != COMP_ZOOKEEPER)
            continue;
        p->zoo_cfg           = zoo_cfg(a, p, w);
        w->checksum          = checksum(a, p, w);
        p->zookeeper_connect = connect_string(a, p, w);
    }
    if (!p->kraft && p->d->zookeeper.connect != NULL)
        p->zookeeper_connect = p->d->zookeeper.connect;
    if (!p->kraft)
        list_servers(a, p);
}
