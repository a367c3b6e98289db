/* Hook files and modules: where they are found, how they are compiled, what a hook file returns. */
#include "hook/state.h"

#include "base/io.h"
#include "base/text.h"
#include "source/builtin.h"

#include <stdlib.h>

/* ---- chunks ----------------------------------------------------------------------------------------------------- */

/* Lua shortens names of 60 bytes and more in its messages; we do it before, so that both agree. */
static const char *chunk_name(struct arena *a, const char *path)
{
    const size_t len = strlen(path);
    return len <= 56 ? path : str_join(a, "...", path + len - 53, NULL);
}

const struct script *load_chunk_of(struct hooks *h, const char *source)
{
    for (uint32_t i = 0; source[0] == '@' && i < h->chunk_count; i++)
        if (strcmp(source + 1, h->chunks[i].name) == 0)
            return &h->chunks[i];
    return NULL;
}

static void find_lines(struct hooks *h, struct script *c)
{
    const struct file *f = &h->cx->files[c->file];
    uint32_t n = 1;
    for (size_t i = 0; i < f->len; i++)
        n += f->text[i] == '\n';
    c->lines = NEWS(h->cx->a, uint32_t, n + 1);
    for (size_t i = 0; i < f->len; i++)
        if (f->text[i] == '\n')
            c->lines[++c->line_count] = (uint32_t)i + 1;
    c->line_count++;
}

struct pos load_line(struct hooks *h, const struct script *chunk, int line)
{
    struct script *c = &h->chunks[chunk - h->chunks];
    if (c->lines == NULL)
        find_lines(h, c);
    struct pos at = { .line = (uint32_t)line, .col = 1, .file = c->file };
    if (at.line <= c->line_count)
        at.col = (uint16_t)(1 + strspn(h->cx->files[c->file].text + c->lines[at.line - 1], " \t"));
    return at;
}

static struct script *add_chunk(struct hooks *h, const char *name, const char *text, size_t len, bool shipped)
{
    struct script *c = &h->chunks[h->chunk_count++];
    *c = (struct script){ .name = chunk_name(h->cx->a, name), .shipped = shipped,
                         .file = ctx_file(h->cx, name, text, len, LAYER_HOOK) };
    return c;
}

/* Lua reads the first byte as the mark of compiled code, and skips a first line that starts with '#': we take neither. */
static const char *bad_text(const char *text, size_t len)
{
    uint32_t point;
    if (len > 0 && text[0] == '\033')
        return "is compiled Lua; a hook is its source text";
    for (size_t i = 0, n; i < len; i += n)
        if (text[i] == '\0' || (n = str_point(text + i, len - i, &point)) == 0)
            return "is not a text in UTF-8";
    return NULL;
}

/* Leaves the function on the stack, its globals those at `env`. Returns NULL, or what Lua says; `*line` is where. */
static const char *compile(struct hooks *h, const struct script *c, int env, uint32_t *line)
{
    lua_State *L = h->L;
    const struct file *f = &h->cx->files[c->file];
    const char *source = str_join(h->cx->a, "@", c->name, NULL), *message;
    const int status = luaL_loadbufferx(L, f->text, f->len, source, "t");
    if (status == LUA_OK) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, env);
        lua_setupvalue(L, -2, 1);
        return NULL;
    }
    message = status == LUA_ERRMEM ? "not enough memory" : lua_tostring(L, -1);
    const size_t len = strlen(c->name);
    *line = 0;
    if (strncmp(message, c->name, len) == 0 && message[len] == ':') {
        char *end;
        *line   = (uint32_t)strtoul(message + len + 1, &end, 10);
        message = strncmp(end, ": ", 2) == 0 ? end + 2 : end;
    }
    return arena_printf(h->cx->a, "%.*s", (int)HOOK_MESSAGE, message);
}

/* ---- modules ---------------------------------------------------------------------------------------------------- */

static bool good_module_name(const char *s)
{
    return *s != '\0' && strlen(s) <= 64
        && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(s);
}

