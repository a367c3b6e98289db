/* k8s_table.h: the shape of the tables that generate/kubernetes_model.c makes from stdlib/kubernetes/schema.txt.
 * Private to the Kubernetes model; also read by the generator, so it includes nothing of ours. */
#ifndef GREGOR_MODEL_K8S_TABLE_H
#define GREGOR_MODEL_K8S_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct k8s_step;
struct k8s_walk;
struct val;

/* A rule that looks at one whole object of a type (k8s_rules.def). */
typedef void k8s_rule(struct k8s_walk *w, const struct val *v, const struct k8s_step *at);

/* What a type is. Scalars are types without fields. */
enum k8s_form {
    K8S_OBJECT, K8S_ANY, K8S_STRING, K8S_INT32, K8S_INT64, K8S_BOOL, K8S_QUANTITY, K8S_INT_OR_STRING, K8S_BASE64,
    K8S_PROMDURATION
};

/* The words behind syntax= and name= in schema.txt; k8s_syntax.c says what each means. */
enum k8s_syntax {
    SX_NONE, SX_LABEL, SX_LABEL_OR_EMPTY, SX_LABEL_VALUE, SX_SERVICE, SX_SERVICE_OR_EMPTY, SX_SUBDOMAIN, SX_SUBDOMAIN_OR_EMPTY,
    SX_STATEFULSET, SX_CRONJOB, SX_SEGMENT, SX_LABEL_KEY, SX_LABEL_KEY_OR_EMPTY, SX_QUALIFIED, SX_FINALIZER, SX_DRIVER, SX_ENV,
    SX_ENV_OR_EMPTY, SX_PORT_NAME, SX_PORT, SX_COUNT, SX_TRIMMED, SX_DATA_KEY, SX_HEADER, SX_KIND, SX_RESOURCE, SX_SYSCTL,
    SX_FIELD,
    SX_RELATIVE, SX_LOCAL, SX_STRAIGHT, SX_ABSOLUTE, SX_DOMAIN_PATH, SX_GROUP_VERSION, SX_ROUTE_HOST, SX_WILDCARD_HOST,
    SX_ROUTED_HOST, SX_SEARCH, SX_CRON, SX_TIME_ZONE, SX_CIDR, SX_IP,
    SX_ENV_PRINTABLE, SX_PRINTABLE_OR_EMPTY, SX_SEARCH_UNDERSCORE, SX_CIDR_EXACT, SX_IP_EXACT, /* for k8s_syntax_in() */
    SX_LABELS, SX_NODE_LABELS, SX_ANNOTATIONS, SX_DATA_KEYS, SX_RESOURCES, SX_AMOUNTS, SX_QUOTAS /* of maps */
};

/* The words behind note= in schema.txt: fields that few objects have, which make the rule of an outer type look closer. */
enum k8s_note {
    NOTE_NONE, NOTE_SLEEP, NOTE_DEADLINE, NOTE_HOST_IP, NOTE_HOST_PORT, NOTE_HOST_NETWORK, NOTE_HOST_PID, NOTE_HOST_USERS,
    NOTE_DEVICES, NOTE_MOUNTS, NOTE_PROC_MOUNT, NOTE_CLAIMS, NOTE_FILE_KEY, NOTE_RESTART_RULES, NOTE_POD_RESOURCES, NOTE_SYSCTLS, NOTE_GATES, NOTE_OS,
    NOTE_DNS_POLICY, NOTE_EPHEMERAL, NOTE_SERVICE
};

/* Flags of a field. */
enum {
    KR_NONEMPTY = 1,
    KR_SET      = 2,  /* a list of distinct scalars */
    KR_RETAIN   = 4,  /* a merged item keeps only the keys the patch names */
    KR_SERVER   = 8   /* written by the cluster, never by us */
};

/* One field of one type. Fields stand in the order of their names; bit i of the masks of a type is its field i. */
struct k8s_row {
    const char *name;
    const char *merge;        /* strategic merge key, or NULL */
    const char *keys;         /* comma-separated keys that make list items distinct, or NULL */
    const char *values;       /* "A|B", a trailing '*' stands for any ending; or NULL */
    int64_t     min, max;     /* of a number: its own bounds or those of its type */
    uint16_t    type;         /* index into k8s_types */
    uint8_t     len;          /* of the name */
    uint8_t     shape;        /* K8S_ONE, K8S_LIST, K8S_MAP */
    uint8_t     since, last;  /* minors, inclusive; 0 and 255 without a bound */
    uint8_t     flags, syntax;
    uint8_t     items, most;  /* bounds of a list's length; most 0: none */
    uint8_t     note;         /* enum k8s_note */
    uint8_t     easy;         /* kind of a value, item or entry (tree.h) that is fine when it was not written plain, or 0;
                                 a number must also be within min and max */
};

/* One kind of whole objects. */
struct k8s_kind {
    const char *api_version, *kind;
    uint16_t    type;
    bool        namespaced;
    uint8_t     name;         /* syntax of metadata.name */
};

struct k8s_type {
    const char             *name;
    const struct k8s_row   *rows;
    const uint8_t          *slots;    /* hash -> number of the field, 255: none */
    uint64_t                required, one, most; /* masks of fields; `one`: exactly one of them, `most`: at most one */
    k8s_rule               *rule;     /* or NULL */
    const struct k8s_kind  *kind;     /* or NULL */
    uint32_t                factor;   /* of the hash: no two fields of the type meet */
    uint8_t                 shift, count, form;
};

extern const struct k8s_type  k8s_types[];  /* sorted by name */
extern const struct k8s_kind  k8s_kinds[];  /* sorted by kind; no kind stands twice */
extern const unsigned         k8s_type_count, k8s_kind_count;

/* Five letters and the length tell the fields of every type apart (the generator proves it). `len` is not 0. */
static inline uint32_t k8s_mix(const char *key, uint32_t len)
{
    uint32_t h = (unsigned char)key[0];
    h = h * 31 + (unsigned char)key[1];
    h = h * 31 + (unsigned char)key[len / 2];
    h = h * 31 + (unsigned char)key[len * 2 / 3];
    h = h * 31 + (unsigned char)key[len - 1];
    return h * 31 + len;
}

#endif
