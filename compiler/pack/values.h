/* values.h: the values of a description that stay open in a chart or a template, and where they stand in the objects.
 *
 * Nobody keeps a list of those places. The description is compiled a second time with a mark in each open field, and the objects of
 * both compilations are compared: whatever differs must be exactly a mark, or a text around one. So an open value is one that
 * decides nothing else, and with the values of the description the result is the compiled objects by construction. A field that
 * decides more (a count of brokers, memory that the heap is derived from) is not opened; asked for, it is an error that names
 * the object. All memory belongs to the arena of the context. */
#ifndef GREGOR_PACK_VALUES_H
#define GREGOR_PACK_VALUES_H

#include "compile.h"

enum value_type {
    VALUE_NAMESPACE, /* also inside of texts: it is part of every address */
    VALUE_IMAGE, VALUE_NAME, VALUE_CPU, VALUE_SIZE,
    VALUE_LABELS, VALUE_TEXTS, /* entries of a map, perhaps among others */
    VALUE_TOLERATIONS, VALUE_PULL_SECRETS
};

/* A field that can be opened. */
struct value_row {
    const char     *path;      /* "kafka.image"; of a pool or listener: below it */
    enum value_type type;
    bool            usual;     /* open unless `values` of the description says otherwise */
    size_t          at;        /* where the record keeps it */
    bool          (*applies)(const struct compiled *made, const void *record); /* NULL: always */
    const char     *otherwise; /* what to do where it does not apply */
};

/* Ends with a NULL path. */
extern const struct value_row value_rows_cluster[], value_rows_pool[], value_rows_listener[];

#define VALUE_STEPS 5

struct open_value {
    const struct value_row *row;
    const char  *path;                    /* "pools.fast.storage.size" */
    const char  *doc;                     /* of the field table */
    int64_t      min, max;                /* of the field table: millicores, bytes; both 0: no range */
    struct tree_step steps[VALUE_STEPS];  /* where it stands in the merged values */
    const char  *keys[VALUE_STEPS];       /* where it stands in a chart's values: with names in place of numbers */
    uint32_t     step_count, key_count;
    struct val   base;    /* as the objects hold it; nothing where they do not */
    struct val   mark;    /* as the description of the second compilation holds it */
    struct val   marked;  /* as its objects do */
    const char  *text;    /* unique text inside of the mark */
    struct pos   asked;   /* where `values` names it; line 0: it is usual */
    struct strs  taken;   /* keys that stand beside its entries */
    uint32_t     places;
};

/* How a value stands in the objects. */
enum value_place {
    PLACE_WHOLE,  /* it is the value */
    PLACE_INSIDE, /* it is part of a text */
    PLACE_PAIR,   /* the pair is there only when the value is something */
    PLACE_ENTRIES /* its entries stand among others; the token becomes a key */
};

/* What a form can write, and how: `token` returns the text in place of a value. */
struct value_form {
    bool        with_pairs, with_entries, with_namespace;
    const char *(*token)(void *arg, struct arena *a, const struct open_value *v, enum value_place place);
    void       *arg;
    /* A Job cannot be changed, so the name of ours ends with a checksum of what it does: `name`. Returns what stands for it where these
     * values stand in it as well; NULL: the name stays, and whoever changes a value removes the Job first. */
    const char *(*job)(void *arg, struct arena *a, const char *name, const struct open_value *const *values, uint32_t n);
};

struct values {
    struct open_value *at;         /* those that stand somewhere, sorted by path */
    uint32_t           len;
    struct val         objects;    /* those of `made` with tokens in place of the open values */
    const char        *bootstrap;  /* the address for clients inside the cluster, with tokens; NULL: none */
};

/* A field of a record of this description, with the path of each (values_fields.c). */
struct candidate {
    struct open_value v;
    const void       *record;
};

struct candidates { /* starts as { .a = arena } */
    struct arena     *a;
    struct candidate *at;
    uint32_t          len, cap;
};

void values_fields(struct candidates *l, const struct compiled *made);

/* Opens the values of a compiled description. Returns false when something was reported. */
bool values_open(struct ctx *cx, const struct compiled *made, const struct value_form *form, struct values *out);

/* The walk through both results (values_walk.c). `bad` becomes the value that stands where it should not, and `bad_at` the object
 * ("StatefulSet/orders-broker"). */
struct frozen { const char *marked, *base; }; /* what is derived from the namespace and stays as it is */

struct walk {
    struct arena            *a;
    const struct value_form *form;
    struct open_value       *at;
    uint32_t                 len;
    const struct frozen     *frozen;
    uint32_t                 frozen_count;
    bool                    *used;  /* by number of the value: it stands in the object at hand */
    bool                     failed;
    const struct open_value *bad;   /* NULL: nobody knows whose fault it is */
    const char              *bad_at;
};

#define VALUE_MARK "gregor-open-"

struct val walk_objects(struct walk *w, const struct val *base, const struct val *marked);
/* The same of one text. */
const char *walk_text(struct walk *w, const char *base, const char *marked);

/* What stands behind the last '-' of the name of a Job of ours, the digest of what it does (emit/jobs.c); the whole name when there is none. */
const char *values_job_digest(const char *name);

#endif
