/* compile.h: the whole compiler, one call a cluster. */
#ifndef GREGOR_COMPILE_H
#define GREGOR_COMPILE_H

#include "base/ctx.h"
#include "cluster/description.h"
#include "plan/plan.h"

/* What the command line asks of one compilation. Strings must outlive it. */
struct request {
    const char  *path;      /* the description; "-": standard input */
    const char  *text;      /* used instead of reading `path`, when not NULL (`len` bytes); `path` still names it */
    size_t       len;
    const struct val *value; /* the description as values, whose places are in the files of the context; used instead of both */
    const char **presets;   /* -p NAME: below the description's own presets; ends with NULL; may be NULL */
    const char **overlays;  /* -f FILE: above the description; ends with NULL; may be NULL */
    const char **sets;      /* --set PATH=VALUE: above all; ends with NULL; may be NULL */
    const char **hooks;     /* --hook FILE: behind the description's own; ends with NULL; may be NULL */
    bool         secrets;   /* --secrets: private files are read, and their Secrets made */
    bool         uncopied;  /* what applies the result keeps no copy of it in annotations, as client-side `kubectl apply` does */
    bool         applyset;  /* --applyset: the parent of an ApplySet is made */
    unsigned     sync;      /* tools whose annotations the objects get (emit/sync.h) */
    unsigned     through;   /* tools that the result passes before it is applied (verify/through.h) */
    int64_t      now;       /* seconds since 1970; 0: the dates of certificates are not judged */
};

enum stage { STAGE_SOURCE, STAGE_DESCRIPTION, STAGE_PLAN, STAGE_TREE, STAGE_ALL };

/* What the stages made; each is complete up to the stage that was asked for. Lives in the arena of the context. */
struct compiled {
    struct val         root;        /* merged values, as written */
    struct val         described;   /* what hooks made of them */
    struct description description;
    struct plan        plan;
    struct val         objects;     /* a sequence */
    struct val         secrets;     /* another, of Secrets, which leave apart from the rest; empty unless asked for */
    struct val         applyset;    /* and the parent of an ApplySet (emit/applyset.h); nothing unless asked for */
    const struct hooks *hooks;      /* the site's Lua; NULL: there is none */
};

/* Runs the stages up to `last`. Findings are in `cx`, sorted. Returns false when an error stands. Out of memory (and a
 * description that needs more than arena.limit) jumps to cx->a->out: use compile_guarded() unless you set that up. */
bool compile_file(struct ctx *cx, const struct request *r, enum stage last, struct compiled *out);

/* The same from merged values on (`why` changes one and compiles again): skips reading and layers. The positions in `root` index the
 * files of `cx`. */
bool compile_root(struct ctx *cx, struct val root, enum stage last, struct compiled *out);

/* The objects of a description that was compiled before, with other values in fields that no rule looks at closely (pack/values.h):
 * without the rules, without verify, and without the hooks' point `description`, which `root` has behind it. Returns false when there are none; findings mean nothing then. */
bool compile_again(struct ctx *cx, struct val root, struct compiled *out);

enum outcome { COMPILE_OK, COMPILE_REJECTED, COMPILE_NO_MEMORY };

/* Like compile_file() with a context of its own in `a`, and out of memory as a result instead of a jump. `*cx` is made in `a`.
 * Afterwards a->out points nowhere: who allocates from `a` again sets its own. */
enum outcome compile_guarded(struct arena *a, const struct request *r, enum stage last, struct ctx **cx,
                             struct compiled **out);

/* Prints a stage for --dump: source and tree as YAML, description and plan as YAML of their values. */
void compile_dump(struct ctx *cx, const struct compiled *c, enum stage stage, struct text *out);

#endif
