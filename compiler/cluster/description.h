/* description.h: what a user can say, as structs: language version 1 (design 2).
 *
 * Filled by load_description() through the field table (fields.h), which documents every member: ranges, defaults,
 * units. Strings and lists belong to the arena of the compilation. Sizes are bytes, cpu is millicores, durations are
 * milliseconds. Free-form parts stay values with places: NULL when nobody wrote them. AUTO marks "decide for me". */
#ifndef GREGOR_CLUSTER_DESCRIPTION_H
#define GREGOR_CLUSTER_DESCRIPTION_H

#include "base/tree.h"

#define AUTO ((int64_t)-1)

struct strs {
    const char **at;
    uint32_t     len;
};

enum platform      { ON_GENERIC, ON_EKS, ON_GKE, ON_AKS, ON_OPENSHIFT, ON_KIND };
enum metadata      { MD_KRAFT, MD_ZOOKEEPER };
enum quorum_kind   { QUORUM_STATIC, QUORUM_DYNAMIC };
enum layout_type   { LAYOUT_APACHE, LAYOUT_CONFLUENT, LAYOUT_STRIMZI, LAYOUT_OWN };
enum storage_type  { ST_CLAIM, ST_EPHEMERAL, ST_LOCAL };
enum anti_affinity { AA_AUTO, AA_REQUIRED, AA_PREFERRED, AA_NONE };
enum rack          { RACK_AUTO, RACK_LABEL, RACK_STATEFULSET };
enum expose        { EX_NONE, EX_LOADBALANCER, EX_NODEPORT, EX_INGRESS, EX_ROUTE, EX_GATEWAY };
enum prometheus    { PROM_NONE, PROM_ANNOTATIONS, PROM_MONITORS };
enum jar_source    { JAR_AUTO, JAR_IMAGE, JAR_VOLUME, JAR_COPY };
enum pull_policy   { PULL_AUTO, PULL_IF_NOT_PRESENT, PULL_ALWAYS, PULL_NEVER };
enum reclaim       { RECLAIM_RETAIN, RECLAIM_DELETE };
enum store_type    { STORE_PEM, STORE_PKCS12, STORE_JKS };
enum tls_source    { TLS_EXISTING, TLS_CERT_MANAGER, TLS_GENERATED };
enum authorizer    { AUTHZ_NONE, AUTHZ_ACL };
enum zookeeper_auth { ZAUTH_AUTO, ZAUTH_NONE, ZAUTH_DIGEST, ZAUTH_MTLS };
enum zookeeper_stage { ZSTAGE_REQUIRE, ZSTAGE_USE, ZSTAGE_ACCEPT };
enum binding       { BIND_WAIT, BIND_IMMEDIATE };
enum state         { STATE_PRESENT, STATE_ABSENT };
enum acl_resource  { ACL_TOPIC, ACL_GROUP, ACL_CLUSTER, ACL_TRANSACTIONAL_ID, ACL_DELEGATION_TOKEN, ACL_USER };
enum acl_pattern   { ACL_LITERAL, ACL_PREFIXED };
enum acl_permission { ACL_ALLOW, ACL_DENY };

struct storage {
    int64_t     size;
    const char *class;
    int         type;   /* enum storage_type */
    bool        retain;
    const char *path;   /* local: directory on the node */
    struct strs nodes;  /* local: one node a pod; PersistentVolumes are emitted for them */
};

struct limits { int64_t cpu, memory; };

struct probe { int64_t period, timeout, failures; };

struct probes { struct probe startup, readiness, liveness; };

struct jvm {
    struct strs       options;
    const struct val *properties;
};

struct pool {
    const char       *name;  /* "broker", "controller", "zookeeper", or that of pools[] */
    struct strs       roles;
    int64_t           count, first_id, ids_per_zone;
    struct strs       zones;
    int               rack;  /* enum rack */
    struct storage    storage, *volumes;
    uint32_t          volume_count;
    int64_t           cpu, memory, heap;
    struct limits     limits;
    int               anti_affinity;
    const char       *priority_class, *runtime_class, *scheduler;
    int64_t           grace;
    struct probes     probes;
    struct jvm        jvm;
    const struct val *node_selector, *affinity, *tolerations, *spread, *env, *labels, *annotations, *config, *pod;
};

struct login { const char *secret, *key, *file; };

