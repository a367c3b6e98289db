/* fields_users.c: the rows of `users`, `topics` and `adminJob` (fields.h). */
#include "cluster/rows.h"

/* ---- what a user may do ------------------------------------------------------------------------------------- */

static const struct field topic_rule_fields[] = {
    { .name = "topic", .kind = F_STR, .flags = REQUIRED, AT(topic_rule, topic), .example = "orders",
      .doc = "Name of the topic; \"*\" is every topic." },
    { .name = "prefix", .kind = F_BOOL, AT(topic_rule, prefix), .def = "false",
      .doc = "Every topic whose name begins with `topic`, also those to come." },
    { .name = NULL }
};

static const struct type produce_type = { .name = "users.produce", .size = sizeof(struct topic_rule),
    .fields = topic_rule_fields, .short_for = "topic" };
static const struct type manage_type = { .name = "users.manage", .size = sizeof(struct topic_rule),
    .fields = topic_rule_fields, .short_for = "topic" };

static const struct field consume_fields[] = {
    { .name = "topic", .kind = F_STR, .flags = REQUIRED, AT(consume_rule, topic), .example = "orders",
      .doc = "Name of the topic; \"*\" is every topic." },
    { .name = "prefix", .kind = F_BOOL, AT(consume_rule, prefix), .def = "false",
      .doc = "Every topic whose name begins with `topic`, also those to come." },
    { .name = "group", .kind = F_STR, AT(consume_rule, group), .example = "billing",
      .doc = "Consumer group; \"*\" is every group. Default: `group` of the user." },
    { .name = "groupPrefix", .kind = F_BOOL, AT(consume_rule, group_prefix), .def = "false",
      .doc = "Every group whose name begins with `group`." },
    { .name = NULL }
};

static const struct type consume_type = { .name = "users.consume", .size = sizeof(struct consume_rule),
    .fields = consume_fields, .short_for = "topic" };

static const struct field transactional_fields[] = {
    { .name = "id", .kind = F_STR, .flags = REQUIRED, AT(transactional_rule, id), .example = "billing-tx",
      .doc = "The transactional.id of the producer; \"*\" is every one." },
    { .name = "prefix", .kind = F_BOOL, AT(transactional_rule, prefix), .def = "false",
      .doc = "Every id that begins with `id`, as streams applications need." },
    { .name = NULL }
};

static const struct type transactional_type = { .name = "users.transactional", .size = sizeof(struct transactional_rule),
    .fields = transactional_fields, .short_for = "id" };

static const struct field acl_fields[] = {
    { .name = "resource", .kind = F_ENUM, AT(acl, resource),
      .choices = "topic group cluster transactional-id delegation-token user", .def = "topic",
      .doc = "What the rule is about." },
    { .name = "name", .kind = F_STR, AT(acl, name), .example = "orders",
      .doc = "Name of the resource; \"*\" is every one. Not for the cluster, which has only one name." },
    { .name = "pattern", .kind = F_ENUM, AT(acl, pattern), .choices = "literal prefixed", .def = "literal",
      .doc = "literal: the resource of that name; prefixed: all that begin with it." },
    { .name = "operations", .kind = F_STRS, .flags = REQUIRED | OR_ONE, LIST(acl, operations.at, operations.len),
      .choices = "all read write create delete alter describe cluster-action describe-configs alter-configs idempotent-write "
                 "create-tokens describe-tokens two-phase-commit",
      .example = "[read, describe]", .doc = "Operations that are allowed or denied." },
    { .name = "host", .kind = F_STR, AT(acl, host), .def = "*", .example = "10.0.0.7",
      .doc = "Address that the client comes from; \"*\" is any." },
    { .name = "permission", .kind = F_ENUM, AT(acl, permission), .choices = "allow deny", .def = "allow",
      .doc = "A rule that denies beats any that allows." },
    { .name = NULL }
};

static const struct type acl_type = { .name = "users.acls", .size = sizeof(struct acl), .fields = acl_fields };

/* ---- users ------------------------------------------------------------------------------------------------------ */

