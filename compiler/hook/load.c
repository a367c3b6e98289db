/* Hook files and modules: where they are found, and how they are compiled. */
#include "hook/state.h"

#include "base/input.h"
#include "base/text.h"
#include "hook/modules.h"
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
    const char *end = f->text + f->len;
    uint32_t n = 1;
    for (const char *p = f->text; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        n++;
    c->lines = NEWS(h->cx->a, uint32_t, n + 1);
    for (const char *p = f->text; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        c->lines[++c->line_count] = (uint32_t)(p - f->text) + 1;
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

struct pos load_line_of_function(lua_State *L)
{
    lua_Debug ar;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    const struct script *c = load_chunk_of(hook_of(L), ar.source);
    return c == NULL || ar.linedefined < 1 ? no_pos() : load_line(hook_of(L), c, ar.linedefined);
}

/* A byte order mark in front is dropped, as in descriptions. */
static size_t mark_of(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static struct script *add_chunk(struct hooks *h, const char *name, const char *text, size_t len, bool shipped)
{
    const size_t mark = mark_of(text, len);
    text += mark;
    len  -= mark;
    struct script *c = &h->chunks[h->chunk_count++];
    *c = (struct script){ .name = chunk_name(h->cx->a, name), .shipped = shipped,
                         .file = ctx_file(h->cx, name, text, len, LAYER_HOOK) };
    return c;
}

/* Lua reads the first byte as the mark of compiled code, and skips a first line that starts with '#': we take neither. */
static const char *bad_text(const char *text, size_t len)
{
    uint32_t point;
    const size_t mark = mark_of(text, len);
    if (len > mark && text[mark] == '\033')
        return "is compiled Lua; a hook is its source text";
    for (size_t i = 0, n; i < len; i += n)
        if ((n = (signed char)text[i] > 0 ? 1 : text[i] == '\0' ? 0 : str_point(text + i, len - i, &point)) == 0)
            return "is not a text in UTF-8";
    return NULL;
}

/* A module of ours is there as code. */
static int load_text(lua_State *L, const struct script *c, const struct file *f, const char *source)
{
    for (const struct module_code *m = module_codes; c->shipped && m->name != NULL; m++)
        if (strcmp(m->name, c->name) == 0)
            return luaL_loadbufferx(L, (const char *)m->code, m->len, source, "b");
    return luaL_loadbufferx(L, f->text, f->len, source, "t");
}

/* Leaves the function on the stack, its globals those at `env`. Returns NULL, or what Lua says; `*line` is where. */
static const char *compile(struct hooks *h, const struct script *c, int env, uint32_t *line)
{
    lua_State *L = h->L;
    const struct file *f = &h->cx->files[c->file];
    const char *source = str_join(h->cx->a, "@", c->name, NULL), *message;
    const int status = load_text(L, c, f, source);
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
    const enum io_result r = input_read_below(h->cx, h->running->folder, file, HOOK_FILE_BYTES, &text, &len, NULL);
    if (r != IO_OK)
        error_raise(L, E_HOOK_MODULE, did_you_mean(h, name), "there is no module '%s': %s", name,
                    io_reason(a, r, HOOK_FILE_BYTES));
    if ((bad = bad_text(text, len)) != NULL)
        error_raise(L, E_HOOK_MODULE, NULL, "module '%s' %s", name, bad);
    return add_chunk(h, input_name(a, h->running->folder, file), text, len, false);
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
        return lua_toboolean(L, -1) ? 1 : error_raise(L, E_HOOK_MODULE, NULL, "module '%s' requires itself, or has failed before", name);
    struct script *c = find_module(L, h, name);
    const char *bad = compile(h, c, h->running->env, &line);
    if (bad != NULL)
        error_raise(L, E_HOOK_SYNTAX, NULL, "module '%s', line %u: %s", name, line, bad);
    lua_pushboolean(L, 0);
    lua_setfield(L, 2, name);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1) || (lua_isboolean(L, -1) && !lua_toboolean(L, -1)))
        error_raise(L, E_HOOK_MODULE, "end it with `return M`", "module '%s' returns nothing", name);
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
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
    lua_pushboolean(L, answer_read(h, hook));
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
    const enum io_result r = input_read_below(h->cx, h->folder, v->s, HOOK_FILE_BYTES, &text, &len, NULL);
    return add_file(h, v->s, input_name(h->cx->a, h->folder, v->s), v->at, r, text, len);
}

static bool add_given(struct hooks *h, const char *path)
{
    const char *text = NULL;
    size_t len = 0;
    const enum io_result r = input_read(h->cx, path, HOOK_FILE_BYTES, &text, &len);
    return add_file(h, path, path, no_pos(), r, text, len);
}

static bool too_many(struct hooks *h, const struct val *named)
{
    struct diag *d = diag_at(h->cx, E_HOOK_FILE, named->at, "'hooks' names %u files: at most %d are read", named->len, HOOK_FILES);
    diag_hint(h->cx, d, "let one file do what belongs together");
    return false;
}

bool load_hooks(struct hooks *h, const char *const *files)
{
    const struct val *named = tree_get(h->root, "hooks");
    const uint32_t n = named != NULL && named->kind == V_SEQ ? named->len : 0;
    uint32_t given = 0;
    bool fine = true;
    if (n > HOOK_FILES)
        return too_many(h, named);
    while (files != NULL && files[given] != NULL)
        given++;
    h->list = NEWS(h->cx->a, struct hook, n + given + 1);
    for (uint32_t i = 0; i < n && h->stopped == CODES; i++)
        fine &= add_named(h, &named->seq[i]);
    for (uint32_t i = 0; i < given && h->stopped == CODES; i++)
        fine &= add_given(h, files[i]);
    return fine;
}
