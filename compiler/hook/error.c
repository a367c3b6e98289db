/* What goes wrong in Lua -> findings at the site's line, with the source line, the object and who called. */
#include "hook/state.h"

#include <stdlib.h>

/* ---- where ------------------------------------------------------------------------------------------------------ */

static bool frame_at(lua_State *L, int level, lua_Debug *ar, const struct script **c)
{
    if (!lua_getstack(L, level, ar))
        return false;
    lua_getinfo(L, "Sl", ar);
    *c = ar->currentline > 0 ? load_chunk_of(hook_of(L), ar->source) : NULL;
    return true;
}

/* The innermost line of the site: a module that ships with gregor writes on behalf of its caller. */
struct pos error_here(lua_State *L)
{
    struct hooks *h = hook_of(L);
    const struct script *c;
    struct pos shipped = no_pos();
    lua_Debug ar;
    for (int level = 0; frame_at(L, level, &ar, &c); level++) {
        if (c == NULL)
            continue;
        if (!c->shipped)
            return load_line(h, c, ar.currentline);
        if (shipped.line == 0)
            shipped = load_line(h, c, ar.currentline);
    }
    return shipped;
}

/* ---- raising ---------------------------------------------------------------------------------------------------- */

/* The code and the hint belong to exactly this message: pcall() may swallow it, and another error follow. */
int error_raise(lua_State *L, enum code code, const char *hint, const char *fmt, ...)
{
    struct hooks *h = hook_of(L);
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(h->cx->a, fmt, ap);
    va_end(ap);
    h->failure.code    = code;
    h->failure.hint    = hint;
    h->failure.message = message;
    lua_pushstring(L, message);
    return lua_error(L);
}

/* ---- the handler ------------------------------------------------------------------------------------------------ */

static const char *shortened(struct hooks *h, const char *s, size_t len)
{
    if (len <= HOOK_MESSAGE)
        return arena_dup(h->cx->a, s, len);
    return str_join(h->cx->a, arena_dup(h->cx->a, s, HOOK_MESSAGE), "...", NULL);
}

static const char *message_of(lua_State *L, struct hooks *h)
{
    size_t len;
    if (lua_type(L, 1) == LUA_TSTRING || lua_type(L, 1) == LUA_TNUMBER) {
        lua_pushvalue(L, 1);
        const char *s = lua_tolstring(L, -1, &len);
        return shortened(h, s, len);
    }
    return arena_printf(h->cx->a, "an error that is no text but a %s", lua_isnil(L, 1) ? "nil" : luaL_typename(L, 1));
}

/* "site.lua:12: message" -> "message": the place is shown anyway. */
static const char *without_place(struct hooks *h, const char *message)
{
    for (uint32_t i = 0; i < h->chunk_count; i++) {
        const size_t len = strlen(h->chunks[i].name);
        if (strncmp(message, h->chunks[i].name, len) != 0 || message[len] != ':')
            continue;
        const char *digits = message + len + 1;
        const size_t n = strspn(digits, "0123456789");
        if (n > 0 && strncmp(digits + n, ": ", 2) == 0)
            return digits + n + 2;
    }
    return message;
}

/* A function that calls itself is named once: its callers are of more use than the same line again. */
static void add_frame(struct failure *f, struct pos at, const char *what)
{
    const struct pos *last = f->frame_count > 0 ? &f->frames[f->frame_count - 1].at : &f->at;
    if (last->line == at.line && last->file == at.file)
        return;
    if (f->frame_count < sizeof f->frames / sizeof *f->frames) {
        f->frames[f->frame_count].at     = at;
        f->frames[f->frame_count++].what = what;
    }
}

/* The first line of the site becomes the place of the finding, the others are notes. */
static void trace(lua_State *L, struct hooks *h)
{
    struct failure *f = &h->failure;
    const struct script *c;
    lua_Debug ar;
    f->at = no_pos();
    f->frame_count = 0;
    for (int level = 0; level < 200 && frame_at(L, level, &ar, &c); level++) {
        if (c == NULL)
            continue;
        const struct pos at = load_line(h, c, ar.currentline);
        if (c->shipped && f->at.line == 0)
            add_frame(f, at, "raised here, in a module of gregor");
        else if (f->at.line == 0)
            f->at = at;
        else
            add_frame(f, at, "called from here");
    }
}

int error_handler(lua_State *L)
{
    struct hooks *h = hook_of(L);
    struct failure *f = &h->failure;
    trace(L, h);
    if (h->stopped != CODES)
        return 1;
    const char *message = message_of(L, h);
    if (f->message == NULL || strcmp(message, f->message) != 0) {
        f->code = E_HOOK_ERROR;
        f->hint = NULL;
    }
    f->message = without_place(h, message);
    return 1;
}

/* ---- reporting -------------------------------------------------------------------------------------------------- */

static void stopped_message(struct hooks *h, struct failure *f)
{
    struct arena *a = h->cx->a;
    f->hint = NULL;
    switch (f->code) {
    case E_HOOK_STEPS:
        f->message = arena_printf(a, "stopped after %lld million steps: a loop without an end?", (long long)(h->steps_limit / 1000000));
        break;
    case E_HOOK_MEMORY:
        f->message = "stopped: more than 64 MiB of memory";
        break;
    case E_HOOK_TIME:
        f->message = "stopped: it took too much processor time";
        break;
    default:
        f->message = "stopped";
    }
}

struct diag *error_report(struct hooks *h, enum code code, struct pos at, const char *fmt, ...)
{
    struct arena *a = h->cx->a;
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(a, fmt, ap);
    va_end(ap);
    if (at.line == 0 && h->running != NULL)
        at.file = h->running->chunk->file;
    return diag_at(h->cx, code, at, "%s%s%s", h->object != NULL ? h->object : "", h->object != NULL ? ": " : "", what);
}

static void report_failure(struct hooks *h)
{
    struct failure *f = &h->failure;
    const char *message = advice_words(h->cx->a, f->message);
    if (f->at.line == 0)
        f->at = h->function_at;
    struct diag *d = error_report(h, f->code, f->at, "%s", message);
    for (uint32_t i = 0; i < f->frame_count; i++)
        diag_note(h->cx, d, f->frames[i].at, "%s", f->frames[i].what);
    if (f->hint == NULL)
        f->hint = advice_for(h, message);
    if (f->hint != NULL)
        diag_hint(h->cx, d, "%s", f->hint);
}

/* Out of memory must not leave the clock running; see hook.h. Lua is not entered again behind a limit. */
bool error_call(struct hooks *h, int args, int results)
{
    lua_State *L = h->L;
    h->failure = (struct failure){ .code = E_HOOK_ERROR };
    lua_pushcfunction(L, error_handler);
    lua_insert(L, -args - 2);
    const int handler = lua_gettop(L) - args - 1;
    h->in_call = 1;
    const int status = lua_pcall(L, args, results, handler);
    h->in_call = 0;
    if (status == LUA_OK && h->stopped == CODES) {
        lua_remove(L, handler);
        return true;
    }
    if (status == LUA_ERRMEM && h->stopped == CODES)
        h->stopped = h->failure.code = E_HOOK_MEMORY;
    if (h->stopped != CODES) {
        h->failure.code = h->stopped;
        stopped_message(h, &h->failure);
    }
    if (h->failure.message == NULL)
        h->failure.message = "an error in the handling of an error";
    report_failure(h);
    lua_settop(L, handler - 1);
    return false;
}