static const struct field password_fields[] = {
    { .name = "secret", .kind = F_STR, AT(password, secret), .example = "app-kafka",
      .doc = "Secret in the namespace of the cluster that holds the password: one line, without a line break at its end. "
             "client.properties and brokers with PLAIN put it between quotes as it is, so it holds no quote and no backslash; `file` takes any." },
    { .name = "key", .kind = F_STR, AT(password, key), .def = "password", .doc = "Key in the Secret." },
    { .name = "file", .kind = F_STR, AT(password, file), .example = "app",
      .doc = "File that holds the password on this side; its Secret is made from it." },
    { .name = NULL }
};

static const struct type password_type = { .name = "users.password", .size = sizeof(struct password),
    .fields = password_fields }; /* no short form: whoever writes `password: x` means a password */

static const struct field quota_fields[] = {
    { .name = "produce", .kind = F_RATE, AT(quota, produce), .min = 1, .max = 1024 * TiB, .unit = "bytes a second",
      .example = "10Mi/s", .doc = "Bytes a second that the user may write through each broker (producer_byte_rate)." },
    { .name = "consume", .kind = F_RATE, AT(quota, consume), .min = 1, .max = 1024 * TiB, .unit = "bytes a second",
      .example = "20Mi/s", .doc = "Bytes a second that the user may read through each broker (consumer_byte_rate)." },
    { .name = "request", .kind = F_INT, AT(quota, request), .min = 1, .max = 1000000, .unit = "percent", .example = "50",
      .doc = "Share of each broker's request and network threads, in percent of one thread (request_percentage)." },
    { .name = "controllerMutations", .kind = F_INT, AT(quota, mutations), .min = 1, .max = 1000000, .example = "10",
      .doc = "Partitions that the user may create or delete a second (controller_mutation_rate)." },
    { .name = NULL }
};

static const struct type quota_type = { .name = "users.quota", .size = sizeof(struct quota), .fields = quota_fields };

static const struct field user_fields[] = {
    { .name = "name", .kind = F_STR, .flags = REQUIRED, AT(user, name), .example = "app",
      .doc = "Name of the user, in rules and quotas User:<name>. With a certificate: its common name (CN)." },
    { .name = "auth", .kind = F_STR, AT(user, auth), .choices = "scram-sha-512 scram-sha-256 plain mtls oauthbearer gssapi",
      .example = "scram-sha-512",
      .doc = "How the user proves who it is. Default: what the first client listener with `auth` asks for first. `mtls` "
             "counts where it stands alone: beside a login the login names the client." },
    { .name = "password", .kind = F_OBJECT, AT(user, password), .type = &password_type,
      .example = "{secret: app-kafka, key: password}",
      .doc = "Where the password is: a key of a Secret, or a file; never the password itself." },
    { .name = "produce", .kind = F_OBJECTS, LIST(user, produce, produce_count), .type = &produce_type,
      .example = "[orders, {topic: audit-, prefix: true}]",
      .doc = "Topics to write to: Write and Describe. Producers may be idempotent with that." },
    { .name = "consume", .kind = F_OBJECTS, LIST(user, consume, consume_count), .type = &consume_type,
      .example = "[{topic: orders, group: billing}]",
      .doc = "Topics to read in a consumer group: Read and Describe of the topic, Read of the group." },
    { .name = "group", .kind = F_STR, AT(user, group), .example = "billing",
      .doc = "Consumer group of the entries of `consume` that name none." },
    { .name = "transactional", .kind = F_OBJECTS, LIST(user, transactional, transactional_count),
      .type = &transactional_type, .example = "[billing-tx]",
      .doc = "Transactional ids to produce with: Write and Describe." },
    { .name = "manage", .kind = F_OBJECTS, LIST(user, manage, manage_count), .type = &manage_type,
      .example = "[{topic: team-, prefix: true}]",
      .doc = "Topics to create, delete, alter and configure, without the right to read or write them." },
    { .name = "admin", .kind = F_STRS, .flags = OR_ONE, LIST(user, admin.at, admin.len),
      .choices = "describe topics groups cluster", .example = "[topics, groups]",
      .doc = "Rights over everything of a kind. describe: see all topics, groups, configuration; topics: create, delete, alter; "
             "groups: see and delete, and reset those whose topics the user may read; cluster: alter the cluster itself, also its users, "
             "rights and quotas." },
    { .name = "acls", .kind = F_OBJECTS, LIST(user, acls, acl_count), .type = &acl_type,
      .example = "[{resource: topic, name: orders, operations: [read], permission: deny}]",
      .doc = "Single rules, for what the words above do not say." },
    { .name = "quota", .kind = F_OBJECT, AT(user, quota), .type = &quota_type, .example = "{produce: 10Mi/s}",
      .doc = "How much of the brokers the user may use." },
    { .name = "state", .kind = F_ENUM, AT(user, state), .choices = "present absent", .def = "present",
      .doc = "absent removes the user's SCRAM credentials, rules and quotas. An entry that is gone removes nothing." },
    { .name = NULL }
};

