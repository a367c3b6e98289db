/* fields_secrets.c: the rows of `externalSecrets` (fields.h). */
#include "cluster/rows.h"

#define DAY (24 * 60 * MINUTE)

static const struct field store_fields[] = {
    { .name = "kind", .kind = F_STR, AT(secret_store, kind), .choices = "ClusterSecretStore SecretStore", .def = "ClusterSecretStore",
      .doc = "ClusterSecretStore, or a SecretStore in the namespace of the cluster." },
    { .name = "name", .kind = F_STR, .flags = REQUIRED, AT(secret_store, name), .example = "vault", .doc = "Name of the store." },
    { .name = NULL }
};

static const struct type store_type = { .name = "externalSecrets.store", .size = sizeof(struct secret_store),
    .fields = store_fields, .short_for = "name" };

static const struct field external_fields[] = {
    { .name = "store", .kind = F_OBJECT, .flags = REQUIRED, AT(external_secrets, store), .type = &store_type, .example = "vault",
      .doc = "Where External Secrets reads; a plain text is short for {name: ...}." },
    { .name = "key", .kind = F_STR, AT(external_secrets, key), .def = "{namespace}/{secret}", .example = "\"kafka/{name}/{secret}\"",
      .doc = "Name of a secret in the store: {secret} is the name of the Secret, {name} of the cluster, {namespace} its namespace. "
             "Each key of the Secret is a property there." },
    { .name = "refresh", .kind = F_MS, AT(external_secrets, refresh), .min = MINUTE, .max = 365 * DAY, .unit = "ms", .def = "1h",
      .doc = "How often the store is read again." },
    { .name = NULL }
};

const struct type external_secrets_type = { .name = "externalSecrets", .size = sizeof(struct external_secrets),
    .fields = external_fields };
