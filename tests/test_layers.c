/* Layers: what lies over what, what is removed, and --set. */
#include "fixture.h"
#include "source/layers.h"

#include <time.h>

/* A short form to compare by: {a: 1, b: [x, y]}. */
static void show(struct text *t, const struct val *v)
{
    const bool map = v->kind == V_MAP;
    if (v->kind != V_MAP && v->kind != V_SEQ) {
        text_add(t, v->kind == V_NULL ? "null" : v->kind == V_STR ? v->s : "?");
        return;
    }
    text_char(t, map ? '{' : '[');
    for (uint32_t i = 0; i < v->len; i++) {
        if (map)
            text_join(t, i > 0 ? ", " : "", v->map[i].key, ": ", NULL);
        else
            text_add(t, i > 0 ? ", " : "");
        show(t, map ? &v->map[i].v : &v->seq[i]);
    }
    text_char(t, map ? '}' : ']');
}

static const char *shown(const struct val *v)
{
    struct text t = { .a = &world.arena };
    show(&t, v);
    return text_str(&t);
}

/* ---- merging ------------------------------------------------------------------------------------------ */

static const struct { const char *below, *above, *merged; } merges[] = {
    { "{a: 1, b: 2}", "{b: 3, c: 4}", "{a: 1, b: 3, c: 4}" },
    { "{a: {x: 1, y: 2}}", "{a: {y: 3}}", "{a: {x: 1, y: 3}}" },
    { "{a: 1, b: 2}", "{a: null}", "{b: 2}" },
    { "{a: {x: 1, y: 2}}", "{a: {x: ~}}", "{a: {y: 2}}" },
    { "{a: {x: 1}}", "{a: {x: null}}", "{a: {}}" },
    { "{a: 1}", "{b: null}", "{a: 1}" },
    { "{a: {x: 1}}", "{a: 2}", "{a: 2}" },
    { "{a: 2}", "{a: {x: 1}}", "{a: {x: 1}}" },
    { "{a: [1, 2]}", "{a: [3]}", "{a: [3]}" },
    { "{a: [{name: p, x: 1}, {name: q, x: 2}]}", "{a: [{name: q, x: 3}, {name: r}]}",
      "{a: [{name: p, x: 1}, {name: q, x: 3}, {name: r}]}" },
    { "{a: [{name: p, x: {y: 1}}]}", "{a: [{name: p, x: {z: 2}}]}", "{a: [{name: p, x: {y: 1, z: 2}}]}" },
    { "{a: [{name: p, x: 1}]}", "{a: [{name: p, x: null}]}", "{a: [{name: p}]}" },
    { "{a: [{name: p}]}", "{a: []}", "{a: []}" },
    { "{a: []}", "{a: [{name: p}]}", "{a: [{name: p}]}" },
    { "{a: [{name: p}]}", "{a: [{id: q}]}", "{a: [{id: q}]}" },
    { "{a: [{name: p}, 1]}", "{a: [{name: p, x: 2}]}", "{a: [{name: p, x: 2}]}" },
    { "{a: [{name: p}]}", "{a: [{name: q, x: 1}, {name: q, x: 2}]}", "{a: [{name: p}, {name: q, x: 1}, {name: q, x: 2}]}" },
    { "{a: [{name: p}]}", "{a: [{name: p, x: 1}, {name: p, x: 2}]}", "{a: [{name: p, x: 1}, {name: p, x: 2}]}" },
    { "{a: [{name: {b: 1}}]}", "{a: [{name: {b: 2}}]}", "{a: [{name: {b: 2}}]}" },
    { "{b: null}", "{a: 1}", "{b: null, a: 1}" },
};

static void layers_merge_as_designed(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < sizeof merges / sizeof *merges; i++, fixture_again(w)) {
        const struct val below = fixture_read(w, "preset", merges[i].below);
        const struct val above = fixture_read(w, "description", merges[i].above);
        const struct val merged = layers_merge(&w->cx, below, above);
        assert_string_equal(shown(&merged), merges[i].merged);
    }
}

static void nothing_changes_nothing(void **state)
{
    struct world *w = *state;
    const struct val v = fixture_read(w, "description", "{a: 1}");
    assert_string_equal(shown(&(struct val){ 0 }), "?");
    const struct val over = layers_merge(&w->cx, t_none(), v), under = layers_merge(&w->cx, v, t_none());
    assert_true(tree_same(&over, &v) && tree_same(&under, &v));
}

