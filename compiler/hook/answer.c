/* What a hook file returns: the interface it was written for, its points, its filters. */
#include "hook/state.h"

#include "base/text.h"

struct reading {
    struct hooks *h;
    struct hook  *hook;
    int           table;
};

static bool refuse(struct reading *r, const char *hint, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static bool refuse(struct reading *r, const char *hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct diag *d = error_report(r->h, E_HOOK_API, (struct pos){ .line = 1, .col = 1, .file = r->hook->chunk->file }, "%s",
                                  arena_vprintf(r->h->cx->a, fmt, ap));
    va_end(ap);
    if (hint != NULL)
        diag_hint(r->h->cx, d, "%s", hint);
    return false;
}

/* `plan` costs something to make: only for functions that have a parameter for it. Pops the function. */
static int keep_function(struct hooks *h, bool *wants_plan)
{
    lua_Debug ar;
    lua_pushvalue(h->L, -1);
    lua_getinfo(h->L, ">u", &ar);
    *wants_plan = ar.nparams > 1 || ar.isvararg;
    return luaL_ref(h->L, LUA_REGISTRYINDEX);
}

static const char *kept_text(struct hooks *h, int i)
{
    size_t len;
    const char *s = lua_tolstring(h->L, i, &len);
    return arena_dup(h->cx->a, s, len);
}

/* kind = "Service" or kind = { "Service", "Ingress" } */
static bool read_kinds(struct reading *r, struct filter *f)
{
    lua_State *L = r->h->L;
    uint32_t n = 0;
    if (lua_isnil(L, -1))
        return true;
    const lua_Unsigned len = lua_istable(L, -1) ? lua_rawlen(L, -1) : 1;
    if (len > 100)
        return refuse(r, NULL, "a filter of more than 100 kinds");
    f->kinds = NEWS(r->h->cx->a, const char *, len + 1);
    if (lua_type(L, -1) == LUA_TSTRING) {
        f->kinds[0] = kept_text(r->h, -1);
        return true;
    }
    for (lua_Unsigned i = 1; lua_istable(L, -1) && i <= len; i++) {
        if (lua_rawgeti(L, -1, (lua_Integer)i) == LUA_TSTRING)
            f->kinds[n++] = kept_text(r->h, -1);
        lua_pop(L, 1);
    }
    return n == len && n > 0 ? true : refuse(r, NULL, "'kind' of a filter must be a text or a list of texts");
}

static bool read_text(struct reading *r, const char *key, const char **out)
{
    lua_State *L = r->h->L;
    const int type = lua_getfield(L, -1, key);
    if (type == LUA_TSTRING)
        *out = kept_text(r->h, -1);
    lua_pop(L, 1);
    return type == LUA_TSTRING || type == LUA_TNIL ? true : refuse(r, NULL, "'%s' of a filter must be a text", key);
}

static const char *word_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

/* Every key of the table at the top must be one of `known`. */
static bool only_known(struct reading *r, const char *const *known, const char *what)
{
    lua_State *L = r->h->L;
    const char *worst = NULL; /* the first by its bytes: Lua's order differs from run to run */
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "1";
        bool found = false;
        for (size_t i = 0; known[i] != NULL; i++)
            found |= strcmp(known[i], key) == 0;
        if (!found && (worst == NULL || strcmp(key, worst) < 0))
            worst = arena_printf(r->h->cx->a, "%.60s", key);
    }
    if (worst == NULL)
        return true;
    const char *nearest = str_nearest(worst, word_at, known);
    return refuse(r, nearest == NULL ? "`gregor explain hooks` shows the interface"
                                     : str_join(r->h->cx->a, "did you mean '", nearest, "'?", NULL),
                  "%s has no '%s'", what, worst);
}

