/* The hook points: which function runs on what, and what becomes of its result. */
#include "hook/state.h"

#include "emit/emit.h"
#include "plan/show.h"

#include <lua5.4/lualib.h>

/* ---- setting up ------------------------------------------------------------------------------------------------- */

static int open_libraries(lua_State *L)
{
    luaopen_base(L);
    lua_pop(L, 1);
    strings_prepare(L);
    proxy_open(L);
    return 0;
}

static bool open_state(struct hooks *h)
{
    h->L = limit_state(h);
    if (h->L == NULL)
        return false;
    lua_pushcfunction(h->L, open_libraries);
    return error_call(h, 0, 0);
}

/* Out of memory may leave in the middle of Lua: it passes through here, so that the clock does not outlive the hooks. */
static bool bounded(struct hooks *h, uint32_t objects, bool (*run)(struct hooks *h, void *what), void *what)
{
    struct arena *a = h->cx->a;
    jmp_buf here;
    h->outer = a->out;
    if (setjmp(here) != 0) {
        limit_end();
        a->out = h->outer;
        longjmp(*a->out, 1);
    }
    a->out = &here;
    limit_begin(h, objects);
    const bool fine = run(h, what);
    limit_end();
    a->out = h->outer;
    h->running = NULL;
    h->object  = NULL;
    return fine;
}

static bool open_all(struct hooks *h, void *nothing)
{
    (void)nothing;
    return open_state(h) && load_hooks(h, h->cx->hooks);
}

static struct hooks *make(struct ctx *cx, const struct val *root)
{
    struct hooks *h = NEW(cx->a, struct hooks);
    h->memory  = (struct part_memory){ .alloc = limit_alloc, .a = cx->a };
    h->cx      = cx;
    h->root    = root;
    h->folder  = cx->folder != NULL ? cx->folder : ".";
    h->stopped = CODES;
    h->null.v.kind   = V_NULL;
    h->plan_tree     = (struct tree){ .what = "'plan'", .frozen = true };
    h->description_tree = (struct tree){ .what = "the description" };
    return h;
}

bool hook_open(struct ctx *cx, const struct val *root, struct hooks **out)
{
    const struct val *named = tree_get(root, "hooks");
    *out = NULL;
    if ((named == NULL || named->kind != V_SEQ || named->len == 0) && (cx->hooks == NULL || *cx->hooks == NULL))
        return true;
    *out = make(cx, root);
    return bounded(*out, 0, open_all, NULL);
}

/* ---- one call --------------------------------------------------------------------------------------------------- */

/* What a function gets and what it says of it. */
struct call {
    int          function;
    struct part *node;
    bool         wants_plan;
    bool         has_result;    /* the point takes one */
    enum { KEPT, DROPPED, REPLACED } result;
    struct val   replacement;
    struct pos   at;            /* of the function */
};

static struct val plan_value(struct hooks *h)
{
    struct arena *a = h->cx->a;
    const struct plan *p = h->plan;
    const struct val *site = tree_get(h->root, "site");
    if (p == NULL) /* what others have rendered */
        return MAP(a, { "kubernetes", *tree_get(h->root, "kubernetes") }, { "site", t_empty_map() }, { "description", *h->root });
    const struct val shown = plan_show(a, p);
    const char *platform = tree_str(h->root, "platform");
    struct pairs out = { .a = a };
    pairs_add(&out, "name", t_str(p->d->name));
    pairs_add(&out, "namespace", t_str(p->d->namespace_));
    pairs_add(&out, "kubernetes", t_str(str_join(a, "1.", str_int(a, p->minor), NULL)));
    pairs_add(&out, "platform", t_str(platform != NULL ? platform : "generic"));
    pairs_add(&out, "kafka", t_str(p->d->kafka.version));
    pairs_add(&out, "site", site != NULL && site->kind == V_MAP ? convert_typed(h, *site) : t_empty_map());
    for (uint32_t i = 0; i < shown.len; i++)
        pairs_add(&out, shown.map[i].key, shown.map[i].v);
    pairs_add(&out, "description", *h->root);
    return pairs_done(&out);
}

/* The description inside keeps its texts as they are written. */
static struct part *plan_node(struct hooks *h)
{
    if (h->plan_node == NULL) {
        h->plan_node = part_new(&h->memory, plan_value(h), &h->plan_tree, false);
        part_kid(&h->memory, h->plan_node, h->plan_node->v.len - 1)->text = true;
    }
    return h->plan_node;
}

