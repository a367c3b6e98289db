/* krm.h: gregor as a KRM function (EC 2.2): a ResourceList in, the same list with the objects of a cluster out.
 *
 * What is not ours passes through with its data untouched, numbers as they were spelt. Objects that an earlier run made for this
 * cluster carry KRM_CLUSTER with its namespace and name: they are replaced, and those that the result does not have are left out, which
 * is how a function deletes. */
#ifndef GREGOR_PACK_KRM_H
#define GREGOR_PACK_KRM_H

#include "pack/pack.h"

#define KRM_GROUP   "gregor.dev"
#define KRM_VERSION "gregor.dev/v1"
#define KRM_KIND    "KafkaCluster"
#define KRM_CLUSTER "gregor.dev/cluster" /* annotation: "namespace/name" */

struct krm {
    struct ctx      *cx;
    uint16_t         file;        /* the list, or the configuration alone */
    struct val       list;        /* as read */
    const struct val *items, *config, *results; /* in `list`; NULL: not there */
    struct val       description; /* what the configuration says, to be compiled; V_NONE: `text` is */
    const char      *text;        /* the same as text of a ConfigMap */
    size_t           text_len;
    struct strs      sets;        /* "path=value" of a ConfigMap; ends with NULL */
};

/* True when a text is a ResourceList, as far as its first lines tell. */
bool krm_is_list(const char *text, size_t len);

/* Takes a ResourceList apart. Returns false when something was reported; k->items is then NULL and no list can be written. */
bool krm_read_list(struct krm *k);

/* The same of a file that holds a configuration alone. */
bool krm_read_config(struct krm *k);

/* Finds the description in the configuration: spec of our own kind, or data of a ConfigMap ("description", anything else a value for
 * --set). Returns false when something was reported. */
bool krm_describe(struct krm *k);

/* Refuses items of others that are objects of the cluster too. */
bool krm_check(struct krm *k, const struct compiled *made);

/* Appends the list that leaves: with the objects of `made`, or, when that is NULL, with the items as they came; and with the findings
 * as results. */
void krm_print(struct krm *k, const struct compiled *made, struct text *out);

#endif
