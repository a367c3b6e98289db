/* Reading: what comes back, what is refused, where, and that nothing makes it crash or slow (REL 5, classes 1-23). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ctx.h"
#include "base/io.h"
#include "base/memory.h"
#include "source/source.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* One text, read in an arena of its own. */
struct reading {
    struct arena a;
    struct ctx   cx;
    struct val   v;
    bool         ok;
};

static struct reading *read_bytes(const char *text, size_t len)
{
    struct reading *r = calloc(1, sizeof *r);
    char *copy = malloc(len + 1); /* exactly so long: the sanitizer sees each byte too far */
    assert_true(r != NULL && copy != NULL);
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    r->cx.a = &r->a;
    r->ok = source_parse(&r->cx, ctx_file(&r->cx, "in.yaml", copy, len, "description"), &r->v);
    assert_int_equal(r->ok, !diag_failed(&r->cx));
    diag_sort(&r->cx);
    struct text shown = { .a = &r->a };
    for (uint32_t i = 0; i < r->cx.diag_count; i++)
        diag_text(&r->cx, r->cx.diags[i], false, &shown);
    free(copy);
    return r;
}

static struct reading *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void done(struct reading *r)
{
    arena_free(&r->a);
    free(r);
}

/* Of the processor: how long a busy machine makes us wait is not ours to bound. */
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- what comes back ---------------------------------------------------------------------------------- */

static const char page[] =
    "# orders\n"
    "gregor: 1\n"
    "name: orders\n"
    "kafka: {version: 4.3.1, config: {num.partitions: 12}}\n"
    "brokers:\n"
    "  count: 6\n"
    "  zones: [eu-1a, \"eu-1b\", 'eu-1c']\n"
    "  script: |\n"
    "    one\n"
    "     two\n"
    "listeners:\n"
    "- name: internal\n"
    "  port: 9092\n"
    "- {name: external, host: \"b{id}.example.com\"}\n"
    "gone: ~\n"
    "empty:\n";

static void scalars_stay_text_with_their_places(void **state)
{
    (void)state;
    struct reading *r = read_text(page);
    assert_true(r->ok);
    assert_int_equal(r->v.len, 7);
    const struct val *version = tree_at(&r->v, "kafka", "version", NULL);
    assert_int_equal(version->kind, V_STR);
    assert_string_equal(version->s, "4.3.1");
    assert_int_equal(version->flags, VF_PLAIN);
    assert_int_equal(version->at.line, 4);
    assert_int_equal(version->at.col, 18);
    assert_string_equal(tree_str(tree_get(&r->v, "brokers"), "script"), "one\n two\n");
    const struct val *zones = tree_at(&r->v, "brokers", "zones", NULL);
    assert_int_equal(zones->len, 3);
    assert_int_equal(zones->seq[1].flags, 0);
    assert_int_equal(zones->at.col, 10);
    const struct val *listeners = tree_get(&r->v, "listeners");
    assert_string_equal(tree_str(&listeners->seq[1], "host"), "b{id}.example.com");
    assert_int_equal(listeners->seq[1].at.line, 14);
    done(r);
}

static void keys_have_places(void **state)
{
    (void)state;
    struct reading *r = read_text(page);
    assert_int_equal(tree_key_at(&r->v, 3).line, 5);
    const struct val *brokers = tree_get(&r->v, "brokers");
    assert_int_equal(brokers->at.line, 6);
    assert_int_equal(tree_key_at(brokers, 1).line, 7);
    assert_int_equal(tree_key_at(brokers, 1).col, 3);
    done(r);
}

static void null_is_written_in_five_ways(void **state)
{
    (void)state;
    struct reading *r = read_text("a:\nb: ~\nc: null\nd: Null\ne: NULL\nf: \"null\"\ng: nULL\nh: ''\n");
    assert_true(r->ok);
    for (uint32_t i = 0; i < r->v.len; i++)
        assert_int_equal(r->v.map[i].v.kind, i < 5 ? V_NULL : V_STR);
    done(r);
}

