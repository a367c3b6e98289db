/* The rules of `check`: each refuses what it is for, and lets pass what stands next to it. */
#include "cluster/cluster.h"
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* Loads and checks a text as a file of that layer. */
static void check_text(struct world *w, const char *text, const char *layer)
{
    struct description d = { 0 };
    fixture_again(w);
    const struct val root = fixture_read(w, layer, text);
    if (!load_description(&w->cx, &root, &d))
        fail_msg("%s\n%s", text, w->cx.diags[0]->message);
    check_description(&w->cx, &d);
}

/* The part of a description that matters, with what every description begins with. Lives until the next check. */
static const char *whole(const char *part)
{
    static char text[8192];
    const char *name = str_starts(part, "@name: ") ? part + 7 : "orders";
    const char *rest = name == part + 7 ? part + strlen(part) : part;
    snprintf(text, sizeof text, "gregor: 1\nname: %s\n%s%s\n", name,
             strstr(part, "kafka: {") == NULL ? "kafka: {version: 4.3.1}\n" : "", rest);
    return text;
}

static uint32_t count(const struct world *w, enum code code)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->cx.diag_count; i++)
        n += w->cx.diags[i]->code == code;
    return n;
}

static const char *all_text(struct world *w, bool json)
{
    struct text t = { .a = &w->arena };
    for (uint32_t i = 0; i < w->cx.diag_count; i++)
        if (json)
            diag_json(&w->cx, w->cx.diags[i], &t);
        else
            diag_text(&w->cx, w->cx.diags[i], false, &t);
    return text_str(&t);
}

struct rule {
    enum code   code;
    const char *refused, *passes;
};

static const struct rule rules[] = {
#define RULE(code, refused, passes) { code, refused, passes },
#include "check_rules.def"
#undef RULE
};
#define RULES (sizeof rules / sizeof rules[0])

static void each_rule_refuses_what_it_is_for(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < RULES; i++) {
        check_text(w, whole(rules[i].refused), "description");
        if (count(w, rules[i].code) == 0)
            fail_msg("%s does not refuse\n%s", code_table[rules[i].code].name, whole(rules[i].refused));
    }
}

static void each_rule_lets_pass_what_stands_next_to_it(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < RULES; i++) {
        check_text(w, whole(rules[i].passes), "description");
        if (count(w, rules[i].code) > 0 || w->cx.error_count > 0)
            fail_msg("%s: refused is\n%s%s", code_table[rules[i].code].name, whole(rules[i].passes), all_text(w, false));
    }
}

static bool has_row(enum code code)
{
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].code == code)
            return true;
    return code == E_TOO_MANY || code == E_ANNOTATIONS; /* too long for a row; tested below */
}

static void every_code_of_the_stage_has_a_rule_and_a_row(void **state)
{
    (void)state;
    for (const struct code_info *c = code_table; c->name != NULL; c++) {
        const int number = atoi(c->name + 1);
        if (((number >= 340 && number < 630) || (number > 641 && number < 670) || (number >= 800 && number < 840))
            && !has_row(c->code))
            fail_msg("%s has no row", c->name);
    }
}

static void every_finding_says_what_to_do_and_where(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < RULES; i++) {
        check_text(w, whole(rules[i].refused), "description");
        for (uint32_t n = 0; n < w->cx.diag_count; n++) {
            const struct diag *d = w->cx.diags[n];
            const struct note *last = d->notes;
            while (last != NULL && last->next != NULL)
                last = last->next;
            if (last == NULL || last->at.line != 0 || d->at.line == 0 || strchr(d->message, '\n') != NULL
                || d->message[strlen(d->message) - 1] == '.')
                fail_msg("%s: %s", code_table[d->code].name, d->message);
        }
    }
}

static void a_story_is_longer_than_its_title(void **state)
{
    (void)state;
    for (const struct code_info *c = code_table; c->name != NULL; c++)
        if (atoi(c->name + 1) >= 340 && atoi(c->name + 1) < 640 && strlen(c->story) < 2 * strlen(c->title))
            fail_msg("%s has no story", c->name);
}

/* ---- secrets ---------------------------------------------------------------------------------------------- */

static void no_rendering_repeats_a_secret(void **state)
{
    struct world *w = *state;
    static const char *const leaks[] = {
        "kafka: {version: 4.3.1, config: {ssl.key.password: CANARY, num.partition: 3}}",
        "kafka: {version: 4.3.1, config: {listener.name.internal.ssl.keystore.password: CANARY}}",
        "kafka: {version: 4.3.1, config: {my.plugin.password: CANARY}}",
        "kafka: {version: 4.3.1, config: {sasl.jaas.config: 'x.Y required username=\"a\" password=\"CANARY\";'}}",
        "brokers: {env: [{name: DB_PASSWORD, value: CANARY}, {name: POD_NAME, value: x}]}",
        "kafka: {version: 4.3.1, config: {delegation.token.secret.key: CANARY}}",
    };
    for (size_t i = 0; i < sizeof leaks / sizeof leaks[0]; i++) {
        check_text(w, whole(leaks[i]), "description");
        assert_int_equal(count(w, E_SECRET) + count(w, E_ENV_SECRET), 1);
        assert_null(strstr(all_text(w, false), "CANARY"));
        assert_null(strstr(all_text(w, true), "CANARY"));
    }
}

static void a_certificate_is_no_secret(void **state)
{
    check_text(*state, whole("kafka: {version: 4.3.1, config: {ssl.truststore.certificates: x}}"), "description");
    assert_int_equal(count(*state, E_SECRET), 0);
}

