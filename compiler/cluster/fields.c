#include "cluster/fields.h"

#include "base/text.h"

#include <stddef.h>

/* AT ties a row to a struct member, LIST to a pointer and its count: data cannot say offsetof(). */
#define AT(record, member)          .offset = offsetof(struct record, member)
#define LIST(record, member, count) .offset = offsetof(struct record, member), .count_offset = offsetof(struct record, count)
#define KiB ((int64_t)1024)
#define MiB (KiB * 1024)
#define GiB (MiB * 1024)
#define TiB (GiB * 1024)
#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

static const struct field storage_fields[] = {
    { .name = "size", .kind = F_BYTES, AT(storage, size), .min = 1 * MiB, .max = 64 * 1024 * GiB, .unit = "bytes",
      .def_of = { "100Gi", "20Gi", "20Gi", "100Gi" }, .example = "500Gi",
      .doc = "Size of the volume. A claim cannot shrink, and grows only where its class is expandable." },
    { .name = "class", .kind = F_STR, AT(storage, class), .example = "fast",
      .doc = "StorageClass of the claim. Without it the cluster's default class is used." },
    { .name = "type", .kind = F_ENUM, AT(storage, type), .choices = "claim ephemeral local", .def = "claim",
      .doc = "claim: a PersistentVolumeClaim; ephemeral: an emptyDir that is lost with the pod; local: a claim on "
             "disks of the nodes, without a provisioner." },
    { .name = "retain", .kind = F_BOOL, AT(storage, retain), .def = "true",
      .doc = "Keep the claims when the StatefulSet is deleted or scaled down. false lets Kubernetes delete them." },
    { .name = "path", .kind = F_STR, AT(storage, path), .example = "/mnt/disks/kafka",
      .doc = "local: directory on each node. With `nodes`, PersistentVolumes are emitted for it." },
    { .name = "nodes", .kind = F_STRS, LIST(storage, nodes.at, nodes.len), .example = "[worker-1, worker-2, worker-3]",
      .doc = "local: the nodes that hold a disk each, at least one a pod." },
    { .name = NULL }
};

static const struct type storage_type = { .name = "storage", .size = sizeof(struct storage),
    .fields = storage_fields, .short_for = "size" };

static const struct field limits_fields[] = {
    { .name = "cpu", .kind = F_CPU, AT(limits, cpu), .min = 50, .max = 1024000, .unit = "millicores", .example = "4",
      .doc = "Most processor time the container may use. Leave it out unless a quota demands one: throttling costs latency." },
    { .name = "memory", .kind = F_BYTES, AT(limits, memory), .min = 128 * MiB, .max = 4 * TiB, .unit = "bytes",
      .example = "8Gi", .doc = "Most memory of the container. Default: the request, so that the pod is never overcommitted." },
    { .name = NULL }
};

static const struct type limits_type = { .name = "limits", .size = sizeof(struct limits), .fields = limits_fields };

static const struct field probe_fields[] = {
    { .name = "period", .kind = F_MS, AT(probe, period), .min = 1 * SECOND, .max = 10 * MINUTE, .unit = "ms",
      .example = "10s", .doc = "Time between two tries, whole seconds." },
    { .name = "timeout", .kind = F_MS, AT(probe, timeout), .min = 1 * SECOND, .max = 10 * MINUTE, .unit = "ms",
      .example = "5s", .doc = "Time one try may take, whole seconds." },
    { .name = "failures", .kind = F_INT, AT(probe, failures), .min = 1, .max = 10000, .example = "3",
      .doc = "Failed tries in a row until Kubernetes acts." },
    { .name = NULL }
};

static const struct type probe_type = { .name = "probe", .size = sizeof(struct probe), .fields = probe_fields };

static const struct field probes_fields[] = {
    { .name = "startup", .kind = F_OBJECT, AT(probes, startup), .type = &probe_type,
      .doc = "How long a start may take: log recovery after a crash reads every open segment." },
    { .name = "readiness", .kind = F_OBJECT, AT(probes, readiness), .type = &probe_type,
      .doc = "When a pod counts as ready; a rolling update waits for it." },
    { .name = "liveness", .kind = F_OBJECT, AT(probes, liveness), .type = &probe_type,
      .doc = "When a hung process is restarted." },
    { .name = NULL }
};

static const struct type probes_type = { .name = "probes", .size = sizeof(struct probes), .fields = probes_fields };

static const struct field jvm_fields[] = {
    { .name = "options", .kind = F_STRS, LIST(jvm, options.at, options.len), .example = "[\"-XX:+UseZGC\"]",
      .doc = "JVM options in place of the default collector settings. Heap size has its own field, `heap`." },
    { .name = "properties", .kind = F_TEXTS, AT(jvm, properties), .example = "{java.net.preferIPv4Stack: \"true\"}",
      .doc = "Java system properties, added as -Dkey=value." },
    { .name = NULL }
};

static const struct type jvm_type = { .name = "jvm", .size = sizeof(struct jvm), .fields = jvm_fields };

