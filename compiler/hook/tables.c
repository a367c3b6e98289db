/* The library `table`, on plain tables and on lists of objects. Ours, because Lua's loops as long as a metamethod says; here only what
 * is really there counts, and each entry costs a step. */
#include "hook/state.h"

static lua_Integer length(lua_State *L, int i)
{
    const struct part *n = proxy_is(L, i);
    if (n != NULL && n->v.kind == V_SEQ)
        return n->v.len;
    luaL_checktype(L, i, LUA_TTABLE);
    return (lua_Integer)lua_rawlen(L, i);
}

static int get(lua_State *L, int list, lua_Integer i)
{
    return proxy_is(L, list) != NULL ? lua_geti(L, list, i) : lua_rawgeti(L, list, i);
}

static void set(lua_State *L, int list, lua_Integer i)
{
    if (proxy_is(L, list) != NULL)
        lua_seti(L, list, i);
    else
        lua_rawseti(L, list, i);
}

static int table_insert(lua_State *L)
{
    struct hooks *h = hook_of(L);
    struct part *n = proxy_is(L, 1);
    const lua_Integer len = length(L, 1);
    const int args = lua_gettop(L);
    if (args != 2 && args != 3)
        return luaL_error(L, "wrong number of arguments to 'insert'");
    const lua_Integer at = args == 2 ? len + 1 : luaL_checkinteger(L, 2);
    luaL_argcheck(L, at >= 1 && at <= len + 1, 2, "position out of bounds");
    limit_charge(L, 1 + (len - at) / (n != NULL ? 16 : 1));
    if (n != NULL) {
        proxy_writable(L, n);
        const struct pos here = error_here(L);
        part_insert(&h->memory, n, (uint32_t)at - 1, convert_value(L, args, n, NULL, V_NONE, here), here);
        return 0;
    }
    for (lua_Integer i = len; i >= at; i--) {
        lua_rawgeti(L, 1, i);
        lua_rawseti(L, 1, i + 1);
    }
    lua_pushvalue(L, args);
    lua_rawseti(L, 1, at);
    return 0;
}

static int table_remove(lua_State *L)
{
    struct part *n = proxy_is(L, 1);
    const lua_Integer len = length(L, 1), at = luaL_optinteger(L, 2, len);
    if (len == 0 && (at == 0 || at == len))
        return 0;
    luaL_argcheck(L, at >= 1 && at <= len + 1, 2, "position out of bounds");
    limit_charge(L, 1 + (len - at) / (n != NULL ? 16 : 1));
    get(L, 1, at);
    if (n != NULL && at <= len) {
        proxy_writable(L, n);
        part_remove(&hook_of(L)->memory, n, (uint32_t)at - 1, error_here(L));
    }
    for (lua_Integer i = at; n == NULL && i <= len; i++) {
        lua_rawgeti(L, 1, i + 1);
        lua_rawseti(L, 1, i);
    }
    return 1;
}

/* How many entries a range holds; at most what memory could hold. */
static lua_Integer range(lua_State *L, lua_Integer from, lua_Integer to)
{
    if (from > to)
        return 0;
    if ((lua_Unsigned)to - (lua_Unsigned)from >= HOOK_MEMORY / 16)
        limit_stop(L, E_HOOK_STEPS);
    limit_charge(L, to - from + 1);
    return to - from + 1;
}

static int table_concat(lua_State *L)
{
    luaL_Buffer b;
    size_t sep_len;
    const char *sep = luaL_optlstring(L, 2, "", &sep_len);
    const lua_Integer from = luaL_optinteger(L, 3, 1), to = luaL_optinteger(L, 4, length(L, 1));
    const lua_Integer n = range(L, from, to);
    luaL_buffinit(L, &b);
    for (lua_Integer i = 0; i < n; i++) {
        const int type = get(L, 1, from + i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER)
            return luaL_error(L, "invalid value (at index %I) in table for 'concat'", (LUAI_UACINT)(from + i));
        luaL_addvalue(&b);
        luaL_addlstring(&b, sep, i + 1 < n ? sep_len : 0);
    }
    luaL_pushresult(&b);
    return 1;
}

