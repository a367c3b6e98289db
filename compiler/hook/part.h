/* part.h: a tree of values that can be changed in place, laid over one that must not be. Knows nothing of Lua.
 *
 * A node stands for a map or list that has been looked at. Reading makes nodes, and nothing else; the first write to a node copies
 * the entries of that one. Subtrees that several objects share stay shared until one of them writes. All in the arena. */
#ifndef GREGOR_HOOK_PART_H
#define GREGOR_HOOK_PART_H

#include "base/ctx.h"
#include "base/text.h"

/* What the node at the top of a tree knows of the tree as a whole. */
struct tree {
    const char *what;    /* "plan"; NULL: the object names itself */
    bool        frozen;  /* cannot be written any more */
    struct pos  changed; /* of the first write; line 0: none */
};

/* A loop over the entries of a node: it goes on behind the entry it gave out last, wherever that is by now. */
struct cursor {
    uint32_t       next;   /* entry to give out */
    struct cursor *older;  /* another loop over the same node */
};

struct part {
    struct part  *up;    /* NULL: at the top */
    struct tree  *tree;  /* at the top only */
    struct val    v;     /* V_MAP or V_SEQ with the entries as they are now; V_NULL: the value null */
    struct part **kids;  /* one for each entry, NULL where none was looked at; NULL: none at all */
    struct pos   *keys;  /* places of the keys, once the entries are own and VF_KEYS is set */
    struct cursor *loops; /* the newest first */
    uint32_t      cap;   /* entries there is room for; 0: the entries are not own */
    uint32_t      room;  /* of `kids` */
    uint32_t      depth; /* levels above */
    bool          dirty; /* this node or one below was written */
    bool          text;  /* scalars are those of a description: text whose type the field table decides */
};

/* Where memory comes from: may count, and refuse by a jump. */
struct part_memory {
    void *(*alloc)(struct part_memory *m, size_t size);
    struct arena *a;
};

struct part *part_new(struct part_memory *m, struct val v, struct tree *tree, bool text);

/* The node of entry `i`, which is a map or a list. */
struct part *part_kid(struct part_memory *m, struct part *n, uint32_t i);

/* Entry number of a key, or -1. */
int64_t part_find(const struct part *n, const char *key, size_t len);

/* Writes: the caller has asked proxy_writable(). `i` may be the length of a list: then it grows. */
void part_set(struct part_memory *m, struct part *n, uint32_t i, struct val v, struct pos at);
void part_set_key(struct part_memory *m, struct part *n, const char *key, struct val v, struct pos at);
void part_insert(struct part_memory *m, struct part *n, uint32_t i, struct val v, struct pos at);
void part_remove(struct part_memory *m, struct part *n, uint32_t i, struct pos at);

const struct tree *part_tree(const struct part *n);

/* A loop begins at the first entry, and ends; one that was left early is forgotten when enough others have begun. */
struct cursor *part_loop(struct part_memory *m, struct part *n);
void part_loop_end(struct part *n, const struct cursor *c);

/* The value as it is now. What is dirty is copied: later writes do not reach it. */
struct val part_value(struct part_memory *m, const struct part *n);

/* The same without the copy, for a tree that is not written any more. */
struct val part_finish(struct part_memory *m, struct part *n);

/* Appends "spec.template.metadata"; nothing for the top. */
void part_path(const struct part *n, struct text *out);

/* Maps and lists, scalars and bytes of texts that printing `v` would walk over; stops counting beyond `most`. Returns false
 * beyond `most` or when more than `depth` levels deep. */
bool part_measure(const struct val *v, unsigned depth, size_t *count, size_t most);

#endif
