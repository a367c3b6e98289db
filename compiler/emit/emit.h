/* emit.h: plan -> manifest values, one function an object, in the order of EC 2.10. Emitters decide nothing. */
#ifndef GREGOR_EMIT_EMIT_H
#define GREGOR_EMIT_EMIT_H

#include "plan/plan.h"

/* All objects of the cluster, ordered by kind and then by name. Returns false when something was reported. */
bool emit_objects(struct ctx *cx, const struct plan *p, struct val *objects);

/* Returns the objects as a sequence, ordered by kind and then by name. */
struct val emit_in_order(struct arena *a, const struct vals *objects);

/* The place of a kind in that order, below 100; a kind we do not emit comes last. */
unsigned emit_rank(const char *kind);

/* Shared pieces (k8s.c). */
struct val k8s_object(struct arena *a, const struct plan *p, const char *api_version, const char *kind, const char *name,
                      struct val labels, struct val annotations, struct val spec_or_none);
struct val k8s_meta(struct arena *a, const struct plan *p, const char *name, struct val labels, struct val annotations);
struct val k8s_cluster_meta(struct arena *a, const struct plan *p, const char *name, struct val labels,
                            struct val annotations); /* of a kind without namespace */
struct val k8s_config_map(struct arena *a, const struct plan *p, const char *name, struct val labels, struct val data);
struct val k8s_texts(struct arena *a, const struct strs *list);               /* a sequence of strings, or nothing */
struct val k8s_text_at(const char *s, struct pos at);                         /* what only verify can judge keeps its place */
struct val k8s_pod_security(struct arena *a, int64_t user, int64_t group);    /* user 0: both are left to the platform */
struct val k8s_container_security(struct arena *a);
struct val k8s_env(struct arena *a, const char *name, const char *value);     /* NULL value: nothing */
struct val k8s_env_field(struct arena *a, const char *name, const char *field_path);
struct val k8s_resources(struct arena *a, const char *cpu, const char *memory, const char *cpu_limit, const char *memory_limit);
struct val k8s_pull_secrets(struct arena *a, const struct plan *p);
const char *k8s_pull_policy(const struct plan *p);                            /* NULL: left to Kubernetes */
struct val k8s_service_port(struct arena *a, const char *name, int64_t port, int64_t target, int64_t node_port); /* node_port 0: none */
struct val k8s_duration(struct arena *a, int64_t ms);                         /* as Prometheus writes it: "30s", "1500ms" */

/* One file a component. Each appends its objects. */
void emit_account(struct arena *a, const struct plan *p, struct vals *out);      /* Namespace, ServiceAccount */
void emit_storage_classes(struct arena *a, const struct plan *p, struct vals *out); /* StorageClass, PersistentVolume */
void emit_certificates(struct arena *a, const struct plan *p, struct vals *out); /* cert-manager */
void emit_external_secrets(struct arena *a, const struct plan *p, struct vals *out); /* ExternalSecrets */
void emit_config(struct arena *a, const struct plan *p, struct vals *out);       /* ConfigMaps */
void emit_services(struct arena *a, const struct plan *p, struct vals *out);     /* headless, bootstrap */
void emit_workloads(struct arena *a, const struct plan *p, struct vals *out);    /* StatefulSets */
void emit_budgets(struct arena *a, const struct plan *p, struct vals *out);
void emit_exposed(struct arena *a, const struct plan *p, struct vals *out);      /* per-broker Services, routes */
void emit_network_policies(struct arena *a, const struct plan *p, struct vals *out);
void emit_monitors(struct arena *a, const struct plan *p, struct vals *out);     /* PodMonitor, ServiceMonitor, rules */
void emit_rules(struct arena *a, const struct plan *p, struct vals *out);        /* PrometheusRule; part of emit_monitors() */
void emit_users(struct arena *a, const struct plan *p, struct vals *out);        /* client configuration */
void emit_admin(struct arena *a, const struct plan *p, struct vals *out);        /* Job or CronJob of topics and users */
void emit_scram_bootstrap(struct arena *a, const struct plan *p, struct vals *out); /* Job of the brokers' own user, with ZooKeeper */
void emit_lag_exporter(struct arena *a, const struct plan *p, struct vals *out); /* Deployment, Service */

/* The lag exporter is no Kafka node: an app.kubernetes.io/name of its own keeps it out of every other selector. */
const char *emit_lag_exporter_name(struct arena *a, const struct plan *p);
struct val  emit_lag_exporter_selector(struct arena *a, const struct plan *p);
struct val  emit_lag_exporter_labels(struct arena *a, const struct plan *p);

/* Contents of shared files (text_*.c). */
const char *emit_jmx_kafka(struct arena *a, const struct plan *p);     /* mapping config of the JMX exporter agent */
const char *emit_jmx_zookeeper(struct arena *a, const struct plan *p);

#endif
