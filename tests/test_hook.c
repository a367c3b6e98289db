/* Hooks from inside: hostile ones, parts of objects, patterns against Lua's own, memory that ends. */
#include "base/memory.h"
#include "compile.h"
#include "fixture.h"
#include "hook/pattern.h"
#include "print/print.h"

#include <dirent.h>
#include <lua5.4/lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\n"

/* ---- one compilation -------------------------------------------------------------------------------------------- */

struct run {
    struct ctx      *cx;
    struct compiled *made;
    enum outcome     outcome;
};

static struct run run_page(struct arena *a, const char *page, const char *hook)
{
    struct run r = { 0 };
    const char *hooks[] = { hook, NULL };
    const struct request request = { .path = "page.yaml", .text = page, .len = strlen(page), .hooks = hooks };
    r.outcome = compile_guarded(a, &request, STAGE_ALL, &r.cx, &r.made);
    a->out    = &fixture_no_memory;
    return r;
}

/* The hook as a file, for as long as the test runs. */
static const char *file_with(const char *text)
{
    static char path[] = "/tmp/gregor-test-hook-XXXXXX";
    static int  fd = -1;
    if (fd < 0)
        fd = mkstemp(path);
    assert_true(fd >= 0 && ftruncate(fd, 0) == 0);
    assert_int_equal(pwrite(fd, text, strlen(text), 0), (ssize_t)strlen(text));
    return path;
}

static void drop_file(void)
{
    unlink(file_with(""));
}

/* ---- hostile hooks ---------------------------------------------------------------------------------------------- */

static int entries_of(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static int64_t cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* "-- E0905: what it tries" */
static void wanted_code(const char *path, char code[6])
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "-- %5s", code), 1);
    fclose(f);
}

static bool found_code(const struct ctx *cx, const char *code)
{
    for (uint32_t i = 0; i < cx->diag_count; i++)
        if (strcmp(code_table[cx->diags[i]->code].name, code) == 0)
            return true;
    return false;
}

static bool ends_well(const char *path)
{
    char code[6];
    struct text shown = { .a = &world.arena };
    const int files = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task"), here = entries_of(".");
    const int64_t start = cpu_ms();
    fixture_again(&world);
    const struct run r = run_page(&world.arena, PAGE, path);
    const int64_t ms = cpu_ms() - start;
    wanted_code(path, code);
    for (uint32_t i = 0; r.outcome == COMPILE_REJECTED && i < r.cx->diag_count; i++)
        diag_text(r.cx, r.cx->diags[i], false, &shown);
    const bool fine = r.outcome == COMPILE_REJECTED && found_code(r.cx, code) && r.cx->diag_count <= 300 && shown.len < 200000
        && memchr(text_str(&shown), 27, shown.len) == NULL;
    const bool clean = entries_of("/proc/self/fd") == files && entries_of("/proc/self/task") == threads && entries_of(".") == here;
    const bool quick = ms <= 2 * HOOK_SECONDS * 1000 && world.arena.held <= (size_t)300 << 20;
    if (!fine || !clean || !quick)
        print_error("%s: %s wanted, outcome %d, %lld ms, %zu bytes, %s\n%.600s\n", path, code, (int)r.outcome, (long long)ms,
                    world.arena.held, clean ? "clean" : "something is left", text_str(&shown));
    return fine && clean && quick;
}

static void every_hostile_hook_ends_in_its_finding(void **state)
{
    (void)state;
    unsigned n = 0, bad = 0;
    struct dirent **entries;
    const int count = scandir("tests/hooks/hostile", &entries, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[600];
        snprintf(path, sizeof path, "tests/hooks/hostile/%s", entries[i]->d_name);
        if (strstr(path, ".lua") != NULL) {
            n++;
            bad += !ends_well(path);
        }
        free(entries[i]);
    }
    free(entries);
    print_message("note: %u hostile hooks\n", n);
    assert_true(n >= 60);
    assert_int_equal(bad, 0);
}

/* ---- the last resort -------------------------------------------------------------------------------------------- */

