/* Findings: their text, their JSON, their order, and that nothing of a file reaches a terminal as a command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ctx.h"

#include <cjson/cJSON.h>

static struct arena memory;

static const char page[] =
    "gregor: 1\n"
    "kafka: {version: 9.9, config: {\"num.partitions\": twelve}}\r\n"
    "name: \xc3\xa4\xc3\xb6 orders   # why\n"
    "zones: [a, b]\n"
    "\tx: \x1b[31mred\x1b[0m \xc2\x9b \xff\n"
    "last: 'it''s'";

static struct ctx with_page(void)
{
    arena_reset(&memory);
    struct ctx cx = { .a = &memory };
    ctx_file(&cx, "prod.yaml", page, sizeof page - 1, "description");
    return cx;
}

static struct pos at(uint32_t line, uint16_t col)
{
    return (struct pos){ .line = line, .col = col };
}

static const char *rendered(const struct ctx *cx, bool color)
{
    struct text t = { .a = &memory };
    for (uint32_t i = 0; i < cx->diag_count; i++)
        diag_text(cx, cx->diags[i], color, &t);
    return text_str(&t);
}

static void a_finding_shows_place_line_caret_and_what_to_do(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    struct diag *d = diag_at(&cx, E_YAML_SYNTAX, at(2, 18), "there is no Kafka '%s'", "9.9");
    diag_hint(&cx, d, "use %s", "4.3.1");
    diag_note(&cx, d, at(1, 1), "first written here");
    diag_did_you_mean(&cx, d, "version");
    diag_did_you_mean(&cx, d, NULL);
    assert_string_equal(rendered(&cx, false),
        "prod.yaml:2:18: error[E0114]: there is no Kafka '9.9'\n"
        "   2 | kafka: {version: 9.9, config: {\"num.partitions\": twelve}}\n"
        "     |                  ^~~\n"
        "  note: prod.yaml:1:1: first written here\n"
        "  hint: use 4.3.1\n"
        "  hint: did you mean 'version'?\n");
}

static void the_underline_covers_what_stands_there(void **state)
{
    (void)state;
    static const struct { uint32_t line; uint16_t col; const char *marks; } cases[] = {
        { 1, 1, "^~~~~~" },              /* a key, without its colon */
        { 2, 8, "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~" }, /* a map, to its closing bracket */
        { 2, 32, "^~~~~~~~~~~~~~~~" },   /* a quoted key */
        { 2, 50, "^~~~~~" },             /* a plain text in brackets */
        { 3, 7, "^~~~~~~~~" },           /* characters, not bytes; no comment, no blanks */
        { 4, 8, "^~~~~~" },              /* a list */
        { 4, 9, "^" },                   /* an item */
        { 6, 7, "^~~~~~~" },             /* a doubled quote does not end the text */
        { 6, 14, "^" },                  /* behind the end */
        { 6, 60000, "^" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ctx cx = with_page();
        diag_at(&cx, E_YAML_SYNTAX, at(cases[i].line, cases[i].col), "x");
        const char *text = rendered(&cx, false), *caret = strchr(text, '^');
        assert_non_null(caret);
        assert_int_equal(strcspn(caret, "\n"), strlen(cases[i].marks));
        assert_memory_equal(caret, cases[i].marks, strlen(cases[i].marks));
    }
}

static void columns_are_counted_in_characters(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    diag_at(&cx, E_YAML_SYNTAX, at(3, 12), "x");
    assert_string_equal(rendered(&cx, false),
        "prod.yaml:3:10: error[E0114]: x\n"
        "   3 | name: \xc3\xa4\xc3\xb6 orders   # why\n"
        "     |          ^~~~~~\n");
}

static void nothing_of_a_file_commands_a_terminal(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    cx.files[0].name = "a\x1b]0;x\x07.yaml";
    diag_at(&cx, E_YAML_SYNTAX, at(5, 2), "%s", "bad \x1b[2J \n \xc2\x9b \xff \xe2\x80\xae %s %n");
    const char *text = rendered(&cx, false);
    assert_string_equal(text,
        "a\\x1b]0;x\\x07.yaml:5:2: error[E0114]: bad \\x1b[2J \\x0a \\x9b \\xff \\u202e %s %n\n"
        "   5 |  x: .[31mred.[0m . .\n"
        "     |  ^\n");
    struct text json = { .a = &memory };
    diag_json(&cx, cx.diags[0], &json);
    assert_null(memchr(json.p, 0x1b, json.len));
}

static void color_is_only_around_marks(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    diag_at(&cx, E_YAML_SYNTAX, at(1, 1), "x");
    assert_string_equal(rendered(&cx, true),
        "prod.yaml:1:1: \033[1;31merror[E0114]\033[0m: x\n"
        "   1 | gregor: 1\n"
        "     | \033[1;31m^~~~~~\033[0m\n");
}