static void columns_count_bytes(void **state)
{
    (void)state;
    struct reading *r = read_text("{\xc3\xa4\xc3\xb6: x, b: \xf0\x9f\x90\xbf, c: d}\n");
    assert_int_equal(tree_get(&r->v, "b")->at.col, 14);
    assert_int_equal(tree_key_at(&r->v, 2).col, 20);
    assert_int_equal(tree_get(&r->v, "c")->at.col, 23);
    done(r);
}

static void a_byte_order_mark_is_dropped(void **state)
{
    (void)state;
    struct reading *r = read_text("\xef\xbb\xbfgregor: 1\n");
    assert_true(r->ok);
    assert_string_equal(tree_str(&r->v, "gregor"), "1");
    assert_int_equal(tree_key_at(&r->v, 0).col, 1);
    done(r);
}

static void line_ends_do_not_matter(void **state)
{
    (void)state;
    struct reading *unix_ends = read_text("a: 1\nb: |\n  x\n  y\nc: \"d\n  e\""), *dos_ends = read_text("a: 1\r\nb: |\r\n  x\r\n  y\r\nc: \"d\r\n  e\"");
    assert_true(unix_ends->ok && dos_ends->ok);
    assert_true(tree_same(&unix_ends->v, &dos_ends->v));
    assert_int_equal(tree_key_at(&dos_ends->v, 2).line, 5);
    done(unix_ends);
    done(dos_ends);
}

static void json_is_yaml(void **state)
{
    (void)state;
    struct reading *r = read_text("{\n\"gregor\": 1,\n\"kafka\": {\"version\": \"4.3.1\"},\n\"zones\": [\n\"a\",\n\"b\"\n]\n}\n");
    assert_true(r->ok);
    assert_int_equal(tree_get(&r->v, "zones")->len, 2);
    assert_int_equal(tree_get(&r->v, "zones")->seq[1].at.line, 6);
    done(r);
}