static int never_ends(lua_State *L)
{
    (void)L;
    for (volatile unsigned long n = 1; n != 0; n += 2)
        ;
    return 0;
}

static void hang(void)
{
    static struct script script = { .name = "site.lua" };
    static struct hook   hook   = { .chunk = &script };
    struct arena a = { .out = &fixture_no_memory };
    struct ctx cx = { .a = &a };
    struct hooks h = { .cx = &cx, .stopped = CODES, .running = &hook, .object = "StatefulSet/orders-broker", .memory = { .alloc = limit_alloc } };
    h.L = limit_state(&h);
    limit_begin(&h, 0);
    lua_pushcfunction(h.L, never_ends);
    lua_call(h.L, 0, 0);
    _exit(0);
}

static void what_never_comes_back_to_lua_ends_the_process(void **state)
{
    (void)state;
    int pipe_of[2], status = 0;
    char said[200] = "";
    assert_int_equal(pipe(pipe_of), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(pipe_of[1], STDERR_FILENO);
        hang();
    }
    close(pipe_of[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(pipe_of[0], said, sizeof said - 1) > 0);
    close(pipe_of[0]);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    assert_string_equal(said, "gregor: site.lua: the hook cannot be stopped while it works on StatefulSet/orders-broker\n");
}

/* ---- parts of objects ------------------------------------------------------------------------------------------- */

static void a_hook_that_changes_nothing_makes_nothing(void **state)
{
    struct world *w = *state;
    const char *hook = file_with(
        "local function walk(v) if type(v) == 'table' then for k, x in pairs(v) do walk(x) end end end\n"
        "return { api = 1, object = function(obj) walk(obj) return obj end, objects = function(list) walk(list) end,\n"
        "  description = function(d) walk(d) end }\n");
    struct arena plain_arena = { .out = &fixture_no_memory };
    const struct run with = run_page(&w->arena, PAGE, hook), plain = run_page(&plain_arena, PAGE, NULL);
    assert_int_equal(with.outcome, COMPILE_OK);
    assert_int_equal(plain.outcome, COMPILE_OK);
    assert_true(tree_same(&with.made->objects, &plain.made->objects));
    for (uint32_t i = 0; i < with.made->objects.len; i++)
        assert_int_equal(with.made->objects.seq[i].at.line, 0);
    arena_free(&plain_arena);
}

static void an_object_that_is_only_moved_keeps_no_line_of_a_hook(void **state)
{
    struct world *w = *state;
    const struct run r = run_page(&w->arena, PAGE, file_with(
        "return { api = 1, objects = function(list, plan)\n"
        "  table.insert(list, 1, { apiVersion = 'v1', kind = 'ConfigMap', metadata = { name = 'new', namespace = plan.namespace } })\n"
        "  for i, obj in ipairs(list) do if obj.kind == 'PodDisruptionBudget' then list[i] = nil end end\n"
        "end }\n"));
    uint32_t marked = 0;
    assert_int_equal(r.outcome, COMPILE_OK);
    for (uint32_t i = 0; i < r.made->objects.len; i++)
        marked += r.made->objects.seq[i].at.line > 0;
    assert_int_equal(marked, 1);
}

/* Two zones are two StatefulSets, which share what is equal. */
static void a_shared_part_is_changed_in_one_object_only(void **state)
{
    struct world *w = *state;
    const char *hook = file_with(
        "return { api = 1, object = { kind = 'StatefulSet', name = '*-a', run = function(obj)\n"
        "  obj.spec.template.spec.securityContext.fsGroup = 4711\n"
        "  obj.metadata.labels.only = 'here'\n"
        "  obj.spec.template.spec.containers[1].ports[1].name = 'changed'\n"
        "end } }\n");
    const struct run r = run_page(&w->arena, PAGE "brokers: {count: 2, zones: [a, b], rack: statefulset}\n", hook);
    struct text t = { .a = &w->arena };
    for (uint32_t i = 0; r.outcome == COMPILE_REJECTED && i < r.cx->diag_count; i++)
        diag_text(r.cx, r.cx->diags[i], false, &t);
    if (r.outcome != COMPILE_OK)
        fail_msg("%s", text_str(&t));
    uint32_t seen = 0;
    for (uint32_t i = 0; i < r.made->objects.len; i++) {
        const struct val *o = &r.made->objects.seq[i];
        const bool ours = str_eq(tree_str(o, "kind"), "StatefulSet") && str_ends(tree_str(tree_get(o, "metadata"), "name"), "-a");
        const struct val *group = tree_at(o, "spec", "template", "spec", "securityContext", "fsGroup", NULL);
        seen += ours;
        assert_int_equal(tree_str(tree_at(o, "metadata", "labels", NULL), "only") != NULL, ours);
        assert_int_equal(group != NULL && group->i == 4711, ours);
        assert_int_equal(ours, o->at.line > 0);
    }
    assert_int_equal(seen, 1);
}

/* ---- checksums -------------------------------------------------------------------------------------------------- */

/* The checksum on the pods of a set, which `more` of the page and the body of a hook on ConfigMaps make; NULL: there is none. */
static const char *checksum_of(struct arena *a, const char *more, const char *body, const char *set)
{
    const char *hook = str_join(a, "return { api = 1, object = { { kind = 'ConfigMap', name = '*-broker', run = function(obj, plan)\n",
                                body, "\nend } } }\n", NULL);
    const struct run r = run_page(a, str_join(a, PAGE, more, NULL), file_with(hook));
    assert_int_equal(r.outcome, COMPILE_OK);
    for (uint32_t i = 0; i < r.made->objects.len; i++) {
        const struct val *o = &r.made->objects.seq[i];
        if (str_eq(tree_str(o, "kind"), "StatefulSet") && str_eq(tree_str(tree_get(o, "metadata"), "name"), set))
            return tree_str(tree_at(o, "spec", "template", "metadata", "annotations", NULL), "gregor/config-checksum");
    }
    fail_msg("no %s", set);
    return NULL;
}

#define BROKER     "orders-broker"
#define EACH(text) "for k, v in pairs(obj.data) do obj.data[k] = " text " end"
#define ADD_LINE   EACH("v .. 'a=1\\n'")

static void a_file_that_a_hook_changes_restarts_the_pods_that_read_it(void **state)
{
    struct arena *a = &((struct world *)*state)->arena;
    const char *plain = checksum_of(a, "", "", BROKER), *with = checksum_of(a, "", ADD_LINE, BROKER);
    assert_string_not_equal(plain, with);
    assert_string_not_equal(with, checksum_of(a, "", EACH("v .. 'a=2\\n'"), BROKER));
    assert_string_not_equal(with, checksum_of(a, "", EACH("'a=1\\n' .. v") " obj.data['orders-broker-2.properties'] = 'b=1'", BROKER));
    assert_string_not_equal(plain, checksum_of(a, "", EACH("v:gsub('(.-\\n)(.-\\n)', '%2%1', 1)"), BROKER));
    assert_string_not_equal(plain, checksum_of(a, "", "obj.data['orders-broker-1.properties'] = ''", BROKER));
    assert_string_equal(checksum_of(a, "", "", "orders-controller"), checksum_of(a, "", ADD_LINE, "orders-controller"));
}

static void what_is_as_it_was_restarts_nothing(void **state)
{
    struct arena *a = &((struct world *)*state)->arena;
    const char *plain = checksum_of(a, "", "", BROKER);
    assert_string_equal(plain, checksum_of(a, "", EACH("v .. ''"), BROKER));
    assert_string_equal(plain, checksum_of(a, "", "obj.metadata.labels.a = 'b'", BROKER));
    assert_string_equal(checksum_of(a, "brokers: {count: 3}\n", ADD_LINE, BROKER), checksum_of(a, "brokers: {count: 5}\n", ADD_LINE, BROKER));
}

static void a_site_that_writes_the_checksum_decides_itself(void **state)
{
    struct arena *a = &((struct world *)*state)->arena;
    const char *hook = file_with(
        "return { api = 1, object = function(obj)\n"
        "  if obj.kind == 'ConfigMap' then " ADD_LINE " end\n"
        "  if obj.kind == 'StatefulSet' then obj.spec.template.metadata.annotations['gregor/config-checksum'] = 'mine' end\n"
        "end }\n");
    const struct run r = run_page(a, PAGE, hook);
    uint32_t sets = 0;
    assert_int_equal(r.outcome, COMPILE_OK);
    for (uint32_t i = 0; i < r.made->objects.len; i++) {
        const struct val *o = &r.made->objects.seq[i];
        if (!str_eq(tree_str(o, "kind"), "StatefulSet"))
            continue;
        sets++;
        assert_string_equal(tree_str(tree_at(o, "spec", "template", "metadata", "annotations", NULL), "gregor/config-checksum"), "mine");
    }
    assert_true(sets > 0);
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static struct val map_of_letters(struct arena *a)
{
    return MAP(a, { "a", t_int(1) }, { "b", MAP(a, { "x", t_int(2) }) }, { "c", SEQ(a, t_int(3), MAP(a, { "y", t_int(4) })) });
}

static void *just_alloc(struct part_memory *m, size_t size)
{
    return arena_alloc(m->a, size);
}

static void parts_follow_their_entries(void **state)
{
    struct world *w = *state;
    struct part_memory m = { .alloc = just_alloc, .a = &w->arena };
    struct tree tree = { 0 };
    const struct val v = map_of_letters(&w->arena);
    const struct pos at = { .line = 7, .col = 1 };
    struct part *top = part_new(&m, v, &tree, false), *b = part_kid(&m, top, 1), *c = part_kid(&m, top, 2), *y = part_kid(&m, c, 1);
    struct text path = { .a = &w->arena };
    part_remove(&m, top, 0, at);
    part_insert(&m, c, 0, t_str("first"), at);
    assert_ptr_equal(part_kid(&m, top, 0), b);
    assert_ptr_equal(part_kid(&m, c, 2), y);
    part_set_key(&m, y, "z", t_int(5), at);
    part_path(y, &path);
    assert_string_equal(text_str(&path), "c[2]");
    part_set(&m, top, 0, t_str("gone"), at);
    part_set_key(&m, b, "x", t_int(6), at);
    assert_int_equal(tree.changed.line, 7);
    const struct val now = part_finish(&m, top);
    const struct val want = MAP(&w->arena, { "b", t_str("gone") },
        { "c", SEQ(&w->arena, t_str("first"), t_int(3), MAP(&w->arena, { "y", t_int(4) }, { "z", t_int(5) })) });
    const struct val before = map_of_letters(&w->arena);
    assert_true(tree_same(&now, &want));
    assert_true(tree_same(&v, &before));
}

/* Asserts inside: what a hook sees. */
static void passes_in_a_hook(struct arena *a, const char *lua)
{
    const struct run r = run_page(a, PAGE, file_with(str_join(a, lua, "\nreturn { api = 1 }\n", NULL)));
    struct text t = { .a = a };
    for (uint32_t i = 0; i < r.cx->diag_count; i++)
        diag_text(r.cx, r.cx->diags[i], false, &t);
    if (r.outcome != COMPILE_OK || r.cx->diag_count > 0)
        fail_msg("%s", text_str(&t));
}

static void a_loop_may_remove_what_it_sees(void **state)
{
    struct arena *a = &((struct world *)*state)->arena;
    passes_in_a_hook(a,
        "local function all() return array { 'a', 'a', 'b', 'a', 'c', 'a', 'a' } end\n"
        "local function dropped(l, loop, remove) for i, x in loop(l) do if x == 'a' then remove(l, i) end end return table.concat(l) end\n"
        "local function set(l, i) l[i] = nil end\n"
        "assert(dropped(all(), ipairs, set) == 'bc' and dropped(all(), pairs, set) == 'bc')\n"
        "assert(dropped(all(), ipairs, table.remove) == 'bc' and dropped(all(), pairs, table.remove) == 'bc')\n"
        "local m = map { a = 1, b = 2, c = 3, d = 4 }\n"
        "for key in pairs(m) do if key ~= 'c' then m[key] = nil end end\n"
        "assert(#m == 1 and m.c == 3)");
}

static void a_loop_sees_each_entry_once_whatever_goes_on(void **state)
{
    struct arena *a = &((struct world *)*state)->arena;
    passes_in_a_hook(a,
        "local l, seen = array { { n = 'a' }, { n = 'b' }, { n = 'c' }, { n = 'd' } }, ''\n"
        "for i, x in ipairs(l) do\n"
        "  seen = seen .. x.n\n"
        "  if x.n == 'b' then table.insert(l, 1, { n = 'z' }) table.remove(l, 2) l[2] = { n = 'B' } end\n"
        "  if x.n == 'c' then for j in ipairs(l) do if l[j].n == 'd' then l[j] = nil break end end l[#l + 1] = { n = 'e' } end\n"
        "end\n"
        "assert(seen == 'abce', seen)\n"
        "local m, keys = map { a = 1, b = 2, c = 3 }, ''\n"
        "for key in pairs(m) do keys = keys .. key for other in pairs(m) do if other < 'c' then m[other] = nil end end end\n"
        "assert(keys == 'ac', keys)");
}

static void a_module_that_is_not_there_is_missing_each_time(void **state)
{
    passes_in_a_hook(&((struct world *)*state)->arena,
        "local _, first = pcall(require, 'nothing')\n"
        "local _, second = pcall(require, 'nothing')\n"
        "assert(first:find('there is no module', 1, true) and first == second, second)");
}

/* ---- patterns --------------------------------------------------------------------------------------------------- */

static uint32_t seed = 1;

static const char *pick(const char *const *list, uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return list[(seed >> 16) % n];
}

/* Both engines get the same call; results and errors must agree to the letter. */
static const char judge[] =
    "local mine, theirs, s, p, r = ...\n"
    "local function all(f, ...) local t = table.pack(pcall(f, ...)) for i = 1, t.n do t[i] = tostring(t[i]) end\n"
    "  return (table.concat(t, ',', 1, t.n):gsub('bad argument.*', 'bad argument')) end\n"
    "local function each(g) return function(s, p) local out = {} for a, b in g(s, p) do out[#out + 1] = tostring(a) .. '/' .. tostring(b)\n"
    "  if #out > 50 then break end end return table.concat(out, ';') end end\n"
    "for _, f in ipairs { 'find', 'match', 'gsub' } do\n"
    "  local a, b = all(mine[f], s, p, f == 'gsub' and r or nil), all(theirs[f], s, p, f == 'gsub' and r or nil)\n"
    "  if a ~= b then return f .. ': ' .. a .. ' instead of ' .. b end end\n"
    "local a, b = all(each(mine.gmatch), s, p), all(each(theirs.gmatch), s, p)\n"
    "if a ~= b then return 'gmatch: ' .. a .. ' instead of ' .. b end\n";

static void compare(lua_State *L, struct hooks *h, const char *s, const char *p, const char *r)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "judge");
    lua_getfield(L, LUA_REGISTRYINDEX, "mine");
    lua_getfield(L, LUA_REGISTRYINDEX, "theirs");
    lua_pushstring(L, s);
    lua_pushstring(L, p);
    lua_pushstring(L, r);
    h->steps = 0;
    if (lua_pcall(L, 5, 1, 0) != LUA_OK || lua_isstring(L, -1))
        fail_msg("'%s' in '%s' by '%s': %s", p, s, r, lua_tostring(L, -1));
    lua_pop(L, 1);
}

