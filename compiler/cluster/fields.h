/* fields.h: the one field table. A row is the only place that knows a field: loading, ranges, defaults, `explain`, the
 * JSON Schema, `--set`, completion and the fuzz dictionary read it. A unit test checks that rows are unique and documented. */
#ifndef GREGOR_CLUSTER_FIELDS_H
#define GREGOR_CLUSTER_FIELDS_H

#include "cluster/description.h"

enum field_kind {
    F_STR,     /* text */
    F_NAME,    /* RFC 1123 label */
    F_HOST,    /* host name, may hold {id}, {name}, {pod}, {zone} */
    F_ENUM,    /* one of `choices`; stored as its index in an int */
    F_BOOL,
    F_INT,
    F_BYTES,   /* a size: 500Gi; bytes */
    F_CPU,     /* 2, 500m; millicores */
    F_MS,      /* a duration: 500ms 30s 5m 12h 7d; milliseconds */
    F_RATE,    /* bytes a second: 10Mi/s */
    F_VERSION, /* text of digits and dots that YAML may take for a number */
    F_MINOR,   /* Kubernetes minor, "1.34"; the number behind the dot */
    F_STRS,    /* list of texts */
    F_CONFIG,  /* map of Kafka or ZooKeeper keys to scalars; stays a value */
    F_LABELS,  /* map of label keys to label values; stays a value */
    F_TEXTS,   /* map of keys to texts (annotations, parameters, properties); stays a value */
    F_VALUES,  /* map of keys to anything, for hooks; stays a value */
    F_K8S,     /* a value of a Kubernetes type (`schema`), typed and checked; stays a value */
    F_K8S_LIST,
    F_OBJECT,  /* a struct of `type` */
    F_OBJECTS, /* a list of such structs: pointer at `offset`, uint32_t count at `count_offset` */
    F_INCLUDE, /* files; when a field is read they have become Kubernetes objects (include.c); stays a value */
    F_LATER,   /* part of the language, not supported by this version */
    F_IGNORED  /* accepted and without effect ($schema) */
};

/* Defaults differ between the kinds of pools. */
enum flavour { FL_BROKERS, FL_CONTROLLERS, FL_ZOOKEEPER, FL_POOLS, FLAVOURS };

enum { REQUIRED = 1, MAY_BE_AUTO = 2, /* F_INT, F_BYTES: the word "auto" is AUTO */
       PARTIAL = 4,    /* F_K8S: merged into a whole later */
       OR_ONE = 8,     /* F_STRS: a single text is a list of one */
       LINES = 16      /* F_STR: may hold several lines */ };

struct type;

struct field {
    const char        *name;
    enum field_kind    kind;
    unsigned           flags;
    size_t             offset, count_offset;
    const struct type *type;     /* F_OBJECT, F_OBJECTS */
    const char        *schema;   /* F_K8S, F_K8S_LIST: definition name */
    const char        *choices;  /* F_ENUM, and F_STRS of a fixed set: blank-separated */
    const char        *def;      /* as a user would write it; NULL: none. F_BOOL "present": true when the map is written */
    const char        *def_of[FLAVOURS]; /* instead of `def`, where not NULL */
    int64_t            min, max; /* both 0: no range */
    const char        *unit;     /* of min and max as stored: "bytes", "ms", "millicores" */
    const char        *example;
    const char        *doc;      /* one or two sentences */
};

struct type {
    const char         *name;    /* as `explain` shows it */
    size_t              size;
    const struct field *fields;  /* ends with a NULL name */
    const struct type  *base;    /* more fields, at the start of the struct */
    enum flavour        flavour;
    const char         *short_for; /* a scalar written instead of the map means this field */
};

extern const struct type description_type;

/* Parts of it with files of their own: fields_<part>.c. */
extern const struct type user_type, topic_type, admin_job_type, sasl_type, authorization_type, external_secrets_type;
extern const struct type limits_type, brokers_type, controllers_type, zookeeper_type, extra_pool_type;
extern const struct type listener_type, network_policy_type;
extern const struct type monitoring_type, logging_type, tls_type;

/* Returns the row of `name`, in the type or its base, or NULL. */
const struct field *field_of(const struct type *t, const char *name);

/* Returns row `i` of the type, its own first, then its base's; NULL past the last. */
const struct field *field_at(const struct type *t, size_t i);

/* Returns the default of the row in pools of that flavour as text, or NULL. */
const char *field_default(enum flavour flavour, const struct field *f);

/* Returns the field name of the type nearest to `name`, or NULL when none is close. */
const char *field_nearest(const struct type *t, const char *name);

/* Follows a dotted path without list numbers ("listeners.port", "brokers.storage.size"). Returns NULL when there is no such
 * field; then `*nearest` is a close name or NULL. Below a free-form field the path ends there, and `*rest` is what
 * follows it ("num.partitions" of "kafka.config.num.partitions"); else `*rest` is NULL. */
const struct field *field_path(const char *path, const char **rest, const char **nearest);

#endif
