/* The libraries `math` and `utf8`: Lua's own, without chance, and with a price on long texts. */
#include "hook/state.h"

#include <lua5.4/lualib.h>

int numbers_open(lua_State *L)
{
    luaopen_math(L);
    lua_pushnil(L);
    lua_setfield(L, -2, "random");
    lua_pushnil(L);
    lua_setfield(L, -2, "randomseed");
    return 1;
}

/* The upvalue is Lua's function: it walks over the whole text. */
static int priced(lua_State *L)
{
    size_t len = 0;
    if (lua_type(L, 1) == LUA_TSTRING)
        lua_tolstring(L, 1, &len);
    limit_charge(L, 1 + (int64_t)len / 16);
    const int args = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, args, LUA_MULTRET);
    return lua_gettop(L);
}

int utf8_open(lua_State *L)
{
    static const char *const walking[] = { "len", "codepoint", "offset" };
    luaopen_utf8(L);
    for (size_t i = 0; i < sizeof walking / sizeof *walking; i++) {
        lua_getfield(L, -1, walking[i]);
        lua_pushcclosure(L, priced, 1);
        lua_setfield(L, -2, walking[i]);
    }
    return 1;
}