/* ---- layers ----------------------------------------------------------------------------------------------- */

static void what_a_preset_wrote_without_effect_is_no_finding(void **state)
{
    const char *text = whole("zookeeper: {count: 3}\nmonitoring: {exporter: 'example.com/jmx:1'}");
    check_text(*state, text, "preset");
    assert_int_equal(world.cx.diag_count, 0);
    check_text(*state, text, "description");
    assert_int_equal(world.cx.diag_count, 2);
}

/* ---- limits ----------------------------------------------------------------------------------------------- */

static const char *repeated(struct arena *a, const char *before, const char *item, int n, const char *after)
{
    struct text t = { .a = a };
    text_add(&t, before);
    for (int i = 0; i < n; i++)
        text_f(&t, item, i, 2000 + i);
    text_add(&t, after);
    return text_str(&t);
}

static void lists_beyond_any_cluster_are_refused(void **state)
{
    struct arena own = { .out = world.arena.out };
    const char *head = "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\nlisteners:\n";
    check_text(*state, repeated(&own, head, "  - {name: l%d, port: %d}\n", 101, ""), "description");
    assert_int_equal(count(*state, E_TOO_MANY), 1);
    check_text(*state, repeated(&own, head, "  - {name: l%d, port: %d}\n", 100, ""), "description");
    assert_int_equal(count(*state, E_TOO_MANY), 0);
    arena_free(&own);
}

static void maps_of_settings_end_at_two_thousand_entries(void **state)
{
    struct world *w = *state;
    struct arena own = { .out = world.arena.out };
    for (int n = 2000; n <= 2001; n++) {
        struct description d = { 0 };
        fixture_again(w);
        const struct val root = fixture_read(w, "description", repeated(&own, whole("logging:\n  loggers:"), "    a.l%d: INFO\n", n, ""));
        assert_int_equal(load_description(&w->cx, &root, &d), n == 2000);
        assert_int_equal(count(w, E_TOO_MANY), n - 2000);
    }
    arena_free(&own);
}

static void annotations_end_at_256_kib(void **state)
{
    struct arena own = { .out = world.arena.out };
    const char *head = "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\nannotations:\n";
    check_text(*state, repeated(&own, head, "  k%05d: \"%0250d\"\n", 1024, ""), "description");
    assert_int_equal(count(*state, E_ANNOTATIONS), 0);
    check_text(*state, repeated(&own, head, "  k%05d: \"%0250d\"\n", 1025, ""), "description");
    assert_int_equal(count(*state, E_ANNOTATIONS), 1);
    arena_free(&own);
}

/* ---- figures ---------------------------------------------------------------------------------------------- */

static void zones_have_blocks_of_ids(void **state)
{
    const char *zones = "kubernetes: '1.34'\nbrokers: {count: 6, zones: [a, b, c], idsPerZone: 10}\n";
    char text[512];
    snprintf(text, sizeof text, "%spools: [{name: archive, count: 1, firstId: 21, zones: [a]}]", zones);
    check_text(*state, whole(text), "description");
    assert_int_equal(count(*state, E_ID_TWICE), 1);
    snprintf(text, sizeof text, "%spools: [{name: archive, count: 1, firstId: 22, zones: [a]}]", zones);
    check_text(*state, whole(text), "description");
    assert_int_equal(count(*state, E_ID_TWICE), 0);
}

static void controllers_and_brokers_share_one_space_of_ids(void **state)
{
    check_text(*state, whole("controllers: {count: 3, firstId: 2}"), "description");
    assert_int_equal(count(*state, E_ID_TWICE), 1);
    check_text(*state, whole("kafka: {version: 3.9.2, metadata: zookeeper}\nzookeeper: {count: 3, firstId: 2}"), "description");
    assert_int_equal(count(*state, E_ID_TWICE), 0);
}

static void one_cause_is_one_finding(void **state)
{
    check_text(*state, whole("brokers: {count: 9}\nlisteners: [{name: out, port: 9094, expose: loadbalancer, "
                             "host: kafka.example.com, sourceRanges: [10.0.0.0/8]}]"), "description");
    assert_int_equal(world.cx.diag_count, 1);
}

static void node_ports_may_share_a_host(void **state)
{
    check_text(*state, whole("listeners: [{name: out, port: 9094, expose: nodeport, host: kafka.example.com, "
                             "nodePortBase: 32000, bootstrap: kafka.example.com}]"), "description");
    assert_int_equal(world.cx.diag_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_rule_refuses_what_it_is_for),
        FIXTURE_TEST(each_rule_lets_pass_what_stands_next_to_it),
        FIXTURE_TEST(every_code_of_the_stage_has_a_rule_and_a_row),
        FIXTURE_TEST(every_finding_says_what_to_do_and_where),
        FIXTURE_TEST(a_story_is_longer_than_its_title),
        FIXTURE_TEST(no_rendering_repeats_a_secret),
        FIXTURE_TEST(a_certificate_is_no_secret),
        FIXTURE_TEST(what_a_preset_wrote_without_effect_is_no_finding),
        FIXTURE_TEST(lists_beyond_any_cluster_are_refused),
        FIXTURE_TEST(maps_of_settings_end_at_two_thousand_entries),
        FIXTURE_TEST(annotations_end_at_256_kib),
        FIXTURE_TEST(zones_have_blocks_of_ids),
        FIXTURE_TEST(controllers_and_brokers_share_one_space_of_ids),
        FIXTURE_TEST(one_cause_is_one_finding),
        FIXTURE_TEST(node_ports_may_share_a_host),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
