#include "fixture.h"
#include "print/print.h"
#include "print/unicode.h"
#include "readback.h"

#include <cjson/cJSON.h>
#include <limits.h>

static struct arena *const memory = &world.arena;

static const char *yaml_of(struct val v)
{
    struct text t = { .a = memory };
    print_yaml(&t, &v);
    return text_str(&t);
}

static const char *kyaml_of(struct val v)
{
    struct text t = { .a = memory };
    print_kyaml(&t, &v);
    return text_str(&t);
}

static const char *json_of(struct val v)
{
    struct text t = { .a = memory };
    print_json(&t, &v);
    return text_str(&t);
}

static const char *value_of(const char *s, size_t len)
{
    return yaml_of(MAP(memory, { "k", t_strn(s, len) }));
}

/* The string `s` as the value of "k" reads `expected` behind the "k:". */
static void assert_value(const char *s, const char *expected)
{
    assert_string_equal(value_of(s, strlen(s)), str_join(memory, "---\nk:", expected, "\n", NULL));
}

static void assert_quoted(const char *s, bool quoted)
{
    const char *q = quoted ? "\"" : "";
    if (print_yaml_quotes(s, strlen(s)) != quoted)
        fail_msg("'%s' must%s be quoted", s, quoted ? "" : " not");
    assert_value(s, str_join(memory, " ", q, s, q, NULL));
    assert_string_equal(yaml_of(MAP(memory, { s, t_int(1) })), str_join(memory, "---\n", q, s, q, ": 1\n", NULL));
    assert_string_equal(yaml_of(SEQ(memory, t_str(s))), str_join(memory, "---\n- ", q, s, q, "\n", NULL));
}

#define ALL_QUOTED(...) assert_all((const char *const[]){ __VA_ARGS__, NULL }, true)
#define ALL_PLAIN(...)  assert_all((const char *const[]){ __VA_ARGS__, NULL }, false)

static void assert_all(const char *const *list, bool quoted)
{
    for (; *list != NULL; list++)
        assert_quoted(*list, quoted);
}

static void words_that_some_reader_takes_for_a_boolean_or_null_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off",
               "OFF");
    ALL_QUOTED("true", "True", "TRUE", "false", "False", "FALSE", "~", "null", "Null", "NULL", "");
    ALL_QUOTED("~a", "tRuE", "nULL");
}

static void words_that_only_resemble_them_stay_plain(void **state)
{
    (void)state;
    ALL_PLAIN("nil", "none", "None", "inf", "NaN", "Infinity", "yess", "ye", "ny", "nul", "nulls",
              "truefalse", "offf");
    ALL_PLAIN("name", "type", "node", "topics", "oN1", "yes no", "fals", "N/A", "x", "v", ".infx", ".na");
}

static void integers_of_any_reader_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("0777", "00", "-07", "0o777", "0O7", "08", "09", "0123456789", "0x1F", "0b101", "+0x1F",
               "-0b1");
    ALL_QUOTED("1_000", "0_1", "1__0", "1", "-1", "+1", "-0", "123", "0", "9223372036854775807",
               "18446744073709551616");
}

static void floats_of_any_reader_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("1e3", "1E3", "1e+3", "12e03", "1234e5", "72225e2", "1.0e3", "12e0345", ".5", "5.", "1.",
               "+.5", "-.5");
    ALL_QUOTED("1.0", "1.10", ".inf", "-.Inf", "+.INF", ".nan", ".NaN", "+.inf", "6.8523015e+5", "0.",
               ".", "+", "-");
}

static void sexagesimals_and_dates_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("1:30", "22:22", "12:30:45", "190:20:30.15", "2026-11-20", "2026-11-20T10:00:00Z");
    ALL_QUOTED("2026-11-20 10:00:00", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5");
}

static void what_only_looks_like_a_number_is_quoted_too(void **state)
{
    (void)state;
    ALL_QUOTED("0.0.0.0", "1.2.3", "10.0.0.1", "81111e1", "0.1.2-3", "4.3.1");
}