static void block_texts_keep_what_their_headers_say(void **state)
{
    (void)state;
    static const struct { const char *header, *body, *wanted; } cases[] = {
        { "|", "  a\n  b\n\n", "a\nb\n" },  { "|-", "  a\n  b\n\n", "a\nb" },  { "|+", "  a\n  b\n\n", "a\nb\n\n" },
        { ">", "  a\n  b\n\n", "a b\n" },   { ">-", "  a\n  b\n\n", "a b" },   { ">+", "  a\n  b\n\n", "a b\n\n" },
        { "|2", "    a\n", "  a\n" },       { "|1-", "  a\n", " a" },          { "|+3", "   a\n\n", "a\n\n" },
        { "|  # why", "  a\n", "a\n" },     { ">", "  a\n\n  b\n   c\n  d\n", "a\nb\n c\nd\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[100];
        snprintf(text, sizeof text, "v: %s\n%sw: 1\n", cases[i].header, cases[i].body);
        struct reading *r = read_text(text);
        assert_true(r->ok);
        assert_string_equal(tree_str(&r->v, "v"), cases[i].wanted);
        assert_string_equal(tree_str(&r->v, "w"), "1");
        done(r);
    }
}

static void a_stream_gives_all_its_documents(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct ctx cx = { .a = &a };
    struct val v;
    const char *text = "---\na: 1\n---\n- b\n---\nc\n";
    assert_true(source_parse_stream(&cx, ctx_file(&cx, "out.yaml", text, strlen(text), "description"), &v));
    assert_int_equal(v.len, 3);
    assert_int_equal(v.seq[1].kind, V_SEQ);
    assert_int_equal(v.seq[1].at.line, 4);
    assert_string_equal(v.seq[2].s, "c");
    arena_free(&a);
}

/* ---- what is refused, and where ----------------------------------------------------------------------- */

static const struct refusal {
    const char *text;
    enum code   code;
    uint32_t    line, col;
} refusals[] = {
    /* (1)-(3) nothing */
    { "", E_YAML_EMPTY, 0, 0 },
    { "\xef\xbb\xbf", E_YAML_EMPTY, 0, 0 },
    { "# only this\n", E_YAML_EMPTY, 0, 0 },
    { "---\n", E_YAML_EMPTY, 0, 0 },
    { "...\n", E_YAML_SYNTAX, 1, 1 },
    { "~\n", E_YAML_NOT_A_MAP, 1, 1 },
    { "- a\n", E_YAML_NOT_A_MAP, 1, 1 },
    { "name:orders\n", E_YAML_NOT_A_MAP, 1, 1 },
    /* (6), (7), (10) bytes */
    { "a: \xc0\xaf\n", E_YAML_ENCODING, 1, 4 },
    { "a: \xed\xa0\x80\n", E_YAML_ENCODING, 1, 4 },
    { "a: \xf4\x90\x80\x80\n", E_YAML_ENCODING, 1, 4 },
    { "a: \xe2\x82", E_YAML_ENCODING, 1, 4 },
    { "\xff\xfe""a\n", E_YAML_ENCODING, 0, 0 },
    { "\xfe\xff""a\n", E_YAML_ENCODING, 0, 0 },
    { "\x1f\x8b\x08", E_YAML_ENCODING, 0, 0 },
    { "\x7f" "ELF\x02", E_YAML_ENCODING, 0, 0 },
    { "\x89PNG\r\n", E_YAML_ENCODING, 0, 0 },
    { "a: 1\rb: 2\n", E_YAML_CHARACTER, 1, 5 },
    { "a: 1\nb: x\xc2\x85y\n", E_YAML_CHARACTER, 2, 5 },
    { "a: \xe2\x80\xa8\n", E_YAML_CHARACTER, 1, 4 },
    { "a: \xe2\x80\xa9\n", E_YAML_CHARACTER, 1, 4 },
    { "a: \xef\xbb\xbf\n", E_YAML_CHARACTER, 1, 4 },
    { "a: \x1b[31m\n", E_YAML_CHARACTER, 1, 4 },
    { "a: \x7f\n", E_YAML_CHARACTER, 1, 4 },
    { "a: \"x\\0y\"\n", E_YAML_CHARACTER, 1, 4 },
    { "\"k\\x00\": 1\n", E_YAML_CHARACTER, 1, 1 },
    /* (13)-(17) YAML that is more than a tree */
    { "a: &x 1\n", E_YAML_ALIAS, 1, 4 },
    { "a: *x\n", E_YAML_ALIAS, 1, 4 },
    { "a: [1, *x]\n", E_YAML_ALIAS, 1, 8 },
    { "*x : 1\n", E_YAML_ALIAS, 1, 1 },
    { "a: *.example.com\n", E_YAML_ALIAS, 1, 4 },
    { "a: & b\n", E_YAML_ALIAS, 1, 4 },
    { "a: 1\nb: 2\na: 3\n", E_YAML_DUPLICATE, 3, 1 },
    { "a: 1\n\"a\": 2\n", E_YAML_DUPLICATE, 2, 1 },
    { "x: {a: 1, 'a': 2}\n", E_YAML_DUPLICATE, 1, 11 },
    { "a:\n  <<: {b: 1}\n", E_YAML_MERGE, 2, 3 },
    { "a:\n  <<: [{b: 1}]\n", E_YAML_MERGE, 2, 3 },
    { "a: !!str 1\n", E_YAML_TAG, 1, 4 },
    { "a: !!python/object:x {}\n", E_YAML_TAG, 1, 4 },
    { "a: ! x\n", E_YAML_TAG, 1, 4 },
    { "!!map {a: 1}\n", E_YAML_TAG, 1, 1 },
    { "!!str a: 1\n", E_YAML_TAG, 1, 1 },
    { "a: !<tag:x,2000:%zz> 1\n", E_YAML_TAG, 1, 4 },
    { "%TAG ! tag:x,2000:\n---\na: 1\n", E_YAML_TAG, 1, 1 },
    { "a: 1\n---\nb: 2\n", E_YAML_SECOND, 2, 1 },
    { "a: 1\n...\n---\nb: 2\n", E_YAML_SECOND, 3, 1 },
    { "? [a]\n: 1\n", E_YAML_KEY, 1, 3 },
    { "{{a: 1}: 2}\n", E_YAML_KEY, 1, 2 },
    { ": 1\n", E_YAML_KEY, 1, 1 },
    { "a: 1\n: 2\n", E_YAML_KEY, 2, 1 },
    { "{: 1}\n", E_YAML_KEY, 1, 2 },
    /* (21) tabs, and what people forget */
    { "a:\n\tb: 1\n", E_YAML_TAB, 2, 1 },
    { "a:\n  b: 1\n  \tc: 2\n", E_YAML_TAB, 3, 3 },
    { "a: |\n\tb\n", E_YAML_TAB, 2, 1 },
    { "-\t- a\n", E_YAML_TAB, 1, 2 },
    { "gregor: 1\nname:orders\n", E_YAML_BLANK, 2, 6 },
    { "kafka:\n  version:4.3.1\n  config: {}\n", E_YAML_BLANK, 2, 11 },
    { "kafka: {version:4.3.1}\n", E_YAML_BLANK, 1, 17 },
    { "kafka:{version: 4.3.1}\n", E_YAML_BLANK, 1, 7 },
    { "a: 'b\nc: d\n", E_YAML_QUOTE, 1, 4 },
    { "a: \"b\nc: {d: \"e\"}\n", E_YAML_QUOTE, 1, 4 },
    { "a: \"b\n---\nc: d\n", E_YAML_QUOTE, 1, 4 },
    { "a: \"b\n c\" d\n", E_YAML_QUOTE, 1, 4 },
    { "a: [b, c\n", E_YAML_BRACKET, 1, 4 },
    { "a: [b, c\nd: e\n", E_YAML_BRACKET, 1, 4 },
    { "a: {b: 1 c: 2}\n", E_YAML_BRACKET, 1, 11 },
    { "a: {b, c: 1}\n", E_YAML_NO_VALUE, 1, 5 },
    { "? a\n? b\n", E_YAML_NO_VALUE, 1, 3 },
    { "a: 1\n  b: 2\n", E_YAML_INDENT, 2, 4 },
    { "a:\n  b: 1\n c: 2\n", E_YAML_INDENT, 3, 2 },
    { "- a\n - b\n- c\n  d\n e: f\n", E_YAML_INDENT, 5, 3 },
    { "a: \"\\d\"\n", E_YAML_ESCAPE, 1, 5 },
    { "a: \"\\xg\"\n", E_YAML_ESCAPE, 1, 7 },
    { "a: @b\n", E_YAML_SYNTAX, 1, 4 },
    { "a: `b\n", E_YAML_SYNTAX, 1, 4 },
    { "a: - b\n", E_YAML_SYNTAX, 1, 4 },
    { "a:\n- b\nc\n", E_YAML_SYNTAX, 3, 1 },
    { "a: |0\n  b\n", E_YAML_SYNTAX, 1, 4 },
    { "a: [b, , c]\n", E_YAML_SYNTAX, 1, 8 },
    { "%NEW 1\n---\na: 1\n", E_YAML_SYNTAX, 1, 1 },
    { "a: 1\n... b\n", E_YAML_INDENT, 2, 5 },
    /* (18) what YAML forbids and libyaml 0.2.5 takes */
    { "a: [b,\nc]\n", E_YAML_INDENT, 2, 1 },
    { "a:\n- [\n\tb]\n", E_YAML_INDENT, 3, 2 },
    { "a: [b]#c\n", E_YAML_COMMENT, 1, 7 },
    { "a: [b,#c\n  d]\n", E_YAML_COMMENT, 1, 7 },
    { "a: \"b\"#c\n", E_YAML_COMMENT, 1, 7 },
    { "a: >#c\n  b\n", E_YAML_COMMENT, 1, 5 },
    { "%YAML 1.1#c\n---\na: 1\n", E_YAML_COMMENT, 1, 10 },
    { "a: \"b\nc\"\n", E_YAML_QUOTE, 1, 4 },
    { "a: \"b\n\tc\"\n", E_YAML_QUOTE, 1, 4 },
    { "a: [-]\n", E_YAML_SYNTAX, 1, 5 },
    { "a: [-, -]\n", E_YAML_SYNTAX, 1, 5 },
};

static void what_is_wrong_is_reported_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *c = &refusals[i];
        struct reading *r = read_text(c->text);
        const struct diag *d = r->cx.diag_count > 0 ? r->cx.diags[0] : NULL;
        if (d == NULL || d->code != c->code || d->at.line != c->line || d->at.col != c->col)
            fail_msg("%s: %s at %u:%u instead of %s at %u:%u", c->text, d ? code_table[d->code].name : "nothing",
                     d ? d->at.line : 0, d ? d->at.col : 0, code_table[c->code].name, c->line, c->col);
        done(r);
    }
}

