/* The globals of a hook: Lua's base functions without anything that reaches the machine, loads code or tells an address, and with an
 * iteration order that does not differ from run to run. */
#include "hook/state.h"

#include "print/print.h"

#include <stdlib.h>

/* ---- iteration: numbers, then texts by their bytes -------------------------------------------------------------- */

/* Order of two keys; both are numbers or texts. */
static bool before(lua_State *L, int a, int b)
{
    const bool a_number = lua_type(L, a) == LUA_TNUMBER, b_number = lua_type(L, b) == LUA_TNUMBER;
    return a_number == b_number ? lua_compare(L, a, b, LUA_OPLT) : a_number;
}

static void check_key(lua_State *L, int i)
{
    if (lua_type(L, i) != LUA_TNUMBER && lua_type(L, i) != LUA_TSTRING)
        error_raise(L, E_HOOK_ERROR, "only keys that are numbers or texts have an order", "a table with a key that is a %s cannot be "
                    "iterated over", luaL_typename(L, i));
}

/* The smallest key behind the one at `from` (nil: of all) is pushed with its value. Returns 0 or 2. */
static int smallest_behind(lua_State *L, int table, int from)
{
    const bool first = lua_isnil(L, from);
    lua_pushnil(L);
    const int best = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        const int key = lua_gettop(L) - 1;
        check_key(L, key);
        limit_charge(L, 1);
        if ((first || before(L, from, key)) && (lua_isnil(L, best) || before(L, key, best)))
            lua_copy(L, key, best);
    }
    if (lua_isnil(L, best))
        return 0;
    lua_pushvalue(L, best);
    lua_rawget(L, table);
    return 2;
}

static int base_next(lua_State *L)
{
    struct part *n = proxy_is(L, 1);
    lua_settop(L, 2);
    if (n == NULL) {
        luaL_checktype(L, 1, LUA_TTABLE);
        const int got = smallest_behind(L, 1, 2);
        if (got == 0)
            lua_pushnil(L);
        return got == 0 ? 1 : 2;
    }
    if (lua_isnil(L, 2) && n->v.len == 0) {
        lua_pushnil(L);
        return 1;
    }
    if (!lua_isnil(L, 2))
        return error_raise(L, E_HOOK_ERROR, NULL, "next() of a part of an object gives its first entry only; use pairs()");
    if (n->v.kind == V_MAP)
        lua_pushstring(L, n->v.map[0].key);
    else
        lua_pushinteger(L, 1);
    proxy_push_value(L, n, 0);
    return 2;
}

/* Upvalues: the sorted list of keys, the number of the last. Entries that are gone by now are passed over. A hook can call this itself,
 * with anything. */
static int sorted_step(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    luaL_checktype(L, 1, LUA_TTABLE);
    for (;;) {
        lua_settop(L, 1);
        if (lua_rawgeti(L, lua_upvalueindex(1), ++i) == LUA_TNIL)
            return 1;
        lua_pushinteger(L, i);
        lua_replace(L, lua_upvalueindex(2));
        lua_pushvalue(L, 2);
        if (lua_rawget(L, 1) != LUA_TNIL)
            return 2;
    }
}

/* Merge sort of the keys in list `from` (n of them, from `lo` on) by way of list `spare`. */
static void sort_keys(lua_State *L, int list, int spare, lua_Integer lo, lua_Integer n)
{
    if (n < 2)
        return;
    const lua_Integer half = n / 2, end = lo + n;
    lua_Integer i = lo, j = lo + half;
    luaL_checkstack(L, 8, NULL);
    sort_keys(L, list, spare, lo, half);
    sort_keys(L, list, spare, lo + half, n - half);
    limit_charge(L, n);
    for (lua_Integer to = lo; to < end; to++) {
        lua_rawgeti(L, list, i < lo + half ? i : j);
        lua_rawgeti(L, list, j < end ? j : i);
        const int a = lua_gettop(L) - 1, b = a + 1;
        const bool first = j >= end || (i < lo + half && !before(L, b, a));
        lua_pushvalue(L, first ? a : b);
        lua_rawseti(L, spare, to);
        lua_pop(L, 2);
        i += first;
        j += !first;
    }
    for (lua_Integer k = lo; k < end; k++) {
        lua_rawgeti(L, spare, k);
        lua_rawseti(L, list, k);
    }
}

static int pairs_of_table(lua_State *L)
{
    lua_Integer n = 0;
    lua_newtable(L); /* 2: keys */
    lua_newtable(L); /* 3: spare */
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        check_key(L, -2);
        limit_charge(L, 1);
        lua_pushvalue(L, -2);
        lua_rawseti(L, 2, ++n);
    }
    sort_keys(L, 2, 3, 1, n);
    lua_pushvalue(L, 2);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, sorted_step, 2);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

static int base_pairs(lua_State *L)
{
    struct part *n = proxy_is(L, 1);
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (n != NULL && n->v.kind != V_NULL)
        return proxy_pairs(L, n);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    return pairs_of_table(L);
}

static int ipairs_step(lua_State *L)
{
    const lua_Integer i = (lua_Integer)((lua_Unsigned)luaL_checkinteger(L, 2) + 1);
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L)
{
    struct part *n = proxy_is(L, 1);
    luaL_checkany(L, 1);
    if (n != NULL && n->v.kind == V_SEQ)
        return proxy_pairs(L, n);
    lua_pushcfunction(L, ipairs_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static int base_type(lua_State *L)
{
    const struct part *n = proxy_is(L, 1);
    luaL_checkany(L, 1);
    lua_pushstring(L, n == NULL ? luaL_typename(L, 1) : n->v.kind == V_NULL ? "null" : "table");
    return 1;
}

/* Addresses differ from run to run: a table is "table". */
static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TTABLE: case LUA_TFUNCTION: case LUA_TUSERDATA: case LUA_TTHREAD:
        if (!luaL_callmeta(L, 1, "__tostring"))
            lua_pushstring(L, luaL_typename(L, 1));
        else if (!lua_isstring(L, -1))
            return luaL_error(L, "'__tostring' must return a string");
        return 1;
    default:
        luaL_tolstring(L, 1, NULL);
        return 1;
    }
}

