/* The module `gregor`: what hooks can ask of the compiler. `gregor explain hooks` is its reference. */
#include "hook/state.h"

#include "model/kubernetes.h"
#include "print/print.h"

#include <stdlib.h>

/* ---- making and changing ---------------------------------------------------------------------------------------- */

/* array{...} and map{...}: parts that belong to no object yet. */
static int made(lua_State *L, uint8_t kind)
{
    struct hooks *h = hook_of(L);
    struct val v = { .kind = kind, .at = error_here(L) };
    if (!lua_isnoneornil(L, 1))
        v = convert_value(L, 1, NULL, NULL, kind, v.at);
    if (v.kind != kind)
        return error_raise(L, E_HOOK_VALUE, NULL, kind == V_SEQ ? "array{} of a table that is a map" : "map{} of a table that is a list");
    proxy_push(L, part_new(&h->memory, v, &h->loose, false));
    return 1;
}

int api_array(lua_State *L)
{
    return made(L, V_SEQ);
}

int api_map(lua_State *L)
{
    return made(L, V_MAP);
}

/* ensure(obj, "metadata", "annotations"): the map there, made where it is missing. */
static int api_ensure(lua_State *L)
{
    struct hooks *h = hook_of(L);
    struct part *n = proxy_check(L, 1, V_NONE);
    const int args = lua_gettop(L);
    for (int i = 2; i <= args; i++) {
        size_t len;
        const char *key = luaL_checklstring(L, i, &len);
        int64_t at = part_find(n, key, len);
        if (at < 0) {
            const struct pos here = error_here(L);
            const struct val k = convert_value(L, i, NULL, NULL, V_NONE, here);
            proxy_writable(L, n);
            part_set_key(&h->memory, n, k.s, (struct val){ .kind = V_MAP, .at = here }, here);
            at = n->v.len - 1;
        }
        const uint8_t kind = n->v.map[at].v.kind;
        if (kind != V_MAP && !(kind == V_SEQ && i == args))
            return error_raise(L, E_HOOK_VALUE, NULL, "'%.100s' is there, but is no map", key);
        n = part_kid(&h->memory, n, (uint32_t)at);
        if (kind == V_SEQ)
            break;
    }
    proxy_push(L, n);
    return 1;
}