static void quantities_versions_and_names_stay_plain(void **state)
{
    (void)state;
    ALL_PLAIN("v1.2", "10Gi", "500m", "1Gi", "100m", "25%", "apache/kafka:3.9.1", "kafka-0.kafka:9092",
              "face", "deadbeef");
    ALL_PLAIN("app.kubernetes.io/name", "SASL_SSL://b0.example.com:9094", "$(POD_NAME)", "/opt/kafka/bin");
    ALL_PLAIN("key=value", "it's", "say \"hi\"", "back\\slash", "a#b", "a:b", "a - b", "x?", "50%",
              "a & b", "(x)", "^a$");
}

static void the_merge_key_and_the_value_key_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("=", "==", "=x", "<<", "<<x", "---", "--- a", "...", "... a", "...a");
    ALL_PLAIN("<", "<x>", "a<<", "..w");
}

static void indicators_at_the_start_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("-", "-x", "- x", "-Xmx1g", "?", "?x", ":", ":x", "&a", "*a", "!a", "!!str", "|", ">",
               "'a'", "%a", "@a", "`a`");
    ALL_QUOTED("#a", ",a", "[a", "]a", "{a", "}a");
}

static void colons_and_hashes_beside_blanks_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("a: b", "a:", "a #b", "a #", "a:  b", "http://x: y", "x #y: z");
    ALL_PLAIN("a:b", "a# b", "a#", "a :b", "a::b");
}

static void flow_indicators_anywhere_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED("a,b", "a[0]", "a]", "${x}", "a{", "x}y");
}

static void blanks_at_the_ends_are_quoted(void **state)
{
    (void)state;
    ALL_QUOTED(" ", " a", "a ", "  ", " a b ");
    ALL_PLAIN("a b", "a  b");
}

static void only_double_quotes_and_only_common_escapes_are_used(void **state)
{
    (void)state;
    assert_value("\"", " \"\\\"\"");
    assert_value(" \"\\", " \" \\\"\\\\\"");
    assert_value("a\tb", " \"a\\tb\"");
    assert_value("a\rb", " \"a\\rb\"");
    assert_value("a\r\nb", " \"a\\r\\nb\"");
    assert_value("\x01\x1b\x1f\x7f", " \"\\x01\\x1B\\x1F\\x7F\"");
    assert_value("\xC2\x80\xC2\x85\xC2\x9F", " \"\\x80\\x85\\x9F\"");
    assert_value("\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF", " \"\\u2028\\u2029\\uFEFF\"");
    assert_value("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xB7\x90", " \"\\uFFFE\\uFFFF\\uFDD0\"");
    assert_value("\xF0\x9F\xBF\xBE\xF4\x8F\xBF\xBF", " \"\\U0001FFFE\\U0010FFFF\"");
    assert_string_equal(value_of("a\0b", 3), "---\nk: \"a\\0b\"\n");
}

static void other_characters_stay_raw(void **state)
{
    (void)state;
    ALL_PLAIN("\xC3\xA9", "na\xC3\xAFve", "\xE6\xBC\xA2\xE5\xAD\x97", "\xF0\x9F\x98\x80 ok", "\xC2\xA0",
              "\xEF\xBF\xBD");
    assert_value("\xC3\xA9: \xF0\x9F\x98\x80", " \"\xC3\xA9: \xF0\x9F\x98\x80\"");
}

static void bytes_that_are_not_utf8_become_replacement_characters(void **state)
{
    (void)state;
    assert_value("a\xFF", " \"a\\uFFFD\"");
    assert_value("\xC3", " \"\\uFFFD\"");
    assert_value("\xC0\xAF", " \"\\uFFFD\\uFFFD\"");
    assert_value("\xED\xA0\x80x", " \"\\uFFFD\\uFFFD\\uFFFDx\"");
    assert_value("\xF4\x90\x80\x80\n", " \"\\uFFFD\\uFFFD\\uFFFD\\uFFFD\\n\"");
    assert_value("\xE2\x82", " \"\\uFFFD\\uFFFD\"");
    assert_string_equal(json_of(t_str("\xE2\x82z")), "\"\\ufffd\\ufffdz\"\n");
}