static const struct field pool_fields[] = {
    { .name = "count", .kind = F_INT, AT(pool, count), .min = 0, .max = 1000, .def_of = { "3", "3", "3", "3" },
      .doc = "Pods of the pool. Three is the smallest count that survives the loss of one. controllers.count 0 gives "
             "the brokers the controller role as well." },
    { .name = "firstId", .kind = F_INT, AT(pool, first_id), .min = 0, .max = 2147482647,
      .def_of = { "0", "1000", "1", NULL },
      .doc = "node.id (broker.id, myid) of the first pod; the others count up. Never change it on a running cluster." },
    { .name = "idsPerZone", .kind = F_INT, AT(pool, ids_per_zone), .min = 1, .max = 100000, .def = "100",
      .doc = "With one StatefulSet a zone: how many ids each zone reserves, so that adding brokers or a zone renumbers none." },
    { .name = "zones", .kind = F_STRS, LIST(pool, zones.at, zones.len), .example = "[eu-1a, eu-1b, eu-1c]",
      .doc = "Zones (topology.kubernetes.io/zone) to spread over. Brokers know theirs as broker.rack, so that replicas spread "
             "too. Append new zones at the end." },
    { .name = "rack", .kind = F_ENUM, AT(pool, rack), .choices = "auto label statefulset", .def = "auto",
      .doc = "How a broker learns its zone. label: from the pod label (Kubernetes 1.35, Kafka 3.5), one StatefulSet; "
             "statefulset: one StatefulSet a zone. auto takes label where it works. Pin it before you raise `kubernetes`: "
             "the two name their pods differently." },
    { .name = "storage", .kind = F_OBJECT, AT(pool, storage), .type = &storage_type, .example = "500Gi",
      .doc = "The data volume; `500Gi` is short for `{size: 500Gi}`." },
    { .name = "volumes", .kind = F_OBJECTS, LIST(pool, volumes, volume_count), .type = &storage_type,
      .example = "[{size: 1Ti}, {size: 1Ti}]",
      .doc = "Several data volumes (JBOD) instead of `storage`. Append new ones at the end." },
    { .name = "cpu", .kind = F_CPU, AT(pool, cpu), .min = 10, .max = 256000, .unit = "millicores",
      .def_of = { "1", "500m", "500m", "1" }, .example = "2", .doc = "Requested processors." },
    { .name = "memory", .kind = F_BYTES, AT(pool, memory), .min = 256 * MiB, .max = 4 * TiB, .unit = "bytes",
      .def_of = { "4Gi", "2Gi", "1Gi", "4Gi" }, .example = "8Gi",
      .doc = "Requested memory: heap, what the JVM needs beside it, and page cache, which Kafka reads from." },
    { .name = "heap", .kind = F_BYTES, .flags = MAY_BE_AUTO, AT(pool, heap), .min = 64 * MiB, .max = 256 * GiB,
      .unit = "bytes", .def = "auto", .example = "4Gi",
      .doc = "JVM heap, -Xms and -Xmx. auto: half the memory and at most 6Gi for brokers, since the rest serves as page "
             "cache; three quarters for the others, at most 4Gi." },
    { .name = "limits", .kind = F_OBJECT, AT(pool, limits), .type = &limits_type, .example = "{cpu: 4, memory: 8Gi}",
      .doc = "Resource limits of the container." },
    { .name = "nodeSelector", .kind = F_LABELS, AT(pool, node_selector), .example = "{disk: fast}",
      .doc = "Labels that a node must have." },
    { .name = "antiAffinity", .kind = F_ENUM, AT(pool, anti_affinity), .choices = "auto required preferred none",
      .def = "auto",
      .doc = "Whether two pods of the component may share a host. auto: required when losing two at once would stop "
             "writes or the quorum, else preferred." },
    { .name = "affinity", .kind = F_K8S, AT(pool, affinity), .schema = "core.v1.Affinity",
      .doc = "Kubernetes affinity; merged with what `antiAffinity` and `zones` make." },
    { .name = "tolerations", .kind = F_K8S_LIST, AT(pool, tolerations), .schema = "core.v1.Toleration",
      .example = "[{key: dedicated, value: kafka, effect: NoSchedule}]", .doc = "Kubernetes tolerations." },
    { .name = "topologySpreadConstraints", .kind = F_K8S_LIST, AT(pool, spread),
      .schema = "core.v1.TopologySpreadConstraint",
      .doc = "Kubernetes spread constraints, instead of those that `zones` makes." },
    { .name = "priorityClassName", .kind = F_STR, AT(pool, priority_class), .doc = "PriorityClass of the pods." },
    { .name = "runtimeClassName", .kind = F_STR, AT(pool, runtime_class), .doc = "RuntimeClass of the pods." },
    { .name = "schedulerName", .kind = F_STR, AT(pool, scheduler), .doc = "Scheduler of the pods." },
    { .name = "gracePeriod", .kind = F_MS, AT(pool, grace), .min = 10 * SECOND, .max = 1 * HOUR, .unit = "ms",
      .def_of = { "5m", "1m", "1m", "5m" },
      .doc = "Time for a clean stop. A broker hands over its leaders first; one that is killed recovers its logs for "
             "long." },
    { .name = "probes", .kind = F_OBJECT, AT(pool, probes), .type = &probes_type, .doc = "Timing of the probes." },
    { .name = "jvm", .kind = F_OBJECT, AT(pool, jvm), .type = &jvm_type, .doc = "Java settings." },
    { .name = "env", .kind = F_K8S_LIST, AT(pool, env), .schema = "core.v1.EnvVar",
      .example = "[{name: TZ, value: UTC}]", .doc = "Environment variables added to the main container." },
    { .name = "labels", .kind = F_LABELS, AT(pool, labels), .doc = "Labels added to the pods." },
    { .name = "annotations", .kind = F_TEXTS, AT(pool, annotations), .doc = "Annotations added to the pods." },
    { .name = "config", .kind = F_CONFIG, AT(pool, config), .example = "{num.io.threads: 16}",
      .doc = "Server configuration of this pool, over `kafka.config`; for zookeeper: keys of zoo.cfg." },
    { .name = "pod", .kind = F_K8S, .flags = PARTIAL, AT(pool, pod), .schema = "core.v1.PodTemplateSpec",
      .example = "{spec: {dnsPolicy: ClusterFirst}}",
      .doc = "A partial PodTemplateSpec, merged last (strategic merge: containers, volumes and env by name)." },
    { .name = NULL }
};

static const struct type pool_type = { .name = "pool", .size = sizeof(struct pool), .fields = pool_fields };

static const struct field no_fields[] = { { .name = NULL } };

static const struct type brokers_type = { .name = "brokers", .size = sizeof(struct pool), .fields = no_fields,
    .base = &pool_type, .flavour = FL_BROKERS };
static const struct type controllers_type = { .name = "controllers", .size = sizeof(struct pool), .fields = no_fields,
    .base = &pool_type, .flavour = FL_CONTROLLERS };

static const struct field login_fields[] = {
    { .name = "secret", .kind = F_STR, AT(login, secret), .def = "{name}-zookeeper-login",
      .doc = "Secret that ZooKeeper and the brokers mount; {name} is the cluster." },
    { .name = "key", .kind = F_STR, AT(login, key), .def = "jaas.conf",
      .doc = "Key of the JAAS file in it: a section Server with `user_<name>=\"<password>\"` for ZooKeeper, a section Client with "
             "`username` and `password` for the brokers, both of org.apache.zookeeper.server.auth.DigestLoginModule." },
    { .name = "file", .kind = F_STR, AT(login, file), .example = "secrets/zookeeper",
      .doc = "File beside the description that holds the password. `gregor build --secrets` makes the Secret of it; without it the "
             "Secret exists." },
    { .name = NULL }
};

