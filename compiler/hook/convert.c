/* Lua values -> ours, and scalars back. A table is copied when it is assigned: its maps in the order of their keys' bytes, because
 * Lua's own order differs from run to run. */
#include "hook/state.h"

#include <math.h>
#include <stdlib.h>

/* What is being written, and where: for messages, and for the kind of an empty table. */
struct step {
    const struct step *up;
    const char        *key;   /* NULL: item `i` */
    uint32_t           i;
};

struct conversion {
    struct hooks      *h;
    lua_State         *L;
    const struct part *into;
    struct pos         at;
    size_t             count;
};

static void add_step(struct text *t, const struct step *s)
{
    if (s->up != NULL)
        add_step(t, s->up);
    if (s->key != NULL)
        text_join(t, t->len > 0 ? "." : "", s->key, NULL);
    else
        text_f(t, "[%u]", s->i);
}

/* In the point `objects` the part at the top is the list: which of them is meant says more than its number. */
static const char *of_the_list(const struct conversion *c, const char *path)
{
    const struct part *n = c->into;
    const char *end = strchr(path, ']');
    const struct tree *t = n == NULL ? NULL : part_tree(n);
    while (n != NULL && n->up != NULL && n->up->up != NULL)
        n = n->up;
    if (n == NULL || n->up == NULL || n->up->v.kind != V_SEQ || c->h->object != NULL || t == NULL || t == &c->h->loose || end == NULL)
        return NULL;
    const struct val v = part_value(&c->h->memory, n);
    return str_join(c->h->cx->a, keep_address(c->h->cx->a, &v), ": '", end[1] == '.' ? end + 2 : "", NULL);
}

static _Noreturn void refuse(const struct conversion *c, const struct step *s, const char *hint, const char *what)
{
    struct text t = { .a = c->h->cx->a };
    if (c->into != NULL)
        part_path(c->into, &t);
    if (s != NULL)
        add_step(&t, s);
    const char *whole = of_the_list(c, text_str(&t));
    const char *path = whole != NULL ? str_join(t.a, whole, "' ", NULL) : t.len > 0 ? str_join(t.a, "'", text_str(&t), "' ", NULL) : "the value ";
    error_raise(c->L, E_HOOK_VALUE, hint, "%.300s%s", path, what);
    __builtin_unreachable();
}

static void count_value(struct conversion *c, const struct step *s, size_t bytes, unsigned depth)
{
    c->count += 1 + bytes / 16;
    if (depth == 0)
        refuse(c, s, "does a table hold itself?", "is nested deeper than 64 levels");
    if (c->count > HOOK_NODES)
        error_raise(c->L, E_HOOK_SIZE, NULL, "a value of more than %zu entries", HOOK_NODES);
    limit_charge(c->L, 1);
}

/* ---- scalars ---------------------------------------------------------------------------------------------------- */

/* In a description every scalar is text, as in YAML without quotes; the field table gives it its type. */
static struct val plain(const struct conversion *c, const char *s)
{
    struct val v = t_str(s);
    v.flags = VF_PLAIN;
    v.at    = c->at;
    return v;
}

static struct val integer(const struct conversion *c, int64_t n)
{
    if (c->into != NULL && c->into->text)
        return plain(c, str_int(c->h->cx->a, n));
    struct val v = t_int(n);
    v.at = c->at;
    return v;
}

static struct val number(const struct conversion *c, const struct step *s, int i)
{
    int whole;
    const lua_Integer n = lua_tointegerx(c->L, i, &whole);
    if (whole)
        return integer(c, n);
    refuse(c, s, "write a text, such as \"0.5\" or \"500m\"; // divides whole numbers",
           isfinite(lua_tonumber(c->L, i)) ? "is a fraction or beyond 64 bits; objects hold whole numbers"
                                           : "is not a finite number");
}

static struct val boolean(const struct conversion *c, bool b)
{
    if (c->into != NULL && c->into->text)
        return plain(c, b ? "true" : "false");
    struct val v = t_bool(b);
    v.at = c->at;
    return v;
}

