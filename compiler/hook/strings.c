/* The library `string`: Lua's own functions where they only cost what they allocate, ours where a pattern, an empty repetition or an
 * address is involved. No dump, no pack. */
#include "hook/pattern.h"

#include <lua5.4/lualib.h>

/* ---- find, match ------------------------------------------------------------------------------------------------ */

/* Start of a search, from 0; beyond the text when there is none. */
static size_t start_of(lua_State *L, int i, size_t len)
{
    const lua_Integer at = luaL_optinteger(L, i, 1);
    if (at > 0)
        return (size_t)at - 1;
    if (at == 0 || at < -(lua_Integer)len)
        return 0;
    return len - (size_t)-at;
}

static int find_plain(lua_State *L, const char *s, size_t len, const char *p, size_t p_len, size_t from)
{
    limit_charge(L, (int64_t)(len - from) / 64 + 1);
    const char *found = p_len == 0 ? s + from : memmem(s + from, len - from, p, p_len);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - s + 1);
    lua_pushinteger(L, found - s + (lua_Integer)p_len);
    return 2;
}

/* The first match from `*s` on. Returns its end, `*s` its start; or NULL. */
static const char *search(struct match *m, const char **s, const char *p, bool anchored)
{
    do {
        m->captures = 0;
        const char *end = pattern_at(m, *s, p);
        if (end != NULL)
            return end;
    } while (!anchored && (*s)++ < m->text_end);
    return NULL;
}

static int find_or_match(lua_State *L, bool find)
{
    size_t len, p_len;
    struct match m;
    const char *s = luaL_checklstring(L, 1, &len), *p = luaL_checklstring(L, 2, &p_len);
    const size_t from = start_of(L, 3, len);
    if (from > len) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || strcspn(p, "^$*+?.([%-") == p_len))
        return find_plain(L, s, len, p, p_len, from);
    const bool anchored = *p == '^';
    pattern_begin(&m, L, s, len, p, p_len);
    const char *at = s + from, *end = search(&m, &at, p + anchored, anchored);
    pattern_charge(&m);
    if (end == NULL) {
        lua_pushnil(L);
        return 1;
    }
    if (!find)
        return pattern_push_all(&m, at, end);
    lua_pushinteger(L, at - s + 1);
    lua_pushinteger(L, end - s);
    return 2 + pattern_push_all(&m, NULL, NULL);
}

static int string_find(lua_State *L)
{
    return find_or_match(L, true);
}

static int string_match(lua_State *L)
{
    return find_or_match(L, false);
}

/* ---- gmatch ----------------------------------------------------------------------------------------------------- */

/* Upvalues: text, pattern, where to go on, end of the last match (an empty match must not stand right behind it). */
static int gmatch_step(lua_State *L)
{
    size_t len, p_len;
    struct match m;
    const char *s = lua_tolstring(L, lua_upvalueindex(1), &len), *p = lua_tolstring(L, lua_upvalueindex(2), &p_len);
    const char *at = s + lua_tointeger(L, lua_upvalueindex(3)), *last = s + lua_tointeger(L, lua_upvalueindex(4)), *end = NULL;
    pattern_begin(&m, L, s, len, p, p_len);
    for (; at <= m.text_end; at++) {
        m.captures = 0;
        end = pattern_at(&m, at, p);
        if (end != NULL && end != last)
            break;
    }
    pattern_charge(&m);
    if (at > m.text_end)
        return 0;
    lua_pushinteger(L, end - s);
    lua_copy(L, -1, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    return pattern_push_all(&m, at, end);
}

static int string_gmatch(lua_State *L)
{
    size_t len;
    luaL_checklstring(L, 1, &len);
    luaL_checkstring(L, 2);
    size_t from = start_of(L, 3, len);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)(from > len ? len + 1 : from));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_step, 4);
    return 1;
}

/* ---- gsub ------------------------------------------------------------------------------------------------------- */

static void add_template(struct match *m, luaL_Buffer *b, const char *s, const char *end)
{
    size_t len;
    const char *t = lua_tolstring(m->L, 3, &len);
    for (size_t i = 0; i < len; i++) {
        if (t[i] != '%') {
            luaL_addchar(b, t[i]);
            continue;
        }
        const char c = ++i < len ? t[i] : '\0';
        if (c == '%') {
            luaL_addchar(b, '%');
        } else if (c == '0') {
            luaL_addlstring(b, s, (size_t)(end - s));
        } else if (c >= '1' && c <= '9') {
            pattern_push(m, (unsigned)(c - '1'), s, end);
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(b);
        } else {
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        }
    }
    m->steps += (int64_t)len;
}

