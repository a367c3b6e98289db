/* The field table states what is true of every row, and the JSON Schema follows it. */
#include "cluster/fields.h"
#include "cluster/value.h"
#include "command/command.h"
#include "command/page.h"
#include "command/schema.h"
#include "fixture.h"

/* Every field, as page_walk() shows it, in one array. */
struct all { struct page_field at[1000]; size_t len; };

static void collect(void *arg, const struct page_field *f)
{
    struct all *all = arg;
    assert_true(all->len < 1000);
    all->at[all->len++] = *f;
}

static struct all *fields_of(struct arena *a)
{
    struct all *all = NEW(a, struct all);
    page_walk(a, collect, all);
    return all;
}

#define EACH_FIELD(p, state) \
    for (struct all *all_ = fields_of(*(state)); all_ != NULL; all_ = NULL) \
        for (const struct page_field *p = all_->at; p < all_->at + all_->len; p++)

static bool is_supported(const struct field *f)
{
    return f->kind != F_LATER && f->kind != F_IGNORED;
}

static void every_field_is_documented(void **state)
{
    EACH_FIELD(p, state)
        if (p->field->doc == NULL || strlen(p->field->doc) < 8)
            fail_msg("'%s' has no documentation", p->path);
}

static void no_two_fields_share_a_path(void **state)
{
    EACH_FIELD(p, state)
        for (const struct page_field *q = all_->at; q < p; q++)
            assert_string_not_equal(p->path, q->path);
}

static void every_path_leads_to_its_row(void **state)
{
    const char *rest, *nearest;
    EACH_FIELD(p, state)
        if (field_path(p->path, &rest, &nearest) != p->field)
            fail_msg("field_path() does not find '%s'", p->path);
}

static void every_member_lies_inside_its_struct(void **state)
{
    EACH_FIELD(p, state)
        for (const struct type *t = p->field->type; t != NULL; t = t->base)
            for (const struct field *f = t->fields; f->name != NULL; f++)
                if (f->offset >= t->size || f->count_offset >= t->size)
                    fail_msg("'%s.%s' lies outside", p->path, f->name);
}

static void a_struct_has_fields_and_others_have_none(void **state)
{
    EACH_FIELD(p, state)
        assert_int_equal(p->field->type != NULL, p->field->kind == F_OBJECT || p->field->kind == F_OBJECTS);
}

static void a_choice_has_choices(void **state)
{
    EACH_FIELD(p, state)
        if (p->field->kind == F_ENUM && p->field->choices == NULL)
            fail_msg("'%s' has no choices", p->path);
}

static void a_kubernetes_value_has_a_schema(void **state)
{
    EACH_FIELD(p, state)
        assert_int_equal(p->field->schema != NULL, p->field->kind == F_K8S || p->field->kind == F_K8S_LIST);
}

static void a_short_form_names_a_single_value(void **state)
{
    EACH_FIELD(p, state) {
        const struct type *t = p->field->type;
        if (t == NULL || t->short_for == NULL)
            continue;
        const struct field *f = field_of(t, t->short_for);
        if (f == NULL || f->type != NULL || f->kind == F_STRS)
            fail_msg("'%s' cannot be short for '%s'", p->path, t->short_for);
    }
}

static void a_range_is_not_empty_and_has_a_unit(void **state)
{
    EACH_FIELD(p, state) {
        const struct field *f = p->field;
        if (f->min > f->max)
            fail_msg("'%s' has an empty range", p->path);
        if (f->max != 0 && (f->kind == F_BYTES || f->kind == F_CPU || f->kind == F_MS || f->kind == F_RATE) && f->unit == NULL)
            fail_msg("'%s' has a range without unit", p->path);
    }
}

/* ---- defaults and examples are values of their fields ----------------------------------------------------------- */

static bool is_word_of(const char *choices, const char *s)
{
    const size_t len = strlen(s);
    for (const char *p = choices; *p != '\0'; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == len && memcmp(p, s, len) == 0)
            return true;
    return false;
}

static bool is_number_of(struct arena *a, const struct field *f, const char *s)
{
    int64_t n = 0;
    return value_number(a, f->kind, s, &n) == NULL && ((f->min == 0 && f->max == 0) || (n >= f->min && n <= f->max));
}