static const char *module_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static const char *nearest_module(struct hooks *h, const char *name)
{
    const char **names = NEWS(h->cx->a, const char *, 128);
    size_t n = 0;
    for (const struct builtin *b = builtins; b->name != NULL && n < 127; b++)
        if (str_starts(b->name, "stdlib/lua/"))
            names[n++] = arena_dup(h->cx->a, b->name + 11, strlen(b->name) - 11 - strlen(".lua"));
    return str_nearest(name, module_at, names);
}

static const char *did_you_mean(struct hooks *h, const char *name)
{
    const char *nearest = nearest_module(h, name);
    return nearest != NULL ? str_join(h->cx->a, "did you mean '", nearest, "'?", NULL)
                           : "`gregor explain hooks` lists the modules that ship with gregor; others are NAME.lua beside the hook";
}

static struct script *module_of_site(lua_State *L, struct hooks *h, const char *name)
{
    struct arena *a = h->cx->a;
    const char *text, *file = str_join(a, name, ".lua", NULL), *bad;
    size_t len;
    limit_charge(L, 20000);
    const enum io_result r = io_read_below(a, h->running->folder, file, HOOK_FILE_BYTES, &text, &len, NULL);
    if (r != IO_OK)
        error_raise(L, E_HOOK_MODULE, did_you_mean(h, name), "there is no module '%s': %s", name,
                    io_reason(a, r, HOOK_FILE_BYTES));
    if ((bad = bad_text(text, len)) != NULL)
        error_raise(L, E_HOOK_MODULE, NULL, "module '%s' %s", name, bad);
    const char *folder = h->running->folder;
    return add_chunk(h, strcmp(folder, ".") == 0 ? file : str_join(a, folder, "/", file, NULL), text, len, false);
}

static struct script *find_module(lua_State *L, struct hooks *h, const char *name)
{
    if (!good_module_name(name))
        error_raise(L, E_HOOK_MODULE, "letters, digits, '_' and '-'; a module lies beside the hook", "'%.80s' is no name of a module",
                    name);
    if (h->chunk_count == HOOK_FILES)
        error_raise(L, E_HOOK_MODULE, NULL, "more than %d hook files and modules", HOOK_FILES);
    const struct builtin *b = builtin_find(str_join(h->cx->a, "stdlib/lua/", name, ".lua", NULL));
    return b != NULL ? add_chunk(h, b->name, b->text, b->len, true) : module_of_site(L, h, name);
}

/* A module runs once for each hook file: hooks share nothing. */
int load_require(lua_State *L)
{
    struct hooks *h = hook_of(L);
    const char *name = luaL_checkstring(L, 1);
    uint32_t line = 0;
    lua_settop(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, h->running->loaded);
    if (lua_getfield(L, 2, name) != LUA_TNIL)
        return lua_toboolean(L, -1) ? 1 : error_raise(L, E_HOOK_MODULE, NULL, "module '%s' requires itself", name);
    lua_pushboolean(L, 0);
    lua_setfield(L, 2, name);
    struct script *c = find_module(L, h, name);
    const char *bad = compile(h, c, h->running->env, &line);
    if (bad != NULL)
        error_raise(L, E_HOOK_SYNTAX, NULL, "module '%s', line %u: %s", name, line, bad);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1) || (lua_isboolean(L, -1) && !lua_toboolean(L, -1)))
        error_raise(L, E_HOOK_MODULE, "end it with `return M`", "module '%s' returns nothing", name);
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* ---- what a hook file returns ----------------------------------------------------------------------------------- */

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
    f->function = keep_function(r->h, &f->wants_plan);
    return true;
}