static const char *good_text(const struct conversion *c, const struct step *s, const char *bytes, size_t len)
{
    uint32_t point;
    if (memchr(bytes, '\0', len) != NULL)
        refuse(c, s, NULL, "holds a NUL byte");
    for (size_t i = 0, n; i < len; i += n)
        if ((n = (signed char)bytes[i] > 0 ? 1 : str_point(bytes + i, len - i, &point)) == 0)
            refuse(c, s, "binary contents belong into binaryData, in base64", "is not UTF-8");
    char *copy = limit_alloc(&c->h->memory, len + 1);
    memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

static struct val text(struct conversion *c, const struct step *s, int i)
{
    size_t len;
    const char *bytes = lua_tolstring(c->L, i, &len);
    c->count += len / 16;
    struct val v = t_str(good_text(c, s, bytes, len));
    v.at = c->at;
    return v;
}

/* ---- tables ----------------------------------------------------------------------------------------------------- */

struct keys {
    const char **names;   /* anchored by the table */
    uint32_t     count;
    lua_Integer  highest; /* of the numbers */
    uint32_t     numbers;
    bool         other;   /* a key that is neither */
};

static struct keys count_keys(const struct conversion *c, int table)
{
    struct keys k = { 0 };
    lua_State *L = c->L;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        limit_charge(L, 1);
        if (lua_type(L, -2) == LUA_TSTRING) {
            k.count++;
        } else if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > 0) {
            k.numbers++;
            k.highest = lua_tointeger(L, -2) > k.highest ? lua_tointeger(L, -2) : k.highest;
        } else {
            k.other = true;
        }
    }
    return k;
}

/* What names a thing comes first, as people write it. */
static int first_of(const char *key)
{
    static const char *const first[] = { "apiVersion", "kind", "metadata", "name" };
    for (int i = 0; i < 4; i++)
        if (strcmp(key, first[i]) == 0)
            return i;
    return 4;
}

static int by_bytes(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    const int way = first_of(x) - first_of(y);
    return way != 0 ? way : strcmp(x, y);
}

static void list_keys(const struct conversion *c, int table, struct keys *k)
{
    uint32_t n = 0;
    k->names = limit_alloc(&c->h->memory, k->count * sizeof *k->names);
    for (lua_pushnil(c->L); lua_next(c->L, table) != 0; lua_pop(c->L, 1))
        k->names[n++] = lua_tostring(c->L, -2);
    qsort(k->names, n, sizeof *k->names, by_bytes);
    limit_charge(c->L, n);
}

static struct val any(struct conversion *c, const struct step *s, int i, uint8_t like, unsigned depth);

static struct val list_of(struct conversion *c, const struct step *s, int table, uint32_t n, unsigned depth)
{
    struct val *items = limit_alloc(&c->h->memory, n * sizeof *items);
    for (uint32_t i = 0; i < n; i++) {
        const struct step here = { s, NULL, i };
        lua_rawgeti(c->L, table, (lua_Integer)i + 1);
        items[i] = any(c, &here, lua_gettop(c->L), V_NONE, depth - 1);
        lua_pop(c->L, 1);
    }
    return (struct val){ .kind = V_SEQ, .len = n, .seq = items, .at = c->at };
}

static const char *good_key(const struct conversion *c, const struct step *s, const char *key, size_t len)
{
    return good_text(c, s, key, len);
}

static struct val map_of(struct conversion *c, const struct step *s, int table, struct keys *k, unsigned depth)
{
    struct pair *pairs = limit_alloc(&c->h->memory, k->count * sizeof *pairs);
    list_keys(c, table, k);
    for (uint32_t i = 0; i < k->count; i++) {
        const struct step here = { s, k->names[i], 0 };
        lua_pushstring(c->L, k->names[i]);
        lua_rawget(c->L, table);
        pairs[i].key = good_key(c, s, k->names[i], strlen(k->names[i]));
        pairs[i].v   = any(c, &here, lua_gettop(c->L), V_NONE, depth - 1);
        lua_pop(c->L, 1);
    }
    return (struct val){ .kind = V_MAP, .len = k->count, .map = pairs, .at = c->at };
}

