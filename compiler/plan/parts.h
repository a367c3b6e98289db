/* parts.h: the steps of plan_cluster(), one file each, in this order. All memory belongs to the arena. */
#ifndef GREGOR_PLAN_PARTS_H
#define GREGOR_PLAN_PARTS_H

#include "base/sha256.h"
#include "plan/plan.h"

void plan_names(struct arena *a, struct plan *p);      /* names.c: cluster-wide names, labels, component labels */
void plan_workloads(struct arena *a, struct plan *p);  /* workloads.c: StatefulSets and their nodes */
void plan_turns(struct plan *p);                       /* turns.c: who restarts first */
void plan_tls(struct arena *a, struct plan *p);         /* tls.c: certificates, principals */
void plan_zookeeper_security(struct arena *a, struct plan *p); /* zookeeper_security.c: TLS and logins of ZooKeeper */
void plan_sasl(struct arena *a, struct plan *p);        /* sasl.c: files that logins need */
void plan_quorum(struct arena *a, struct plan *p);     /* quorum.c: cluster id, voters, ensembles */
void plan_listeners(struct arena *a, struct plan *p);  /* listeners.c: ports, advertised addresses */
void plan_certificates(struct arena *a, struct plan *p); /* certificates.c: their names */
void plan_certificate_files(struct ctx *cx, struct plan *p); /* certificate_files.c: what is there of them */
void plan_monitoring(struct arena *a, struct plan *p); /* monitoring.c: where the exporter's jar comes from */
void plan_logging(struct arena *a, struct plan *p);    /* logging.c: what log4j and logback read */
void plan_config(struct arena *a, struct plan *p);     /* config.c: server.properties of every node */
void plan_zookeeper(struct arena *a, struct plan *p);  /* zookeeper.c: zoo.cfg, connect string */
void plan_start(struct arena *a, struct plan *p);      /* start.c: how the process is started */
void plan_users(struct arena *a, struct plan *p);      /* users.c: what applications mount */
void plan_admin(struct arena *a, struct plan *p);      /* admin.c: what the cluster should hold */
void plan_scram_bootstrap(struct arena *a, struct plan *p); /* scram_bootstrap.c: the brokers' own user, with ZooKeeper */
void plan_budgets(struct arena *a, struct plan *p);    /* budgets.c: disruption arithmetic */

/* Names and sizes of one workload. */
void plan_storage(struct arena *a, struct workload *w);                      /* storage.c */
void plan_resources(struct arena *a, const struct plan *p, struct workload *w); /* resources.c */
const char *plan_image(struct arena *a, const struct plan *p, const char *image); /* images.c: under the registry */
const char *plan_kafka_image(struct arena *a, const struct plan *p);
const char *plan_zookeeper_image(struct arena *a, const struct plan *p);

void plan_lag_exporter(struct arena *a, struct plan *p);                     /* lag_exporter.c: part of plan_monitoring */

/* Values that configuration and start share. */
const char *plan_scripts(const struct plan *p);                       /* directory of Kafka's scripts */
/* "POD:PORT,...": by the names of pods, which certificates hold and tickets are for; three brokers are enough to find the others. */
const char *plan_brokers_at(struct arena *a, const struct plan *p, const struct port *port);

const char *plan_script(struct arena *a, const struct plan *p, const char *name); /* "/opt/kafka/bin/kafka-storage.sh" */

/* Where nodes find that key of a Secret (sasl.c). */
const char *plan_secret_file(struct arena *a, const struct secret_ref *k);

/* A Job that runs Kafka's tools (jobs.c): all but its settings, used when there are brokers; and the line that says where the tools are. */
struct job_plan plan_job(struct arena *a, const struct plan *p, const char *component);
void plan_job_tools(struct text *t, const struct plan *p);

/* Two options of a JVM, either of which may be NULL, as one text; NULL: none. */
const char *plan_options(struct arena *a, const char *one, const char *other);

/* The -javaagent option of the JMX exporter; NULL when it is off. */
const char *plan_exporter_option(struct arena *a, const struct plan *p, const struct jmx *j, const char *config);

/* Hex digest of what a running process has read: a hash that has seen what is shared, and one text more. */
const char *plan_checksum(struct arena *a, struct sha256 shared, const char *own, size_t len);
bool plan_read_anew(const char *file); /* no process keeps what it has read of that file: it does not count in a checksum */

/* Adds the certificates that the servers of `w` read to a hash. */
void plan_hash_certificates(struct sha256 *h, const struct plan *p, const struct workload *w);

/* Of what the lag exporter reads when it starts; NULL: nothing is known of it. */
const char *plan_lag_checksum(struct arena *a, const struct plan *p);

#define PLAN_DIR_PROVIDER "org.apache.kafka.common.config.provider.DirectoryConfigProvider"

/* Appends what a server or client needs to use the mounted certificate. */
void plan_tls_files(struct text *t, const struct plan *p);

/* Keys of zoo.cfg for TLS and logins, and appends what brokers need to connect to ZooKeeper. */
void plan_zookeeper_server(struct arena *a, const struct plan *p, struct pairs *out);
void plan_zookeeper_client(struct text *t, const struct plan *p);

/* Logging in (sasl.c): settings of one listener, those of one broker alone, those of the whole node, of a client that is a node;
 * options of the server's JVM (NULL: none); whether clients may use a mechanism. */
void plan_sasl_port(struct text *t, const struct plan *p, const struct port *port);
void plan_sasl_node(struct text *t, const struct plan *p, const struct node *n);
void plan_sasl_shared(struct text *t, const struct plan *p, const struct workload *w);
void plan_sasl_client(struct text *t, const struct port *port);
const char *plan_sasl_first_user(struct arena *a, const struct plan *p); /* argument of kafka-storage format; NULL: none */
const char *plan_sasl_options(struct arena *a, const struct plan *p, const struct workload *w);
bool plan_logs_in(const struct plan *p, const char *mechanism);

/* Appends what brokers and controllers need for TLS, SASL and authorization. */
void plan_security(struct text *t, const struct plan *p, const struct workload *w);

/* Appends `key=value` as java.util.Properties reads it back: escapes, and \uXXXX outside Latin-1. */
void plan_property(struct text *t, const char *key, const char *value);

/* Appends a setting of one listener: listener.name.<its name in lower case>.<key>. */
void plan_of_listener(struct text *t, const struct port *port, const char *key, const char *value);

/* The texts with commas between them; NULL when there is none. */
const char *plan_list(struct arena *a, const struct strs *list);

/* ASCII letters in the other case. */
const char *plan_upper(struct arena *a, const char *s);
const char *plan_lower(struct arena *a, const char *s);

/* 22 characters of base64url made from the texts: an id that is the same on every run. */
const char *plan_uuid(struct arena *a, const char *purpose, const struct plan *p, const char *what);

#endif