/* What is fine must not be caught by the rules above. */
static const char *const accepted[] = {
    "a: [\n  b,\n  c\n]\n", "a: {\n  b: 1\n}\nc: 2\n", "a:\n- [b,\n  c]\n", "a: \"b\n  c\"\n", "a: 'b\n\n  c'\n",
    "a: b#c\n", "a: b #c\n", "a: [b] # c\n", "a: [b, # c\n  d]\n", "a: \"#\" #\n", "#a\na: 1\n", "a: 1\n  # deep\nb: 2\n",
    "a: http://x:80/y\n", "a: {b: http://x}\n", "a: [x:y]\n", "\"a:{\": 1\n", "a:\tb\n", "a: \"b\"\t# c\n", "--- # c\na: 1\n...\n",
    "%YAML 1.1\n---\na: 1\n", "%YAML 1.2 # c\n---\na: 1\n", "? a\n: 1\n", "a: '*x'\nb: \"&y\"\nc: '!z'\n", "a: -b\n", "a: [--x, -1]\n",
    "a: {b: , c: 1}\n", "\"<<\": 1\n", "a: |\n  &x *y !z\n  \"\n  [\n", "a: > # c\n  b\n", "'a b': 1\n", "a: \xc2\xa0\n", "a: \xf0\x9f\x90\xbf\n",
};