static void places_are_those_of_the_topmost_writer(void **state)
{
    struct world *w = *state;
    const struct val below = fixture_read(w, "preset", "kafka:\n  version: 4.2.0\n  image: x\nname: p\n");
    const struct val above = fixture_read(w, "description", "# mine\nkafka:\n  version: 4.3.1\n");
    const struct val v = layers_merge(&w->cx, below, above);
    const struct val *kafka = tree_get(&v, "kafka");
    assert_int_equal(tree_get(kafka, "version")->at.file, 1);
    assert_int_equal(tree_get(kafka, "version")->at.line, 3);
    assert_int_equal(tree_get(kafka, "image")->at.file, 0);
    assert_int_equal(tree_key_at(&v, 0).file, 1);
    assert_int_equal(tree_key_at(&v, 0).line, 2);
    assert_int_equal(tree_key_at(&v, 1).file, 0);
    assert_int_equal(tree_key_at(kafka, 1).line, 3);
    assert_int_equal(kafka->at.file, 1);
}

static void finishing_drops_what_nulls_are_left(void **state)
{
    struct world *w = *state;
    struct val v = fixture_read(w, "description", "{a: null, b: {c: ~, d: 1}, e: [{f: null}, null], g: x}");
    v = layers_finish(&w->cx, v);
    assert_string_equal(shown(&v), "{b: {d: 1}, e: [{}, null], g: x}");
    assert_int_equal(tree_key_at(&v, 0).col, 11);
}

static struct val many(struct world *w, int from, int count)
{
    struct text t = { .a = &w->arena };
    text_add(&t, "l:\n");
    for (int i = 0; i < count; i++)
        text_f(&t, "- {name: n%d, x: %d}\n", from + i, from);
    text_add(&t, "m:\n");
    for (int i = 0; i < count; i++)
        text_f(&t, "  k%d: %d\n", from + i, from);
    return fixture_read(w, "big", text_str(&t));
}

static void big_layers_take_linear_time(void **state)
{
    struct world *w = *state;
    const struct val below = many(w, 0, 10000), above = many(w, 5000, 10000);
    const clock_t from = clock();
    const struct val v = layers_merge(&w->cx, below, above);
    assert_true(clock() - from < CLOCKS_PER_SEC);
    const struct val *list = tree_get(&v, "l"), *map = tree_get(&v, "m");
    assert_int_equal(list->len, 15000);
    assert_int_equal(map->len, 15000);
    assert_string_equal(tree_str(&list->seq[4999], "x"), "0");
    assert_string_equal(tree_str(&list->seq[5000], "x"), "5000");
    assert_string_equal(map->map[14999].key, "k14999");
}

/* ---- --set -------------------------------------------------------------------------------------------- */

static const char *const fields[] = {
    "m name", "m kafka", "v kafka.version", "f kafka.config", "m brokers", "v brokers.count", "a brokers.zones", "a brokers.pod",
    "m brokers.storage", "v brokers.storage.size", "v brokers.storage.class", "l listeners", "v listeners.name", "v listeners.port",
    "l topics", "v topics.name", "v topics.partitions", "f labels", NULL
};

static const char *last_step(const void *list, size_t i)
{
    const char *path = ((const char *const *)list)[i];
    const char *dot  = path != NULL ? strrchr(path, '.') : NULL;
    return path == NULL ? NULL : dot != NULL ? dot + 1 : path + 2;
}

static enum layers_kind resolve(const char *path, const char **nearest)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; fields[i] != NULL; i++)
        if (strcmp(fields[i] + 2, path) == 0)
            switch (fields[i][0]) {
            case 'm': return LAYERS_MAP;
            case 'l': return LAYERS_LIST;
            case 'f': return LAYERS_FREE;
            case 'a': return LAYERS_ANY;
            default:  return LAYERS_VALUE;
            }
    *nearest = str_nearest(dot != NULL ? dot + 1 : path, last_step, fields);
    return LAYERS_UNKNOWN;
}

static const char below[] =
    "name: orders\n"
    "kafka: {version: 4.2.0, config: {num.partitions: 3}}\n"
    "brokers: {count: 3, zones: [a, b], storage: 10Gi}\n"
    "listeners: [{name: internal, port: 1}, {name: external, port: 2}]\n"
    "topics: [{name: a, partitions: 1}, {name: a.b, partitions: 2}, {name: '0', partitions: 3}]\n";