static void patterns_match_as_those_of_lua(void **state)
{
    static const char *const items[] = { "a", "b", ".", "%a", "%d", "%S", "[ab]", "[^a]", "[%d_]", "[a-c]", "[]]", "%.", "(a)", "()", "(.-)", "(b*)",
        "%1", "%b()", "%f[%w]", "$", "^", "(", ")", "[", "%", "-", "*", "+", "?", "x" };
    static const char *const suffixes[] = { "", "", "", "*", "+", "-", "?" };
    static const char *const texts[] = { "", "a", "ab", "aabb", "abcabc", "a(b(c)d)e", "x1_y2 z3", "hello world", "()()", "]a]", "a.b.c" };
    static const char *const with[] = { "", "%0%0", "<%1>", "%%", "%9", "%" };
    struct world *w = *state;
    struct hooks h = { .cx = &w->cx, .stopped = CODES, .memory = { .alloc = limit_alloc } };
    lua_State *L = luaL_newstate();
    *(struct hooks **)lua_getextraspace(L) = &h;
    h.L = L;
    h.steps_limit = INT64_MAX;
    luaL_openlibs(L);
    lua_getglobal(L, "string");
    lua_createtable(L, 0, 4);
    for (lua_pushnil(L); lua_next(L, -3) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, "theirs");
    lua_pop(L, 1);
    strings_prepare(L);
    strings_open(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "mine");
    assert_int_equal(luaL_loadstring(L, judge), LUA_OK);
    lua_setfield(L, LUA_REGISTRYINDEX, "judge");
    for (int i = 0; i < 8000; i++) {
        char pattern[128] = "";
        for (uint32_t n = 1 + seed % 5; n > 0; n--) {
            strcat(pattern, pick(items, sizeof items / sizeof *items));
            strcat(pattern, pick(suffixes, sizeof suffixes / sizeof *suffixes));
        }
        compare(L, &h, pick(texts, sizeof texts / sizeof *texts), pattern, pick(with, sizeof with / sizeof *with));
    }
    lua_close(L);
}