static void text_is_a_literal_block_chomped_by_its_last_newlines(void **state)
{
    (void)state;
    assert_value("a\nb", " |-\n  a\n  b");
    assert_value("a\nb\n", " |\n  a\n  b");
    assert_value("a\n", " |\n  a");
    assert_value("a\n\n", " |+\n  a\n");
    assert_value("a\nb\n\n\n", " |+\n  a\n  b\n\n");
    assert_value("\na\n", " |\n\n  a");
}

static void empty_lines_of_a_block_are_truly_empty(void **state)
{
    (void)state;
    assert_value("a\n\n\nb\n", " |\n  a\n\n\n  b");
    assert_value("a\n \nb\n", " |\n  a\n   \n  b");
}

static void a_block_that_starts_with_blanks_says_its_depth(void **state)
{
    (void)state;
    assert_value(" a\nb\n", " |2\n   a\n  b");
    assert_value(" a\nb", " |2-\n   a\n  b");
    assert_value("\n\n  a\n\n", " |2+\n\n\n    a\n");
    assert_value("a\n b\n", " |\n  a\n   b");
}

static void text_that_a_block_cannot_hold_is_quoted(void **state)
{
    (void)state;
    assert_value("\ta\n", " \"\\ta\\n\"");
    assert_value("\n\ta\n", " \"\\n\\ta\\n\"");
    assert_value("\n", " \"\\n\"");
    assert_value("\n\n", " \"\\n\\n\"");
    assert_value("a\r\nb\r\n", " \"a\\r\\nb\\r\\n\"");
    assert_value("a\n\x1b[0m\n", " \"a\\n\\x1B[0m\\n\"");
    assert_value("a\n\x7f", " \"a\\n\\x7F\"");
    assert_value("a\n\xC2\x85", " \"a\\n\\x85\"");
    assert_value("a\n\xE2\x80\xA8", " \"a\\n\\u2028\"");
    assert_value("a\n\xEF\xBB\xBF", " \"a\\n\\uFEFF\"");
    assert_value("a\n\xEF\xBF\xBF", " \"a\\n\\uFFFF\"");
    assert_value("a\n\xFF", " \"a\\n\\uFFFD\"");
}

static void what_a_block_can_hold_stays_readable(void **state)
{
    (void)state;
    assert_value("# no comment\n- \"x\": [1]\n---\n...\n%Y\n", " |\n  # no comment\n  - \"x\": [1]\n  ---\n  ...\n  %Y");
    assert_value("a\tb\n\tc\n", " |\n  a\tb\n  \tc");
    assert_value("\xC3\xA9\n", " |\n  \xC3\xA9");
    assert_value("a \n", " |\n  a ");
}

static void a_key_is_never_a_block(void **state)
{
    (void)state;
    assert_string_equal(yaml_of(MAP(memory, { "a\nb", t_int(1) }, { "\tc", t_int(2) })),
                        "---\n\"a\\nb\": 1\n\"\\tc\": 2\n");
}

static const char *repeated(char c, size_t n)
{
    char *s = arena_alloc(memory, n + 1);
    memset(s, c, n);
    s[n] = '\0';
    return s;
}

static void a_long_string_stays_on_its_line(void **state)
{
    (void)state;
    const char *words = str_replace(memory, repeated('x', 600), "x", "word ");
    struct text t = { .a = memory };
    text_join(&t, words, "end", NULL);
    assert_value(text_str(&t), str_join(memory, " ", t.p, NULL));
    assert_value(words, str_join(memory, " \"", words, "\"", NULL));
}