static const struct type login_type = { .name = "zookeeper.login", .size = sizeof(struct login), .fields = login_fields,
    .short_for = "secret" };

static const struct field zookeeper_fields[] = {
    { .name = "version", .kind = F_VERSION, AT(zookeeper, version), .def = "3.8.6",
      .doc = "ZooKeeper release, 3.5 to 3.9." },
    { .name = "image", .kind = F_STR, AT(zookeeper, image), .example = "zookeeper:3.8.6",
      .doc = "Image with zkServer.sh on its path. Default: the official image of the version." },
    { .name = "connect", .kind = F_STR, AT(zookeeper, connect), .example = "\"zk-0.zk:2181,zk-1.zk:2181/kafka\"",
      .doc = "An ensemble that exists, instead of one that gregor emits: host:port parted by commas, and a path where it is shared. "
             "tls, auth and login then say how brokers connect." },
    { .name = "tls", .kind = F_BOOL, AT(zookeeper, tls), .def = "false",
      .doc = "Brokers talk to ZooKeeper, and its servers among themselves, with TLS; needs `tls` at the top. The plain port then "
             "answers only inside the pod. A running ensemble changes by `security`." },
    { .name = "auth", .kind = F_ENUM, AT(zookeeper, auth), .choices = "auto none digest-md5 mtls", .def = "auto",
      .doc = "How brokers prove to ZooKeeper who they are: digest-md5 (SASL, a name and password), mtls (their certificate). What they "
             "write can then be changed by them alone. auto: mtls with `tls: true`, else none." },
    { .name = "login", .kind = F_OBJECT, AT(zookeeper, login), .type = &login_type, .example = "orders-zookeeper-login",
      .doc = "digest-md5: the Secret with the JAAS file." },
    { .name = "security", .kind = F_ENUM, AT(zookeeper, stage), .choices = "require use accept", .def = "require",
      .doc = "How far `tls` and `auth` have got. A running cluster goes from open to secure in three rolling updates: accept (servers "
             "can), use (brokers and servers do), require (nothing else is taken)." },
    { .name = NULL }
};

static const struct type zookeeper_type = { .name = "zookeeper", .size = sizeof(struct zookeeper),
    .fields = zookeeper_fields, .base = &pool_type, .flavour = FL_ZOOKEEPER };

static const struct field extra_pool_fields[] = {
    { .name = "name", .kind = F_NAME, .flags = REQUIRED, AT(pool, name), .example = "archive",
      .doc = "Name of the pool; its pods are called <cluster>-<name>-<n>." },
    { .name = "roles", .kind = F_STRS, LIST(pool, roles.at, roles.len), .choices = "broker controller", .def = "[broker]",
      .doc = "What the pods are: broker, controller, or both (KRaft)." },
    { .name = NULL }
};

static const struct type extra_pool_type = { .name = "pools", .size = sizeof(struct pool),
    .fields = extra_pool_fields, .base = &pool_type, .flavour = FL_POOLS };

static const struct field layout_fields[] = {
    { .name = "type", .kind = F_ENUM, AT(layout, type), .choices = "apache confluent strimzi own", .def = "apache",
      .doc = "Where things are in the image: apache (apache/kafka), confluent (cp-kafka), strimzi, or your own image." },
    { .name = "scripts", .kind = F_STR, AT(layout, scripts), .example = "/opt/kafka/bin",
      .doc = "own: directory that holds kafka-server-start. Default: /opt/kafka/bin." },
    { .name = "suffix", .kind = F_STR, AT(layout, suffix), .example = ".sh",
      .doc = "own: what the names of the scripts end in. Default: .sh" },
    { .name = "user", .kind = F_INT, AT(layout, user), .min = 1, .max = 2147483647, .example = "1000",
      .doc = "Numeric user of the process. Default: that of the image's layout. Not set on OpenShift." },
    { .name = "group", .kind = F_INT, AT(layout, group), .min = 0, .max = 2147483647, .example = "1000",
      .doc = "Numeric group of the process and of its volumes." },
    { .name = NULL }
};

static const struct type layout_type = { .name = "layout", .size = sizeof(struct layout), .fields = layout_fields,
    .short_for = "type" };

static const struct field kafka_fields[] = {
    { .name = "version", .kind = F_VERSION, .flags = REQUIRED, AT(kafka, version), .example = "4.3.1",
      .doc = "Apache Kafka release, 2.8.0 to 4.3.1." },
    { .name = "metadata", .kind = F_ENUM, AT(kafka, metadata), .choices = "kraft zookeeper", .def = "kraft",
      .doc = "Where the cluster's metadata lives: its own Raft quorum, or ZooKeeper (up to Kafka 3.9)." },
    { .name = "quorum", .kind = F_ENUM, AT(kafka, quorum), .choices = "static dynamic", .def = "static",
      .doc = "KRaft voters: a fixed list in the configuration, or a dynamic quorum (KIP-853, Kafka 3.9) with pinned "
             "directory ids. A running cluster cannot change from one to the other." },
    { .name = "initialControllers", .kind = F_INT, AT(kafka, initial_controllers), .min = 1, .max = 100,
      .doc = "dynamic quorum: how many controllers it began with. Pin it before you raise `controllers.count`: later ones join "
             "as observers and become voters by `kafka-metadata-quorum add-controller` (by themselves from 4.2)." },
    { .name = "image", .kind = F_STR, AT(kafka, image), .example = "apache/kafka:3.9.1",
      .doc = "Image, with tag or digest. Default: apache/kafka of the version (3.7 and later)." },
    { .name = "layout", .kind = F_OBJECT, AT(kafka, layout), .type = &layout_type, .example = "strimzi",
      .doc = "Where the image keeps scripts and which user it runs as; `strimzi` is short for `{type: strimzi}`." },
    { .name = "clusterId", .kind = F_STR, AT(kafka, cluster_id), .def = "auto", .example = "MkU3OEVBNTcwNTJENDM2Qg",
      .doc = "KRaft cluster id, 22 characters of base64url. auto derives it from namespace and name." },
    { .name = "protocol", .kind = F_VERSION, AT(kafka, protocol), .example = "3.8",
      .doc = "inter.broker.protocol.version, or the metadata.version that new storage is formatted with. Default: that of "
             "`version`. Keep the old one while binaries roll, raise it afterwards." },
    { .name = "config", .kind = F_CONFIG, AT(kafka, config), .example = "{num.partitions: 12}",
      .doc = "Broker configuration, checked against the model of exactly this version." },
    { .name = NULL }
};