struct zookeeper {
    struct pool  pool;
    const char  *version, *image;
    const char  *connect; /* an ensemble that exists; NULL: one of our own */
    bool         tls;
    int          auth;   /* enum zookeeper_auth */
    struct login login;  /* digest-md5: where the JAAS file is */
    int          stage;  /* enum zookeeper_stage */
};

struct layout {
    int         type;     /* enum layout_type */
    const char *scripts;  /* directory of kafka-server-start.sh */
    const char *suffix;   /* ".sh" or "" */
    int64_t     user, group;
};

struct kafka {
    const char       *version;
    int               metadata, quorum;
    int64_t           initial_controllers; /* 0: all */
    const char       *image, *cluster_id, *protocol;
    struct layout     layout;
    const struct val *config;
};

struct issuer { const char *kind, *name, *group; };

/* A key of a Secret that exists; secret NULL: none. */
struct secret_ref { const char *secret, *key; };

struct tls {
    bool          enabled;
    int           source;                   /* enum tls_source */
    const char   *folder;                   /* as written; see tls_folder() */
    const char   *secret;                   /* template of the Secret of a StatefulSet */
    const char   *certificate, *key, *ca;   /* keys in it */
    const char   *combined;                 /* key with the private key and the certificates in one */
    int           type;                     /* enum store_type */
    const char   *keystore, *truststore;    /* keys of the stores; NULL: the usual names, see tls_store() */
    struct secret_ref password;             /* of both stores; its secret NULL: that of the stores */
    const char   *principal;                /* template: common name of the nodes' certificates */
    struct issuer issuer;
};

/* Bearer tokens, judged by the keys that their issuer publishes. */
struct sasl_oauth {
    const char       *jwks, *issuer;  /* NULL: nobody said */
    struct strs       audience;
    const char       *scope, *subject; /* names of claims; NULL: Kafka's own */
    int64_t           skew, refresh;   /* ms; 0: Kafka's own */
    struct secret_ref ca;
};

struct krb5 { const char *config_map, *key, *text; };

struct sasl_gssapi {
    struct secret_ref keytab;              /* key: template */
    struct krb5       krb5;
    const char       *principal, *service; /* principal: template */
    struct strs       rules;
};

/* How nodes log in among themselves; mechanism NULL: they show their certificates. */
struct sasl_login {
    const char       *mechanism; /* "plain", "scram-sha-256", "scram-sha-512" */
    const char       *user;
    struct secret_ref password;
};

struct sasl {
    struct secret_ref  plain; /* users of PLAIN, as JAAS options */
    struct secret_ref  scram; /* users that a new quorum begins with, as arguments of kafka-storage */
    struct sasl_oauth  oauth;
    struct sasl_gssapi gssapi;
    struct sasl_login  inter_broker, controller;
};

/* Who decides what a principal may do. */
struct authorization {
    int               type;   /* enum authorizer */
    const char       *class;  /* NULL: Kafka's own */
    const struct val *config; /* of that class */
};

struct gateway { const char *name, *namespace_; };

struct listener {
    const char       *name;
    int64_t           port;
    int               expose; /* enum expose */
    const char       *host, *bootstrap, *class;
    int64_t           advertised_port, node_port_base;
    struct gateway    gateway;
    struct strs       source_ranges;
    bool              tls;
    struct strs       auth;   /* "mtls", "scram-sha-256", "scram-sha-512", "plain", "oauthbearer", "gssapi" */
    int64_t           reauth; /* ms that a login lasts; 0: as long as the connection */
    struct strs       principal_rules; /* of certificates; none: the common name */
    const struct val *annotations, *labels;
};

struct exporter {
    int64_t     port;
    const char *image, *jar;
    int         source; /* enum jar_source */
};

struct lag_exporter {
    bool          enabled;
    const char   *image;
    const char   *user;   /* an entry of `users`; NULL: nobody */
    const char   *secret; /* with its certificate and the trusted ones; NULL: as `tls` has them */
    int64_t       cpu, memory;
    struct limits limits;
};

struct monitoring {
    int                 prometheus; /* enum prometheus */
    struct exporter     exporter;
    bool                rules;
    int64_t             interval;
    const struct val   *labels;
    struct lag_exporter lag;
};

struct logging {
    const char       *root;
    const struct val *loggers;
};

struct client {
    const char       *namespace_, *cidr;
    const struct val *pods;
    struct strs       listeners;
};

struct destination {
    const char       *namespace_, *cidr;
    const struct val *pods;
    int64_t           port;
};