/* A key with a NUL inside would be cut: strlen() of it differs, and the lookup finds nothing. */
static struct val table_value(struct conversion *c, const struct step *s, int table, uint8_t like, unsigned depth)
{
    struct keys k = count_keys(c, table);
    luaL_checkstack(c->L, 6, NULL);
    if (k.other)
        refuse(c, s, NULL, "is a table with keys that are neither texts nor 1, 2, 3 ...");
    if (k.count > 0 && k.numbers > 0)
        refuse(c, s, NULL, "is a table that is both a list and a map");
    if (k.highest != k.numbers)
        refuse(c, s, "a nil in the middle? null is what a list can hold", "is a list with gaps");
    if (k.numbers > 0)
        return list_of(c, s, table, k.numbers, depth);
    if (k.count == 0 && like == V_SEQ)
        return (struct val){ .kind = V_SEQ, .at = c->at };
    return map_of(c, s, table, &k, depth);
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

/* A scalar of a description as what it looks like; whole numbers only in their plain form. */
static struct val guessed(struct val v)
{
    char *end;
    if (v.kind != V_STR || !(v.flags & VF_PLAIN))
        return v;
    v.flags = 0;
    const struct pos at = v.at;
    const char *digits = v.s + (v.s[0] == '-');
    if (strcmp(v.s, "true") == 0 || strcmp(v.s, "false") == 0) {
        v = t_bool(v.s[0] == 't');
    } else if (v.len < 19 && digits[0] >= '0' && digits[0] <= '9' && (digits[0] != '0' || v.len == 1)) {
        const long long n = strtoll(v.s, &end, 10);
        if (*end == '\0')
            v = t_int(n);
    }
    v.at = at;
    return v;
}

static struct val as_text(struct hooks *h, struct val v)
{
    if (v.kind == V_INT || v.kind == V_BOOL) {
        const struct pos at = v.at;
        v = t_str(v.kind == V_INT ? str_int(h->cx->a, v.i) : v.b ? "true" : "false");
        v.flags = VF_PLAIN;
        v.at    = at;
    }
    return v;
}

static struct val retyped(struct hooks *h, struct val v, bool to_text)
{
    if (v.kind == V_SEQ) {
        struct val *items = limit_alloc(&h->memory, v.len * sizeof *items);
        for (uint32_t i = 0; i < v.len; i++)
            items[i] = retyped(h, v.seq[i], to_text);
        v.seq = items;
        return v;
    }
    if (v.kind != V_MAP)
        return to_text ? as_text(h, v) : guessed(v);
    struct pair *pairs = limit_alloc(&h->memory, v.len * sizeof *pairs);
    for (uint32_t i = 0; i < v.len; i++)
        pairs[i] = (struct pair){ v.map[i].key, retyped(h, v.map[i].v, to_text) };
    v.map = pairs;
    v.flags &= (uint8_t)~VF_KEYS;
    return v;
}

struct val convert_typed(struct hooks *h, struct val v)
{
    return retyped(h, v, false);
}

/* A copy by value; its parts keep the places they were written at. */
static struct val part_copy(struct conversion *c, const struct step *s, const struct part *n, unsigned depth)
{
    struct val v = part_value(&c->h->memory, n);
    const size_t before = c->count;
    if (v.kind == V_NULL)
        return (struct val){ .kind = V_NULL, .at = c->at };
    if (!part_measure(&v, depth, &c->count, HOOK_NODES))
        count_value(c, s, HOOK_NODES * 16, c->count > HOOK_NODES ? 1 : 0);
    limit_charge(c->L, (int64_t)(c->count - before));
    const bool to_text = c->into != NULL && c->into->text;
    if (n->text != to_text)
        v = retyped(c->h, v, to_text);
    v.at = c->at;
    return v;
}

static struct val any(struct conversion *c, const struct step *s, int i, uint8_t like, unsigned depth)
{
    const struct part *n = proxy_is(c->L, i);
    count_value(c, s, 0, depth);
    if (n != NULL)
        return part_copy(c, s, n, depth);
    switch (lua_type(c->L, i)) {
    case LUA_TNUMBER:  return number(c, s, i);
    case LUA_TBOOLEAN: return boolean(c, lua_toboolean(c->L, i));
    case LUA_TSTRING:  return text(c, s, i);
    case LUA_TTABLE:   return table_value(c, s, i, like, depth);
    default:
        refuse(c, s, NULL, lua_type(c->L, i) == LUA_TFUNCTION ? "is a function" : "is neither data nor null");
    }
}

struct val convert_value(lua_State *L, int i, const struct part *into, const char *key, uint8_t like, struct pos at)
{
    struct conversion c = { .h = hook_of(L), .L = L, .into = into, .at = at };
    const struct step s = { NULL, key, 0 };
    const struct val v = any(&c, key == NULL ? NULL : &s, lua_absindex(L, i), like, HOOK_DEPTH);
    c.h->converted += c.count;
    return v;
}

void convert_push(lua_State *L, const struct val *v, bool is_text)
{
    const struct val seen = is_text ? guessed(*v) : *v;
    switch (seen.kind) {
    case V_BOOL: lua_pushboolean(L, seen.b); break;
    case V_INT:  lua_pushinteger(L, seen.i); break;
    case V_STR:  lua_pushlstring(L, seen.s, seen.len); break;
    default:     proxy_push(L, &hook_of(L)->null);
    }
}
