/* state.h: one compilation's Lua, its limits, and what its parts tell each other. Private to hook/. */
#ifndef GREGOR_HOOK_STATE_H
#define GREGOR_HOOK_STATE_H

#include "hook/hook.h"
#include "hook/part.h"

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <setjmp.h>
#include <signal.h>

/* Limits. A step is one instruction of Lua's machine, or what costs about as much in C. */
#define HOOK_FILE_BYTES  ((size_t)1 << 20)   /* one hook file or module */
#define HOOK_FILES       32                  /* hooks and modules of one compilation */
#define HOOK_STEPS       ((int64_t)20000000) /* of one compilation: about a fifth of a second */
#define HOOK_STEPS_EACH  ((int64_t)50000)    /* and this many for each object */
#define HOOK_MEMORY      ((size_t)64 << 20)  /* bytes of one compilation */
#define HOOK_NODES       ((size_t)200000)    /* values in one object, a text of 16 bytes counts as one more */
#define HOOK_DEPTH       64
#define HOOK_OBJECTS     10000               /* in the list */
#define HOOK_SECONDS     2                   /* processor time of a point, as a backstop: steps end nearly everything before */
#define HOOK_OBJECTS_A_SECOND 400            /* and a second more for so many objects */
#define HOOK_PRINTED     20                  /* lines of print() */
#define HOOK_FINDINGS    200                 /* of deny() and warn() */
#define HOOK_MESSAGE     400                 /* bytes of a message that are shown */

/* A file of Lua that errors can point into. */
struct script {
    const char *name;    /* as Lua's own messages shorten it; at most 56 bytes */
    uint16_t    file;    /* in the files of the context */
    bool        shipped; /* a module of ours: the site's line is the one that called it */
    uint32_t   *lines;   /* where each line starts; made when the first is asked for */
    uint32_t    line_count;
};

struct filter {
    const char **kinds;     /* ends with NULL; NULL: any */
    const char  *component; /* app.kubernetes.io/component; NULL: any */
    const char  *name;      /* may hold `*`; NULL: any */
    int          function;  /* reference */
    bool         wants_plan;
    struct pos   at;        /* of the function */
};

/* One hook file. References are LUA_NOREF where the point is missing. */
struct hook {
    const struct script *chunk;
    const char *folder;          /* where its modules are */
    int         env, loaded;     /* its globals, its modules */
    int         description, objects;
    bool        objects_wants_plan;
    struct filter *filters;
    uint32_t    filter_count;
};

/* An error on its way out. */
struct failure {
    enum code   code;    /* E_HOOK_ERROR until something better is known */
    const char *message, *hint;
    struct pos  at;
    struct { struct pos at; const char *what; } frames[6];
    uint32_t    frame_count;
};

/* An object that a hook dropped, or gave another name. */
struct gone {
    const char *kind, *space, *name;
    struct pos  at;
    bool        renamed;
    struct gone *next;
};

enum { BLOCK_CLASSES = 64 };

struct hooks {
    struct part_memory memory;  /* first: part.c gets this */
    struct ctx      *cx;
    lua_State       *L;
    const struct val *root;     /* the merged description */
    const struct plan *plan;    /* from hook_objects() on */
    const char      *folder;    /* of the description */
    struct hook     *list;
    uint32_t         count;
    struct script     chunks[HOOK_FILES];
    uint32_t         chunk_count;

    size_t           used;      /* bytes */
    bool             collecting; /* there is enough garbage to collect it */
    void            *free_blocks[BLOCK_CLASSES];
    int64_t          steps, steps_limit;
    enum code        stopped;   /* a limit was hit: nothing runs any more; CODES: none */
    volatile sig_atomic_t expired, in_call;
    jmp_buf         *outer;     /* where out of memory goes behind us */

    const struct hook *running;
    const char      *point;     /* "object" */
    struct pos       function_at; /* where the function that runs begins */
    const char      *object;    /* "StatefulSet/orders-broker", or NULL */
    struct failure   failure;
    const struct part *missed;  /* where a key was last looked for that is not there */
    struct part      null;      /* the value null */
    struct part     *plan_node;
    struct tree      plan_tree, description_tree;
    struct tree      loose;     /* of what array{} and map{} make */
    struct gone     *gone;
    uint32_t         printed, findings;
    size_t           converted; /* values that came from Lua so far */
    struct call     *call;      /* run.c */
};

static inline struct hooks *hook_of(lua_State *L)
{
    return *(struct hooks **)lua_getextraspace(L);
}