static void a_finding_without_a_place_names_the_file(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    diag_at(&cx, E_YAML_EMPTY, no_pos(), "nothing");
    assert_string_equal(rendered(&cx, false), "prod.yaml: error[E0104]: nothing\n");
    struct ctx none = { .a = &memory };
    diag_at(&none, E_YAML_EMPTY, at(3, 4), "nothing");
    assert_string_equal(rendered(&none, false), "error[E0104]: nothing\n");
    struct text json = { .a = &memory };
    diag_json(&none, none.diags[0], &json);
    assert_non_null(strstr(text_str(&json), "\"spans\":[]"));
}

static void a_long_line_is_cut_around_the_place(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    struct text line = { .a = &memory };
    for (int i = 0; i < 300; i++)
        text_add(&line, "\xc3\xa4\xc3\xb6");
    text_add(&line, " here");
    for (int i = 0; i < 300; i++)
        text_add(&line, " \xc3\xa4");
    text_str(&line);
    const uint16_t file = ctx_file(&cx, "long.yaml", line.p, line.len, "overlay");
    diag_at(&cx, E_YAML_SYNTAX, (struct pos){ .line = 1, .col = 1202, .file = file }, "x");
    const char *text = rendered(&cx, false), *shown = strstr(text, "| ..."), *marks = strstr(shown, "\n     | ");
    assert_memory_equal(text, "long.yaml:1:602: ", 17);
    size_t before = 0, blanks = 0;
    for (const char *s = shown + 2; memcmp(s, "here", 4) != 0; s++)
        before += ((unsigned char)*s & 0xc0) != 0x80;
    blanks = strspn(marks + 8, " ");
    assert_int_equal(blanks, before);
    assert_non_null(strstr(text, "...\n"));
}

static void findings_are_sorted_by_place(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    ctx_file(&cx, "b.yaml", "x\n", 2, "overlay");
    diag_at(&cx, E_YAML_SYNTAX, (struct pos){ .line = 1, .col = 1, .file = 1 }, "6");
    diag_at(&cx, E_YAML_SYNTAX, at(2, 5), "4");
    diag_at(&cx, E_YAML_SYNTAX, at(2, 5), "5");
    diag_at(&cx, E_YAML_SYNTAX, at(1, 9), "3");
    diag_at(&cx, E_YAML_SYNTAX, at(1, 2), "2");
    diag_at(&cx, E_YAML_SYNTAX, no_pos(), "1");
    diag_sort(&cx);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(cx.diags[i]->message[0], '1' + (int)i);
    assert_int_equal(cx.error_count, 6);
    assert_true(diag_failed(&cx));
}

static const char *string_at(const cJSON *o, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));
}

static int int_at(const cJSON *o, const char *key)
{
    return (int)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, key));
}

static void json_has_the_shape_of_rustc(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    struct diag *d = diag_at(&cx, E_YAML_SYNTAX, at(3, 12), "not \"right\" \\ \n\xff");
    diag_note(&cx, d, at(1, 1), "here");
    diag_hint(&cx, d, "do");
    struct text t = { .a = &memory };
    diag_json(&cx, d, &t);
    const char *text = text_str(&t);
    assert_ptr_equal(strchr(text, '\n'), text + t.len - 1); /* one line */
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    assert_int_equal(int_at(json, "schema"), 1);
    assert_string_equal(string_at(json, "level"), "error");
    assert_string_equal(string_at(json, "message"), "not \"right\" \\ \n\xef\xbf\xbd");
    assert_string_equal(string_at(cJSON_GetObjectItemCaseSensitive(json, "code"), "code"), "E0114");
    assert_memory_equal(string_at(json, "rendered"), "prod.yaml:3:10: error", 21);
    const cJSON *span = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "spans"), 0);
    assert_string_equal(string_at(span, "file_name"), "prod.yaml");
    assert_int_equal(int_at(span, "line_start"), 3);
    assert_int_equal(int_at(span, "column_start"), 10);
    assert_int_equal(int_at(span, "column_end"), 16);
    assert_memory_equal(page + int_at(span, "byte_start"), "orders", 6);
    assert_int_equal(int_at(span, "byte_end") - int_at(span, "byte_start"), 6);
    const cJSON *children = cJSON_GetObjectItemCaseSensitive(json, "children");
    assert_int_equal(cJSON_GetArraySize(children), 2);
    assert_string_equal(string_at(cJSON_GetArrayItem(children, 0), "level"), "note");
    assert_string_equal(string_at(cJSON_GetArrayItem(children, 1), "level"), "help");
    cJSON_Delete(json);
}