static const struct type kafka_type = { .name = "kafka", .size = sizeof(struct kafka), .fields = kafka_fields };

static const struct field gateway_fields[] = {
    { .name = "name", .kind = F_STR, AT(gateway, name), .example = "public",
      .doc = "Gateway (gateway.networking.k8s.io) that the routes attach to." },
    { .name = "namespace", .kind = F_NAME, AT(gateway, namespace_), .doc = "Its namespace. Default: the cluster's." },
    { .name = NULL }
};

static const struct type gateway_type = { .name = "gateway", .size = sizeof(struct gateway), .fields = gateway_fields,
    .short_for = "name" };

static const struct field listener_fields[] = {
    { .name = "name", .kind = F_NAME, .flags = REQUIRED, AT(listener, name), .example = "external",
      .doc = "Name of the listener; upper case in Kafka's configuration." },
    { .name = "port", .kind = F_INT, .flags = REQUIRED, AT(listener, port), .min = 1024, .max = 65535, .example = "9094",
      .doc = "Port that the brokers listen on." },
    { .name = "expose", .kind = F_ENUM, AT(listener, expose),
      .choices = "none loadbalancer nodeport ingress route gateway", .def = "none",
      .doc = "How clients outside the cluster reach each broker. Every broker gets a Service and a static advertised "
             "address." },
    { .name = "host", .kind = F_HOST, AT(listener, host), .example = "b{id}.kafka.example.com",
      .doc = "Advertised host of each broker: {id}, {name} (cluster), {pod} and {zone} are replaced." },
    { .name = "bootstrap", .kind = F_HOST, AT(listener, bootstrap), .example = "kafka.example.com",
      .doc = "Host that clients connect to first. Emits a bootstrap Service or route of that name." },
    { .name = "advertisedPort", .kind = F_INT, AT(listener, advertised_port), .min = 1, .max = 65535,
      .doc = "Port in the advertised address. Default: the listener's port for load balancers, 443 for ingress, route "
             "and gateway, the node port for nodeport." },
    { .name = "nodePortBase", .kind = F_INT, AT(listener, node_port_base), .min = 1, .max = 65535, .example = "32000",
      .doc = "nodeport: node port of the bootstrap Service; broker <id> gets base + 1 + id." },
    { .name = "class", .kind = F_STR, AT(listener, class), .example = "nginx",
      .doc = "ingress: the IngressClass; loadbalancer: the loadBalancerClass." },
    { .name = "gateway", .kind = F_OBJECT, AT(listener, gateway), .type = &gateway_type, .example = "{name: public}",
      .doc = "gateway: the Gateway that the TLSRoutes attach to." },
    { .name = "sourceRanges", .kind = F_STRS, LIST(listener, source_ranges.at, source_ranges.len),
      .example = "[10.0.0.0/8]", .doc = "loadbalancer: client networks that may connect (CIDR)." },
    { .name = "annotations", .kind = F_TEXTS, AT(listener, annotations),
      .example = "{external-dns.alpha.kubernetes.io/hostname: \"{host}\"}",
      .doc = "Annotations of the exposing objects; {id}, {name}, {pod}, {zone} and {host} are replaced." },
    { .name = "labels", .kind = F_LABELS, AT(listener, labels), .doc = "Labels of the exposing objects." },
    { .name = "tls", .kind = F_BOOL, AT(listener, tls), .def = "false",
      .doc = "TLS on this listener, with the certificates of `tls`." },
    { .name = "auth", .kind = F_STRS, .flags = OR_ONE, LIST(listener, auth.at, auth.len),
      .choices = "mtls scram-sha-256 scram-sha-512 plain oauthbearer gssapi", .example = "[scram-sha-512, oauthbearer]",
      .doc = "How clients of this listener prove who they are: by a certificate (mtls), a user and password (SCRAM, plain), a "
             "token (oauthbearer) or a Kerberos ticket (gssapi). Of several ways to log in a client chooses one; with mtls beside "
             "them it needs a certificate too, and its name is that of the login. Without `auth` anybody is let in." },
    { .name = "reauth", .kind = F_MS, AT(listener, reauth), .min = 10 * SECOND, .max = 365 * 24 * HOUR, .unit = "ms",
      .example = "1h", .doc = "Clients must log in again after this time, or when their token ends, whichever comes first "
             "(connections.max.reauth.ms). Without it a login lasts as long as its connection." },
    { .name = "principalRules", .kind = F_STRS, .flags = OR_ONE, LIST(listener, principal_rules.at, principal_rules.len),
      .example = "[\"RULE:^.*OU=([^,]+).*$/$1/L\", DEFAULT]",
      .doc = "mtls: rules that make a user's name of the subject of a certificate (ssl.principal.mapping.rules). The first that fits "
             "counts; DEFAULT is the whole subject. Default: the common name." },
    { .name = NULL }
};

static const struct type listener_type = { .name = "listeners", .size = sizeof(struct listener),
    .fields = listener_fields };

static const struct field exporter_fields[] = {
    { .name = "port", .kind = F_INT, AT(exporter, port), .min = 1024, .max = 65535, .def = "9404",
      .doc = "Port of /metrics on every Kafka and ZooKeeper pod." },
    { .name = "image", .kind = F_STR, AT(exporter, image), .example = "mirror.example.com/jmx-exporter:1.6.0",
      .doc = "Image that the JMX exporter's agent jar is taken from. Not needed when the Kafka image holds it (strimzi)." },
    { .name = "jar", .kind = F_STR, AT(exporter, jar), .example = "/opt/jmx_prometheus_javaagent.jar",
      .doc = "Path of the agent jar in the image that holds it." },
    { .name = "source", .kind = F_ENUM, AT(exporter, source), .choices = "auto image volume copy", .def = "auto",
      .doc = "image: the jar is in the Kafka image; volume: `image` is mounted (Kubernetes 1.35); copy: an init container "
             "copies it. auto: image for strimzi, else volume where it works (not on OpenShift), else copy." },
    { .name = NULL }
};

static const struct type exporter_type = { .name = "exporter", .size = sizeof(struct exporter),
    .fields = exporter_fields, .short_for = "image" };

