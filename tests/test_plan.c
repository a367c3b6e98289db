/* What the plan promises beyond what golden cases show: derived ids, properties as Java reads them, restarts that do not happen. */
#include "compile.h"
#include "fixture.h"
#include "plan/parts.h"

static struct compiled *compiled(const char *text)
{
    struct ctx *cx;
    struct compiled *c;
    const struct request r = { .path = "test.yaml", .text = text, .len = strlen(text) };
    assert_int_equal(compile_guarded(&world.arena, &r, STAGE_ALL, &cx, &c), COMPILE_OK);
    world.arena.out = &fixture_no_memory;
    return c;
}

/* The template of the first object of that kind and name. */
static const struct val *template_of(const struct compiled *c, const char *name)
{
    for (uint32_t i = 0; i < c->objects.len; i++)
        if (strcmp(tree_str(&c->objects.seq[i], "kind"), "StatefulSet") == 0
            && strcmp(tree_str(tree_get(&c->objects.seq[i], "metadata"), "name"), name) == 0)
            return tree_at(&c->objects.seq[i], "spec", "template", NULL);
    fail_msg("no StatefulSet %s", name);
    return NULL;
}

#define HEAD "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\n"

static void adding_brokers_restarts_nobody(void **state)
{
    (void)state;
    struct compiled *before = compiled(HEAD "brokers: {count: 3}\n"), *after = compiled(HEAD "brokers: {count: 4}\n");
    assert_true(tree_same(template_of(before, "orders-broker"), template_of(after, "orders-broker")));
    assert_true(tree_same(template_of(before, "orders-controller"), template_of(after, "orders-controller")));
}

/* Sets take turns when they restart; how long they wait must not depend on how many brokers there are. */
static void adding_brokers_to_zones_restarts_nobody(void **state)
{
    (void)state;
    struct compiled *before = compiled(HEAD "brokers: {count: 6, zones: [a, b, c]}\n");
    struct compiled *after  = compiled(HEAD "brokers: {count: 9, zones: [a, b, c]}\n");
    assert_true(tree_same(template_of(before, "orders-broker-a"), template_of(after, "orders-broker-a")));
    assert_true(tree_same(template_of(before, "orders-broker-c"), template_of(after, "orders-broker-c")));
}

static void a_changed_setting_restarts_brokers(void **state)
{
    (void)state;
    struct compiled *before = compiled(HEAD "brokers: {config: {num.io.threads: 8}}\n");
    struct compiled *after  = compiled(HEAD "brokers: {config: {num.io.threads: 9}}\n");
    assert_false(tree_same(template_of(before, "orders-broker"), template_of(after, "orders-broker")));
    assert_true(tree_same(template_of(before, "orders-controller"), template_of(after, "orders-controller")));
}

static void a_changed_advertised_host_restarts_brokers(void **state)
{
#define LISTENERS(host) HEAD "listeners:\n- {name: in, port: 9092}\n- {name: out, port: 9094, expose: loadbalancer, host: " host "}\n"
    (void)state;
    struct compiled *before = compiled(LISTENERS("\"b{id}.example.com\"")), *after = compiled(LISTENERS("\"k{id}.example.com\""));
    assert_false(tree_same(template_of(before, "orders-broker"), template_of(after, "orders-broker")));
}

/* What stands in `desired` of another time, in that namespace, and what the topic is described as now. */
static enum code found_against(const char *space, const char *line, const char *topic)
{
    struct arena *a = &world.arena;
    const struct compiled *c = compiled(str_join(a, HEAD "topics: [{name: t, ", topic, "}]\n", NULL));
    const struct val objects = SEQ(a, MAP(a,
        { "kind",     t_str("ConfigMap") },
        { "metadata", MAP(a, { "name", t_str("orders-admin") }, { "namespace", t_str(space) },
                             { "labels", MAP(a, { "app.kubernetes.io/instance", t_str("orders") }) }) },
        { "data",     MAP(a, { "desired", t_str(str_join(a, "absent-topic t\n", line, "\nuser t mtls", NULL)) }) }));
    struct ctx cx = { .a = a };
    bool known;
    const bool fine = plan_against(&cx, &c->plan, &objects, &known);
    assert_int_equal(known, !str_eq(space, "other"));
    assert_int_equal(fine, cx.error_count == 0);
    return cx.diag_count == 0 ? CODES : cx.diags[0]->code;
}