static void only_a_key_beyond_the_limit_of_readers_is_written_with_a_question_mark(void **state)
{
    (void)state;
    const char *most = repeated('k', 1000), *more = repeated('k', 1001), *odd = repeated('"', 500);
    const char *odd_out = str_replace(memory, odd, "\"", "\\\"");
    assert_string_equal(yaml_of(MAP(memory, { most, t_int(1) })), str_join(memory, "---\n", most, ": 1\n", NULL));
    assert_string_equal(yaml_of(SEQ(memory, MAP(memory, { more, t_int(1) }, { "b", t_int(2) }))),
                        str_join(memory, "---\n- ? ", more, "\n  : 1\n  b: 2\n", NULL));
    assert_string_equal(yaml_of(MAP(memory, { odd, SEQ(memory, t_int(1)) })),
                        str_join(memory, "---\n? \"", odd_out, "\"\n:\n- 1\n", NULL));
}

static void a_sequence_starts_in_the_column_of_its_key(void **state)
{
    struct arena *a = *state;
    assert_string_equal(
        yaml_of(MAP(a, { "spec", MAP(a, { "ports", SEQ(a, MAP(a, { "name", t_str("tcp") }, { "port", t_int(9092) }),
                                                          MAP(a, { "port", t_int(-1) })) },
                                        { "args", SEQ(a, t_str("-c"), t_bool(true), t_null()) }) },
                       { "z", t_bool(false) })),
        "---\nspec:\n  ports:\n  - name: tcp\n    port: 9092\n  - port: -1\n"
        "  args:\n  - \"-c\"\n  - true\n  - null\nz: false\n");
}

static void sequences_in_sequences_start_on_one_line(void **state)
{
    struct arena *a = *state;
    assert_string_equal(yaml_of(SEQ(a, SEQ(a, t_int(1), SEQ(a, t_int(2), t_int(3))), SEQ(a, MAP(a, { "a", t_int(4) })))),
                        "---\n- - 1\n  - - 2\n    - 3\n- - a: 4\n");
}

static void blocks_are_indented_from_their_parent(void **state)
{
    struct arena *a = *state;
    assert_string_equal(
        yaml_of(MAP(a, { "a", SEQ(a, t_str("x\ny\n"), MAP(a, { "b", t_str(" p\nq") }), SEQ(a, t_str("r\n"))) })),
        "---\na:\n- |\n  x\n  y\n- b: |2-\n     p\n    q\n- - |\n    r\n");
}

static void what_is_empty_is_written_as_flow(void **state)
{
    struct arena *a = *state;
    assert_string_equal(yaml_of(MAP(a, { "m", t_empty_map() }, { "s", t_empty_seq() },
                                       { "q", SEQ(a, t_empty_map(), t_empty_seq()) })),
                        "---\nm: {}\ns: []\nq:\n- {}\n- []\n");
    assert_string_equal(yaml_of(t_empty_map()), "---\n{}\n");
    assert_string_equal(yaml_of(t_empty_seq()), "---\n[]\n");
}

static void nothing_is_left_out(void **state)
{
    (void)state;
    const struct pair pairs[] = { { "a", t_none() }, { "b", t_int(1) } };
    const struct val  items[] = { t_none(), t_int(2), t_none() };
    const struct val  map = { .kind = V_MAP, .len = 2, .map = pairs }, none = { .kind = V_MAP, .len = 1, .map = pairs };
    const struct val  seq = { .kind = V_SEQ, .len = 3, .seq = items };
    assert_string_equal(yaml_of(map), "---\nb: 1\n");
    assert_string_equal(yaml_of(seq), "---\n- 2\n");
    assert_string_equal(yaml_of(SEQ(memory, none)), "---\n- {}\n");
    assert_string_equal(yaml_of(t_none()), "");
    assert_string_equal(json_of(map), "{\n  \"b\": 1\n}\n");
    assert_string_equal(json_of(seq), "[\n  2\n]\n");
    assert_string_equal(json_of(none), "{}\n");
}

