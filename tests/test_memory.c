/* Allocation n fails, for every n, once and from then on: a compilation ends with COMPILE_NO_MEMORY or with the result it has
 * always had, and holds nothing afterwards (REL 5, number 55).
 *
 * The linker leads every malloc() of our code, of libyaml and of libcyaml through this file (-Wl,--wrap, see the Makefile),
 * so one counter numbers them all. */
#include "compile.h"
#include "print/print.h"
#include "source/source.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka.h needs setjmp.h and stdarg.h. */
#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void  __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *s);
void  __wrap_free(void *block);

static struct {
    size_t asked;       /* allocations so far */
    size_t fail_at;     /* the one that fails; 0: none */
    bool   from_then_on;
    size_t injected;
    long   live;        /* blocks not yet freed */
} heap;

static bool must_fail(void)
{
    heap.asked++;
    const bool fail = heap.fail_at != 0
        && (heap.asked == heap.fail_at || (heap.from_then_on && heap.asked > heap.fail_at));
    heap.injected += fail;
    return fail;
}

void *__wrap_malloc(size_t size)
{
    void *p = must_fail() ? NULL : __real_malloc(size);
    heap.live += p != NULL;
    return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    void *p = __wrap_malloc(n * size);
    return p == NULL ? NULL : memset(p, 0, n * size);
}

void *__wrap_realloc(void *old, size_t size)
{
    void *p = must_fail() ? NULL : __real_realloc(old, size);
    heap.live += old == NULL && p != NULL;
    return p;
}

char *__wrap_strdup(const char *s)
{
    const size_t len = strlen(s) + 1;
    char *p = __wrap_malloc(len);
    return p == NULL ? NULL : memcpy(p, s, len);
}

void __wrap_free(void *block)
{
    heap.live -= block != NULL;
    __real_free(block);
}

/* ---- one compilation -------------------------------------------------------------------------------------------- */

struct input {
    const char   *path;
    const char  **presets;
    const char   *text;
    size_t        len;
    enum outcome  outcome; /* when nothing fails */
    uint64_t      digest;
};

static uint64_t digest_of(uint64_t h, const struct text *t)
{
    for (size_t i = 0; i < t->len; i++)
        h = (h ^ (unsigned char)t->p[i]) * 1099511628211u;
    return h;
}

/* Prints what came out, as the command does. Out of memory while printing ends the compilation too. */
static enum outcome print_all(struct arena *a, struct ctx *cx, const struct compiled *c, bool fine, uint64_t *digest)
{
    jmp_buf out;
    struct text manifests = { .a = a }, findings = { .a = a };
    a->out = &out;
    if (setjmp(out) != 0)
        return COMPILE_NO_MEMORY;
    for (uint32_t i = 0; fine && i < c->objects.len; i++)
        print_yaml(&manifests, &c->objects.seq[i]);
    for (uint32_t i = 0; i < cx->diag_count; i++)
        diag_text(cx, cx->diags[i], false, &findings);
    *digest = digest_of(digest_of(14695981039346656037u, &manifests), &findings);
    return fine ? COMPILE_OK : COMPILE_REJECTED;
}

static enum outcome compile(const struct input *in, size_t fail_at, bool from_then_on, uint64_t *digest)
{
    struct arena     a = { .limit = (size_t)64 << 20 };
    struct ctx      *cx;
    struct compiled *c;
    const struct request r = { .path = in->path, .text = in->text, .len = in->len, .presets = in->presets };
    heap.asked        = 0;
    heap.fail_at      = fail_at;
    heap.from_then_on = from_then_on;
    enum outcome o = compile_guarded(&a, &r, STAGE_ALL, &cx, &c);
    if (o != COMPILE_NO_MEMORY)
        o = print_all(&a, cx, c, o == COMPILE_OK, digest);
    arena_free(&a);
    heap.fail_at = 0;
    return o;
}

static void must(bool fine, const struct input *in, size_t n, bool from_then_on, const char *why)
{
    if (!fine)
        fail_msg("%s: allocation %zu fails%s: %s", in->path, n, from_then_on ? ", and all later ones" : "", why);
}

/* Returns whether there was an allocation `n` at all. */
static bool fails_well(const struct input *in, size_t n, bool from_then_on)
{
    uint64_t     digest   = 0;
    const size_t injected = heap.injected;
    const long   live     = heap.live;
    const enum outcome o  = compile(in, n, from_then_on, &digest);
    const bool   reached  = heap.injected > injected;
    must(heap.live == live, in, n, from_then_on, "something is not freed");
    must(o == COMPILE_NO_MEMORY || o == in->outcome, in, n, from_then_on, "it is taken for a finding");
    must(o == COMPILE_NO_MEMORY || digest == in->digest, in, n, from_then_on, "the result is another one");
    must(!from_then_on || !reached || o == COMPILE_NO_MEMORY, in, n, from_then_on, "nobody noticed");
    return reached;
}