static bool is_value_of(struct arena *a, const struct field *f, const char *s)
{
    bool b;
    if ((f->flags & MAY_BE_AUTO) && strcmp(s, "auto") == 0)
        return true;
    switch (f->kind) {
    case F_BOOL: return strcmp(s, "present") == 0 || value_bool(s, true, &b) == NULL;
    case F_ENUM: return is_word_of(f->choices, s);
    case F_INT: case F_BYTES: case F_CPU: case F_MS: case F_RATE: return is_number_of(a, f, s);
    case F_MINOR: return is_number_of(a, f, s[0] == '"' ? arena_dup(a, s + 1, strlen(s) - 2) : s);
    case F_VERSION: return value_version(s) == NULL;
    case F_STR: case F_NAME: case F_HOST: return *s != '\0' && (f->choices == NULL || is_word_of(f->choices, s));
    case F_STRS: case F_K8S_LIST: case F_OBJECTS: case F_INCLUDE:
        return (s[0] == '[' && str_ends(s, "]")) || ((f->flags & OR_ONE) && is_word_of(f->choices, s));
    case F_OBJECT: return s[0] == '{' || (f->type->short_for != NULL && is_value_of(a, field_of(f->type, f->type->short_for), s));
    default: return s[0] == '{' && str_ends(s, "}");
    }
}

static void a_default_is_a_value_of_its_field(void **state)
{
    EACH_FIELD(p, state)
        for (int flavour = 0; flavour < FLAVOURS; flavour++) {
            const char *def = field_default((enum flavour)flavour, p->field);
            if (def != NULL && !is_value_of(*state, p->field, def))
                fail_msg("'%s' cannot be '%s'", p->path, def);
        }
}

static void an_example_is_a_value_of_its_field(void **state)
{
    EACH_FIELD(p, state)
        if (p->field->example != NULL && !is_value_of(*state, p->field, p->field->example))
            fail_msg("the example of '%s' is no value of it: %s", p->path, p->field->example);
}

static void a_required_field_has_no_default(void **state)
{
    EACH_FIELD(p, state)
        if ((p->field->flags & REQUIRED) && field_default(p->flavour, p->field) != NULL)
            fail_msg("'%s' must be written and has a default", p->path);
}

static void a_required_field_shows_how_to_write_it(void **state)
{
    EACH_FIELD(p, state)
        if ((p->field->flags & REQUIRED) && p->field->type == NULL && p->field->example == NULL)
            fail_msg("'%s' must be written and has no example", p->path);
}

static void pools_differ_in_their_defaults(void **state)
{
    const struct field *first = field_of(&description_type, "brokers");
    const struct field *id = field_of(first->type, "firstId");
    (void)state;
    assert_string_equal(field_default(FL_BROKERS, id), "0");
    assert_string_equal(field_default(FL_CONTROLLERS, id), "1000");
}

static void a_misspelt_field_has_a_neighbour(void **state)
{
    const char *rest, *nearest;
    (void)state;
    assert_null(field_path("brokers.storrage", &rest, &nearest));
    assert_string_equal(nearest, "storage");
    assert_null(field_path("entirely.else", &rest, &nearest));
    assert_null(nearest);
}

static void below_a_free_form_field_the_rest_is_one_key(void **state)
{
    const char *rest, *nearest;
    (void)state;
    assert_string_equal(field_path("kafka.config.num.partitions", &rest, &nearest)->name, "config");
    assert_string_equal(rest, "num.partitions");
    assert_null(field_path("kafka.version.x", &rest, &nearest));
}

/* ---- the JSON Schema --------------------------------------------------------------------------------------------- */

static const struct val *schema_at(const struct val *schema, const char *path)
{
    char part[64];
    while (*path != '\0' && schema != NULL) {
        const size_t len = strcspn(path, ".");
        assert_true(len < sizeof part);
        memcpy(part, path, len);
        part[len] = '\0';
        if (tree_get(schema, "items") != NULL)
            schema = tree_get(schema, "items");
        schema = tree_at(schema, "properties", part, NULL);
        path += len + (path[len] == '.');
    }
    return schema;
}

static void every_supported_field_is_in_the_schema(void **state)
{
    const struct val schema = schema_make(*state);
    EACH_FIELD(p, state)
        if ((schema_at(&schema, p->path) != NULL) != (p->field->kind != F_LATER))
            fail_msg("the schema disagrees about '%s'", p->path);
}