static const struct field lag_exporter_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(lag_exporter, enabled), .def = "present",
      .doc = "Run a consumer lag exporter beside the cluster." },
    { .name = "image", .kind = F_STR, AT(lag_exporter, image), .def = "danielqsj/kafka-exporter:v1.9.0",
      .doc = "Image of kafka_exporter." },
    { .name = "user", .kind = F_STR, AT(lag_exporter, user), .example = "lag-exporter",
      .doc = "Entry of `users` that it is, where clients log in: by certificate, SCRAM or PLAIN, with `admin: [describe]` where rules "
             "count. Its password is read from the mounted Secret, and must not begin with '-', '@' or '#'." },
    { .name = "secret", .kind = F_STR, AT(lag_exporter, secret), .example = "lag-exporter-tls",
      .doc = "Secret with ca.crt, and tls.crt and tls.key where the listener asks for a certificate. Left out: the trusted certificates "
             "come from the Secret of the nodes, its own from <name>-user-<user>-tls, which `gregor build --secrets` or a Certificate "
             "of cert-manager makes." },
    { .name = "cpu", .kind = F_CPU, AT(lag_exporter, cpu), .min = 10, .max = 16000, .unit = "millicores", .def = "50m",
      .doc = "Requested processors." },
    { .name = "memory", .kind = F_BYTES, AT(lag_exporter, memory), .min = 16 * MiB, .max = 64 * GiB, .unit = "bytes",
      .def = "64Mi", .doc = "Requested memory." },
    { .name = "limits", .kind = F_OBJECT, AT(lag_exporter, limits), .type = &limits_type, .doc = "Resource limits." },
    { .name = NULL }
};

static const struct type lag_exporter_type = { .name = "lagExporter", .size = sizeof(struct lag_exporter),
    .fields = lag_exporter_fields, .short_for = "enabled" };

static const struct field monitoring_fields[] = {
    { .name = "prometheus", .kind = F_ENUM, AT(monitoring, prometheus), .choices = "none annotations monitors",
      .def = "none",
      .doc = "annotations: prometheus.io/* on the pods; monitors: PodMonitor and ServiceMonitor objects of the Prometheus "
             "operator. Both run the JMX exporter in every pod." },
    { .name = "exporter", .kind = F_OBJECT, AT(monitoring, exporter), .type = &exporter_type,
      .doc = "The JMX exporter agent." },
    { .name = "rules", .kind = F_BOOL, AT(monitoring, rules), .def = "false",
      .doc = "Emit a PrometheusRule whose thresholds come from this description (needs the Prometheus operator)." },
    { .name = "interval", .kind = F_MS, AT(monitoring, interval), .min = 1 * SECOND, .max = 1 * HOUR, .unit = "ms",
      .def = "30s", .doc = "Scrape interval of the monitors." },
    { .name = "labels", .kind = F_LABELS, AT(monitoring, labels), .example = "{release: prometheus}",
      .doc = "Labels of monitors and rules, for a Prometheus that selects by them." },
    { .name = "lagExporter", .kind = F_OBJECT, AT(monitoring, lag), .type = &lag_exporter_type,
      .doc = "Consumer lag exporter; `true` is short for `{enabled: true}`." },
    { .name = NULL }
};

static const struct type monitoring_type = { .name = "monitoring", .size = sizeof(struct monitoring),
    .fields = monitoring_fields, .short_for = "prometheus" };

static const struct field logging_fields[] = {
    { .name = "root", .kind = F_STR, AT(logging, root), .choices = "TRACE DEBUG INFO WARN ERROR FATAL OFF",
      .def = "INFO", .doc = "Level of the root logger." },
    { .name = "loggers", .kind = F_TEXTS, AT(logging, loggers), .example = "{kafka.request.logger: WARN}",
      .doc = "Levels of single loggers." },
    { .name = NULL }
};

static const struct type logging_type = { .name = "logging", .size = sizeof(struct logging), .fields = logging_fields,
    .short_for = "root" };

static const struct field client_fields[] = {
    { .name = "namespace", .kind = F_NAME, AT(client, namespace_), .example = "shop",
      .doc = "Namespace whose pods may connect. Default: the cluster's own." },
    { .name = "pods", .kind = F_LABELS, AT(client, pods), .example = "{app: checkout}",
      .doc = "Only pods with these labels." },
    { .name = "cidr", .kind = F_STR, AT(client, cidr), .example = "10.20.0.0/16",
      .doc = "A network instead of a namespace." },
    { .name = "listeners", .kind = F_STRS, LIST(client, listeners.at, listeners.len), .example = "[internal]",
      .doc = "Listeners they may use. Default: all client listeners." },
    { .name = NULL }
};

static const struct type client_type = { .name = "networkPolicy.clients", .size = sizeof(struct client),
    .fields = client_fields };

static const struct field destination_fields[] = {
    { .name = "namespace", .kind = F_NAME, AT(destination, namespace_), .example = "keycloak",
      .doc = "Namespace whose pods may be reached. Default: the cluster's own." },
    { .name = "pods", .kind = F_LABELS, AT(destination, pods), .example = "{app: keycloak}",
      .doc = "Only pods with these labels." },
    { .name = "cidr", .kind = F_STR, AT(destination, cidr), .example = "10.30.0.0/16",
      .doc = "A network instead of a namespace." },
    { .name = "port", .kind = F_INT, .flags = REQUIRED, AT(destination, port), .min = 1, .max = 65535, .example = "443",
      .doc = "Port there: of the pods, not of a Service before them." },
    { .name = NULL }
};

static const struct type destination_type = { .name = "networkPolicy.destinations", .size = sizeof(struct destination),
    .fields = destination_fields };

static const struct field network_policy_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(network_policy, enabled), .def = "present",
      .doc = "Emit NetworkPolicies: who may reach which port of the cluster's pods." },
    { .name = "clients", .kind = F_OBJECTS, LIST(network_policy, clients, client_count), .type = &client_type,
      .doc = "Who may connect to the client listeners. Without any, everybody may." },
    { .name = "egress", .kind = F_BOOL, AT(network_policy, egress), .def = "false",
      .doc = "Also limit where the pods may go: DNS, each other, and `destinations`." },
    { .name = "destinations", .kind = F_OBJECTS, LIST(network_policy, destinations, destination_count),
      .type = &destination_type, .example = "[{namespace: keycloak, port: 8443}]",
      .doc = "With `egress`: what brokers and controllers may reach besides, such as an OAuth server, LDAP, or tiered storage." },
    { .name = "monitoringNamespace", .kind = F_NAME, AT(network_policy, monitoring_namespace), .example = "monitoring",
      .doc = "Namespace that may scrape the metrics ports. Default: every namespace." },
    { .name = NULL }
};

