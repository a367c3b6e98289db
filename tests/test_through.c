/* What tools on the way to the cluster would replace: by tool what is found, and what stands next to it and is not. */
#include "fixture.h"
#include "verify/through.h"

/* `found`: the text that the message shows; NULL: nothing is said. */
struct row { unsigned tool; const char *text, *found; };

static void each_tool_replaces_what_it_takes_for_its_own_and_nothing_else(void **state)
{
    static const struct row rows[] = {
        { THROUGH_FLUX, "a ${A} b", "${A}" }, { THROUGH_FLUX, "${dir:/a:b.c}", "${dir:/a:b.c}" }, { THROUGH_FLUX, "${A", "${A" },
        { THROUGH_FLUX, "$${A} ${B}", "${B}" }, { THROUGH_FLUX, "$${A} $A $(A) { }", NULL }, { THROUGH_FLUX, "$", NULL },
        { THROUGH_OPENSHIFT, "a ${A_1} b", "${A_1}" }, { THROUGH_OPENSHIFT, "${{A}} ${B}", "${{A}}" },
        { THROUGH_OPENSHIFT, "${a:b} ${C}", "${C}" }, { THROUGH_OPENSHIFT, "${a:b} ${x#*=} $A ${{A} ${}", NULL },
        { THROUGH_HELM, "a {{ .b }} c", "{{ .b }}" }, { THROUGH_HELM, "a {{", "{{" }, { THROUGH_HELM, "{ { } } ${A}", NULL },
        { THROUGH_JINJA, "{{ a }}", "{{ a }}" }, { THROUGH_JINJA, "{% a %}", "{% a %}" }, { THROUGH_JINJA, "${#a[@]}", "{#a[@]}" },
        { THROUGH_JINJA, "{ a } ${A} %}", NULL },
        { THROUGH_KUSTOMIZE, "a $(A) b", "$(A)" }, { THROUGH_KUSTOMIZE, "$(date -u) $((A)) $A ${A} $()", NULL },
        { THROUGH_ENVSUBST, "a $A.b", "$A" }, { THROUGH_ENVSUBST, "${A} $B", "${A}" }, { THROUGH_ENVSUBST, "$B ${A}", "$B" },
        { THROUGH_ENVSUBST, "$5 5$ $(A) ${A:-b} ${} $$", NULL },
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, fixture_again(w)) {
        w->cx.through = 1u << rows[i].tool;
        struct val object = MAP(&w->arena, { "kind", t_str("K") }, { "metadata", MAP(&w->arena, { "name", t_str("n") }) },
                                { "data", t_str(rows[i].text) });
        const struct val objects = SEQ(&w->arena, object);
        through_check(&w->cx, &objects);
        const char *quoted = rows[i].found == NULL ? NULL : str_join(&w->arena, "would replace '", rows[i].found, "' in K/n", NULL);
        const bool fine = quoted == NULL ? w->cx.diag_count == 0
                        : w->cx.diag_count == 1 && str_ends(w->cx.diags[0]->message, quoted);
        if (!fine)
            fail_msg("row %zu: %s: %s", i, rows[i].text, w->cx.diag_count == 0 ? "nothing" : w->cx.diags[0]->message);
    }
}

static void nothing_is_said_of_tools_that_are_not_there(void **state)
{
    struct world *w = *state;
    const struct val objects = fixture_read_stream(w, "kind: K\nmetadata: {name: '${A}'}\ndata: '{{ $(A) $A'\n");
    through_check(&w->cx, &objects);
    assert_int_equal(w->cx.diag_count, 0);
}

static void a_text_of_many_letters_is_shown_in_part_and_whole_letters(void **state)
{
    struct world *w = *state;
    struct text t = { .a = &w->arena };
    text_add(&t, "{{ ");
    for (int i = 0; i < 100; i++)
        text_add(&t, "\xc3\xa4");
    w->cx.through = 1u << THROUGH_HELM;
    const struct val objects = SEQ(&w->arena, MAP(&w->arena, { text_str(&t), t_str("a") }));
    through_check(&w->cx, &objects);
    assert_int_equal(w->cx.diag_count, 1);
    assert_true(str_ends(w->cx.diags[0]->message, "\xc3\xa4' in ?/?"));
    assert_true(strlen(w->cx.diags[0]->message) < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_tool_replaces_what_it_takes_for_its_own_and_nothing_else),
        FIXTURE_TEST(nothing_is_said_of_tools_that_are_not_there),
        FIXTURE_TEST(a_text_of_many_letters_is_shown_in_part_and_whole_letters),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
