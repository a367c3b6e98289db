/* k8s_walk.h: what the parts of the Kubernetes check share: where we are, how to report, how to read a value.
 * Private to the model.
 *
 * The fine path allocates nothing: a place in the object is a chain of steps on the C stack, made into text only when
 * something is reported. */
#ifndef GREGOR_MODEL_K8S_WALK_H
#define GREGOR_MODEL_K8S_WALK_H

#include "model/k8s_table.h"
#include "model/kubernetes.h"

/* One step down: a key, or an item when `key` is NULL. The first step's key is the caller's path ("" for none). */
struct k8s_step {
    const struct k8s_step *up;
    const char *key;
    uint32_t    index;
};

struct k8s_walk {
    const struct k8s_check *c;
    bool     failed;
    unsigned guesses; /* spellings guessed at so far */
    uint32_t noted;   /* bit n: a field of enum k8s_note n has been met */
};

/* Reports "'path' <fmt>" at the place of `v`; k8s_report_in() at the path's entry `key` (`v` is then the holder or the
 * entry itself, whichever has the better place). Without any place the code becomes E_INTERNAL_OBJECT.
 * What has been said of a place is not said again. Returns the finding, for a hint. */
struct diag *k8s_report(struct k8s_walk *w, enum code code, const struct val *v, const struct k8s_step *at,
                        const char *fmt, ...) __attribute__((format(printf, 5, 6)));
struct diag *k8s_report_in(struct k8s_walk *w, enum code code, const struct val *v, const struct k8s_step *at,
                           const char *key, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* Warns of what the server takes and advises against; fails nothing. Returns the finding, for a hint. */
struct diag *k8s_advise(struct k8s_walk *w, const struct val *v, const struct k8s_step *at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Returns true when the walk has met a field of that note. */
static inline bool k8s_noted(const struct k8s_walk *w, enum k8s_note note)
{
    return w->noted >> note & 1;
}

/* Returns the one that somebody wrote: `a` unless only `b` has a place. Either may be NULL. */
const struct val *k8s_written(const struct val *a, const struct val *b);

/* Returns `s`, cut when it is too long to be shown. */
const char *k8s_shown(struct k8s_walk *w, const char *s);

/* Checks one scalar by its type and, when it stands in a field, by the rules of the field (`r` may be NULL). */
void k8s_walk_scalar(struct k8s_walk *w, const struct k8s_type *t, const struct k8s_row *r, const struct val *v,
                     const struct k8s_step *at);

/* Reports two items of a list that agree in all comma-separated `keys` ("protocol" defaults to TCP, items without the
 * first key are left alone), or, when `keys` is NULL, two equal scalars of a list or two equal keys of a map. */
void k8s_walk_distinct(struct k8s_walk *w, const struct val *v, const char *keys, const struct k8s_step *at);

/* Returns the field of that name, or NULL. */
const struct k8s_row *k8s_find_row(const struct k8s_type *t, const char *name);

/* Reading values that may be typed or still the plain text of a description. */
bool k8s_int(const struct val *v, int64_t *n);      /* false when it is none; `v` may be NULL */
bool k8s_bool(const struct val *v);                 /* true only for a true */
bool k8s_is(const struct val *v, const char *text); /* a string of that text */

static inline bool k8s_given(const struct val *v)   /* is there and no null; `v` may be NULL */
{
    return v != NULL && v->kind != V_NULL && v->kind != V_NONE;
}

static inline bool k8s_filled(const struct val *v)  /* a text that is not empty; `v` may be NULL */
{
    return v != NULL && v->kind == V_STR && *v->s != '\0';
}

static inline uint32_t k8s_items(const struct val *list) /* 0 for all but lists; `list` may be NULL */
{
    return list != NULL && list->kind == V_SEQ ? list->len : 0;
}

bool k8s_has(const struct val *list, const char *text); /* a list of texts holds that one; `list` may be NULL */

/* Reads an amount of a resource in thousandths. False when it is none, or too much to be counted. */
bool k8s_amount(const struct val *v, int64_t *milli);
const char *k8s_amount_text(struct k8s_walk *w, const struct val *v);


/* Returns true when `s` is a decimal integer as JSON writes it, within int64. */
bool k8s_plain_int(const char *s, int64_t *n);

/* Returns what is wrong with `s`, or NULL. Not for the syntaxes of maps nor for SX_PORT and SX_COUNT. The others are the
 * parts it consists of; the exact forms are those of 1.36. */
const char *k8s_bad_syntax(unsigned syntax, const char *s);
const char *k8s_bad_path(unsigned syntax, const char *s);
const char *k8s_bad_schedule(const char *s);
const char *k8s_bad_time_zone(const char *s);
const char *k8s_bad_address(const char *s);
const char *k8s_bad_exact_address(const char *s);
const char *k8s_bad_cidr(const char *s);
const char *k8s_bad_exact_cidr(const char *s);
const char *k8s_bad_data_key(const char *s);

/* Returns the syntax that `minor` has where the table says `syntax`: the server became laxer or stricter over time. */
unsigned k8s_syntax_in(unsigned syntax, int minor);

/* Returns true for an address of the machine itself, 127.0.0.0/8 or ::1. */
bool k8s_is_loopback(const char *s);

/* An address range as bytes; 4 or 16 of them. Returns false when `s` is none. */
struct k8s_cidr {
    unsigned char bytes[16];
    unsigned      len, bits;
};
bool k8s_parse_cidr(const char *s, struct k8s_cidr *out);

/* How fine a quantity is. */
enum k8s_grain { KG_NONE, KG_NEGATIVE, KG_BELOW_MILLI, KG_MILLI, KG_WHOLE };
enum k8s_grain k8s_quantity_grain(const char *s);

/* Room for the canonical text of any quantity. */
#define K8S_QUANTITY_ROOM 48
/* Writes the canonical text and returns its length, 0 when `s` is no quantity. */
size_t k8s_canonical_quantity(const char *s, char out[K8S_QUANTITY_ROOM]);

/* The parts of k8s_rule_pod(): what fields that few pods have ask of the others (k8s_rules_noted.c); resources of a
 * whole pod and claims on devices (k8s_rules_resources.c). */
void k8s_check_noted(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at);
void k8s_check_pod_resources(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at);
void k8s_check_resource_claims(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at);

/* Keys of maps of resources: what is wrong with one, or NULL. */
const char *k8s_bad_resource(const char *key); /* of a container */
const char *k8s_bad_quota(const char *key);

/* Warn when `key` is a label of nodes, or an annotation, that has had its day. */
void k8s_advise_node_label(struct k8s_walk *w, const char *key, const struct val *v, const struct k8s_step *at);
void k8s_advise_annotation(struct k8s_walk *w, const char *key, const struct val *v, const struct k8s_step *at);

/* Reports mounts of a pod's containers that name neither a volume of it nor one of the claim templates (or NULL). */
void k8s_check_mounts(struct k8s_walk *w, const struct val *pod, const struct val *claims, const struct k8s_step *at);

#define RULE(type, function) k8s_rule k8s_rule_##function;
#include "model/k8s_rules.def"
#undef RULE

#endif