static const struct type network_policy_type = { .name = "networkPolicy", .size = sizeof(struct network_policy),
    .fields = network_policy_fields, .short_for = "enabled" };

static const struct field budget_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(budget, enabled), .def = "true",
      .doc = "Emit PodDisruptionBudgets, separate for brokers, controllers and ZooKeeper." },
    { .name = "maxUnavailable", .kind = F_INT, .flags = MAY_BE_AUTO, AT(budget, max_unavailable), .min = 0, .max = 100,
      .def = "auto",
      .doc = "Brokers that a node drain may take at once. auto: replication factor minus min.insync.replicas. Controllers "
             "and ZooKeeper always keep their quorum." },
    { .name = NULL }
};

static const struct type budget_type = { .name = "disruptionBudget", .size = sizeof(struct budget),
    .fields = budget_fields, .short_for = "maxUnavailable" };

static const struct field storage_class_fields[] = {
    { .name = "name", .kind = F_STR, .flags = REQUIRED, AT(storage_class, name), .example = "fast",
      .doc = "Name of the StorageClass to emit. It is not namespaced: shared by the whole Kubernetes cluster." },
    { .name = "provisioner", .kind = F_STR, AT(storage_class, provisioner), .example = "ebs.csi.aws.com",
      .doc = "CSI driver. Default: the one of `platform`." },
    { .name = "parameters", .kind = F_TEXTS, AT(storage_class, parameters), .example = "{type: gp3}",
      .doc = "Parameters of the driver. Default: those of `platform` for a fast disk." },
    { .name = "reclaimPolicy", .kind = F_ENUM, AT(storage_class, reclaim), .choices = "Retain Delete", .def = "Retain",
      .doc = "What becomes of a disk when its claim is deleted." },
    { .name = "bindingMode", .kind = F_ENUM, AT(storage_class, binding), .choices = "WaitForFirstConsumer Immediate",
      .def = "WaitForFirstConsumer",
      .doc = "When a disk is made. WaitForFirstConsumer puts it where the pod runs; Immediate may pick another zone." },
    { .name = "expandable", .kind = F_BOOL, AT(storage_class, expandable), .def = "true",
      .doc = "Claims may grow (allowVolumeExpansion)." },
    { .name = "default", .kind = F_BOOL, AT(storage_class, is_default), .def = "false",
      .doc = "Make it the default class of the Kubernetes cluster." },
    { .name = "mountOptions", .kind = F_STRS, LIST(storage_class, mount_options.at, mount_options.len),
      .example = "[noatime]", .doc = "Mount options." },
    { .name = "zones", .kind = F_STRS, LIST(storage_class, zones.at, zones.len), .example = "[eu-1a]",
      .doc = "Only make disks in these zones." },
    { .name = NULL }
};

static const struct type storage_class_type = { .name = "storageClasses", .size = sizeof(struct storage_class),
    .fields = storage_class_fields };

static const struct field images_fields[] = {
    { .name = "registry", .kind = F_STR, AT(images, registry), .example = "mirror.example.com",
      .doc = "Registry put before every image that names none, as in an air gap." },
    { .name = "pullSecrets", .kind = F_STRS, LIST(images, pull_secrets.at, pull_secrets.len), .example = "[regcred]",
      .doc = "Secrets for pulling images." },
    { .name = "pullPolicy", .kind = F_ENUM, AT(images, pull_policy), .choices = "auto IfNotPresent Always Never",
      .def = "auto", .doc = "imagePullPolicy of every container. auto leaves it to Kubernetes." },
    { .name = NULL }
};

static const struct type images_type = { .name = "images", .size = sizeof(struct images), .fields = images_fields,
    .short_for = "registry" };

static const struct field issuer_fields[] = {
    { .name = "name", .kind = F_STR, AT(issuer, name), .example = "corp-ca", .doc = "Name of the issuer." },
    { .name = "kind", .kind = F_STR, AT(issuer, kind), .def = "ClusterIssuer",
      .doc = "Issuer, ClusterIssuer, or the kind of an external issuer." },
    { .name = "group", .kind = F_STR, AT(issuer, group), .def = "cert-manager.io", .doc = "API group of an external issuer." },
    { .name = NULL }
};

static const struct type issuer_type = { .name = "issuer", .size = sizeof(struct issuer), .fields = issuer_fields,
    .short_for = "name" };

static const struct field store_password_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "kafka-stores",
      .doc = "Secret with the password; that of the stores when left out." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "password",
      .doc = "Key in the Secret: the password alone, without a line break at its end." },
    { .name = NULL }
};

static const struct type store_password_type = { .name = "tls.password", .size = sizeof(struct secret_ref),
    .fields = store_password_fields };

