/* ctx.h: what all stages of one compilation share: its memory, its texts, its findings. */
#ifndef GREGOR_BASE_CTX_H
#define GREGOR_BASE_CTX_H

#include "base/arena.h"
#include "base/diag.h"

struct ctx {
    struct arena *a;
    struct file  *files;       /* pos.file is an index into these */
    uint32_t      file_count, file_cap;
    struct diag **diags;       /* in order of discovery until diag_sort() */
    uint32_t      diag_count, diag_cap, error_count;
    const char  **inputs;      /* files that were read, as people name them (input.h) */
    uint32_t      input_count, input_cap;
    const char  **veiled;      /* texts that no message repeats (veil.h) */
    uint32_t      veiled_count, veiled_cap;
    const char   *folder;      /* of the description: where the files that it names lie */
    const char   *arguments;   /* options and path of the description, as they are typed behind a verb; NULL: not known */
    int64_t       now;         /* seconds since 1970, for the dates of certificates; 0: nobody said, dates are not judged */
    const char *const *hooks;  /* files of --hook; ends with NULL; may be NULL */
    unsigned      sync;        /* tools whose annotations the objects get (emit/sync.h) */
    unsigned      through;     /* tools between the result and the cluster, a bit each (verify/through.h) */
    bool          described;   /* hooks have changed the description already: they do not do it again */
    bool          uncopied;    /* what applies the objects keeps no copy of them in an annotation: Helm, Flux */
    bool          applyset;    /* the parent of an ApplySet is made */
    bool          secrets;     /* private files may be read, and Secrets are made of them */
};

/* Adds a text and returns its number for struct pos. `name` and `text` must outlive the compilation.
 * Errors: beyond 60,000 files, the last number is used again. */
uint16_t ctx_file(struct ctx *cx, const char *name, const char *text, size_t len, const char *layer);

/* Layer of hook files and their modules in struct file. */
#define LAYER_HOOK "hook"

/* Layer of a single value: its text is the assignment. */
#define LAYER_SET "--set"

/* Layer of objects that others have rendered. */
#define LAYER_MANIFESTS "manifests"

/* Layer of objects of the site, which the description includes. */
#define LAYER_INCLUDE "include"

/* True when `at` is a line of a hook: who reads of it must be told which object the hook was at. */
bool ctx_from_hook(const struct ctx *cx, struct pos at);

/* True when `at` is a line of an included file. */
bool ctx_from_include(const struct ctx *cx, struct pos at);

/* True when `at` is a line of what others have rendered. */
bool ctx_from_manifests(const struct ctx *cx, struct pos at);

#endif