static void take_result(lua_State *L, struct call *c)
{
    const struct part *n = proxy_is(L, 1);
    if (lua_gettop(L) == 0 || n == c->node)
        return;
    if (!c->has_result)
        error_raise(L, E_HOOK_RESULT, "change what the function was given; it is not returned", "the function returns a %s, but "
                    "nothing is expected", luaL_typename(L, 1));
    if (lua_isnil(L, 1)) {
        c->result = DROPPED;
        return;
    }
    if (!lua_istable(L, 1) && (n == NULL || n->v.kind != V_MAP))
        error_raise(L, E_HOOK_RESULT, NULL, "the function returns a %s instead of an object",
                    n != NULL ? "list" : luaL_typename(L, 1));
    c->replacement = convert_value(L, 1, NULL, NULL, V_MAP, c->at);
    c->result      = REPLACED;
}

static int run_call(lua_State *L)
{
    struct hooks *h = hook_of(L);
    struct call *c = h->call;
    lua_rawgeti(L, LUA_REGISTRYINDEX, c->function);
    c->at = h->function_at = load_line_of_function(L);
    proxy_push(L, c->node);
    if (c->wants_plan)
        proxy_push(L, plan_node(h));
    lua_call(L, c->wants_plan ? 2 : 1, LUA_MULTRET);
    take_result(L, c);
    return 0;
}

static bool call(struct hooks *h, struct call *c)
{
    h->call = c;
    lua_pushcfunction(h->L, run_call);
    return error_call(h, 0, 0);
}

/* ---- description ------------------------------------------------------------------------------------------------ */

static bool keeps_identity(struct hooks *h, const struct val *before, const struct val *after)
{
    static const char *const fixed[] = { "gregor", "name", "presets", "hooks", "include" };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        const struct val *a = tree_get(before, fixed[i]), *b = tree_get(after, fixed[i]);
        if (a == b || (a != NULL && b != NULL && tree_same(a, b)))
            continue;
        struct diag *d = error_report(h, E_HOOK_IDENTITY, b != NULL ? b->at : h->description_tree.changed,
                                      "a hook cannot change '%s' of the description", fixed[i]);
        diag_hint(h->cx, d, "write it in the description");
        return false;
    }
    return true;
}

static bool run_description(struct hooks *h, void *what)
{
    struct val *root = what;
    bool fine = true;
    h->point = "description";
    for (uint32_t i = 0; i < h->count && fine; i++) {
        if (h->list[i].description == LUA_NOREF)
            continue;
        h->description_tree = (struct tree){ .what = "the description" };
        struct call c = { .function = h->list[i].description,
                          .node = part_new(&h->memory, *root, &h->description_tree, true) };
        h->running = &h->list[i];
        fine = call(h, &c);
        const struct val before = *root;
        *root = part_finish(&h->memory, c.node);
        h->description_tree.frozen = true;
        fine = fine && keeps_identity(h, &before, root);
    }
    return fine && !diag_failed(h->cx);
}

bool hook_describes(const struct hooks *h)
{
    bool any = false;
    for (uint32_t i = 0; h != NULL && i < h->count; i++)
        any |= h->list[i].description != LUA_NOREF;
    return any;
}

bool hook_description(struct hooks *h, struct val *root)
{
    return !hook_describes(h) || bounded(h, 0, run_description, root);
}

/* ---- object ----------------------------------------------------------------------------------------------------- */

/* The objects of one hook while its point `object` runs: all can be written until the last one is done. */
struct visit {
    struct part *node;    /* NULL: no function has looked at it */
    struct tree  tree;
    bool         dropped;
    struct pos   at;      /* of what dropped or replaced it */
};

static bool visit_object(struct hooks *h, const struct val *o, struct visit *v)
{
    for (uint32_t i = 0; i < h->running->filter_count && !v->dropped; i++) {
        const struct filter *f = &h->running->filters[i];
        const struct val now = v->node == NULL ? *o : part_value(&h->memory, v->node);
        if (!filter_matches(f, &now))
            continue;
        if (v->node == NULL)
            v->node = part_new(&h->memory, *o, &v->tree, false);
        struct call c = { .function = f->function, .node = v->node, .wants_plan = f->wants_plan, .has_result = true };
        h->object = keep_address(h->cx->a, &now);
        if (!call(h, &c))
            return false;
        v->dropped = c.result == DROPPED;
        if (c.result != KEPT)
            v->at = c.at;
        if (c.result == REPLACED)
            v->node = part_new(&h->memory, c.replacement, &v->tree, false);
    }
    return true;
}