static void sarif_has_hints_in_the_message_and_notes_as_related_places(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    struct diag *d = diag_at(&cx, E_YAML_SYNTAX, at(3, 12), "not \"right\" \x1b");
    diag_note(&cx, d, at(1, 1), "here");
    diag_hint(&cx, d, "do");
    cx.files[0].name = "./a b/\xc3\xa4%.yaml";
    struct text t = { .a = &memory };
    diag_sarif(&cx, d, &t);
    assert_string_equal(text_str(&t), ",\n{\"ruleId\":\"E0114\",\"level\":\"error\",\"message\":{\"text\":\"not \\\"right\\\" \\u001b\\nhint: do\"},"
        "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"a%20b/%C3%A4%25.yaml\",\"uriBaseId\":\"%SRCROOT%\"},"
        "\"region\":{\"startLine\":3,\"startColumn\":10,\"endLine\":3,\"endColumn\":16}}}],"
        "\"relatedLocations\":[{\"id\":0,\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"a%20b/%C3%A4%25.yaml\",\"uriBaseId\":\"%SRCROOT%\"},"
        "\"region\":{\"startLine\":1,\"startColumn\":1,\"endLine\":1,\"endColumn\":7}},\"message\":{\"text\":\"here\"}}]}");
}

static void a_workflow_command_is_one_line_whatever_it_tells(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    struct diag *d = diag_at(&cx, E_YAML_SYNTAX, at(3, 12), "100%%, a: b\r\n::error::\x1b");
    diag_note(&cx, d, at(1, 1), "here");
    diag_hint(&cx, d, "do");
    cx.files[0].name = "a:b,c%.yaml";
    struct text t = { .a = &memory };
    diag_github(&cx, d, &t);
    assert_string_equal(text_str(&t), "::error file=a%3Ab%2Cc%25.yaml,line=3,endLine=3,col=10,endColumn=16,title=E0114::"
        "100%25, a: b%0D%0A::error::.%0Anote: a:b,c%25.yaml:1: here%0Ahint: do\n");
}

static void json_is_valid_whatever_the_place(void **state)
{
    (void)state;
    for (uint32_t line = 1; line < 9; line++)
        for (uint16_t col = 0; col < 80; col++) {
            struct ctx cx = with_page();
            diag_at(&cx, E_YAML_SYNTAX, at(line, col), "x");
            struct text t = { .a = &memory };
            diag_json(&cx, cx.diags[0], &t);
            cJSON *json = cJSON_ParseWithOpts(text_str(&t), NULL, 1);
            assert_non_null(json);
            cJSON_Delete(json);
            rendered(&cx, true);
        }
}

static void a_line_is_found_alike_whether_lines_were_counted_or_not(void **state)
{
    (void)state;
    struct ctx cx = with_page();
    for (uint32_t line = 0; line < 9; line++)
        diag_at(&cx, E_YAML_SYNTAX, at(line, 3), "here");
    const char *before = rendered(&cx, false);
    diag_sort(&cx);
    assert_non_null(cx.files[0].lines);
    assert_string_equal(rendered(&cx, false), before);
}

static void codes_are_unique_and_documented(void **state)
{
    (void)state;
    for (const struct code_info *c = code_table; c->name != NULL; c++) {
        assert_int_equal(c->code, c - code_table);
        assert_int_equal(strlen(c->name), 5);
        assert_int_equal(c->error, c->name[0] == 'E');
        assert_true(strlen(c->title) > 5 && strlen(c->story) > 40);
        for (const struct code_info *d = code_table; d < c; d++)
            assert_string_not_equal(c->name + 1, d->name + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_shows_place_line_caret_and_what_to_do),
        cmocka_unit_test(the_underline_covers_what_stands_there),
        cmocka_unit_test(columns_are_counted_in_characters),
        cmocka_unit_test(nothing_of_a_file_commands_a_terminal),
        cmocka_unit_test(color_is_only_around_marks),
        cmocka_unit_test(a_finding_without_a_place_names_the_file),
        cmocka_unit_test(a_long_line_is_cut_around_the_place),
        cmocka_unit_test(findings_are_sorted_by_place),
        cmocka_unit_test(json_has_the_shape_of_rustc),
        cmocka_unit_test(sarif_has_hints_in_the_message_and_notes_as_related_places),
        cmocka_unit_test(a_workflow_command_is_one_line_whatever_it_tells),
        cmocka_unit_test(json_is_valid_whatever_the_place),
        cmocka_unit_test(a_line_is_found_alike_whether_lines_were_counted_or_not),
        cmocka_unit_test(codes_are_unique_and_documented),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&memory);
    return failed;
}