static void every_failure_ends_well(struct input *in)
{
    in->outcome = compile(in, 0, false, &in->digest);
    const size_t all = heap.asked, before = heap.injected;
    for (size_t n = 1; fails_well(in, n, false); n++)
        must(fails_well(in, n, true), in, n, true, "it did not fail");
    printf("note: %s: %zu allocations, %zu failures injected\n", in->path, all, heap.injected - before);
}

/* ---- the inputs ------------------------------------------------------------------------------------------------- */

static char text_of_file[1 << 16];

static void read_input(struct input *in)
{
    FILE *f = fopen(in->path, "rb");
    assert_non_null(f);
    in->len  = fread(text_of_file, 1, sizeof text_of_file - 1, f);
    in->text = text_of_file;
    fclose(f);
    text_of_file[in->len] = '\0';
    assert_true(in->len > 0);
}

static void memory_may_end_in_a_small_cluster(void **state)
{
    (void)state;
    struct input in = { .path = "presets/dev.yaml" };
    read_input(&in);
    every_failure_ends_well(&in);
    assert_int_equal(in.outcome, COMPILE_OK);
}

static void memory_may_end_in_a_large_cluster(void **state)
{
    (void)state;
    struct input in = { .path = "tests/demo/orders.yaml" };
    read_input(&in);
    every_failure_ends_well(&in);
    assert_int_equal(in.outcome, COMPILE_OK);
}

/* Every stage that reports: bytes, keys, types, rules of several fields. */
static const char *const rejected[] = {
    "gregor: 1\nname: UPPER\nname: twice\nkafka: {version: 9.9, cofnig: {a: b}}\n"
    "brokers: {count: 3x, storage: 1ZB, nodeSelector: [a]}\nlisteners:\n- {name: a, port: 1}\n- *alias\n",
    "gregor: 1\nname: x\nkafka: {version: 4.3.1, metadata: zookeeper, config: {num.partitions: -1, min.insync.replicas: 9}}\n"
    "brokers: {count: 2, heap: 8Gi, memory: 1Gi}\n",
    "a: [b\n", "" };

static void memory_may_end_while_findings_are_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rejected / sizeof *rejected; i++) {
        struct input in = { .path = "rejected.yaml", .text = rejected[i], .len = strlen(rejected[i]) };
        every_failure_ends_well(&in);
        assert_int_equal(in.outcome, COMPILE_REJECTED);
    }
}

/* A dozen failures, spread over each golden case: every rule and every emitter meets one. */
static void memory_may_end_in_any_golden_case(void **state)
{
    (void)state;
    glob_t cases;
    const size_t before = heap.injected;
    assert_int_equal(glob("golden/*/input.yaml", 0, NULL, &cases), 0);
    for (size_t i = 0; i < cases.gl_pathc; i++) {
        struct input in = { .path = cases.gl_pathv[i] };
        read_input(&in);
        in.outcome = compile(&in, 0, false, &in.digest);
        const size_t all = heap.asked;
        for (size_t n = 1 + i % 7; n <= all; n += all / 12 + 1) {
            fails_well(&in, n, false);
            fails_well(&in, n, true);
        }
    }
    printf("note: %zu golden cases: %zu failures injected\n", (size_t)cases.gl_pathc, heap.injected - before);
    globfree(&cases);
}

static void nothing_is_held_after_a_compilation(void **state)
{
    (void)state;
    struct input in = { .path = "presets/production.yaml" };
    uint64_t first = 0, second = 0;
    read_input(&in);
    const long live = heap.live;
    assert_int_equal(compile(&in, 0, false, &first), COMPILE_OK);
    assert_int_equal(compile(&in, 0, false, &second), COMPILE_OK);
    assert_true(first == second);
    assert_int_equal(heap.live, live);
}

/* The limit of an arena is memory that ends, too: each limit below what a compilation needs. */
static void a_limit_is_kept(void **state)
{
    (void)state;
    struct input in = { .path = "presets/production.yaml" };
    read_input(&in);
    for (size_t limit = 1; limit < (size_t)1 << 20; limit = limit * 5 / 4 + 1) {
        struct arena     a = { .limit = limit };
        struct ctx      *cx;
        struct compiled *c;
        const struct request r = { .path = in.path, .text = in.text, .len = in.len };
        const enum outcome   o = compile_guarded(&a, &r, STAGE_ALL, &cx, &c);
        assert_true(o == COMPILE_OK || o == COMPILE_NO_MEMORY);
        assert_true(a.held <= limit);
        assert_true(limit > 100 || o == COMPILE_NO_MEMORY);
        arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_may_end_in_a_small_cluster),
        cmocka_unit_test(memory_may_end_in_a_large_cluster),
        cmocka_unit_test(memory_may_end_while_findings_are_made),
        cmocka_unit_test(memory_may_end_in_any_golden_case),
        cmocka_unit_test(nothing_is_held_after_a_compilation),
        cmocka_unit_test(a_limit_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