static void partitions_only_become_more(void **state)
{
    (void)state;
    assert_int_equal(found_against("default", "topic t partitions=12 replicas=3", "partitions: 11"), E_TOPIC_FEWER);
    assert_int_equal(found_against(NULL, "topic t replicas=3 partitions=12", "partitions: 1"), E_TOPIC_FEWER);
    assert_int_equal(found_against("default", "topic t partitions=12", "partitions: 12"), CODES);
    assert_int_equal(found_against("default", "topic t partitions=12", "state: absent"), CODES);
    assert_int_equal(found_against("default", "topic t partitions=12", "config: {retention.ms: 1h}"), CODES);
    assert_int_equal(found_against("default", "topic t", "partitions: 1"), CODES);
    assert_int_equal(found_against("default", "topic tt partitions=12", "partitions: 1"), CODES);
    assert_int_equal(found_against("default", "topic t partitions=99999999999999999999", "partitions: 1"), E_TOPIC_FEWER);
    assert_int_equal(found_against("other", "topic t partitions=12", "partitions: 1"), CODES);
}

static void copies_are_moved_by_somebody_else(void **state)
{
    (void)state;
    assert_int_equal(found_against("default", "topic t replicas=2", "replicas: 3"), W_TOPIC_COPIES);
    assert_int_equal(found_against("default", "topic t replicas=3", "replicas: 3"), CODES);
    assert_int_equal(found_against("default", "topic t partitions=3", "replicas: 3"), CODES);
}

static void a_cluster_id_is_a_uuid_of_kafka(void **state)
{
    (void)state;
    const char *id = compiled(HEAD)->plan.cluster_id;
    assert_int_equal(strlen(id), 22);
    assert_true(id[0] != '-' && strchr("AQgw", id[21]) != NULL);
    assert_string_equal(id, compiled(HEAD)->plan.cluster_id);
}

static void a_cluster_id_depends_on_namespace_and_name(void **state)
{
    (void)state;
    const char *id = compiled(HEAD)->plan.cluster_id;
    assert_string_not_equal(id, compiled(HEAD "namespace: other\n")->plan.cluster_id);
    assert_string_not_equal(id, compiled("gregor: 1\nname: other\nkafka: {version: 4.3.1}\n")->plan.cluster_id);
    assert_string_equal(id, compiled(HEAD "brokers: {count: 5}\n")->plan.cluster_id);
}

/* No id may begin with '-', which kafka-storage would take for an option: tried over many names. */
static void no_derived_id_begins_with_a_dash(void **state)
{
    (void)state;
    struct compiled *c = compiled(HEAD);
    for (int i = 0; i < 2000; i++)
        assert_true(plan_uuid(&world.arena, "test", &c->plan, str_int(&world.arena, i))[0] != '-');
}

static void properties_are_escaped_as_java_reads_them(void **state)
{
    static const struct { const char *key, *value, *line; } rows[] = {
        { "a.b", "c", "a.b=c\n" },
        { "a", " lead", "a=\\ lead\n" },
        { "a", "mid dle = : # !", "a=mid dle = : # !\n" },
        { "a", "back\\slash", "a=back\\\\slash\n" },
        { "a b:c=d", "v", "a\\ b\\:c\\=d=v\n" },
        { "#a", "#v", "\\#a=#v\n" },
        { "a", "\xc3\xa9\xe2\x82\xac", "a=\\u00e9\\u20ac\n" },
        { "a", "\xf0\x9f\x98\x80", "a=\\ud83d\\ude00\n" },
    };
    (void)state;
    compiled(HEAD);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text t = { .a = &world.arena };
        plan_property(&t, rows[i].key, rows[i].value);
        assert_string_equal(text_str(&t), rows[i].line);
    }
}

static void node_ports_do_not_move_when_brokers_are_added(void **state)
{
#define NODEPORT HEAD "listeners:\n- {name: in, port: 9092}\n" \
                 "- {name: out, port: 9094, expose: nodeport, nodePortBase: 32000, host: \"n{id}.example.com\"}\n"
    (void)state;
    const struct plan *few = &compiled(NODEPORT)->plan, *many = &compiled(NODEPORT "brokers: {count: 9}\n")->plan;
    const struct workload *w = &few->workloads[1], *v = &many->workloads[1];
    for (uint32_t i = 0; i < w->node_count; i++)
        assert_int_equal(w->nodes[i].addresses[0].node_port, v->nodes[i].addresses[0].node_port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(adding_brokers_restarts_nobody),
        FIXTURE_TEST(adding_brokers_to_zones_restarts_nobody),
        FIXTURE_TEST(a_changed_setting_restarts_brokers),
        FIXTURE_TEST(a_changed_advertised_host_restarts_brokers),
        FIXTURE_TEST(partitions_only_become_more),
        FIXTURE_TEST(copies_are_moved_by_somebody_else),
        FIXTURE_TEST(a_cluster_id_is_a_uuid_of_kafka),
        FIXTURE_TEST(a_cluster_id_depends_on_namespace_and_name),
        FIXTURE_TEST(no_derived_id_begins_with_a_dash),
        FIXTURE_TEST(properties_are_escaped_as_java_reads_them),
        FIXTURE_TEST(node_ports_do_not_move_when_brokers_are_added),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
