#include "cluster/rows.h"

#include "base/text.h"

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
