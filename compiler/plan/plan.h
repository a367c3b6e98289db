/* plan.h: everything derived from a description, computed once: names, ids, ports, addresses, sizes, hashes, settings.
 *
 * Emitters read this and hold no arithmetic. All memory belongs to the arena of the compilation; the plan points into the
 * description, which must outlive it. Kafka words: a node is a broker, a controller, or both; "component" is what budgets,
 * policies and selectors speak of: a combined node counts as a broker. */
#ifndef GREGOR_PLAN_PLAN_H
#define GREGOR_PLAN_PLAN_H

#include "base/ctx.h"
#include "cluster/description.h"
#include "cluster/ports.h"
#include "pki/pki.h"

#define NODE_DIR             "/etc/kafka-node"   /* the file of this one node */
#define COMMON_DIR           "/etc/kafka-common" /* what all nodes of a component share */
#define DATA_DIR             "/var/lib/kafka"
#define ZK_CONFIG_DIR        "/etc/zookeeper"
#define ZK_DATA_DIR          "/var/lib/zookeeper"
#define TLS_DIR              "/etc/kafka-tls"    /* certificate, key and trusted certificates of the node */
#define TLS_PASSWORD_DIR     "/etc/kafka-tls-password" /* of Java's key stores, when another Secret holds it */
#define ZK_TLS_DIR           "/etc/zookeeper-tls"
#define ZK_LOGIN_DIR         "/etc/zookeeper-login"  /* the JAAS file, in ZooKeeper and in brokers */
#define ZK_CLIENT_FILE       "zookeeper-client.properties" /* how a tool beside a broker connects to ZooKeeper */
#define SECRETS_DIR          "/etc/kafka-secrets" /* <secret>/<key> of every Secret that logins need */
#define KEYTAB_DIR           "/etc/kafka-keytab"
#define KRB5_DIR             "/etc/kafka-krb5"
#define KRB5_FILE            "krb5.conf"
#define CLIENT_FILE          "node-client.properties" /* how a tool beside the server connects to brokers */
#define CONTROLLER_CLIENT_FILE "controller-client.properties" /* and to controllers, where that differs */
#define JOB_DIR              "/etc/kafka-admin"     /* scripts and settings of a Job, desired state of the admin Job */
#define PASSWORD_DIR         "/etc/kafka-passwords" /* user.<name> of each SCRAM user, in the admin Job */
#define SCRAM_DIR            "/etc/kafka-scram"     /* SCRAM users that a new quorum begins with, in controllers */
#define SCRAM_KEY            "add-scram"            /* arguments of kafka-storage, one a line */
#define CLIENT_DIR           "/etc/kafka-client"    /* where applications mount what is theirs */
#define EXPORTER_DIR         "/opt/jmx-exporter"
#define EXPORTER_FILE        "jmx-exporter.yaml"
#define LOG4J1_FILE          "log4j.properties"
#define LOG4J2_FILE          "log4j2.yaml"

enum component { COMP_BROKER, COMP_CONTROLLER, COMP_ZOOKEEPER, COMPONENTS };

/* How one broker is reached from outside through one exposed listener. */
struct address {
    const char *service;   /* name of its own Service, Ingress or route */
    const char *host;      /* advertised */
    int64_t     port;      /* advertised */
    int64_t     node_port; /* nodeport: of its Service; else 0 */
};

struct node {
    int64_t         id;
    const char     *pod;       /* orders-broker-0 */
    const char     *fqdn;      /* orders-broker-0.orders-nodes.streaming.svc.cluster.local */
    const char     *zone;      /* NULL: none or not known at compile time */
    const char     *directory; /* pinned directory id of a dynamic quorum's voter, or NULL */
    struct address *addresses; /* one for each exposed listener, in plan.exposed order; brokers only */
    const char     *config;    /* the whole server.properties */
    const char     *secret;    /* holds its certificate; NULL without TLS */
};

struct volume {
    const char           *name;  /* volume and claim template: "data" or "data-0" */
    const char           *mount; /* /var/lib/kafka/data-0 */
    const char           *dir;   /* log directory below it */
    const struct storage *storage;
    const char           *size;  /* canonical quantity */
};

/* A listener as brokers open it: a client listener, the one between brokers, or the controllers'. */
struct port {
    const char            *name;      /* as written: "internal" */
    const char            *kafka;     /* "INTERNAL" */
    const char            *port_name; /* Kubernetes port name, at most 15: "tcp-internal" */
    int64_t                port;
    const struct listener *listener;  /* NULL: one of our own */
    const char            *protocol;  /* "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL" */
    bool                   tls, mtls;
    const char            *sasl;      /* "SCRAM-SHA-256,SCRAM-SHA-512"; NULL: none */
    const struct sasl_login *login;   /* how nodes log in at it; NULL: they do not */
    bool                   tried;     /* the admin Job tries passwords here */
};

/* An exposed listener: its bootstrap name beside the addresses of the nodes. */
struct exposed {
    const struct listener *listener;
    const struct port     *port;
    struct address         bootstrap; /* host NULL: no bootstrap wanted */
    uint32_t               index;     /* place in plan.exposed, and in node.addresses */
};