static const struct { const char *set, *path, *wanted; } sets[] = {
    { "kafka.version=4.3.1", "kafka", "{version: 4.3.1, config: {num.partitions: 3}}" },
    { "kafka.config.num.partitions=12", "kafka", "{version: 4.2.0, config: {num.partitions: 12}}" },
    { "kafka.config.a.b=c=d", "kafka", "{version: 4.2.0, config: {num.partitions: 3, a.b: c=d}}" },
    { "kafka.config.num.partitions=null", "kafka", "{version: 4.2.0, config: {}}" },
    { "kafka.config={x: 1}", "kafka", "{version: 4.2.0, config: {x: 1}}" },
    { "labels.app.kubernetes.io/name=x", "labels", "{app.kubernetes.io/name: x}" },
    { "brokers.zones=[x, y]", "brokers", "{count: 3, zones: [x, y], storage: 10Gi}" },
    { "brokers.zones.1=c", "brokers", "{count: 3, zones: [a, c], storage: 10Gi}" },
    { "brokers.zones.0=null", "brokers", "{count: 3, zones: [b], storage: 10Gi}" },
    { "brokers.storage=20Gi", "brokers", "{count: 3, zones: [a, b], storage: 20Gi}" },
    { "brokers.count=null", "brokers", "{zones: [a, b], storage: 10Gi}" },
    { "brokers.pod.metadata.annotations.\"a.b/c\"=\"\"", "brokers",
      "{count: 3, zones: [a, b], storage: 10Gi, pod: {metadata: {annotations: {a.b/c: }}}}" },
    { "brokers.pod.\"x=y\"=1", "brokers", "{count: 3, zones: [a, b], storage: 10Gi, pod: {x=y: 1}}" },
    { "listeners.external.port=9094", "listeners", "[{name: internal, port: 1}, {name: external, port: 9094}]" },
    { "listeners.0.port=9092", "listeners", "[{name: internal, port: 9092}, {name: external, port: 2}]" },
    { "listeners.external=null", "listeners", "[{name: internal, port: 1}]" },
    { "listeners=[]", "listeners", "[]" },
    { "topics.a.partitions=9", "topics", "[{name: a, partitions: 9}, {name: a.b, partitions: 2}, {name: 0, partitions: 3}]" },
    { "topics.a.b.partitions=9", "topics", "[{name: a, partitions: 1}, {name: a.b, partitions: 9}, {name: 0, partitions: 3}]" },
    { "topics.\"a.b\".partitions=9", "topics", "[{name: a, partitions: 1}, {name: a.b, partitions: 9}, {name: 0, partitions: 3}]" },
    { "topics.0.partitions=9", "topics", "[{name: a, partitions: 1}, {name: a.b, partitions: 2}, {name: 0, partitions: 9}]" },
    { "topics.2.partitions=9", "topics", "[{name: a, partitions: 1}, {name: a.b, partitions: 2}, {name: 0, partitions: 9}]" },
};

static void set_reaches_every_kind_of_field(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++, fixture_again(w)) {
        struct val v = fixture_read(w, "description", below);
        if (!layers_set(&w->cx, &v, sets[i].set, resolve))
            fail_msg("%s: %s", sets[i].set, w->cx.diags[0]->message);
        assert_string_equal(shown(tree_get(&v, sets[i].path)), sets[i].wanted);
        assert_int_equal(v.len, 5u + (*sets[i].path == 'l' && sets[i].path[1] == 'a'));
    }
}

static void removing_what_is_not_there_adds_nothing(void **state)
{
    struct world *w = *state;
    struct val v = fixture_read(w, "description", "{name: x}");
    assert_true(layers_set(&w->cx, &v, "brokers.pod.spec.x=null", resolve));
    assert_true(layers_set(&w->cx, &v, "kafka.config.x=null", resolve));
    assert_string_equal(shown(&v), "{name: x}");
    v = t_none();
    assert_true(layers_set(&w->cx, &v, "brokers.count=4", resolve));
    assert_string_equal(shown(&v), "{brokers: {count: 4}}");
}

static void a_set_value_stands_in_the_argument(void **state)
{
    struct world *w = *state;
    struct val v = fixture_read(w, "description", below);
    assert_true(layers_set(&w->cx, &v, "listeners.external.port=[1, 2]", resolve));
    const struct val *port = tree_get(&tree_get(&v, "listeners")->seq[1], "port");
    assert_string_equal(w->cx.files[port->at.file].name, "--set");
    assert_int_equal(port->at.col, 25);
    assert_int_equal(port->seq[1].at.col, 29);
    assert_int_equal(tree_key_at(&tree_get(&v, "listeners")->seq[1], 1).col, 20);
    assert_int_equal(tree_get(&v, "name")->at.file, 0);
}