static void a_document_may_be_a_scalar(void **state)
{
    (void)state;
    assert_string_equal(yaml_of(t_str("a")), "---\na\n");
    assert_string_equal(yaml_of(t_str("---")), "---\n\"---\"\n");
    assert_string_equal(yaml_of(t_str("a\n b\n")), "---\n\"a\\n b\\n\"\n");
    assert_string_equal(yaml_of(t_int(3)), "---\n3\n");
    assert_string_equal(yaml_of(t_null()), "---\nnull\n");
}

static void documents_follow_each_other(void **state)
{
    struct text t = { .a = *state };
    const struct val one = t_int(1), two = MAP(t.a, { "a", t_str("x\n\n") });
    print_yaml(&t, &two);
    print_yaml(&t, &one);
    assert_string_equal(text_str(&t), "---\na: |+\n  x\n\n---\n1\n");
}

static void integers_are_exact(void **state)
{
    (void)state;
    assert_string_equal(yaml_of(SEQ(memory, t_int(INT64_MIN), t_int(INT64_MAX))),
                        "---\n- -9223372036854775808\n- 9223372036854775807\n");
    assert_string_equal(json_of(t_int(9007199254740993)), "9007199254740993\n");
}

/* Deeper than the blanks that are written at once. */
static void deep_lines_are_indented_in_full(void **state)
{
    struct arena *a = *state;
    struct val    v = t_str("x\ny");
    struct text   t = { .a = a }, expected = { .a = a };
    text_add(&expected, "---");
    for (int i = 0; i < 40; i++)
        v = MAP(a, { "k", v });
    for (int i = 0; i < 40; i++)
        text_f(&expected, "\n%*sk:", 2 * i, "");
    text_f(&expected, " |-\n%*sx\n%*sy\n", 80, "", 80, "");
    print_yaml(&t, &v);
    assert_string_equal(text_str(&t), text_str(&expected));
}

static void what_is_read_back_prints_the_same(void **state)
{
    struct arena *a = *state;
    const struct val v = SEQ(a, MAP(a, { "yes", t_str("no") }, { "n", t_int(1) }, { "t", t_str(" a\n\nb\n\n") },
                                       { "s", SEQ(a, t_null(), t_bool(true), t_str("null"), t_empty_map(), t_str("")) }));
    struct text once = { .a = a }, again = { .a = a };
    struct val  read = t_none();
    print_yaml(&once, &v);
    assert_null(readback_read(a, once.p, once.len, false, &read));
    assert_true(tree_same(&read.seq[0], &v));
    print_yaml(&again, &read.seq[0]);
    assert_string_equal(text_str(&once), text_str(&again));
}

static void json_is_indented_by_two_blanks(void **state)
{
    struct arena *a = *state;
    assert_string_equal(json_of(MAP(a, { "b", SEQ(a, t_int(1), MAP(a, { "c", t_null() })) }, { "a", t_bool(false) },
                                       { "m", t_empty_map() }, { "s", t_empty_seq() })),
                        "{\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n"
                        "  \"a\": false,\n  \"m\": {},\n  \"s\": []\n}\n");
}

static void json_strings_escape_what_json_and_yaml_refuse(void **state)
{
    (void)state;
    assert_string_equal(json_of(t_str("\"\\/\b\f\n\r\t\x01\x1f")), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\"\n");
    assert_string_equal(json_of(t_str("\x7f\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF\xEF\xBF\xBF")),
                        "\"\\u007f\\u0085\\u2028\\ufeff\\uffff\"\n");
    assert_string_equal(json_of(t_str("\xC3\xA9\xF0\x9F\x98\x80\xF0\x9F\xBF\xBE")),
                        "\"\xC3\xA9\xF0\x9F\x98\x80\xF0\x9F\xBF\xBE\"\n");
    assert_string_equal(json_of(t_strn("a\0b", 3)), "\"a\\u0000b\"\n");
}