/* What is left of an object. */
static struct val settle(struct hooks *h, const struct val *before, struct visit *v)
{
    if (v->node == NULL)
        return *before;
    v->tree.frozen = true;
    if (v->dropped) {
        keep_gone(h, before, v->at, false);
        return t_none();
    }
    struct val after = part_finish(&h->memory, v->node);
    if (v->tree.changed.line == 0 && v->at.line == 0)
        return *before;
    after.at = v->tree.changed.line > 0 ? v->tree.changed : v->at;
    keep_check(h, before, &after);
    return after;
}

static bool run_object_point(struct hooks *h, struct val *objects)
{
    struct visit *visits = NEWS(h->cx->a, struct visit, objects->len);
    struct vals out = { .a = h->cx->a };
    bool fine = true;
    h->point = "object";
    filter_check(h, objects);
    for (uint32_t i = 0; i < objects->len && fine && h->stopped == CODES; i++)
        fine = visit_object(h, &objects->seq[i], &visits[i]);
    for (uint32_t i = 0; i < objects->len && fine; i++)
        vals_add(&out, settle(h, &objects->seq[i], &visits[i]));
    h->object = NULL;
    if (fine)
        *objects = vals_done(&out);
    return fine;
}

/* ---- objects ---------------------------------------------------------------------------------------------------- */

static bool same_array(const struct val *a, const struct val *b)
{
    return a->kind == b->kind && a->len == b->len && a->map == b->map;
}

static void compare_lists(struct hooks *h, const struct val *before, const struct val *after, struct pos changed)
{
    for (uint32_t i = 0; i < before->len; i++) {
        const struct val *b = &before->seq[i], *a = keep_same_in(after, b, i);
        if (a == NULL)
            keep_gone(h, b, changed, false);
        else if (!same_array(a, b))
            keep_check(h, b, a);
    }
    h->object = NULL;
}

/* The object is one of the list as it was; likely at `hint`, or moved by what was put before it. */
static bool is_among(const struct val *list, const struct val *o, uint32_t hint)
{
    bool found = hint < list->len && same_array(&list->seq[hint], o);
    for (uint32_t i = 0; i < list->len && !found; i++)
        found = same_array(&list->seq[i], o);
    return found;
}

/* Objects that the point changed or added carry its line. */
static struct val with_places(struct hooks *h, const struct val *before, struct val after, struct pos changed)
{
    struct val *items = NEWS(h->cx->a, struct val, after.len);
    for (uint32_t i = 0; i < after.len; i++) {
        items[i] = after.seq[i];
        if (items[i].at.line == 0 && !is_among(before, &items[i], i))
            items[i].at = changed;
    }
    after.seq = items;
    return after;
}

static bool run_list_point(struct hooks *h, struct val *objects)
{
    struct tree tree = { .what = NULL };
    if (h->running->objects == LUA_NOREF)
        return true;
    struct call c = { .function = h->running->objects, .wants_plan = h->running->objects_wants_plan,
                      .node = part_new(&h->memory, *objects, &tree, false) };
    h->point = "objects";
    if (!call(h, &c))
        return false;
    const struct val after = part_finish(&h->memory, c.node);
    tree.frozen = true;
    if (tree.changed.line == 0)
        return true;
    if (after.len > HOOK_OBJECTS) {
        error_report(h, E_HOOK_SIZE, tree.changed, "the list has become longer than %d objects", HOOK_OBJECTS);
        return false;
    }
    const struct val placed = with_places(h, objects, after, tree.changed);
    compare_lists(h, objects, &placed, tree.changed);
    const struct vals all = { .a = h->cx->a, .at = (struct val *)(uintptr_t)placed.seq, .len = placed.len }; /* made just now */
    *objects = emit_in_order(h->cx->a, &all);
    return true;
}

static bool run_objects(struct hooks *h, void *what)
{
    struct val *objects = what;
    bool fine = true;
    for (uint32_t i = 0; i < h->count && fine; i++) {
        h->running = &h->list[i];
        fine = run_object_point(h, objects) && run_list_point(h, objects);
    }
    if (fine && objects->len == 0) {
        struct diag *d = error_report(h, E_HOOK_EMPTY, h->gone != NULL ? h->gone->at : no_pos(), "no object is left");
        diag_hint(h->cx, d, "`return nil` drops an object; `return obj`, or no return at all, keeps it");
    }
    return fine && !diag_failed(h->cx);
}

bool hook_objects(struct hooks *h, const struct plan *p, struct val *objects)
{
    if (h == NULL)
        return true;
    const struct val emitted = *objects;
    h->plan = p;
    if (!bounded(h, objects->len, run_objects, objects))
        return false;
    if (p == NULL)
        return true;
    keep_files(h, &emitted, objects);
    restart_changed(h->cx->a, p, &emitted, objects);
    return !diag_failed(h->cx);
}