/* ---- limit.c ---- */
lua_State *limit_state(struct hooks *h);                      /* a Lua of its own, capped */
void *limit_alloc(struct part_memory *m, size_t size);        /* raises a Lua error when the cap is reached */
void  limit_charge(lua_State *L, int64_t steps);              /* raises one when the steps are used up */
_Noreturn void limit_stop(lua_State *L, enum code code);      /* ends all hooks; nothing can catch it */
void  limit_begin(struct hooks *h, uint32_t objects);         /* the clock runs, and the steps are for so many objects */
void  limit_end(void);

/* ---- load.c ---- */
bool load_hooks(struct hooks *h, const char *const *files);
int  load_require(lua_State *L);
const struct script *load_chunk_of(struct hooks *h, const char *source); /* NULL: not a chunk of ours */
struct pos load_line(struct hooks *h, const struct script *c, int line);
struct pos load_line_of_function(lua_State *L);               /* where the function at the top begins */

/* ---- answer.c ---- */
bool answer_read(struct hooks *h, struct hook *hook);         /* the table at the top; reports */

/* ---- filter.c ---- */
bool filter_matches(const struct filter *f, const struct val *o);
void filter_check(struct hooks *h, const struct val *objects); /* kinds and components that nothing has, and that look misspelt: warns */

/* ---- keep.c ---- */
const char *keep_address(struct arena *a, const struct val *o); /* "StatefulSet/orders-broker" */
bool keep_identity(const struct val *a, const struct val *b);
const struct val *keep_same_in(const struct val *list, const struct val *o, uint32_t hint); /* NULL: not there; likely at `hint` */
void keep_gone(struct hooks *h, const struct val *o, struct pos at, bool renamed);
void keep_check(struct hooks *h, const struct val *before, const struct val *after);
bool keep_reads(const struct val *v, const char *name);       /* a volume, or the environment, comes from the ConfigMap of that name */
void keep_files(struct hooks *h, const struct val *emitted, const struct val *objects); /* what pods mount is still there; reports */

/* ---- restart.c ---- */
/* Makes the checksums of pods, in the objects and in the plan, those of what hooks left in their ConfigMaps. */
void restart_changed(struct arena *a, const struct plan *p, const struct val *emitted, struct val *objects);

/* ---- error.c ---- */
int  error_handler(lua_State *L);                             /* message handler: notes where and why */
bool error_call(struct hooks *h, int args, int results);      /* like lua_pcall(); reports; false: failed */
int  error_raise(lua_State *L, enum code code, const char *hint, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
struct pos error_here(lua_State *L);                          /* the site's line that runs */
struct diag *error_report(struct hooks *h, enum code code, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- advice.c ---- */
const char *advice_words(struct arena *a, const char *message); /* Lua's message in our words */
const char *advice_for(struct hooks *h, const char *message); /* a hint, or NULL */

/* ---- proxy.c ---- */
void proxy_open(lua_State *L);                                /* metatable of all nodes */
void proxy_push(lua_State *L, struct part *n);
void proxy_push_value(lua_State *L, struct part *n, uint32_t i); /* entry as a Lua value */
struct part *proxy_is(lua_State *L, int i);                   /* NULL: not a node */
struct part *proxy_check(lua_State *L, int i, uint8_t kind);  /* V_MAP, V_SEQ; V_NONE: either */
void proxy_writable(lua_State *L, const struct part *n);      /* raises an error when it is frozen or too deep */
int  proxy_pairs(lua_State *L, struct part *n);

/* ---- convert.c ---- */
struct val convert_value(lua_State *L, int i, const struct part *into, const char *key, uint8_t like, struct pos at);
struct val convert_typed(struct hooks *h, struct val v);      /* scalars of a description as numbers, booleans, texts */
void convert_push(lua_State *L, const struct val *v, bool text); /* a scalar */

/* ---- libraries: each leaves its table on the stack ---- */
void base_open(lua_State *L);                                 /* fills the table at the top */
int  strings_open(lua_State *L);
void strings_prepare(lua_State *L);                           /* once; also the methods of texts */
int  tables_open(lua_State *L);
int  numbers_open(lua_State *L);                              /* math */
int  utf8_open(lua_State *L);
int  api_open(lua_State *L);                                  /* gregor */
const char *const *api_names(struct arena *a);                /* of its functions; ends with NULL */
int  api_array(lua_State *L);
int  api_map(lua_State *L);

#endif