static void what_is_fine_is_not_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct reading *r = read_text(accepted[i]);
        if (!r->ok)
            fail_msg("%s: %s", accepted[i], r->cx.diags[0]->message);
        done(r);
    }
}

static void one_run_reports_everything(void **state)
{
    (void)state;
    static const enum code wanted[] = { E_YAML_BLANK, E_YAML_ALIAS, E_YAML_INDENT, E_YAML_DUPLICATE, E_YAML_BRACKET, E_YAML_TAB,
                                        E_YAML_DUPLICATE, E_YAML_MERGE, E_YAML_TAG };
    struct reading *r = read_text("gregor: 1\nname:orders\nkafka:\n  config: &x {a: 1}\n   bad: 1\nbrokers:\n  count: 1\n  count: 2\n"
                                  "zones: [a, b\nusers:\n\t- x\ntopics: [\n  a ]\ntopics: 3\n<<: {a: 1}\nhost: !!str x\n");
    assert_int_equal(r->cx.diag_count, sizeof wanted / sizeof *wanted);
    for (uint32_t i = 0; i < r->cx.diag_count; i++)
        assert_int_equal(r->cx.diags[i]->code, wanted[i]);
    assert_int_equal(r->v.kind, V_MAP);
    assert_string_equal(tree_str(&r->v, "gregor"), "1");
    assert_int_equal(tree_get(&r->v, "topics")->kind, V_SEQ);
    done(r);
}

static void a_duplicate_names_the_first(void **state)
{
    (void)state;
    struct reading *r = read_text("a: 1\nb: 2\n\"a\": 3\n");
    const struct note *n = r->cx.diags[0]->notes;
    assert_int_equal(n->at.line, 1);
    assert_string_equal(n->message, "first written here");
    assert_string_equal(tree_str(&r->v, "a"), "1");
    done(r);
}

static void findings_have_an_end(void **state)
{
    (void)state;
    struct text t = { .a = &(struct arena){ 0 } };
    for (int i = 0; i < 50000; i++)
        text_f(&t, "- &a%d x\n", i);
    text_str(&t);
    struct reading *r = read_bytes(t.p, t.len);
    assert_int_equal(r->cx.diag_count, 51);
    assert_int_equal(r->cx.diags[50]->code, E_YAML_MANY);
    done(r);
    arena_free(t.a);
}

/* ---- limits ------------------------------------------------------------------------------------------- */

