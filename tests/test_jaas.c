/* JAAS texts: quoted so that Kafka reads back what was meant. `test_jaas emit` writes the same cases as Java properties, for
 * test_jaas.sh, in which Kafka itself reads them. */
#include "fixture.h"
#include "plan/jaas.h"
#include "plan/parts.h"

#include <stdio.h>

static const char *const names[] = { "alice", "a.b-c_d$e", "alice@example.com", "spiffe://cluster/ns/shop", "1st", "na me", "zo\xc3\xab",
                                     "a\"b", "a=b;c" };
static const char *const passwords[] = {
    "secret", "", "two words", "a\"b", "a\\b", "\\", "\"", "ends in \\", "a;b", "a=b", "a,b", "'single'", "tab\there", "line\nbreak",
    "return\rhere", "// no comment", "/* nor this */", "# nor this", "007", "${dir:/etc:x}", "$(cat x)", "!bang", "p\xc3\xa4ss",
    "\xe2\x82\xac\xf0\x9f\x94\x91", " blank before", "blank after ", "\\n \\t \\101", "%s %d", "\x01\x02", "`x`"
};
#define NAMES     (sizeof names / sizeof *names)
#define PASSWORDS (sizeof passwords / sizeof *passwords)

static const char *quoted(struct arena *a, const char *s)
{
    struct text t = { .a = a };
    jaas_quoted(&t, s);
    return text_str(&t);
}

static const char *whole(struct arena *a, const char *name, const char *password)
{
    struct text t = { .a = a };
    jaas_begin(&t, "org.apache.kafka.common.security.plain.PlainLoginModule");
    jaas_option(&t, "username", name);
    jaas_option(&t, "password", password);
    text_char(&t, ' ');
    jaas_user(&t, name, password);
    jaas_end(&t);
    return text_str(&t);
}

static void what_would_end_a_text_stands_behind_a_backslash(void **state)
{
    struct arena *a = *state;
    assert_string_equal(quoted(a, "a\"b\\c\nd\re"), "\"a\\\"b\\\\c\\nd\\re\"");
    assert_string_equal(quoted(a, ""), "\"\"");
    assert_string_equal(quoted(a, "p\xc3\xa4ss 'x' ;="), "\"p\xc3\xa4ss 'x' ;=\"");
}

static void a_name_that_is_no_word_is_quoted_too(void **state)
{
    struct arena *a = *state;
    struct text t = { .a = a };
    jaas_user(&t, "alice", "x");
    text_char(&t, '\n');
    jaas_user(&t, "alice@example.com", "007");
    assert_string_equal(text_str(&t), "user_alice=\"x\"\n\"user_alice@example.com\"=\"007\"");
}

static void an_entry_ends_in_a_semicolon(void **state)
{
    assert_string_equal(whole(*state, "a", "b"), "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" "
                                                 "password=\"b\" user_a=\"b\";");
}

/* ---- for Java ---------------------------------------------------------------------------------------------- */

static const char *hex(struct arena *a, const char *s)
{
    struct text t = { .a = a };
    for (; *s != '\0'; s++)
        text_f(&t, "%02x", (unsigned char)*s);
    return text_str(&t);
}

static void emit_case(struct arena *a, size_t n, const char *name, const char *password)
{
    struct text t = { .a = a };
    plan_property(&t, arena_printf(a, "%zu.jaas", n), whole(a, name, password));
    plan_property(&t, arena_printf(a, "%zu.name", n), hex(a, name));
    plan_property(&t, arena_printf(a, "%zu.password", n), hex(a, password));
    fputs(text_str(&t), stdout);
}

static void emit(struct arena *a)
{
    for (size_t i = 0; i < NAMES * PASSWORDS; i++)
        emit_case(a, i, names[i / PASSWORDS], passwords[i % PASSWORDS]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_would_end_a_text_stands_behind_a_backslash),
        FIXTURE_TEST(a_name_that_is_no_word_is_quoted_too),
        FIXTURE_TEST(an_entry_ends_in_a_semicolon),
    };
    FIXTURE_GUARD();
    if (argc == 2 && strcmp(argv[1], "emit") == 0) {
        fixture_again(&world);
        emit(&world.arena);
        arena_free(&world.arena);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