static const struct field tls_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(tls, enabled), .def = "present",
      .doc = "false switches TLS off that a preset has switched on." },
    { .name = "source", .kind = F_ENUM, AT(tls, source), .choices = "existing cert-manager generated", .def = "existing",
      .doc = "existing: Secrets that are there already; cert-manager: a Certificate for each StatefulSet, or each pod (see `secret`), "
             "with exactly the names that its pods and listeners have, whose renewals pods read when they are restarted; generated: "
             "files that `gregor pki` makes in `folder`, which become Secrets with `gregor build --secrets`." },
    { .name = "folder", .kind = F_STR, AT(tls, folder), .example = "pki",
      .doc = "Folder of the certificates, beside this file; with `source: generated`, pki unless another is named. Builds check the "
             "certificates in it: names, dates, chain, keys. With `source: existing` it holds copies, <secret>.crt and ca.crt, to be "
             "checked the same way. Pods restart when one of these certificates has changed." },
    { .name = "secret", .kind = F_STR, AT(tls, secret), .def = "{set}-tls", .example = "\"{name}-tls\"",
      .doc = "Secret with the certificate: {set} is the name of the StatefulSet, {name} of the cluster. With {pod}, such as "
             "\"{pod}-tls\", each pod has a Secret and a certificate of its own, for the names of that pod; a container sees no "
             "other. Pods then start when the certificates of their whole StatefulSet are there, and restart when it grows, because "
             "their one template names all the Secrets." },
    { .name = "type", .kind = F_ENUM, AT(tls, type), .choices = "pem pkcs12 jks", .def = "pem",
      .doc = "What the Secrets hold: PEM, or Java's key stores with a password (with `source: existing`)." },
    { .name = "keystore", .kind = F_STR, AT(tls, keystore), .example = "keystore.p12",
      .doc = "pkcs12, jks: key of the store with the private key and its certificates; keystore.p12 or keystore.jks when left out." },
    { .name = "truststore", .kind = F_STR, AT(tls, truststore), .example = "truststore.p12",
      .doc = "pkcs12, jks: key of the store with the trusted certificates; truststore.p12 or truststore.jks when left out." },
    { .name = "password", .kind = F_OBJECT, AT(tls, password), .type = &store_password_type, .example = "{key: store-password}",
      .doc = "pkcs12, jks: where the password of both stores is." },
    { .name = "certificate", .kind = F_STR, AT(tls, certificate), .def = "tls.crt",
      .doc = "Key of the certificate chain in the Secret, PEM, leaf first." },
    { .name = "key", .kind = F_STR, AT(tls, key), .def = "tls.key",
      .doc = "Key of the private key in the Secret: PEM in PKCS#8 (\"BEGIN PRIVATE KEY\"), the only form that Kafka reads." },
    { .name = "ca", .kind = F_STR, AT(tls, ca), .def = "ca.crt",
      .doc = "Key of the trusted certificates in the Secret, PEM." },
    { .name = "combined", .kind = F_STR, AT(tls, combined), .def = "tls-combined.pem",
      .doc = "Key of the private key followed by the certificate chain, PEM, in one: what ZooKeeper reads, and brokers for `mtls` "
             "with ZooKeeper. cert-manager writes it when asked, which gregor does." },
    { .name = "principal", .kind = F_STR, AT(tls, principal), .def = "{name}",
      .doc = "Common name (CN) of the nodes' certificates; with authorization the nodes are super users under it. {name} is the "
             "cluster, {namespace} its namespace. No client may have it; nor the nodes of another cluster whose certificates the same "
             "authority signs: where two are called alike, write \"{name}.{namespace}\"." },
    { .name = "issuer", .kind = F_OBJECT, AT(tls, issuer), .type = &issuer_type, .example = "{kind: Issuer, name: kafka-ca}",
      .doc = "Who signs; with `source: cert-manager`." },
    { .name = NULL }
};

static const struct type tls_type = { .name = "tls", .size = sizeof(struct tls), .fields = tls_fields, .short_for = "source" };