static bool read_filter(struct reading *r, struct filter *f)
{
    static const char *const known[] = { "kind", "component", "name", "run", NULL };
    lua_State *L = r->h->L;
    if (!lua_istable(L, -1))
        return refuse(r, NULL, "'object' must be a function, or a list of filters");
    if (!only_known(r, known, "a filter"))
        return false;
    lua_getfield(L, -1, "kind");
    const bool fine = read_kinds(r, f);
    lua_pop(L, 1);
    if (!fine || !read_text(r, "component", &f->component) || !read_text(r, "name", &f->name))
        return false;
    if (lua_getfield(L, -1, "run") != LUA_TFUNCTION)
        return refuse(r, "run = function(obj, plan) ... end", "a filter must have a function 'run'");
    f->at       = load_line_of_function(L);
    f->function = keep_function(r->h, &f->wants_plan);
    return true;
}

static bool read_filters(struct reading *r)
{
    static const char *const known[] = { "1", NULL };
    lua_State *L = r->h->L;
    const lua_Unsigned n = lua_rawlen(L, -1);
    if (n > 1000)
        return refuse(r, NULL, "'object' is a list of more than 1000 filters");
    if (!only_known(r, known, "a list of filters"))
        return false;
    r->hook->filters = NEWS(r->h->cx->a, struct filter, n);
    for (lua_Unsigned i = 0; i < n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        if (!read_filter(r, &r->hook->filters[i]))
            return false;
        lua_pop(L, 1);
    }
    r->hook->filter_count = (uint32_t)n;
    return true;
}

/* One filter is a list of one. */
static bool read_objects_point(struct reading *r)
{
    lua_State *L = r->h->L;
    const int type = lua_getfield(L, r->table, "object");
    bool fine = true;
    if (type == LUA_TFUNCTION) {
        r->hook->filters = NEWS(r->h->cx->a, struct filter, 1);
        r->hook->filter_count = 1;
        r->hook->filters[0].function = keep_function(r->h, &r->hook->filters[0].wants_plan);
        return true;
    }
    if (type == LUA_TTABLE && lua_rawlen(L, -1) == 0) {
        r->hook->filters = NEWS(r->h->cx->a, struct filter, 1);
        r->hook->filter_count = 1;
        fine = read_filter(r, &r->hook->filters[0]);
    } else if (type == LUA_TTABLE) {
        fine = read_filters(r);
    } else if (type != LUA_TNIL) {
        fine = refuse(r, NULL, "'object' must be a function, or a list of filters");
    }
    lua_settop(L, r->table);
    return fine;
}

static bool read_function(struct reading *r, const char *point, int *out, bool *wants_plan)
{
    lua_State *L = r->h->L;
    const int type = lua_getfield(L, r->table, point);
    *out = LUA_NOREF;
    if (type == LUA_TFUNCTION) {
        *out = keep_function(r->h, wants_plan);
        return true;
    }
    lua_pop(L, 1);
    return type == LUA_TNIL ? true : refuse(r, NULL, "'%s' must be a function", point);
}

static bool read_api(struct reading *r)
{
    lua_State *L = r->h->L;
    const int type = lua_getfield(L, r->table, "api");
    const lua_Integer version = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
    lua_pop(L, 1);
    if (type == LUA_TNIL)
        return refuse(r, "write `api = 1` into the table that it returns", "the hook does not say which 'api' it is written for");
    return version == 1 ? true : refuse(r, "this gregor knows api = 1", "the hook is written for an 'api' that is not known here");
}

bool answer_read(struct hooks *h, struct hook *hook)
{
    static const char *const known[] = { "api", "description", "object", "objects", NULL };
    struct reading r = { .h = h, .hook = hook, .table = lua_gettop(h->L) };
    bool ignored;
    if (!lua_istable(h->L, r.table))
        return refuse(&r, "return { api = 1, object = function(obj) ... end }", "the hook must return a table and returns %s",
                      luaL_typename(h->L, r.table));
    return read_api(&r) && only_known(&r, known, "a hook") && read_function(&r, "description", &hook->description, &ignored)
        && read_objects_point(&r) && read_function(&r, "objects", &hook->objects, &hook->objects_wants_plan);
}