/* One ConfigMap of node files: a cluster of hundreds of brokers needs several (1 MiB an object, 256 KiB to be applied). */
struct chunk {
    const char *name;
    uint32_t    first, count; /* nodes of the workload */
};

/* One StatefulSet. */
struct workload {
    const struct pool  *pool;
    enum component      component;
    bool                is_broker, is_controller;
    const char         *name;       /* orders-broker, orders-broker-eu-1a */
    const char         *headless;   /* its governing Service */
    const char         *zone;       /* all its pods run here; NULL: no single zone */
    bool                zone_label; /* pods read their zone from their own label */
    struct node        *nodes;
    uint32_t            node_count;
    struct chunk       *chunks;
    uint32_t            chunk_count;
    uint32_t            chunk_room; /* chunks that pods mount: with several, those to come as well, so that growing restarts none */
    struct volume      *volumes;
    uint32_t            volume_count;
    const char         *image;
    int64_t             user, group;   /* 0: the platform decides (OpenShift) */
    const char         *cpu, *memory, *cpu_limit, *memory_limit; /* quantities; NULL: none */
    int64_t             heap;          /* bytes */
    const char         *heap_options, *jvm_options; /* -Xms.. -Xmx..; collector, properties */
    int                 anti_affinity; /* enum anti_affinity, never AUTO */
    int64_t             grace;         /* seconds */
    int64_t             turn;          /* place among the StatefulSets of brokers, from 0; only brokers of several take turns */
    int64_t             turn_wait;     /* most seconds that a broker waits for its turn */
    const char         *secret;        /* holds the certificate of all its nodes; NULL: each has its own, or there is no TLS */
    struct strs         secret_keys;   /* that it reads of that Secret */
    const char         *checksum;      /* of what a running process has read */
    const char         *start;         /* the shell lines that format storage when needed and exec the server */
    const struct val   *labels;        /* of its objects: all five of EC 2.9 and the user's */
};

/* A file of the folder of certificates. */
struct certificate_file {
    const char      *path;    /* beside the description: "pki/orders-broker-tls.crt"; NULL: nothing is looked at */
    struct pki_chain chain;   /* empty when there is a problem */
    const char      *problem; /* "holds no certificate in PEM form"; NULL: none */
    bool             missing;
};

/* What one Secret holds: the names that its certificate must have. StatefulSets share it when `tls.secret` gives all one name; with
 * {pod} in that name each node has its own. */
struct certificate {
    const char            *secret;
    const struct workload *first;    /* that mounts it */
    const struct node     *node;     /* whose it is; NULL: of all nodes of the StatefulSets that mount it */
    const char           **dns, **ip; /* subject alternative names; no name twice */
    uint32_t               dns_count, ip_count;
    struct certificate_file file;
    bool                   combined; /* key and chain in one file as well: what ZooKeeper reads */
};

struct component_plan {
    bool        used;
    const char *label;           /* app.kubernetes.io/component */
    const char *name;            /* orders-broker: prefix of its objects */
    uint32_t    pods;            /* over all workloads */
    int64_t     max_unavailable; /* of its budget; AUTO: no budget is emitted */
    struct val  selector;        /* immutable labels: name, instance, component */
    struct val  labels;          /* selector, part-of, managed-by, the user's */
};

/* A key of a Secret that nodes read as a file: SECRETS_DIR/<secret>/<key>. */
struct secret_file {
    struct secret_ref from;
    bool              brokers, controllers; /* which nodes */
};

/* TLS between the nodes and on the listeners that ask for it. */
struct tls_plan {
    bool        used;
    bool        own;       /* each node has a certificate of its own */
    const char *principal; /* common name of the nodes' certificates */
};

/* A server that brokers connect to. */
struct server {
    const char *host;
    int64_t     port;
};

/* How brokers talk to ZooKeeper, and its servers among themselves. */
struct zookeeper_plan {
    bool        tls;    /* servers have certificates and open ZK_TLS_PORT */
    bool        used;   /* brokers connect with TLS and log in */
    bool        open;   /* the plain port takes connections from other pods */
    bool        strict; /* who does not log in is refused, and what brokers write is theirs */
    int         auth;   /* enum zookeeper_auth, never ZAUTH_AUTO */
    int64_t     port;   /* of our own servers, that brokers connect to */
    struct server *servers;
    uint32_t    server_count;
    const char *login;  /* Secret with the JAAS file; NULL: none */
    const char *login_option; /* for the JVM; NULL: none */
    const char *client; /* settings of a tool that connects; NULL: it needs none */
};

/* A user, and what its application needs: configuration and a password. */
struct user_plan {
    const struct user *user;
    const char        *auth;        /* how it logs in */
    const char        *object;      /* its ConfigMap, and the Secret made of its password file */
    const char        *secret, *key; /* where the password is; NULL: there is none */
    struct val         files;       /* of the ConfigMap: client.properties, and one for each further listener */
};