/* ---- memory that ends ------------------------------------------------------------------------------------------- */

static void memory_may_end_anywhere_in_a_hook(void **state)
{
    (void)state;
    const char *hook = file_with(
        "local k8s = require 'k8s'\n"
        "return { api = 1, description = function(d) d.labels = { a = 'b' } end,\n"
        "  object = function(obj, plan) k8s.label(obj, 'x', plan.name) obj.metadata.annotations = { t = ('y'):rep(5000) } end,\n"
        "  objects = function(list) list[#list + 1] = list[1] table.remove(list) end }\n");
    unsigned ended = 0, passed = 0;
    for (size_t taken = 0; taken < 120000; taken += 1501)
        for (size_t chunk = 1; chunk <= 4; chunk++) {
            struct arena a = { .out = &fixture_no_memory };
            arena_alloc(&a, taken); /* chunks end elsewhere in the compilation each time */
            mem_fail_at(chunk, true);
            const struct run r = run_page(&a, PAGE, hook);
            mem_fail_at(0, false);
            ended  += r.outcome == COMPILE_NO_MEMORY;
            passed += r.outcome == COMPILE_OK;
            assert_true(r.outcome != COMPILE_REJECTED);
            arena_free(&a);
        }
    assert_true(ended >= 80 && passed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(every_hostile_hook_ends_in_its_finding),
        FIXTURE_TEST(what_never_comes_back_to_lua_ends_the_process),
        FIXTURE_TEST(a_hook_that_changes_nothing_makes_nothing),
        FIXTURE_TEST(an_object_that_is_only_moved_keeps_no_line_of_a_hook),
        FIXTURE_TEST(a_shared_part_is_changed_in_one_object_only),
        FIXTURE_TEST(a_file_that_a_hook_changes_restarts_the_pods_that_read_it),
        FIXTURE_TEST(what_is_as_it_was_restarts_nothing),
        FIXTURE_TEST(a_site_that_writes_the_checksum_decides_itself),
        FIXTURE_TEST(parts_follow_their_entries),
        FIXTURE_TEST(a_loop_may_remove_what_it_sees),
        FIXTURE_TEST(a_loop_sees_each_entry_once_whatever_goes_on),
        FIXTURE_TEST(a_module_that_is_not_there_is_missing_each_time),
        FIXTURE_TEST(patterns_match_as_those_of_lua),
        FIXTURE_TEST(memory_may_end_anywhere_in_a_hook),
    };
    FIXTURE_GUARD();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    drop_file();
    return failed;
}