/* The encoder of sigs.k8s.io/yaml writes the same bytes for these (`make outputs` compares whole clusters). */
static void kyaml_has_braces_trailing_commas_and_quoted_strings(void **state)
{
    struct arena *a = *state;
    assert_string_equal(kyaml_of(MAP(a, { "b", SEQ(a, t_int(1), t_str("x")) }, { "c", SEQ(a, MAP(a, { "d", t_bool(true) })) },
                                     { "e", t_null() }, { "h", t_empty_map() }, { "g", t_empty_seq() })),
                        "---\n{\n  b: [\n    1,\n    \"x\",\n  ],\n  c: [{\n    d: true,\n  }],\n  e: null,\n  h: {},\n  g: [],\n}\n");
    assert_string_equal(kyaml_of(SEQ(a, MAP(a, { "a", t_int(1) }), MAP(a, { "b", t_int(2) }))), "---\n[{\n  a: 1,\n}, {\n  b: 2,\n}]\n");
}

static void kyaml_keys_are_quoted_when_some_reader_would_not_see_a_string(void **state)
{
    struct arena *a = *state;
    const char *const plain[] = { "a", "app.kubernetes.io/name", "a_b", "kraft-0.properties", "_x" };
    const char *const quoted[] = { "", "y", "no", "Null", "t", "F", "1", "1e3", "0x1f", "inf", "NaN", "-a", "a-", "a b", "a:b", "12:30", "2026-11-20" };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_string_equal(kyaml_of(MAP(a, { plain[i], t_int(1) })), str_join(a, "---\n{\n  ", plain[i], ": 1,\n}\n", NULL));
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
        assert_string_equal(kyaml_of(MAP(a, { quoted[i], t_int(1) })), str_join(a, "---\n{\n  \"", quoted[i], "\": 1,\n}\n", NULL));
    assert_string_equal(kyaml_of(MAP(a, { "a\n\tb\"", t_int(1) })), "---\n{\n  \"a\\n\\tb\\\"\": 1,\n}\n");
}

static void kyaml_folds_text_at_its_newlines_and_keeps_its_blanks(void **state)
{
    struct arena *a = *state;
    assert_string_equal(kyaml_of(MAP(a, { "k", t_str("one\n\n  two\n") })),
                        "---\n{\n  k: \"\\\n     one\\n\\\n     \\n\\\n    \\  two\\n\\\n    \",\n}\n");
    assert_string_equal(kyaml_of(t_str("a\nb")), "---\n\"\\\n   a\\n\\\n   b\\\n  \"\n");
}

static void kyaml_escapes_what_yaml_refuses_and_reads_back(void **state)
{
    struct arena *a = *state;
    const struct val v = SEQ(a, t_strn("\x01\x7f\xC2\x85\xEF\xBB\xBF", 7), t_str("\"\\\r"), t_str("\ta\t\n \n\tb\t"), t_str("\xF0\x9F\x98\x80"), t_str(""),
                             t_str("\va\n\fb\n\rc\n\a\x1b"), t_str("a\n\xC2\xA0\xC2\x85\n\xE2\x80\xA8\xE2\x80\xA9"));
    struct val read;
    const char *text = kyaml_of(v);
    assert_null(readback_read(a, text, strlen(text), true, &read));
    assert_true(tree_same(&read.seq[0], &v));
    assert_non_null(strstr(text, "\"\\x01\\x7f\\N\\ufeff\""));
}

static void a_list_holds_the_objects_in_order(void **state)
{
    struct arena    *a = *state;
    struct text      t = { .a = a }, empty = { .a = a };
    const struct val objects[] = { MAP(a, { "kind", t_str("A") }), MAP(a, { "kind", t_str("B") }) };
    print_json_list(&t, objects, 2);
    print_json_list(&empty, NULL, 0);
    assert_string_equal(text_str(&t), "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [\n"
                                      "    {\n      \"kind\": \"A\"\n    },\n    {\n      \"kind\": \"B\"\n    }\n  ]\n}\n");
    assert_string_equal(text_str(&empty),
                        "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": []\n}\n");
    cJSON *json = cJSON_Parse(text_str(&t));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(json, "items")), 2);
    cJSON_Delete(json);
}

