/* Nodes as Lua sees them: a light userdata is the node itself, all of them share one metatable, and reading costs no allocation but
 * the node. Nothing in Lua can forge one. */
#include "hook/state.h"

void proxy_push(lua_State *L, struct part *n)
{
    lua_pushlightuserdata(L, n);
}

struct part *proxy_is(lua_State *L, int i)
{
    return lua_islightuserdata(L, i) ? lua_touserdata(L, i) : NULL;
}

struct part *proxy_check(lua_State *L, int i, uint8_t kind)
{
    struct part *n = proxy_is(L, i);
    if (n == NULL || n->v.kind == V_NULL || (kind != V_NONE && n->v.kind != kind))
        luaL_argerror(L, i, kind == V_SEQ ? "must be a list of an object" : kind == V_MAP ? "must be a map of an object"
                                                                            : "must be an object or a part of one");
    return n;
}

void proxy_push_value(lua_State *L, struct part *n, uint32_t i)
{
    const struct val *v = n->v.kind == V_MAP ? &n->v.map[i].v : &n->v.seq[i];
    if (v->kind == V_MAP || v->kind == V_SEQ)
        proxy_push(L, part_kid(&hook_of(L)->memory, n, i));
    else
        convert_push(L, v, n->text);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Number of the entry that the key at `i` names, or -1. Lists count from 1 in Lua. */
static int64_t entry_of(lua_State *L, const struct part *n, int i)
{
    if (n->v.kind == V_MAP && lua_type(L, i) == LUA_TSTRING) {
        size_t len;
        const char *key = lua_tolstring(L, i, &len);
        limit_charge(L, n->v.len / 16);
        return part_find(n, key, len);
    }
    if (n->v.kind == V_SEQ && lua_isinteger(L, i)) {
        const lua_Integer at = lua_tointeger(L, i);
        return at >= 1 && at <= (lua_Integer)n->v.len ? at - 1 : -1;
    }
    return -1;
}

static int index_of(lua_State *L)
{
    struct part *n = lua_touserdata(L, 1);
    if (n->v.kind == V_NULL)
        return error_raise(L, E_HOOK_ERROR, NULL, "attempt to index null");
    const int64_t i = entry_of(L, n, 2);
    if (i < 0) {
        hook_of(L)->missed = n;
        lua_pushnil(L);
    } else {
        proxy_push_value(L, n, (uint32_t)i);
    }
    return 1;
}

static int length_of(lua_State *L)
{
    const struct part *n = lua_touserdata(L, 1);
    lua_pushinteger(L, n->v.len);
    return 1;
}

static int name_of(lua_State *L)
{
    const struct part *n = lua_touserdata(L, 1);
    lua_pushstring(L, n->v.kind == V_MAP ? "map" : n->v.kind == V_SEQ ? "list" : "null");
    return 1;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

void proxy_writable(lua_State *L, const struct part *n)
{
    const struct tree *t = part_tree(n);
    if (t != NULL && t->frozen)
        error_raise(L, E_HOOK_FROZEN, t->what != NULL ? NULL : "change it while its own hook function runs",
                    "%s cannot be changed", t->what != NULL ? t->what : "the object is finished and");
    if (n->depth >= HOOK_DEPTH)
        error_raise(L, E_HOOK_SIZE, NULL, "nested deeper than %d levels", HOOK_DEPTH);
}

static void assign_key(lua_State *L, struct part *n)
{
    struct hooks *h = hook_of(L);
    size_t len;
    if (lua_type(L, 2) != LUA_TSTRING)
        error_raise(L, E_HOOK_VALUE, "tostring() makes a text of a number", "the key of a map must be a text, not a %s",
                    luaL_typename(L, 2));
    const char *key = lua_tolstring(L, 2, &len);
    const int64_t i = part_find(n, key, len);
    const struct pos at = error_here(L);
    limit_charge(L, 1 + n->v.len / 16);
    if (lua_isnil(L, 3)) {
        if (i >= 0)
            part_remove(&h->memory, n, (uint32_t)i, at);
        return;
    }
    const struct val v = convert_value(L, 3, n, key, i >= 0 ? n->v.map[i].v.kind : V_NONE, at);
    if (i >= 0) {
        part_set(&h->memory, n, (uint32_t)i, v, at);
        return;
    }
    const struct val k = convert_value(L, 2, NULL, NULL, V_NONE, at); /* a copy that is UTF-8 */
    part_set_key(&h->memory, n, k.s, v, at);
}

static void assign_item(lua_State *L, struct part *n)
{
    struct hooks *h = hook_of(L);
    int whole;
    const lua_Integer at = lua_tointegerx(L, 2, &whole);
    if (!whole || at < 1 || at > (lua_Integer)n->v.len + 1)
        error_raise(L, E_HOOK_VALUE, "list[#list + 1] = value appends", "a list of %d has no item '%s'", (int)n->v.len,
                    lua_type(L, 2) == LUA_TSTRING || lua_type(L, 2) == LUA_TNUMBER ? luaL_tolstring(L, 2, NULL) : luaL_typename(L, 2));
    const uint32_t i = (uint32_t)at - 1;
    limit_charge(L, 1 + n->v.len / 64);
    if (!lua_isnil(L, 3))
        part_set(&h->memory, n, i, convert_value(L, 3, n, NULL, i < n->v.len ? n->v.seq[i].kind : V_NONE, error_here(L)),
                 error_here(L));
    else if (i < n->v.len)
        part_remove(&h->memory, n, i, error_here(L));
}

static int assign(lua_State *L)
{
    struct part *n = lua_touserdata(L, 1);
    if (n->v.kind == V_NULL)
        return error_raise(L, E_HOOK_ERROR, NULL, "attempt to index null");
    proxy_writable(L, n);
    if (n->v.kind == V_MAP)
        assign_key(L, n);
    else
        assign_item(L, n);
    return 0;
}

/* ---- iteration -------------------------------------------------------------------------------------------------- */

/* The upvalue is the cursor: entries that come and go during the loop move it. A hook can call this itself, with anything. */
static int step(lua_State *L)
{
    struct part *n = proxy_check(L, 1, V_NONE);
    struct cursor *c = lua_touserdata(L, lua_upvalueindex(1));
    if (c->next >= n->v.len) {
        part_loop_end(n, c);
        return 0;
    }
    const uint32_t i = c->next++;
    if (n->v.kind == V_MAP)
        lua_pushstring(L, n->v.map[i].key);
    else
        lua_pushinteger(L, (lua_Integer)i + 1);
    proxy_push_value(L, n, i);
    return 2;
}

int proxy_pairs(lua_State *L, struct part *n)
{
    lua_pushlightuserdata(L, part_loop(&hook_of(L)->memory, n));
    lua_pushcclosure(L, step, 1);
    proxy_push(L, n);
    lua_pushnil(L);
    return 3;
}

void proxy_open(lua_State *L)
{
    static const luaL_Reg methods[] = { { "__index", index_of }, { "__newindex", assign }, { "__len", length_of },
                                        { "__name", NULL }, { "__metatable", NULL }, { NULL, NULL } };
    lua_pushlightuserdata(L, NULL);
    luaL_newlib(L, methods);
    lua_pushcfunction(L, name_of);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "a part of an object");
    lua_setfield(L, -2, "__name");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}