/* A Job with Kafka's tools, which runs a script of stdlib/admin. */
struct job_plan {
    bool                   used;
    const char            *component; /* "admin": the label, and the name of the container */
    const char            *name;     /* of its objects */
    const char            *settings; /* settings.sh, a file of its ConfigMap */
    const struct workload *brokers;  /* whose image, user and certificate it has */
    struct val             labels, selector;
};

/* The Job that brings topics and users to the cluster (stdlib/admin/admin.sh). */
struct admin_plan {
    struct job_plan job;
    const char     *desired; /* a file of its ConfigMap */
    bool            secured; /* it connects as a node: with a certificate, or by login */
};

/* The consumer lag exporter: where it connects, and what it shows there. */
struct lag_plan {
    const char        *image;       /* NULL: there is none */
    const struct port *port;
    const char        *address;     /* of that port, behind the bootstrap Service */
    const struct user_plan *user;   /* who it is; NULL: nobody */
    const char        *mechanism;   /* of SASL, in its own words: "scram-sha512"; NULL: none */
    struct secret_ref  ca;          /* trusted certificates, PEM; secret NULL: no TLS */
    const char        *certificate; /* Secret with tls.crt and tls.key; NULL: it shows none */
    bool               issued;      /* cert-manager is asked for that one */
    struct certificate_file file;   /* its certificate, when `gregor pki` makes it */
    const char        *checksum;    /* of the certificates in the folder, which it reads when it starts; NULL: none are known */
};

struct jmx {
    bool        used;
    enum jar_source source; /* never JAR_AUTO */
    const char *image;      /* NULL for JAR_IMAGE */
    const char *jar_from;   /* path in that image */
    const char *jar;        /* path in the Kafka or ZooKeeper container */
};

struct plan {
    const struct description *d;
    int          minor;           /* Kubernetes */
    int          line;            /* KAFKA(3, 9) */
    bool         kraft, combined; /* combined: some nodes are broker and controller */
    const char  *protocol;        /* metadata.version or inter.broker.protocol.version of the line, always set */
    const char  *cluster_id;
    int64_t      replication, min_isr; /* default.replication.factor and min.insync.replicas as configured */
    uint32_t     brokers, controllers; /* nodes with that role */
    struct component_plan components[COMPONENTS];
    struct workload *workloads;   /* controllers or ZooKeeper first, then brokers, then pools[] */
    uint32_t     workload_count;
    struct port *ports;           /* what brokers open: client listeners, then the inter-broker one of our own */
    uint32_t     port_count;
    struct port  controller_port; /* KRaft */
    const struct port *inter_broker;
    bool         turns;           /* brokers live in several StatefulSets, which Kubernetes updates side by side */
    struct exposed *exposed;
    uint32_t     exposed_count;
    const char  *voters;          /* controller.quorum.voters, static quorum */
    const char  *quorum_bootstrap; /* controller.quorum.bootstrap.servers, dynamic quorum */
    const char  *initial_controllers;
    const char  *zookeeper_connect;
    struct zookeeper_plan zookeeper;
    const char  *zoo_cfg;         /* shared by all ZooKeeper pods */
    const char  *log_file, *log_config;                     /* of Kafka: log4j 1 or 2 by version */
    const char  *zookeeper_log_file, *zookeeper_log_config; /* log4j or logback by version */
    const char  *nodes_service, *bootstrap_service, *zookeeper_nodes, *zookeeper_service, *account;
    const char  *common_config, *zookeeper_config; /* ConfigMaps that all nodes share */
    const struct port *bootstrap_port; /* the first client listener inside the cluster */
    const char  *bootstrap_address; /* of the first client listener, for clients inside the cluster */
    struct jmx   jmx, zookeeper_jmx;
    struct tls_plan tls;
    struct certificate *certificates; /* one a Secret, in the order of StatefulSets and nodes; none without TLS */
    uint32_t     certificate_count;
    struct secret_file *secret_files; /* of users, nodes and issuers */
    uint32_t     secret_file_count;
    const char  *keytab, *krb5;   /* Secret of the brokers' keytab, path of krb5.conf; NULL without Kerberos */
    struct user_plan *users;      /* those that are there */
    uint32_t     user_count;
    struct secret_ref scram;      /* SCRAM users that a new quorum begins with; its secret NULL: none */
    struct admin_plan admin;
    struct job_plan scram_bootstrap; /* makes the SCRAM user of brokers in ZooKeeper (stdlib/admin/scram-bootstrap.sh) */
    struct certificate_file trusted; /* ca.crt */
    struct lag_plan lag;
    struct val   labels, annotations; /* of objects that belong to no component */
};

/* Derives `p` from a checked description. Returns false when something was reported (names too long, ports that meet). */
bool plan_cluster(struct ctx *cx, const struct description *d, struct plan *p);

/* Reports what the cluster of those objects, read from manifests, was asked for and cannot turn into this plan. `known`: they hold
 * objects of this cluster. Returns false when an error stands. */
bool plan_against(struct ctx *cx, const struct plan *p, const struct val *before, bool *known);

#endif