static void text_already_there_is_kept(void **state)
{
    struct text      t = { .a = *state };
    const struct val v = t_int(1);
    text_add(&t, "# first\n");
    print_yaml(&t, &v);
    print_json(&t, &v);
    assert_string_equal(text_str(&t), "# first\n---\n1\n1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(words_that_some_reader_takes_for_a_boolean_or_null_are_quoted),
        FIXTURE_TEST(words_that_only_resemble_them_stay_plain),
        FIXTURE_TEST(integers_of_any_reader_are_quoted),
        FIXTURE_TEST(floats_of_any_reader_are_quoted),
        FIXTURE_TEST(sexagesimals_and_dates_are_quoted),
        FIXTURE_TEST(what_only_looks_like_a_number_is_quoted_too),
        FIXTURE_TEST(quantities_versions_and_names_stay_plain),
        FIXTURE_TEST(the_merge_key_and_the_value_key_are_quoted),
        FIXTURE_TEST(indicators_at_the_start_are_quoted),
        FIXTURE_TEST(colons_and_hashes_beside_blanks_are_quoted),
        FIXTURE_TEST(flow_indicators_anywhere_are_quoted),
        FIXTURE_TEST(blanks_at_the_ends_are_quoted),
        FIXTURE_TEST(only_double_quotes_and_only_common_escapes_are_used),
        FIXTURE_TEST(other_characters_stay_raw),
        FIXTURE_TEST(bytes_that_are_not_utf8_become_replacement_characters),
        FIXTURE_TEST(text_is_a_literal_block_chomped_by_its_last_newlines),
        FIXTURE_TEST(empty_lines_of_a_block_are_truly_empty),
        FIXTURE_TEST(a_block_that_starts_with_blanks_says_its_depth),
        FIXTURE_TEST(text_that_a_block_cannot_hold_is_quoted),
        FIXTURE_TEST(what_a_block_can_hold_stays_readable),
        FIXTURE_TEST(a_key_is_never_a_block),
        FIXTURE_TEST(a_long_string_stays_on_its_line),
        FIXTURE_TEST(only_a_key_beyond_the_limit_of_readers_is_written_with_a_question_mark),
        FIXTURE_TEST(a_sequence_starts_in_the_column_of_its_key),
        FIXTURE_TEST(sequences_in_sequences_start_on_one_line),
        FIXTURE_TEST(blocks_are_indented_from_their_parent),
        FIXTURE_TEST(what_is_empty_is_written_as_flow),
        FIXTURE_TEST(nothing_is_left_out),
        FIXTURE_TEST(a_document_may_be_a_scalar),
        FIXTURE_TEST(documents_follow_each_other),
        FIXTURE_TEST(integers_are_exact),
        FIXTURE_TEST(deep_lines_are_indented_in_full),
        FIXTURE_TEST(what_is_read_back_prints_the_same),
        FIXTURE_TEST(json_is_indented_by_two_blanks),
        FIXTURE_TEST(json_strings_escape_what_json_and_yaml_refuse),
        FIXTURE_TEST(kyaml_has_braces_trailing_commas_and_quoted_strings),
        FIXTURE_TEST(kyaml_keys_are_quoted_when_some_reader_would_not_see_a_string),
        FIXTURE_TEST(kyaml_folds_text_at_its_newlines_and_keeps_its_blanks),
        FIXTURE_TEST(kyaml_escapes_what_yaml_refuses_and_reads_back),
        FIXTURE_TEST(a_list_holds_the_objects_in_order),
        FIXTURE_TEST(text_already_there_is_kept),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
