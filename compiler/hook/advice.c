/* advice.c: what Lua says of an error, in words of ours, and what helps against it. */
#include "hook/state.h"

#include "base/text.h"
#include "source/builtin.h"

/* Lua's word for what our parts are would puzzle. */
const char *advice_words(struct arena *a, const char *message)
{
    static const char *const words[][2] = {
        { "two userdata values", "two parts of objects" }, { "a userdata value", "a part of an object" },
        { "with userdata", "with a part of an object" },   { "compare userdata", "compare a part of an object" },
    };
    for (size_t i = 0; str_starts(message, "attempt to ") && i < sizeof words / sizeof *words; i++)
        message = str_replace(a, message, words[i][0], words[i][1]);
    return message;
}

/* "attempt to call a nil value (field 'lable')" -> "lable", for `before` "call a nil value (field '"; NULL: another message. */
static const char *name_in(struct arena *a, const char *message, const char *before)
{
    const char *at = str_starts(message, "attempt to ") ? strstr(message, before) : NULL;
    return at == NULL ? NULL : arena_dup(a, at + strlen(before), strcspn(at + strlen(before), "'"));
}

/* ---- functions of modules --------------------------------------------------------------------------------------- */

struct names {
    struct arena *a;
    const char  **at;
    uint32_t      len, cap;
};

static void add(struct names *n, const char *name)
{
    if (n->len + 1 >= n->cap) { /* there is a NULL behind the last */
        const uint32_t cap = n->cap == 0 ? 64 : n->cap * 2;
        n->at  = arena_grow(n->a, n->at, n->cap * sizeof *n->at, n->len * sizeof *n->at, cap * sizeof *n->at);
        n->cap = cap;
    }
    n->at[n->len++] = name;
    n->at[n->len]   = NULL;
}

/* "function k8s.label(obj, key, value)" -> "label", or with `whole` "k8s.label": functions of a module begin a line. */
static void add_functions(struct names *n, const char *text, bool whole)
{
    static const char start[] = "\nfunction ";
    while ((text = strstr(text, start)) != NULL) {
        text += sizeof start - 1;
        const char *from = whole ? text : text + strcspn(text, ".") + 1;
        add(n, arena_dup(n->a, from, strcspn(from, "(")));
    }
}

static const char *name_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

/* The function that is nearest by its name, of `gregor` and of the modules that are loaded: "k8s.label". */
static const char *nearest_function(struct hooks *h, const char *name)
{
    struct names short_ = { .a = h->cx->a }, whole = { .a = h->cx->a };
    for (const char *const *f = api_names(h->cx->a); *f != NULL; f++) {
        add(&short_, *f);
        add(&whole, str_join(h->cx->a, "gregor.", *f, NULL));
    }
    for (uint32_t i = 0; i < h->chunk_count; i++)
        if (h->chunks[i].shipped) {
            add_functions(&short_, h->cx->files[h->chunks[i].file].text, false);
            add_functions(&whole, h->cx->files[h->chunks[i].file].text, true);
        }
    const char *best = str_nearest(name, name_at, short_.at);
    for (uint32_t i = 0; best != NULL && i < short_.len; i++)
        if (short_.at[i] == best)
            return whole.at[i];
    return NULL;
}

/* ---- hints ------------------------------------------------------------------------------------------------------ */

static const char *machine(const char *name)
{
    static const char *const absent[] = { "io", "os", "debug", "package", "coroutine", "collectgarbage", "load", "loadstring", "dofile",
                                          "loadfile" };
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (strcmp(name, absent[i]) == 0)
            return "hooks reach nothing of the machine: there is no io, os, debug, package, load or coroutine";
    return NULL;
}

static const char *absent_global(struct arena *a, const char *name)
{
    const char *hint = machine(name);
    if (hint == NULL && builtin_find(str_join(a, "stdlib/lua/", name, ".lua", NULL)) != NULL)
        hint = str_join(a, "write at the top: local ", name, " = require \"", name, "\"", NULL);
    return hint;
}

static const char *key_at(const void *map, size_t i)
{
    const struct val *v = map;
    return v->kind == V_MAP && i < v->len ? v->map[i].key : NULL;
}

/* The key that stands where the name was last looked for. */
static const char *nearest_key(const struct hooks *h, const char *name)
{
    const struct part *n = h->missed;
    return n == NULL || part_find(n, name, strlen(name)) >= 0 ? NULL : str_nearest(name, key_at, &n->v);
}

static const char *absent_field(struct hooks *h, const char *message, const char *name)
{
    struct arena *a = h->cx->a;
    const bool called = strstr(message, "call a nil") != NULL;
    const char *nearest = called ? nearest_function(h, name) : nearest_key(h, name);
    if (nearest != NULL)
        return str_join(a, "did you mean '", nearest, "'?", NULL);
    return strstr(message, "index a nil") == NULL ? NULL
        : str_join(a, "nothing stands at '", name, "': ask with `if`, or let gregor.ensure(part, \"", name, "\") make the map", NULL);
}

const char *advice_for(struct hooks *h, const char *message)
{
    const char *field = name_in(h->cx->a, message, "a nil value (field '"), *global = name_in(h->cx->a, message, "a nil value (global '");
    return field != NULL ? absent_field(h, message, field) : global != NULL ? absent_global(h->cx->a, global) : NULL;
}