static void add_replacement(struct match *m, luaL_Buffer *b, const char *s, const char *end, int type)
{
    lua_State *L = m->L;
    if (type == LUA_TSTRING || type == LUA_TNUMBER) {
        add_template(m, b, s, end);
        return;
    }
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, pattern_push_all(m, s, end), 1);
    } else {
        pattern_push(m, 0, s, end);
        lua_gettable(L, 3);
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(b, s, (size_t)(end - s));
    } else if (!lua_isstring(L, -1)) {
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    } else {
        luaL_addvalue(b);
    }
}

static int string_gsub(lua_State *L)
{
    size_t len, p_len;
    struct match m;
    luaL_Buffer b;
    const char *s = luaL_checklstring(L, 1, &len), *p = luaL_checklstring(L, 2, &p_len), *at = s, *last = NULL;
    const int type = lua_type(L, 3);
    const lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)len + 1);
    const bool anchored = *p == '^';
    lua_Integer n = 0;
    luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                     "string/function/table");
    pattern_begin(&m, L, s, len, p, p_len);
    luaL_buffinit(L, &b);
    while (n < most) {
        m.captures = 0;
        const char *end = pattern_at(&m, at, p + anchored);
        if (end != NULL && end != last) {
            n++;
            add_replacement(&m, &b, at, end, type);
            at = last = end;
        } else if (at < m.text_end) {
            luaL_addchar(&b, *at++);
        } else {
            break;
        }
        if (anchored)
            break;
    }
    pattern_charge(&m);
    luaL_addlstring(&b, at, (size_t)(m.text_end - at));
    luaL_pushresult(&b);
    lua_pushinteger(L, n);
    return 2;
}

/* ---- rep, format ------------------------------------------------------------------------------------------------ */

/* Lua's own loops over an empty text as often as asked. */
static int string_rep(lua_State *L)
{
    size_t len, sep_len;
    luaL_Buffer b;
    const char *s = luaL_checklstring(L, 1, &len);
    const lua_Integer n = luaL_checkinteger(L, 2);
    const char *sep = luaL_optlstring(L, 3, "", &sep_len);
    if (n <= 0 || len + sep_len == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((lua_Unsigned)n > HOOK_MEMORY / (len + sep_len))
        limit_stop(L, E_HOOK_MEMORY);
    limit_charge(L, n / 4);
    luaL_buffinitsize(L, &b, (size_t)n * (len + sep_len));
    for (lua_Integer i = 0; i < n; i++) {
        luaL_addlstring(&b, s, len);
        luaL_addlstring(&b, sep, i + 1 < n ? sep_len : 0);
    }
    luaL_pushresult(&b);
    return 1;
}

/* Makes texts of what %s would show by its address, then leaves it to Lua. */
static int string_format(lua_State *L)
{
    size_t len;
    const char *f = luaL_checklstring(L, 1, &len);
    int arg = 1;
    for (size_t i = 0; i < len; i++) {
        if (f[i] != '%' || (++i < len && f[i] == '%'))
            continue;
        i += strspn(f + i, "-+ #0123456789.");
        arg++;
        if (i < len && f[i] == 'p')
            return error_raise(L, E_HOOK_ERROR, NULL, "'%%p' would tell an address, which differs from run to run");
        if (i < len && f[i] == 's' && (lua_istable(L, arg) || lua_isfunction(L, arg))) {
            lua_getfield(L, LUA_REGISTRYINDEX, "tostring");
            lua_pushvalue(L, arg);
            lua_call(L, 1, 1);
            lua_replace(L, arg);
        }
    }
    const int n = lua_gettop(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "format");
    lua_insert(L, 1);
    lua_call(L, n, 1);
    return 1;
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

static const luaL_Reg own[] = {
    { "find", string_find }, { "match", string_match }, { "gmatch", string_gmatch }, { "gsub", string_gsub },
    { "rep", string_rep }, { "format", string_format }, { NULL, NULL }
};

/* Methods of texts ("x"):rep(2) come from a table of their own, which no hook can reach and change. */
void strings_prepare(lua_State *L)
{
    static const char *const dropped[] = { "dump", "pack", "packsize", "unpack" };
    luaopen_string(L);
    lua_getfield(L, -1, "format");
    lua_setfield(L, LUA_REGISTRYINDEX, "format");
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        lua_pushnil(L);
        lua_setfield(L, -2, dropped[i]);
    }
    luaL_setfuncs(L, own, 0);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
    lua_setfield(L, LUA_REGISTRYINDEX, "string");
}

int strings_open(lua_State *L)
{
    lua_createtable(L, 0, 16);
    lua_getfield(L, LUA_REGISTRYINDEX, "string");
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -5);
    }
    lua_pop(L, 1);
    return 1;
}