static char *repeated(const char *s, size_t times)
{
    const size_t len = strlen(s);
    char *text = malloc(len * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, s, len);
    text[len * times] = '\0';
    return text;
}

static void deep_nesting_is_refused_at_once(void **state)
{
    (void)state;
    static const struct { const char *unit; size_t most; } units[] = {
        { "[", 1000000 }, { "{", 1000000 }, { "- ", 500000 }, { "? ", 500000 }, { "[{", 500000 }, { "{a: ", 200000 }, { "[\n", 500000 },
    };
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t n = 100; n <= units[u].most; n *= 10) {
            char *text = repeated(units[u].unit, n);
            const double from = seconds();
            struct reading *r = read_text(text);
            assert_true(seconds() - from < 2.0);
            bool deep = false;
            for (uint32_t i = 0; i < r->cx.diag_count; i++)
                deep |= r->cx.diags[i]->code == E_YAML_DEPTH || r->cx.diags[i]->code == E_YAML_MANY;
            assert_true(deep);
            done(r);
            free(text);
        }
}

static struct reading *nested(int depth)
{
    char text[1000] = "a: ";
    memset(text + 3, '[', (size_t)depth - 1);
    memset(text + 2 + depth, ']', (size_t)depth - 1);
    return read_text(text);
}

static void the_64th_level_is_the_last(void **state)
{
    (void)state;
    struct reading *r = nested(64);
    assert_true(r->ok);
    done(r);
    r = nested(65);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_DEPTH);
    done(r);
}

static void the_100000th_value_is_the_last(void **state)
{
    (void)state;
    char *items = repeated("- x\n", 100000 - 3), *text = malloc(4 + 4 * 100000);
    assert_non_null(text);
    strcpy(text, "a:\n");
    strcat(text, items);
    struct reading *r = read_text(text);
    assert_true(r->ok);
    done(r);
    strcat(text, "- x\n");
    r = read_text(text);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_NODES);
    assert_int_equal(r->cx.diags[0]->at.line, 99999);
    done(r);
    free(items);
    free(text);
}

static void a_file_has_at_most_one_mebibyte(void **state)
{
    (void)state;
    char *text = malloc(SOURCE_MAX_BYTES + 1);
    assert_non_null(text);
    memset(text, 'x', SOURCE_MAX_BYTES + 1);
    memcpy(text, "a: ", 3);
    struct reading *r = read_bytes(text, SOURCE_MAX_BYTES);
    assert_true(r->ok);
    assert_int_equal(tree_get(&r->v, "a")->len, SOURCE_MAX_BYTES - 3);
    done(r);
    r = read_bytes(text, SOURCE_MAX_BYTES + 1);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_SIZE);
    done(r);
    free(text);
}

static void a_key_has_at_most_1024_bytes(void **state)
{
    (void)state;
    char text[1030];
    memset(text, 'k', 1025);
    strcpy(text + 1024, ": 1");
    struct reading *r = read_text(text);
    assert_true(r->ok);
    done(r);
    memset(text, 'k', 1025);
    strcpy(text + 1025, ": 1");
    r = read_text(text);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_KEY);
    done(r);
}

static void thousands_of_keys_take_linear_time(void **state)
{
    (void)state;
    struct text t = { .a = &(struct arena){ 0 } };
    for (int i = 0; i < 40000; i++)
        text_f(&t, "k%d: 1\n", (i * 7919) % 40000);
    text_add(&t, "k77: 2\n");
    text_str(&t);
    const double from = seconds();
    struct reading *r = read_bytes(t.p, t.len);
    assert_true(seconds() - from < 3.0);
    assert_int_equal(r->cx.diag_count, 1);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_DUPLICATE);
    assert_int_equal(r->cx.diags[0]->at.line, 40001);
    assert_int_equal(r->v.len, 40000);
    done(r);
    arena_free(t.a);
}