/* Finalisers run where no limit holds, and weak tables tell when garbage is collected. */
static int base_setmetatable(lua_State *L)
{
    static const char *const refused[] = { "__gc", "__close", "__mode" };
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    lua_settop(L, 2);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    for (size_t i = 0; lua_istable(L, 2) && i < 3; i++) {
        lua_pushstring(L, refused[i]);
        if (lua_rawget(L, 2) != LUA_TNIL)
            return error_raise(L, E_HOOK_ERROR, NULL, "a metatable of a hook cannot have '%s'", refused[i]);
        lua_pop(L, 1);
    }
    lua_setmetatable(L, 1);
    return 1;
}

/* ---- errors: a limit cannot be caught --------------------------------------------------------------------------- */

static int caught(lua_State *L, int status, int from)
{
    struct hooks *h = hook_of(L);
    if (status == LUA_ERRMEM && h->stopped == CODES)
        limit_stop(L, E_HOOK_MEMORY);
    if (h->stopped != CODES)
        limit_stop(L, h->stopped);
    if (status != LUA_OK) {
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    return lua_gettop(L) - from;
}

static int base_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    limit_charge(L, 10);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return caught(L, lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0), 0);
}

/* Behind a limit Lua would run the handler without counting, because the error comes out of the count itself. */
static int bounded_handler(lua_State *L)
{
    if (hook_of(L)->stopped != CODES)
        return 1;
    limit_charge(L, 100);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int base_xpcall(lua_State *L)
{
    const int n = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    limit_charge(L, 10);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, bounded_handler, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);
    return caught(L, lua_pcall(L, n - 2, LUA_MULTRET, 2), 2);
}

/* ---- print ------------------------------------------------------------------------------------------------------ */

/* JSON on one line. */
static void add_json(struct text *out, const struct val *v)
{
    struct text t = { .a = out->a };
    print_json(&t, v);
    for (size_t i = 0; i < t.len; i++)
        if (t.p[i] != '\n')
            text_char(out, t.p[i]);
        else if (i += strspn(t.p + i + 1, " "), out->p[out->len - 1] == ',')
            text_char(out, ' ');
}

static void add_shown(lua_State *L, struct text *t, int i)
{
    const struct part *n = proxy_is(L, i);
    size_t len;
    if (n != NULL && n->v.kind != V_NULL) {
        const struct val v = part_value(&hook_of(L)->memory, n);
        add_json(t, &v);
        return;
    }
    lua_pushcfunction(L, base_tostring);
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    const char *s = lua_tolstring(L, -1, &len);
    text_bytes(t, s, len > HOOK_MESSAGE ? HOOK_MESSAGE : len);
    lua_pop(L, 1);
}

static int base_print(lua_State *L)
{
    struct hooks *h = hook_of(L);
    struct text t = { .a = h->cx->a };
    const int n = lua_gettop(L);
    limit_charge(L, 100);
    if (++h->printed > HOOK_PRINTED)
        return 0;
    for (int i = 1; i <= n && t.len < HOOK_MESSAGE; i++) {
        text_add(&t, i > 1 ? " " : "");
        add_shown(L, &t, i);
    }
    const bool cut = t.len > HOOK_MESSAGE;
    error_report(h, W_HOOK_PRINTED, error_here(L), "print: %.*s%s", (int)HOOK_MESSAGE, text_str(&t), cut ? "..." : "");
    return 0;
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

/* Libraries are made when a hook asks for them. */
static int library(lua_State *L)
{
    static const luaL_Reg made[] = { { "string", strings_open }, { "table", tables_open }, { "math", numbers_open },
                                     { "utf8", utf8_open }, { "gregor", api_open }, { NULL, NULL } };
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    for (const luaL_Reg *r = made; r->name != NULL; r++)
        if (strcmp(r->name, name) == 0) {
            r->func(L);
            lua_pushvalue(L, 2);
            lua_pushvalue(L, -2);
            lua_rawset(L, 1);
            return 1;
        }
    return 0;
}

static void take(lua_State *L, const char *const *names)
{
    lua_pushglobaltable(L); /* filled by luaopen_base(); no hook can reach it */
    for (; *names != NULL; names++) {
        lua_getfield(L, -1, *names);
        lua_setfield(L, -3, *names);
    }
    lua_pop(L, 1);
}

static const luaL_Reg own[] = {
    { "next", base_next }, { "pairs", base_pairs }, { "ipairs", base_ipairs }, { "type", base_type },
    { "tostring", base_tostring }, { "setmetatable", base_setmetatable }, { "pcall", base_pcall }, { "xpcall", base_xpcall },
    { "print", base_print }, { "require", load_require }, { "array", api_array }, { "map", api_map }, { NULL, NULL }
};

void base_open(lua_State *L)
{
    static const char *const borrowed[] = { "assert", "error", "rawequal", "rawget", "rawlen", "rawset", "select", "tonumber",
                                            "getmetatable", NULL };
    take(L, borrowed);
    luaL_setfuncs(L, own, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    proxy_push(L, &hook_of(L)->null);
    lua_setfield(L, -2, "null");
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, library);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}
