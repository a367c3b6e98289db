/* kubernetes.h: what each Kubernetes minor's API accepts: the fields of every kind gregor emits or passes through, with type,
 * life time, enumeration, list keys, and the rules the published schema lacks (REL 0). Read-only tables made from
 * stdlib/kubernetes at build time; nothing is built at start. */
#ifndef GREGOR_MODEL_KUBERNETES_H
#define GREGOR_MODEL_KUBERNETES_H

#include "base/ctx.h"

/* A minor as one number: "1.34" is 34. */
#define KUBERNETES_OLDEST 25
#define KUBERNETES_NEWEST 36

struct k8s_type;

/* Returns the type of a whole object ("apps/v1", "StatefulSet"), or NULL when that kind does not exist in `minor`. */
const struct k8s_type *k8s_kind(const char *api_version, const char *kind, int minor);

/* Returns the apiVersion under which a kind of that name is known ("apps/v1"), or NULL. */
const char *k8s_api_version(const char *kind);

/* True for a group of Kubernetes' own ("v1", "apps/v1", "storage.k8s.io/v1"): a kind that it does not have does not exist. Others are
 * custom resources, also below k8s.io. */
bool k8s_own_group(const char *api_version);

/* True for what may exist though no type is known of it: a custom resource, an alpha version, a kind of Kubernetes' own that is not
 * modelled and that `minor` serves (k8s_kinds.def). The other returns the best apiVersion of such a kind, or NULL. */
bool        k8s_kind_unmodelled(const char *api_version, const char *kind, int minor);
const char *k8s_kind_unmodelled_version(const char *kind, int minor);

/* Returns the known kind nearest to `kind`, or NULL when none is close. */
const char *k8s_nearest_kind(const char *kind);

/* Returns true when whole objects of that type live in a namespace. */
bool k8s_namespaced(const struct k8s_type *type);

/* Returns a type by the short name of its definition ("core.v1.PodTemplateSpec", "core.v1.Toleration"), or NULL. */
const struct k8s_type *k8s_type(const char *name);

/* How a field of a type behaves; what merging and checking need to know. */
struct k8s_field {
    const char *name;
    const char *list_key;          /* strategic merge key of a list of maps ("name", "containerPort"), or NULL: replaced */
    const struct k8s_type *type;   /* of the value, of each item, or of each map value */
    uint8_t shape;                 /* K8S_ONE, K8S_LIST, K8S_MAP */
    uint8_t since, last;           /* minors, inclusive; 0 and 255 without a bound */
};
enum { K8S_ONE, K8S_LIST, K8S_MAP };

/* Returns false when `type` has no such field in any minor. */
bool k8s_field(const struct k8s_type *type, const char *name, struct k8s_field *out);

/* Checks a value against a type for one minor: unknown fields (with did-you-mean), wrong types, fields newer or older than the
 * minor, missing required fields, enumerations, and the rules that hold inside one object (unique names and ports, requests
 * within limits, selector matching the template, probe with one action, label and name syntax, quantities ...).
 * Findings stand at the value's own place; when it has none (an emitted object), at `fallback`, and the message names
 * `where` ("StatefulSet/orders-broker") and the path. `partial` is for fragments that are merged into a whole later:
 * required fields are then not missed. Returns false when an error was reported. */
/* Without any place at all the finding is a fault of gregor: E_INTERNAL_OBJECT. */
/* Starts zeroed. What has been found out about texts, by their addresses: emitters write the same literals and hang the same
 * labels into many objects. Texts must stay as they are while it is used. */
enum { K8S_MEMO = 256 };
struct k8s_memo {
    struct { const void *text, *of, *known; } at[K8S_MEMO];
};
struct k8s_check {
    struct ctx *cx;
    int         minor;
    const char *where;       /* NULL: the path says enough */
    const struct val *object; /* names the object by its kind and name where `where` is NULL; or NULL */
    struct pos  fallback;
    bool        partial;
    struct k8s_memo *memo;   /* shared by the checks of one set of objects; or NULL */
};
bool k8s_check_value(const struct k8s_check *c, const struct k8s_type *type, const struct val *v, const char *path);

/* Bytes of the keys and values of a ConfigMap or a Secret (k8s.io/api/core/v1, MaxSecretSize; ValidateConfigMap takes the same). */
enum { K8S_DATA_MOST = 1048576 };

/* The hint of a finding about what gregor emits itself, at the place of a fragment that lies over it. */
#define K8S_RELIED_ON "leave what gregor relies on: this fragment removes or replaces it"

/* Scalars of a description are text: returns `v` with each scalar typed as the schema says (integers, booleans,
 * int-or-string), quantities in canonical form, places kept, null entries dropped. Call after k8s_check_value() has passed. */
struct val k8s_typed(struct arena *a, const struct k8s_type *type, struct val v);

/* Strategic merge as kubectl's: maps merge, lists with a merge key merge by it, other lists are replaced, a null in `patch`
 * removes. `base` is typed; `patch` went through k8s_typed() with nulls kept (see k8s_typed_patch). */
struct val k8s_merge(struct arena *a, const struct k8s_type *type, struct val base, struct val patch);
struct val k8s_typed_patch(struct arena *a, const struct k8s_type *type, struct val v);

/* Syntax rules shared with the description's own fields. Each returns NULL when `s` is fine, else what is wrong with it. */
const char *k8s_bad_label_name(const char *s);      /* RFC 1123 label, at most 63 */
const char *k8s_bad_subdomain(const char *s);       /* RFC 1123 subdomain, at most 253 */
const char *k8s_bad_service_name(const char *s);    /* RFC 1035 label, at most 63 */
const char *k8s_bad_label_key(const char *s);       /* qualified name */
const char *k8s_bad_label_value(const char *s);
const char *k8s_bad_env_name(const char *s);
const char *k8s_bad_port_name(const char *s);

/* Returns what YAML readers make of the plain scalar `s` ("a boolean", "a number"), NULL when it is a string to them. */
const char *k8s_reads_as(const char *s);

/* Quantities (apimachinery quantity.go). `milli` gets the value in thousandths. Returns false when `s` is none or is out of
 * range. k8s_quantity() returns the canonical text, as the API server would print it: "1536Mi", "500m", "1". */
bool k8s_parse_quantity(const char *s, int64_t *milli);
const char *k8s_quantity(struct arena *a, const char *s);

#endif