static void a_long_line_takes_linear_time(void **state)
{
    (void)state;
    char *items = repeated("\xc3\xa4, ", 90000), *text = malloc(4 * 90000 + 10);
    assert_non_null(text);
    sprintf(text, "a: [%s]", items);
    const double from = seconds();
    struct reading *r = read_text(text);
    assert_true(seconds() - from < 2.0);
    assert_true(r->ok);
    assert_int_equal(tree_get(&r->v, "a")->seq[1000].at.col, 5 + 4 * 1000);
    assert_int_equal(tree_get(&r->v, "a")->seq[89999].at.col, 65535);
    done(r);
    free(items);
    free(text);
}

static void alias_bombs_do_not_go_off(void **state)
{
    (void)state;
    struct text t = { .a = &(struct arena){ 0 } };
    text_add(&t, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++)
        text_f(&t, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1, i - 1);
    const double from = seconds();
    struct reading *r = read_bytes(text_str(&t), t.len);
    assert_true(seconds() - from < 1.0);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_ALIAS);
    done(r);
    r = read_text("a: &a [*a]\n");
    assert_int_equal(r->cx.diag_count, 2);
    done(r);
    arena_free(t.a);
}

/* ---- hostile bytes ------------------------------------------------------------------------------------ */

static void every_prefix_is_read_or_refused(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof page; len++)
        done(read_bytes(page, len));
}

static void every_flipped_byte_is_read_or_refused(void **state)
{
    (void)state;
    static const char bad[] = { '\0', '\x80', '\xff', '\t', '\n', '\'', '"', '[', '{', ':', '#', '&', '*', '|', '-', ' ' };
    char text[sizeof page];
    for (size_t at = 0; at < sizeof page - 1; at++)
        for (size_t b = 0; b < sizeof bad; b++) {
            memcpy(text, page, sizeof page);
            text[at] = bad[b];
            struct reading *r = read_bytes(text, sizeof page - 1);
            if (b < 3)
                assert_false(r->ok);
            done(r);
        }
}

static void utf_16_is_named(void **state)
{
    (void)state;
    char text[2 * sizeof page];
    for (size_t i = 0; i < sizeof page; i++) {
        text[2 * i]     = page[i];
        text[2 * i + 1] = '\0';
    }
    struct reading *r = read_bytes(text, sizeof text);
    assert_int_equal(r->cx.diag_count, 1);
    assert_string_equal(r->cx.diags[0]->message, "this is UTF-16 text, not UTF-8");
    done(r);
    r = read_bytes("\0\0\xfe\xff\0\0\0a", 8);
    assert_string_equal(r->cx.diags[0]->message, "this is UTF-32 text, not UTF-8");
    done(r);
}

static void a_nul_byte_ends_nothing(void **state)
{
    (void)state;
    struct reading *r = read_bytes("a: 1\n\0b: 2\n", 11);
    assert_int_equal(r->cx.diags[0]->code, E_YAML_CHARACTER);
    assert_int_equal(r->cx.diags[0]->at.line, 2);
    done(r);
}

/* Small texts out of YAML's own alphabet reach more states of the reader than mutations of a good page. */
static void nonsense_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const words[] = { "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "\"", "'", "#", " #",
        "|", ">", "&x ", "*x", "!t ", "---", "...", "\t", "%", "<<: ", "\\", "~", "\n- ", "\na: ", "\xc3\xa4", "\r\n", "|2\n", "\"\n" };
    uint32_t seed = 20261120;
    for (int round = 0; round < 20000; round++) {
        char text[400] = "";
        const int count = 1 + round % 30;
        for (int i = 0; i < count; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, words[(seed >> 8) % (sizeof words / sizeof *words)]);
        }
        done(read_text(text));
    }
}

/* Returns false when memory ran out. */
static bool fits(struct arena *a, const char *text)
{
    jmp_buf out;
    a->out = &out;
    if (setjmp(out) != 0) {
        source_abandon();
        return false;
    }
    struct ctx cx = { .a = a };
    struct val v;
    assert_true(source_parse_stream(&cx, ctx_file(&cx, "in.yaml", text, strlen(text), "description"), &v));
    return true;
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    char *text = repeated("- {name: x, list: [1, 2, 3]}\n", 3000);
    size_t failures = 0;
    for (size_t n = 1;; n++) {
        struct arena a = { 0 };
        mem_fail_at(n, 0);
        const bool done_here = fits(&a, text);
        mem_fail_at(0, 0);
        arena_free(&a);
        if (done_here)
            break;
        failures++;
    }
    assert_true(failures > 3);
    free(text);
}