static bool read_filters(struct reading *r)
{
    lua_State *L = r->h->L;
    const lua_Unsigned n = lua_rawlen(L, -1);
    if (n == 0 || n > 1000)
        return refuse(r, NULL, "'object' must be a function, or a list of filters");
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
    if (type == LUA_TTABLE && lua_getfield(L, -1, "run") != LUA_TNIL) {
        lua_pop(L, 1);
        r->hook->filters = NEWS(r->h->cx->a, struct filter, 1);
        r->hook->filter_count = 1;
        fine = read_filter(r, &r->hook->filters[0]);
    } else if (type == LUA_TTABLE) {
        lua_pop(L, 1);
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

static bool read_result(struct hooks *h, struct hook *hook)
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

/* ---- hook files ------------------------------------------------------------------------------------------------- */

static void make_globals(struct hooks *h, struct hook *hook)
{
    lua_newtable(h->L);
    base_open(h->L);
    hook->env = luaL_ref(h->L, LUA_REGISTRYINDEX);
    lua_newtable(h->L);
    hook->loaded = luaL_ref(h->L, LUA_REGISTRYINDEX);
}

/* Everything that can raise an error runs protected: also the reading of a table whose metatable the hook has made. */
static int run_chunk(lua_State *L)
{
    struct hooks *h = hook_of(L);
    struct hook *hook = &h->list[h->count - 1];
    uint32_t line = 0;
    make_globals(h, hook);
    const char *bad = compile(h, hook->chunk, hook->env, &line);
    if (bad != NULL) {
        error_report(h, E_HOOK_SYNTAX, line > 0 ? load_line(h, hook->chunk, (int)line) : (struct pos){ .file = hook->chunk->file },
                     "%s", bad);
        return 0;
    }
    lua_call(L, 0, 1);
    lua_pushboolean(L, read_result(h, hook));
    return 1;
}

static bool run_file(struct hooks *h, struct hook *hook)
{
    h->running = hook;
    h->point   = "file";
    lua_pushcfunction(h->L, run_chunk);
    const bool fine = error_call(h, 0, 1) && lua_toboolean(h->L, -1);
    lua_settop(h->L, 0);
    return fine;
}

static bool no_file(struct hooks *h, const char *path, struct pos at, const char *why)
{
    struct diag *d = diag_at(h->cx, E_HOOK_FILE, at, "hook '%s' %s", path, why);
    if (at.line > 0)
        diag_hint(h->cx, d, "hook files lie below the folder of the description");
    return false;
}

static bool add_file(struct hooks *h, const char *path, const char *name, struct pos at, enum io_result r, const char *text,
                     size_t len)
{
    const char *bad = r == IO_OK ? bad_text(text, len) : NULL, *slash = strrchr(name, '/');
    if (r != IO_OK)
        return no_file(h, path, at, str_join(h->cx->a, "cannot be used: ", io_reason(h->cx->a, r, HOOK_FILE_BYTES), NULL));
    if (bad != NULL)
        return no_file(h, path, at, bad);
    if (h->chunk_count == HOOK_FILES)
        return no_file(h, path, at, "is one too many");
    struct hook *hook = &h->list[h->count++];
    *hook = (struct hook){ .chunk = add_chunk(h, name, text, len, false), .description = LUA_NOREF, .objects = LUA_NOREF };
    hook->folder = slash == NULL ? "." : arena_dup(h->cx->a, name, (size_t)(slash - name) + (slash == name));
    return run_file(h, hook);
}

/* Named in the description. */
static bool add_named(struct hooks *h, const struct val *v)
{
    const char *text = NULL;
    size_t len = 0;
    if (v->kind != V_STR)
        return true; /* reported by the field table */
    const enum io_result r = io_read_below(h->cx->a, h->folder, v->s, HOOK_FILE_BYTES, &text, &len, NULL);
    return add_file(h, v->s, strcmp(h->folder, ".") == 0 ? v->s : str_join(h->cx->a, h->folder, "/", v->s, NULL), v->at, r, text, len);
}

static bool add_given(struct hooks *h, const char *path)
{
    const char *text = NULL;
    size_t len = 0;
    const enum io_result r = io_read(h->cx->a, path, HOOK_FILE_BYTES, &text, &len);
    return add_file(h, path, path, no_pos(), r, text, len);
}

bool load_hooks(struct hooks *h, const char *const *files)
{
    const struct val *named = tree_get(h->root, "hooks");
    const uint32_t n = named != NULL && named->kind == V_SEQ ? named->len : 0;
    uint32_t given = 0;
    bool fine = true;
    while (files != NULL && files[given] != NULL)
        given++;
    h->list = NEWS(h->cx->a, struct hook, n + given + 1);
    for (uint32_t i = 0; i < n && h->stopped == CODES; i++)
        fine &= add_named(h, &named->seq[i]);
    for (uint32_t i = 0; i < given && h->stopped == CODES; i++)
        fine &= add_given(h, files[i]);
    return fine;
}