struct network_policy {
    bool                enabled, egress;
    struct client      *clients;
    uint32_t            client_count;
    struct destination *destinations;
    uint32_t            destination_count;
    const char         *monitoring_namespace;
};

struct budget {
    bool    enabled;
    int64_t max_unavailable; /* AUTO: from replication arithmetic */
};

struct storage_class {
    const char       *name, *provisioner;
    const struct val *parameters;
    int               reclaim, binding;
    bool              expandable, is_default;
    struct strs       mount_options, zones;
};

/* Where a password is: a key of a Secret that exists, or a file that becomes one; both NULL: nobody said. */
struct password { const char *secret, *key, *file; };

/* Topics by name, by what their names begin with, or "*" for all. */
struct topic_rule { const char *topic; bool prefix; };

struct consume_rule {
    const char *topic, *group; /* group NULL: that of the user */
    bool        prefix, group_prefix;
};

struct transactional_rule { const char *id; bool prefix; };

struct acl {
    int         resource;   /* enum acl_resource */
    const char *name;       /* NULL for the cluster */
    int         pattern;    /* enum acl_pattern */
    struct strs operations; /* "read", "describe-configs" */
    const char *host;
    int         permission; /* enum acl_permission */
};

/* 0: no limit of its own. */
struct quota {
    int64_t produce, consume; /* bytes a second on each broker */
    int64_t request;          /* percent of a thread of each broker */
    int64_t mutations;        /* partitions created or deleted a second, in the whole cluster */
};

struct user {
    const char                *name;   /* the principal is User:<name> */
    const char                *auth;   /* NULL: what the listeners ask for */
    struct password            password;
    const char                *group;  /* of entries of `consume` that name none */
    struct topic_rule         *produce, *manage;
    uint32_t                   produce_count, manage_count;
    struct consume_rule       *consume;
    uint32_t                   consume_count;
    struct transactional_rule *transactional;
    uint32_t                   transactional_count;
    struct strs                admin;  /* "describe", "topics", "groups", "cluster" */
    struct acl                *acls;
    uint32_t                   acl_count;
    struct quota               quota;
    int                        state;  /* enum state */
};

struct topic {
    const char       *name;
    int64_t           partitions, replicas; /* 0: nobody said */
    const struct val *config;
    int               state; /* enum state */
};

/* The Job that brings topics, rules, quotas and SCRAM users to what the description says. */
struct admin_job {
    bool        enabled, exact;
    const char *schedule;    /* of a CronJob instead of a Job; NULL: none */
    int64_t     ttl;         /* ms that a finished Job stays; 0: for ever */
    int64_t     cpu, memory;
};

struct secret_store { const char *kind, *name; };

/* What External Secrets fetches; store.name NULL: nothing. */
struct external_secrets {
    struct secret_store store;
    const char         *key;     /* template */
    int64_t             refresh; /* ms */
};

struct images {
    const char *registry;
    struct strs pull_secrets;
    int         pull_policy;
};

struct description {
    int64_t               language;
    const char           *name, *namespace_, *cluster_domain;
    bool                  create_namespace;
    struct strs           presets, hooks;
    const struct val     *site;       /* for hooks */
    int64_t               kubernetes; /* the minor: 34 for "1.34" */
    int                   platform;
    struct images         images;
    const struct val     *labels, *annotations;
    struct kafka          kafka;
    struct pool           brokers, controllers, *pools;
    uint32_t              pool_count;
    struct zookeeper      zookeeper;
    struct listener      *listeners;
    uint32_t              listener_count;
    const char           *inter_broker;
    struct tls            tls;
    struct sasl           sasl;
    struct authorization  authorization;
    struct strs           super_users;
    struct monitoring     monitoring;
    struct logging        logging;
    struct network_policy network_policy;
    struct budget         budget;
    const char           *storage_class; /* of every volume that names none */
    struct storage_class *storage_classes;
    uint32_t              storage_class_count;
    struct user          *users;
    uint32_t              user_count;
    struct topic         *topics;
    uint32_t              topic_count;
    struct admin_job      admin_job;
    const struct val     *include; /* Kubernetes objects of the site, typed */
    struct external_secrets external_secrets;
    const char           *secrets_folder; /* of password files, below the folder of the description */
    struct strs           values;        /* fields that stay open in a chart or template */

    const struct val     *root;       /* the merged values, for places */
    int                   kafka_line; /* KAFKA(3, 9), from kafka.version; 0 when that is unknown */
};

#endif