/* ---- the plain scalars that five readers type differently ---------------------------------------------- */

static char *measured_scalars(void)
{
    const char *shared = getenv("GREGOR_SHARED");
    char path[500];
    snprintf(path, sizeof path, "%s/data/yaml/plain-scalars.json", shared != NULL ? shared : "../shared");
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        print_message("skipped: no %s (set GREGOR_SHARED)\n", path);
        return NULL;
    }
    char *text = calloc(1, 100000);
    assert_non_null(text);
    assert_true(fread(text, 1, 99999, f) > 0);
    fclose(f);
    return text;
}

/* Bytes of the scalar without blanks around it and a comment behind it. */
static size_t written_length(const char **scalar)
{
    *scalar += strspn(*scalar, " \t");
    const char *comment = strstr(*scalar, " #");
    size_t len = comment != NULL ? (size_t)(comment - *scalar) : strlen(*scalar);
    while (len > 0 && (*scalar)[len - 1] == ' ')
        len--;
    return len;
}

/* A text, exactly as written; nothing; or a refusal. Never another text. */
static void check_scalar(const char *scalar)
{
    char text[300];
    snprintf(text, sizeof text, "v: %s\n", scalar);
    struct reading *r = read_text(text);
    const struct val *v = tree_get(&r->v, "v");
    const size_t len = written_length(&scalar);
    if (r->ok && v->kind == V_STR && (v->flags & VF_PLAIN)) {
        assert_int_equal(v->len, len);
        assert_memory_equal(v->s, scalar, len);
    } else if (r->ok && v->kind == V_NULL) {
        assert_true(*scalar == '#' || strstr(" ~ null Null NULL ", scalar) != NULL);
    }
    done(r);
}

static void plain_scalars_are_never_another_text(void **state)
{
    (void)state;
    char *text = measured_scalars();
    if (text == NULL)
        return;
    cJSON *json = cJSON_Parse(text), *all = cJSON_GetObjectItemCaseSensitive(json, "scalars");
    assert_int_equal(cJSON_GetArraySize(all), 169);
    for (const cJSON *s = all->child; s != NULL; s = s->next)
        check_scalar(s->string);
    cJSON_Delete(json);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_stay_text_with_their_places),
        cmocka_unit_test(keys_have_places),
        cmocka_unit_test(null_is_written_in_five_ways),
        cmocka_unit_test(columns_count_bytes),
        cmocka_unit_test(a_byte_order_mark_is_dropped),
        cmocka_unit_test(line_ends_do_not_matter),
        cmocka_unit_test(json_is_yaml),
        cmocka_unit_test(block_texts_keep_what_their_headers_say),
        cmocka_unit_test(a_stream_gives_all_its_documents),
        cmocka_unit_test(what_is_wrong_is_reported_at_its_place),
        cmocka_unit_test(what_is_fine_is_not_reported),
        cmocka_unit_test(one_run_reports_everything),
        cmocka_unit_test(a_duplicate_names_the_first),
        cmocka_unit_test(findings_have_an_end),
        cmocka_unit_test(deep_nesting_is_refused_at_once),
        cmocka_unit_test(the_64th_level_is_the_last),
        cmocka_unit_test(the_100000th_value_is_the_last),
        cmocka_unit_test(a_file_has_at_most_one_mebibyte),
        cmocka_unit_test(a_key_has_at_most_1024_bytes),
        cmocka_unit_test(thousands_of_keys_take_linear_time),
        cmocka_unit_test(a_long_line_takes_linear_time),
        cmocka_unit_test(alias_bombs_do_not_go_off),
        cmocka_unit_test(every_prefix_is_read_or_refused),
        cmocka_unit_test(every_flipped_byte_is_read_or_refused),
        cmocka_unit_test(utf_16_is_named),
        cmocka_unit_test(a_nul_byte_ends_nothing),
        cmocka_unit_test(nonsense_is_read_or_refused),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(plain_scalars_are_never_another_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