static const struct field description_fields[] = {
    { .name = "gregor", .kind = F_INT, .flags = REQUIRED, AT(description, language), .min = 1, .max = 1,
      .example = "1", .doc = "Version of this language." },
    { .name = "$schema", .kind = F_IGNORED, .doc = "For editors; without effect." },
    { .name = "name", .kind = F_NAME, .flags = REQUIRED, AT(description, name), .example = "orders",
      .doc = "Name of the cluster, the prefix of every object; at most 40 characters." },
    { .name = "namespace", .kind = F_NAME, AT(description, namespace_), .def = "default",
      .doc = "Namespace of every object. Part of every address: changing it makes another cluster." },
    { .name = "createNamespace", .kind = F_BOOL, AT(description, create_namespace), .def = "false",
      .doc = "Emit the Namespace too." },
    { .name = "clusterDomain", .kind = F_HOST, AT(description, cluster_domain), .def = "cluster.local",
      .doc = "DNS domain of the Kubernetes cluster." },
    { .name = "presets", .kind = F_STRS, LIST(description, presets.at, presets.len), .example = "[production, eks]",
      .doc = "Presets below this file, left to right; see `gregor presets`." },
    { .name = "kubernetes", .kind = F_MINOR, AT(description, kubernetes), .min = 25, .max = 36, .def = "1.34",
      .example = "\"1.34\"", .doc = "Kubernetes version to emit for; decides fields, API versions and checks." },
    { .name = "platform", .kind = F_ENUM, AT(description, platform), .choices = "generic eks gke aks openshift kind",
      .def = "generic", .doc = "Decides provisioners, security contexts and routes." },
    { .name = "images", .kind = F_OBJECT, AT(description, images), .type = &images_type,
      .doc = "Where images come from." },
    { .name = "labels", .kind = F_LABELS, AT(description, labels), .example = "{team: payments}",
      .doc = "Labels of every object and pod; never part of a selector." },
    { .name = "annotations", .kind = F_TEXTS, AT(description, annotations), .doc = "Annotations of every object." },
    { .name = "kafka", .kind = F_OBJECT, .flags = REQUIRED, AT(description, kafka), .type = &kafka_type,
      .doc = "Version and configuration." },
    { .name = "brokers", .kind = F_OBJECT, AT(description, brokers), .type = &brokers_type,
      .doc = "The default pool of brokers." },
    { .name = "controllers", .kind = F_OBJECT, AT(description, controllers), .type = &controllers_type,
      .doc = "KRaft controllers; count 0 lets the brokers be controllers too." },
    { .name = "zookeeper", .kind = F_OBJECT, AT(description, zookeeper), .type = &zookeeper_type,
      .doc = "The ZooKeeper ensemble, when kafka.metadata is zookeeper." },
    { .name = "pools", .kind = F_OBJECTS, LIST(description, pools, pool_count), .type = &extra_pool_type,
      .doc = "More pools: other disks, other machines, other configuration." },
    { .name = "listeners", .kind = F_OBJECTS, LIST(description, listeners, listener_count), .type = &listener_type,
      .doc = "What clients connect to. Default: one listener `internal` on port 9092." },
    { .name = "interBroker", .kind = F_NAME, AT(description, inter_broker), .example = "internal",
      .doc = "Listener that brokers use among themselves. Default: one of its own, `replication` on port 9091." },
    { .name = "monitoring", .kind = F_OBJECT, AT(description, monitoring), .type = &monitoring_type,
      .doc = "Prometheus." },
    { .name = "logging", .kind = F_OBJECT, AT(description, logging), .type = &logging_type, .doc = "Log levels." },
    { .name = "networkPolicy", .kind = F_OBJECT, AT(description, network_policy), .type = &network_policy_type,
      .doc = "Who may reach the cluster's pods." },
    { .name = "disruptionBudget", .kind = F_OBJECT, AT(description, budget), .type = &budget_type,
      .doc = "How many pods a node drain may take." },
    { .name = "storageClass", .kind = F_STR, AT(description, storage_class), .example = "fast",
      .doc = "StorageClass of every volume that names none of its own." },
    { .name = "storageClasses", .kind = F_OBJECTS, LIST(description, storage_classes, storage_class_count),
      .type = &storage_class_type, .doc = "StorageClasses to emit." },
    { .name = "values", .kind = F_STRS, LIST(description, values.at, values.len), .example = "[kafka.image, brokers.cpu]",
      .doc = "Fields that stay open in a Helm chart or an OpenShift Template. Without it those that are usually changed: images, cpu, "
             "memory, storage, scheduling. [] opens none." },
    { .name = "tls", .kind = F_OBJECT, AT(description, tls), .type = &tls_type,
      .example = "{source: cert-manager, issuer: corp-ca}",
      .doc = "Certificates. With it, brokers and controllers speak TLS among themselves and prove who they are by certificate; "
             "client listeners do where they say `tls: true`." },
    { .name = "sasl", .kind = F_OBJECT, AT(description, sasl), .type = &sasl_type,
      .example = "{oauthbearer: {jwks: https://sso.example.com/keys, issuer: https://sso.example.com, audience: kafka}}",
      .doc = "What the ways to log in need that listeners name in `auth`, and how brokers and controllers log in themselves." },
    { .name = "authorization", .kind = F_OBJECT, AT(description, authorization), .type = &authorization_type, .example = "acl",
      .doc = "Who decides what a user may do; `acl` is short for `{type: acl}`." },
    { .name = "superUsers", .kind = F_STRS, LIST(description, super_users.at, super_users.len), .example = "[admin]",
      .doc = "Users that may do everything: names, without `User:`." },
    { .name = "users", .kind = F_OBJECTS, LIST(description, users, user_count), .type = &user_type,
      .example = "[{name: app, produce: [orders], consume: [{topic: orders, group: billing}]}]",
      .doc = "Users: how they prove who they are, what they may do, how much of the brokers they may use." },
    { .name = "secretsFolder", .kind = F_STR, AT(description, secrets_folder), .def = "secrets", .example = "private",
      .doc = "Folder of the password files of `users`, below that of this file. `gregor users` makes the files that are missing; "
             "`gregor build --secrets` makes Secrets of them. Not for version control." },
    { .name = "externalSecrets", .kind = F_OBJECT, AT(description, external_secrets), .type = &external_secrets_type,
      .example = "{store: vault, key: \"kafka/{name}/{secret}\"}",
      .doc = "Emit an ExternalSecret (external-secrets.io/v1) for every Secret that the cluster refers to and nobody here makes." },
    { .name = "topics", .kind = F_OBJECTS, LIST(description, topics, topic_count), .type = &topic_type,
      .example = "[{name: orders, partitions: 24, replicas: 3, config: {retention.ms: 7d}}]",
      .doc = "Topics; a plain text is short for {name: ...}." },
    { .name = "adminJob", .kind = F_OBJECT, AT(description, admin_job), .type = &admin_job_type,
      .doc = "The Job that brings topics, rights, quotas and SCRAM users of the running cluster to what this file says. Its ttl, cpu and "
             "memory are also those of the Job that makes the brokers' own SCRAM user with ZooKeeper." },
    { .name = "hooks", .kind = F_STRS, LIST(description, hooks.at, hooks.len), .example = "[site.lua]",
      .doc = "Lua files below the folder of this file that customise description and output, in this order; see "
             "`gregor explain hooks`." },
    { .name = "site", .kind = F_VALUES, AT(description, site), .example = "{owner: payments, registries: [mirror.example.com]}",
      .doc = "Values for the hooks, lists and maps too, which read them as plan.site; nothing else does." },
    { .name = "include", .kind = F_INCLUDE, AT(description, include), .example = "[extra.yaml, topics/*.yaml]",
      .doc = "Files below the folder of this one with Kubernetes objects of the site, checked and emitted with the rest. Topics and "
             "users of the Amadeus operator (ConfigMaps config=kafka-topic, Deployments kafka-operator=inject-credentials) join those "
             "of this file." },
    { .name = NULL }
};

const struct type description_type = { .name = "description", .size = sizeof(struct description),
    .fields = description_fields };

static const struct field *own_field(const struct type *t, const char *name)
{
    for (const struct field *f = t->fields; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

const struct field *field_of(const struct type *t, const char *name)
{
    const struct field *f = own_field(t, name);
    return f != NULL || t->base == NULL ? f : own_field(t->base, name);
}

const struct field *field_at(const struct type *t, size_t i)
{
    size_t n = 0;
    for (; t != NULL; t = t->base)
        for (const struct field *f = t->fields; f->name != NULL; f++)
            if (n++ == i)
                return f;
    return NULL;
}

const char *field_default(enum flavour flavour, const struct field *f)
{
    return f->def_of[flavour] != NULL ? f->def_of[flavour] : f->def;
}

static const char *name_at(const void *list, size_t i)
{
    const struct field *f = field_at(list, i);
    return f == NULL ? NULL : f->name;
}

const char *field_nearest(const struct type *t, const char *name)
{
    return str_nearest(name, name_at, t);
}

static bool is_free_form(const struct field *f)
{
    return f->kind == F_CONFIG || f->kind == F_LABELS || f->kind == F_TEXTS || f->kind == F_VALUES || f->kind == F_K8S
        || f->kind == F_K8S_LIST;
}

const struct field *field_path(const char *path, const char **rest, const char **nearest)
{
    const struct type *t = &description_type;
    *rest = *nearest = NULL;
    for (;;) {
        char part[64];
        const size_t len = strcspn(path, ".");
        if (len == 0 || len >= sizeof part)
            return NULL;
        memcpy(part, path, len);
        part[len] = '\0';
        const struct field *f = field_of(t, part);
        if (f == NULL) {
            *nearest = field_nearest(t, part);
            return NULL;
        }
        path += len;
        if (*path == '\0')
            return f;
        *rest = ++path;
        if (f->type == NULL)
            return is_free_form(f) ? f : NULL;
        t = f->type;
        *rest = NULL;
    }
}