static void the_schema_closes_every_map_of_fields(void **state)
{
    const struct val schema = schema_make(*state);
    EACH_FIELD(p, state) {
        if (p->field->type == NULL)
            continue;
        const struct val *s = schema_at(&schema, p->path);
        const struct val *open = tree_get(p->field->kind == F_OBJECTS ? tree_get(s, "items") : s, "additionalProperties");
        assert_non_null(open);
        assert_int_equal(open->kind, V_BOOL);
        assert_false(open->b);
    }
}

static void the_schema_knows_the_default_of_each_pool(void **state)
{
    const struct val schema = schema_make(*state);
    assert_int_equal(tree_get(schema_at(&schema, "brokers.firstId"), "default")->i, 0);
    assert_int_equal(tree_get(schema_at(&schema, "controllers.firstId"), "default")->i, 1000);
    assert_string_equal(tree_str(schema_at(&schema, "controllers.storage.size"), "default"), "20Gi");
    assert_string_equal(tree_str(schema_at(&schema, "brokers.storage.size"), "default"), "100Gi");
}

static void the_schema_documents_what_the_table_documents(void **state)
{
    const struct val schema = schema_make(*state);
    EACH_FIELD(p, state)
        if (is_supported(p->field))
            assert_string_equal(tree_str(schema_at(&schema, p->path), "description"), p->field->doc);
}

/* ---- the command line's own tables ---------------------------------------------------------------------------------- */

static void verbs_and_options_have_names_of_their_own(void **state)
{
    (void)state;
    for (const struct verb *v = verbs; v->name != NULL; v++)
        assert_ptr_equal(verb_find(v->name), v);
    for (const struct option_row *o = options; o->name != NULL; o++)
        for (const struct option_row *q = options; q < o; q++) {
            assert_string_not_equal(o->name, q->name);
            assert_true(o->letter == 0 || o->letter != q->letter);
        }
}

static void every_verb_and_option_is_documented(void **state)
{
    (void)state;
    for (const struct verb *v = verbs; v->name != NULL; v++)
        assert_true(strlen(v->help) > 8 && strlen(v->story) > 8 && str_ends(v->example, "\n") && v->run != NULL);
    for (const struct option_row *o = options; o->name != NULL; o++)
        assert_true(strlen(o->help) > 8 && o->verbs != 0 && (o->arg != NULL) == (o->kind != OPT_FLAG));
}

static void the_help_fits_a_screen(void **state)
{
    struct text out = { .a = *state };
    unsigned lines = 0;
    help_page(NULL, &out);
    for (const char *s = text_str(&out); *s != '\0'; s += strcspn(s, "\n") + 1, lines++)
        assert_true(strcspn(s, "\n") <= 80);
    assert_in_range(lines, 10, 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(every_field_is_documented), FIXTURE_TEST(no_two_fields_share_a_path),
        FIXTURE_TEST(every_path_leads_to_its_row), FIXTURE_TEST(every_member_lies_inside_its_struct),
        FIXTURE_TEST(a_struct_has_fields_and_others_have_none), FIXTURE_TEST(a_choice_has_choices),
        FIXTURE_TEST(a_kubernetes_value_has_a_schema), FIXTURE_TEST(a_short_form_names_a_single_value),
        FIXTURE_TEST(a_range_is_not_empty_and_has_a_unit), FIXTURE_TEST(a_default_is_a_value_of_its_field),
        FIXTURE_TEST(an_example_is_a_value_of_its_field), FIXTURE_TEST(a_required_field_has_no_default),
        FIXTURE_TEST(a_required_field_shows_how_to_write_it), FIXTURE_TEST(pools_differ_in_their_defaults),
        FIXTURE_TEST(a_misspelt_field_has_a_neighbour), FIXTURE_TEST(below_a_free_form_field_the_rest_is_one_key),
        FIXTURE_TEST(every_supported_field_is_in_the_schema), FIXTURE_TEST(the_schema_closes_every_map_of_fields),
        FIXTURE_TEST(the_schema_knows_the_default_of_each_pool),
        FIXTURE_TEST(the_schema_documents_what_the_table_documents),
        FIXTURE_TEST(verbs_and_options_have_names_of_their_own), FIXTURE_TEST(every_verb_and_option_is_documented),
        FIXTURE_TEST(the_help_fits_a_screen),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
