/* fields_pools.c: the part of the field table about brokers, controllers, ZooKeeper and further pools (fields.h). */
#include "cluster/rows.h"

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

const struct type limits_type = { .name = "limits", .size = sizeof(struct limits), .fields = limits_fields };

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

const struct type brokers_type = { .name = "brokers", .size = sizeof(struct pool), .fields = no_fields,
    .base = &pool_type, .flavour = FL_BROKERS };
const struct type controllers_type = { .name = "controllers", .size = sizeof(struct pool), .fields = no_fields,
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

const struct type zookeeper_type = { .name = "zookeeper", .size = sizeof(struct zookeeper),
    .fields = zookeeper_fields, .base = &pool_type, .flavour = FL_ZOOKEEPER };

static const struct field extra_pool_fields[] = {
    { .name = "name", .kind = F_NAME, .flags = REQUIRED, AT(pool, name), .example = "archive",
      .doc = "Name of the pool; its pods are called <cluster>-<name>-<n>." },
    { .name = "roles", .kind = F_STRS, LIST(pool, roles.at, roles.len), .choices = "broker controller", .def = "[broker]",
      .doc = "What the pods are: broker, controller, or both (KRaft)." },
    { .name = NULL }
};

const struct type extra_pool_type = { .name = "pools", .size = sizeof(struct pool),
    .fields = extra_pool_fields, .base = &pool_type, .flavour = FL_POOLS };