const struct type user_type = { .name = "users", .size = sizeof(struct user), .fields = user_fields, .short_for = "name" };

/* ---- topics ----------------------------------------------------------------------------------------------------- */

static const struct field topic_fields[] = {
    { .name = "name", .kind = F_STR, .flags = REQUIRED, AT(topic, name), .example = "orders", .doc = "Name of the topic." },
    { .name = "partitions", .kind = F_INT, AT(topic, partitions), .min = 1, .max = 100000, .example = "24",
      .doc = "Partitions. May grow, never shrink. Default: the brokers' num.partitions when the topic is created." },
    { .name = "replicas", .kind = F_INT, AT(topic, replicas), .min = 1, .max = 1000, .example = "3",
      .doc = "Copies of each partition when the topic is created. Default: the brokers' default.replication.factor." },
    { .name = "config", .kind = F_CONFIG, AT(topic, config), .example = "{retention.ms: 7d}",
      .doc = "Configuration of the topic, checked against the model of exactly this version." },
    { .name = "state", .kind = F_ENUM, AT(topic, state), .choices = "present absent", .def = "present",
      .doc = "absent deletes the topic and its data. An entry that is gone deletes nothing." },
    { .name = NULL }
};

const struct type topic_type = { .name = "topics", .size = sizeof(struct topic), .fields = topic_fields, .short_for = "name" };

/* ---- the Job ------------------------------------------------------------------------------------------------------ */

static const struct field admin_job_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(admin_job, enabled), .def = "true",
      .doc = "Emit the Job when there are topics, or users with something to bring to the cluster." },
    { .name = "schedule", .kind = F_STR, AT(admin_job, schedule), .example = "\"0 * * * *\"",
      .doc = "Emit a CronJob with this schedule instead: it also repairs what somebody changed by hand." },
    { .name = "exact", .kind = F_BOOL, AT(admin_job, exact), .def = "false",
      .doc = "Also remove what topics and users of this file have beyond it: topic configuration, rules, quotas. Without it the "
             "Job prints them and leaves them alone." },
    { .name = "ttl", .kind = F_MS, AT(admin_job, ttl), .min = 60000, .max = 24 * 365 * HOUR, .unit = "ms", .example = "1d",
      .doc = "How long a finished Job stays. Default: until somebody deletes it. A GitOps tool makes a Job that is gone again." },
    { .name = "cpu", .kind = F_CPU, AT(admin_job, cpu), .min = 10, .max = 16000, .unit = "millicores", .def = "200m",
      .doc = "Requested processors." },
    { .name = "memory", .kind = F_BYTES, AT(admin_job, memory), .min = 256 * MiB, .max = 64 * GiB, .unit = "bytes",
      .def = "512Mi", .doc = "Requested memory, and its limit." },
    { .name = NULL }
};

const struct type admin_job_type = { .name = "adminJob", .size = sizeof(struct admin_job), .fields = admin_job_fields,
    .short_for = "enabled" };
