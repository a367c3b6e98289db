/* pods.h: pieces of pod templates that Kafka and ZooKeeper pods share (pods.c), and what differs (kafka.c, zookeeper.c). */
#ifndef GREGOR_EMIT_PODS_H
#define GREGOR_EMIT_PODS_H

#include "emit/emit.h"

#define WORKLOAD_LABEL "gregor/workload" /* tells the StatefulSets of one component apart */
#define CHECKSUM       "gregor/config-checksum"
#define METRICS_PORT   "tcp-metrics"

/* Labels that select the pods of one StatefulSet; immutable. */
struct val pods_selector(struct arena *a, const struct plan *p, const struct workload *w);

/* The whole pod template around one container. */
struct val pods_template(struct arena *a, const struct plan *p, const struct workload *w, struct val container,
                         struct val init_containers, struct val volumes, const char *checksum);

/* Checksum over texts: what the process has read when it started. */

/* A port that the container opens. */
struct val pods_port(struct arena *a, const char *name, int64_t port);

/* Environment: ours, then the user's; a variable of the user's replaces one of ours. */
struct val pods_env(struct arena *a, const struct workload *w, struct val ours);

/* Probe with an action; what the description leaves open comes from `usual`. */
struct val pods_probe(struct arena *a, struct val action, const char *kind, const struct probe *written,
                      const struct probe *usual);

/* The JMX exporter: its volume, mount and init container; nothing when it is off. */
struct val  pods_exporter_volume(struct arena *a, const struct jmx *j);
struct val  pods_exporter_mount(struct arena *a, const struct jmx *j);
struct val  pods_exporter_init(struct arena *a, const struct plan *p, const struct jmx *j);

/* Claim templates and the volumes and mounts of data directories. */
struct val pods_claims(struct arena *a, const struct plan *p, const struct workload *w);
struct val pods_mount(struct arena *a, const char *name, const char *path, bool read_only);
struct val pods_mount_file(struct arena *a, const char *name, const char *path, const char *file);
struct val pods_config_volume(struct arena *a, const char *name, const char *config_map);
void pods_add_secret(struct arena *a, const char *name, const char *secret, const char *path, struct vals *volumes,
                     struct vals *mounts); /* secret NULL: nothing */
void pods_add_certificate(struct arena *a, const struct workload *w, const char *path, struct vals *volumes,
                          struct vals *mounts); /* of the pod's node; nothing without one */
struct val pods_login_source(struct arena *a, const struct secret_ref *from); /* of a projected volume at SECRETS_DIR: a key, below its Secret's name */
struct val pods_scratch(struct arena *a, const char *name, const char *size_limit);
void pods_add_data(struct arena *a, const struct workload *w, struct vals *volumes, struct vals *mounts);

/* Pod templates, and the ConfigMap data behind them. */
struct val kafka_pod(struct arena *a, const struct plan *p, const struct workload *w);
struct val kafka_common_data(struct arena *a, const struct plan *p);
struct val kafka_chunk_data(struct arena *a, const struct workload *w, const struct chunk *c);
struct val zookeeper_pod(struct arena *a, const struct plan *p, const struct workload *w);
struct val zookeeper_data(struct arena *a, const struct plan *p);

/* Scripts that probes run (scripts.c). */
const char *scripts_broker_ready(struct arena *a, const struct plan *p);
const char *scripts_client_config(struct arena *a, const struct plan *p);    /* NULL: the tools need none */
const char *scripts_controller_client(struct arena *a, const struct plan *p); /* NULL: none, or the same file serves */
const char *scripts_broker_stop(struct arena *a, const struct plan *p);
const char *scripts_controller_ready(struct arena *a, const struct plan *p); /* NULL: this release has no such tool */

#endif