static const struct { const char *set; enum code code; uint16_t col; const char *hint; } bad_sets[] = {
    { "brokers.count", E_SET_EQUALS, 14, NULL },
    { "=3", E_SET_EQUALS, 1, NULL },
    { "brokers.count=", E_SET_EQUALS, 14, "write path=null to remove the field, or path=\"\" for an empty text" },
    { "brokers.count=#3", E_SET_EQUALS, 14, NULL },
    { "brokers.cuont=3", E_SET_PATH, 9, "did you mean 'brokers.count'?" },
    { "broker.count=3", E_SET_PATH, 1, "did you mean 'brokers'?" },
    { "brokers..count=3", E_SET_PATH, 9, NULL },
    { "brokers.=3", E_SET_PATH, 1, NULL },
    { ".count=3", E_SET_PATH, 1, NULL },
    { "brokers.\"count=3", E_SET_PATH, 9, NULL },
    { "brokers.count.x=3", E_SET_PATH, 15, "set it whole: 'brokers.count=...'" },
    { "brokers.storage.class=fast", E_SET_INSIDE, 17, "set the whole field, or write it out as a map there" },
    { "listeners.extrenal.port=1", E_SET_ITEM, 11, "did you mean 'external'?" },
    { "listeners.9.port=1", E_SET_ITEM, 11, "name an item by its 'name', or by a number from 0 to 1" },
    { "listeners.99999999999999999999=1", E_SET_ITEM, 11, NULL },
    { "listeners.external.prot=1", E_SET_PATH, 20, "did you mean 'listeners.port'?" },
    { "brokers.zones=[a", E_YAML_BRACKET, 15, NULL },
    { "brokers.zones=*a", E_YAML_ALIAS, 15, NULL },
    { "brokers.count=!!int 3", E_YAML_TAG, 15, NULL },
    { "brokers.count=\xff", E_YAML_ENCODING, 15, NULL },
    { "\xef\xbb\xbfname=x", E_SET_PATH, 1, NULL },
};

static void a_wrong_set_is_reported_at_its_step(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < sizeof bad_sets / sizeof *bad_sets; i++, fixture_again(w)) {
        struct val v = fixture_read(w, "description", below);
        const struct val before = v;
        assert_false(layers_set(&w->cx, &v, bad_sets[i].set, resolve));
        assert_true(tree_same(&v, &before));
        const struct diag *d = w->cx.diags[0];
        if (d->code != bad_sets[i].code || d->at.col != bad_sets[i].col)
            fail_msg("%s: %s at %u: %s", bad_sets[i].set, code_table[d->code].name, d->at.col, d->message);
        const struct note *n = d->notes;
        while (n != NULL && n->next != NULL)
            n = n->next;
        if (bad_sets[i].hint != NULL)
            assert_string_equal(n->message, bad_sets[i].hint);
    }
}

static void an_empty_list_has_no_items_to_set(void **state)
{
    struct world *w = *state;
    struct val v = fixture_read(w, "description", "{name: x}");
    assert_false(layers_set(&w->cx, &v, "listeners.external.port=1", resolve));
    assert_int_equal(w->cx.diags[0]->code, E_SET_ITEM);
}

static void a_path_has_at_most_64_steps(void **state)
{
    struct world *w = *state;
    struct text t = { .a = &w->arena };
    struct val v = t_none();
    for (int i = 0; i < 100000; i++)
        text_add(&t, "a.");
    text_add(&t, "a=1");
    assert_false(layers_set(&w->cx, &v, text_str(&t), NULL));
    assert_int_equal(w->cx.diags[0]->code, E_SET_PATH);
}

static void without_a_table_everything_can_be_set(void **state)
{
    struct world *w = *state;
    struct val v = t_none();
    assert_true(layers_set(&w->cx, &v, "a.b=[{name: x}, {name: y}]", NULL));
    assert_true(layers_set(&w->cx, &v, "a.b.y.z=1", NULL));
    assert_true(layers_set(&w->cx, &v, "a.c=null", NULL));
    assert_string_equal(shown(&v), "{a: {b: [{name: x}, {name: y, z: 1}]}}");
}

static void an_argument_may_have_several_lines(void **state)
{
    struct world *w = *state;
    struct val v = t_none();
    assert_true(layers_set(&w->cx, &v, "\"a\n\nb\"=[x,\n 'y\n z']", NULL));
    const struct val *list = tree_get(&v, "a\n\nb");
    assert_string_equal(list->seq[1].s, "y z");
    assert_int_equal(list->at.line, 3);
    assert_int_equal(list->seq[1].at.line, 4);
    assert_int_equal(list->seq[1].at.col, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(layers_merge_as_designed),
        FIXTURE_TEST(nothing_changes_nothing),
        FIXTURE_TEST(places_are_those_of_the_topmost_writer),
        FIXTURE_TEST(finishing_drops_what_nulls_are_left),
        FIXTURE_TEST(big_layers_take_linear_time),
        FIXTURE_TEST(set_reaches_every_kind_of_field),
        FIXTURE_TEST(removing_what_is_not_there_adds_nothing),
        FIXTURE_TEST(a_set_value_stands_in_the_argument),
        FIXTURE_TEST(a_wrong_set_is_reported_at_its_step),
        FIXTURE_TEST(an_empty_list_has_no_items_to_set),
        FIXTURE_TEST(a_path_has_at_most_64_steps),
        FIXTURE_TEST(without_a_table_everything_can_be_set),
        FIXTURE_TEST(an_argument_may_have_several_lines),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