static int table_unpack(lua_State *L)
{
    const lua_Integer from = luaL_optinteger(L, 2, 1), to = luaL_optinteger(L, 3, length(L, 1));
    const lua_Integer n = range(L, from, to);
    if (n > 100000 || !lua_checkstack(L, (int)n))
        return luaL_error(L, "too many results to unpack");
    for (lua_Integer i = 0; i < n; i++)
        get(L, 1, from + i);
    return (int)n;
}

static int table_pack(lua_State *L)
{
    const int n = lua_gettop(L);
    lua_createtable(L, n, 1);
    lua_insert(L, 1);
    for (int i = n; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, n);
    lua_setfield(L, 1, "n");
    return 1;
}

static int table_move(lua_State *L)
{
    const int to_list = lua_isnoneornil(L, 5) ? 1 : 5;
    const lua_Integer from = luaL_checkinteger(L, 2), end = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    length(L, 1);
    length(L, to_list);
    const lua_Integer n = range(L, from, end);
    const bool up = to_list != 1 || to > end || to <= from;
    luaL_argcheck(L, n == 0 || to <= LUA_MAXINTEGER - n, 4, "destination wrap around");
    for (lua_Integer i = 0; i < n; i++) {
        const lua_Integer k = up ? i : n - 1 - i;
        get(L, 1, from + k);
        set(L, to_list, to + k);
    }
    lua_pushvalue(L, to_list);
    return 1;
}

/* ---- sort: a stable merge sort; a comparison that contradicts itself does no harm ------------------------------- */

/* b < a? Both are at the top. */
static bool second_first(lua_State *L)
{
    if (lua_isnil(L, 2)) {
        size_t len = 0;
        if (lua_type(L, -1) == LUA_TSTRING)
            lua_tolstring(L, -1, &len);
        limit_charge(L, 1 + (int64_t)len / 64);
        return lua_compare(L, -1, -2, LUA_OPLT);
    }
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -4);
    lua_call(L, 2, 1);
    const bool first = lua_toboolean(L, -1);
    lua_pop(L, 1);
    limit_charge(L, 8);
    return first;
}

enum { VALUES = 3, SPARE = 4 };

static void merge_sort(lua_State *L, lua_Integer lo, lua_Integer n)
{
    const lua_Integer half = n / 2, end = lo + n;
    lua_Integer i = lo, j = lo + half;
    if (n < 2)
        return;
    luaL_checkstack(L, 8, NULL);
    merge_sort(L, lo, half);
    merge_sort(L, lo + half, n - half);
    for (lua_Integer to = lo; to < end; to++) {
        lua_rawgeti(L, VALUES, i < lo + half ? i : j);
        lua_rawgeti(L, VALUES, j < end ? j : i);
        const bool first = j >= end || (i < lo + half && !second_first(L));
        lua_pushvalue(L, first ? -2 : -1);
        lua_rawseti(L, SPARE, to);
        lua_pop(L, 2);
        i += first;
        j += !first;
    }
    for (lua_Integer k = lo; k < end; k++) {
        lua_rawgeti(L, SPARE, k);
        lua_rawseti(L, VALUES, k);
    }
}

static int table_sort(lua_State *L)
{
    const lua_Integer n = length(L, 1);
    lua_settop(L, 2);
    if (!lua_isnil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    limit_charge(L, n);
    lua_createtable(L, (int)n, 0);
    lua_createtable(L, (int)n, 0);
    for (lua_Integer i = 1; i <= n; i++) {
        get(L, 1, i);
        lua_rawseti(L, VALUES, i);
    }
    merge_sort(L, 1, n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, VALUES, i);
        set(L, 1, i);
    }
    return 0;
}

int tables_open(lua_State *L)
{
    static const luaL_Reg all[] = { { "insert", table_insert }, { "remove", table_remove }, { "concat", table_concat },
                                    { "unpack", table_unpack }, { "pack", table_pack }, { "move", table_move },
                                    { "sort", table_sort }, { NULL, NULL } };
    luaL_newlib(L, all);
    return 1;
}
