/* fixture.h: what most tests start with: an arena, a context, and a page of YAML that has been read.
 *
 * Each test begins with an empty `world` and leaves none behind (FIXTURE_TEST). Tests of a program run one after the other, so one
 * world serves them all, and helpers without `state` reach it by its name. Everything returned lives in its arena until
 * fixture_again() or the end of the test. */
#ifndef GREGOR_TESTS_FIXTURE_H
#define GREGOR_TESTS_FIXTURE_H

#include "base/ctx.h"
#include "source/source.h"

/* cmocka.h needs the first three. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

struct world {
    struct arena arena; /* first: `*state` serves as an arena, too */
    struct ctx   cx;
};

static struct world world;
static jmp_buf      fixture_no_memory;

/* Stands in main() before the tests are run: out of memory in any of them jumps here and ends the program, since none can go on
 * without. A macro, because setjmp() must be called by a function that is still running when the jump comes. */
#define FIXTURE_GUARD()                         \
    if (setjmp(fixture_no_memory) != 0) {       \
        print_error("out of memory\n");         \
        return 1;                               \
    }

/* Forgets what has been read and found. */
static inline void fixture_again(struct world *w)
{
    arena_reset(&w->arena);
    w->arena.out = &fixture_no_memory;
    w->cx = (struct ctx){ .a = &w->arena };
}

static inline int fixture_begin(void **state)
{
    fixture_again(&world);
    *state = &world;
    return 0;
}

static inline int fixture_end(void **state)
{
    (void)state;
    arena_free(&world.arena);
    return 0;
}

/* A row of the table of tests. A macro, because cmocka names the test after the argument. */
#define FIXTURE_TEST(fact) cmocka_unit_test_setup_teardown(fact, fixture_begin, fixture_end)

/* ---- pages ---------------------------------------------------------------------------------------------- */

typedef bool fixture_parse(struct ctx *cx, uint16_t file, struct val *out);

static inline struct val fixture_parsed(struct world *w, const char *layer, const char *text, fixture_parse *parse)
{
    struct val v = { .kind = V_NONE };
    if (!parse(&w->cx, ctx_file(&w->cx, "page.yaml", text, strlen(text), layer), &v))
        fail_msg("%s\n%s", text, w->cx.diags[0]->message);
    return v;
}

/* Returns a page as a file of that layer ("description", "preset", "overlay"). A text that is no YAML fails the test. */
static inline struct val fixture_read(struct world *w, const char *layer, const char *text)
{
    return fixture_parsed(w, layer, text, source_parse);
}

/* The same of several documents: a sequence. */
static inline struct val fixture_read_stream(struct world *w, const char *text)
{
    return fixture_parsed(w, "description", text, source_parse_stream);
}

/* Returns the value without its places, like one that an emitter made. */
static inline struct val fixture_unplaced(struct arena *a, struct val v)
{
    struct pairs pairs = { .a = a };
    struct vals  items = { .a = a };
    for (uint32_t i = 0; v.kind == V_MAP && i < v.len; i++)
        pairs_add(&pairs, v.map[i].key, fixture_unplaced(a, v.map[i].v));
    for (uint32_t i = 0; v.kind == V_SEQ && i < v.len; i++)
        vals_add(&items, fixture_unplaced(a, v.seq[i]));
    if (v.kind == V_MAP)
        return v.len > 0 ? pairs_done(&pairs) : t_empty_map();
    if (v.kind == V_SEQ)
        return v.len > 0 ? vals_done(&items) : t_empty_seq();
    v.at = no_pos();
    return v;
}

/* ---- findings ------------------------------------------------------------------------------------------- */

/* Returns the findings as "E0702 line:column message / hint // note", one a line, in the order of their places. */
static inline const char *fixture_findings(struct world *w)
{
    struct text t = { .a = &w->arena };
    diag_sort(&w->cx);
    for (uint32_t i = 0; i < w->cx.diag_count; i++) {
        const struct diag *d = w->cx.diags[i];
        text_f(&t, "%s%s %u:%u %s", i > 0 ? "\n" : "", code_table[d->code].name, d->at.line, d->at.col, d->message);
        for (const struct note *n = d->notes; n != NULL; n = n->next)
            text_join(&t, n->at.line > 0 ? " // " : " / ", n->message, NULL);
    }
    return text_str(&t);
}

/* Judges row `i` of a table: what was found of `text` is `wanted`, and the verdict `fine` says whether an error is among it.
 * Says what differs and returns false otherwise, so that all rows get their turn. */
static inline bool fixture_judge(struct world *w, size_t i, const char *text, const char *wanted, bool fine)
{
    if (strcmp(fixture_findings(w), wanted) == 0 && fine != diag_failed(&w->cx))
        return true;
    print_error("row %zu: %s\n  got:  %s\n  want: %s\n  verdict: %s\n", i, text, fixture_findings(w), wanted,
                fine ? "fine" : "refused");
    return false;
}

#endif