/* A part of its own, of a part of an object or of a table. */
static int api_copy(lua_State *L)
{
    struct hooks *h = hook_of(L);
    luaL_checkany(L, 1);
    const struct val v = convert_value(L, 1, NULL, NULL, V_NONE, error_here(L));
    if (v.kind == V_MAP || v.kind == V_SEQ)
        proxy_push(L, part_new(&h->memory, v, &h->loose, false));
    else
        convert_push(L, &v, false);
    return 1;
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static int api_kind(lua_State *L)
{
    const struct part *n = proxy_is(L, 1);
    luaL_checkany(L, 1);
    if (n != NULL)
        lua_pushstring(L, n->v.kind == V_MAP ? "map" : n->v.kind == V_SEQ ? "list" : "null");
    else
        lua_pushstring(L, lua_isinteger(L, 1) ? "integer" : luaL_typename(L, 1));
    return 1;
}

static int api_same(lua_State *L)
{
    luaL_checkany(L, 2);
    const struct val a = convert_value(L, 1, NULL, NULL, V_NONE, no_pos()), b = convert_value(L, 2, NULL, NULL, a.kind, no_pos());
    lua_pushboolean(L, tree_same(&a, &b));
    return 1;
}

/* A quantity in thousandths, or nil: "1.5Gi", "500m", 2. */
static int api_quantity(lua_State *L)
{
    int64_t milli;
    if (k8s_parse_quantity(luaL_checkstring(L, 1), &milli))
        lua_pushinteger(L, milli);
    else
        lua_pushnil(L);
    return 1;
}

static int printed(lua_State *L, void (*print)(struct text *, const struct val *))
{
    struct text t = { .a = hook_of(L)->cx->a };
    luaL_checkany(L, 1);
    const struct val v = convert_value(L, 1, NULL, NULL, V_NONE, no_pos());
    print(&t, &v);
    limit_charge(L, (int64_t)t.len / 16);
    lua_pushlstring(L, text_str(&t), t.len);
    return 1;
}

static int api_json(lua_State *L)
{
    return printed(L, print_json);
}

static int api_yaml(lua_State *L)
{
    return printed(L, print_yaml);
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

static const struct val *item_named(const struct val *list, const char *name, size_t len)
{
    for (uint32_t i = 0; list->kind == V_SEQ && i < list->len; i++) {
        const char *s = tree_str(&list->seq[i], "name");
        if (s != NULL && strlen(s) == len && memcmp(s, name, len) == 0)
            return &list->seq[i];
    }
    return NULL;
}

/* One step of a path; `*path` moves behind it. Lists: "[0]", "[name=external]" or the name alone, as in --set. */
static const struct val *step_into(const struct val *v, const char **path)
{
    const char *p = *path;
    const size_t len = *p == '[' ? strcspn(p, "]") : strcspn(p, ".[");
    *path += len + (p[len] == ']');
    *path += **path == '.';
    if (*p == '[' && len > 6 && strncmp(p, "[name=", 6) == 0)
        return item_named(v, p + 6, len - 6);
    if (*p == '[') {
        char *end;
        const unsigned long i = strtoul(p + 1, &end, 10);
        return v->kind == V_SEQ && end == p + len && len > 1 && i < v->len ? &v->seq[i] : NULL;
    }
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++)
        if (strncmp(v->map[i].key, p, len) == 0 && v->map[i].key[len] == '\0')
            return &v->map[i].v;
    return item_named(v, p, len);
}

/* "brokers.count", "listeners.external.port": where it was written, or its nearest written parent. */
static struct pos place_of_path(const struct val *v, const char *path)
{
    struct pos at = v->at;
    while (v != NULL && *path != '\0') {
        const struct val *whole = tree_get(v, path); /* keys of config hold dots */
        v = whole != NULL ? whole : step_into(v, &path);
        if (v != NULL && v->at.line > 0)
            at = v->at;
        if (whole != NULL)
            break;
    }
    return at;
}

/* Arguments from `i` on: a path of the description, or a part of an object and a path in it, or nothing. */
static struct pos place_argument(lua_State *L, int i)
{
    struct hooks *h = hook_of(L);
    const struct part *n = proxy_is(L, i);
    if (lua_type(L, i) == LUA_TSTRING)
        return place_of_path(h->root, lua_tostring(L, i));
    if (n == NULL && !lua_isnoneornil(L, i))
        luaL_argerror(L, i, "must be a path of the description, or a part of an object and a path in it");
    if (n == NULL)
        return no_pos();
    const struct val v = part_value(&h->memory, n);
    return place_of_path(&v, luaL_optstring(L, i + 1, ""));
}

/* A policy that looks at each object says the same of the description each time. */
static bool is_said(const struct ctx *cx, enum code code, struct pos at, const char *message)
{
    for (uint32_t i = 0; i < cx->diag_count && i < 1000; i++) {
        const struct diag *d = cx->diags[i];
        if (d->code == code && d->at.line == at.line && d->at.col == at.col && d->at.file == at.file
            && strcmp(d->message, message) == 0)
            return true;
    }
    return false;
}

static int finding(lua_State *L, enum code code)
{
    struct hooks *h = hook_of(L);
    size_t len;
    const char *message = luaL_checklstring(L, 1, &len);
    const struct pos here = error_here(L);
    struct pos at = place_argument(L, 2);
    const bool elsewhere = at.line > 0 && (at.line != here.line || at.file != here.file);
    limit_charge(L, 1000);
    if (h->findings >= HOOK_FINDINGS)
        return 0;
    const char *shown = arena_dup(h->cx->a, message, len > HOOK_MESSAGE ? HOOK_MESSAGE : len);
    if (is_said(h->cx, code, elsewhere ? at : here, shown))
        return 0;
    h->findings++;
    struct diag *d = elsewhere ? diag_at(h->cx, code, at, "%s", shown) : error_report(h, code, here, "%s", shown);
    if (elsewhere)
        diag_note(h->cx, d, here, code == E_HOOK_DENIED ? "refused by this policy" : "this policy says so");
    return 0;
}

static int api_deny(lua_State *L)
{
    return finding(L, E_HOOK_DENIED);
}

static int api_warn(lua_State *L)
{
    return finding(L, W_HOOK_WARNED);
}

static const luaL_Reg functions[] = {
    { "array", api_array }, { "map", api_map }, { "ensure", api_ensure }, { "copy", api_copy }, { "kind", api_kind }, { "same", api_same },
    { "quantity", api_quantity }, { "json", api_json }, { "yaml", api_yaml }, { "deny", api_deny }, { "warn", api_warn }, { NULL, NULL }
};

const char *const *api_names(struct arena *a)
{
    const char **names = NEWS(a, const char *, sizeof functions / sizeof *functions);
    for (size_t i = 0; functions[i].name != NULL; i++)
        names[i] = functions[i].name;
    return names;
}

int api_open(lua_State *L)
{
    luaL_newlib(L, functions);
    proxy_push(L, &hook_of(L)->null);
    lua_setfield(L, -2, "null");
    lua_pushinteger(L, 1);
    lua_setfield(L, -2, "api");
    return 1;
}
