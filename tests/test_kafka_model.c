/* test_kafka_model.c: what the tables say about Kafka, and the verdicts on values. Counts and facts are those of the jars. */
#include "base/text.h"
#include "model/kafka.h"
#include "model/kafka_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena memory;
static jmp_buf      no_memory;

static int set_up(void **state)
{
    if (setjmp(no_memory) != 0)
        abort();
    memory.out = &no_memory;
    *state = &memory;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static bool takes(const struct kafka_key *k, const char *value)
{
    return kafka_value_wanted(&memory, k, value) == NULL;
}

static bool broker_takes(const char *key, int line, const char *value)
{
    const struct kafka_key *k = kafka_broker_key(key, line);
    assert_non_null(k);
    return takes(k, value);
}

static unsigned keys_of(const struct kafka_table *t, int line)
{
    unsigned n = 0;
    for (const struct kafka_key *k = t->rows; k->name != NULL; k++)
        n += k->since <= line && line <= k->last;
    return n;
}

static void a_line_has_as_many_keys_as_its_jar(void **state)
{
    (void)state;
    assert_int_equal(keys_of(&kafka_broker_table, KAFKA(2, 8)), 233 + 1); /* and config.providers */
    assert_int_equal(keys_of(&kafka_broker_table, KAFKA(3, 9)), 329 + 1);
    assert_int_equal(keys_of(&kafka_broker_table, KAFKA(4, 3)), 360);
    assert_int_equal(keys_of(&kafka_topic_table, KAFKA(2, 8)), 26);
    assert_int_equal(keys_of(&kafka_topic_table, KAFKA(3, 9)), 36);
    assert_int_equal(keys_of(&kafka_topic_table, KAFKA(4, 3)), 34);
}

static void every_row_is_found_by_name_and_line(void **state)
{
    (void)state;
    for (const struct kafka_key *k = kafka_broker_table.rows; k->name != NULL; k++) {
        assert_ptr_equal(kafka_broker_key(k->name, k->since), k);
        assert_ptr_equal(kafka_broker_key(k->name, k->last), k);
        assert_string_equal(kafka_any_broker_key(k->name)->name, k->name);
    }
    for (const struct kafka_key *k = kafka_topic_table.rows; k->name != NULL; k++)
        assert_ptr_equal(kafka_topic_key(k->name, k->last), k);
}

static void a_key_that_is_none_is_not_found(void **state)
{
    (void)state;
    assert_null(kafka_broker_key("", KAFKA_NEWEST));
    assert_null(kafka_broker_key("num.partition", KAFKA_NEWEST));
    assert_null(kafka_broker_key("num.partitionsx", KAFKA_NEWEST));
    assert_null(kafka_broker_key("num.partitions", KAFKA_OLDEST - 1));
    assert_null(kafka_broker_key("num.partitions", KAFKA_NEWEST + 1));
    assert_null(kafka_topic_key("num.partitions", KAFKA_NEWEST));
    assert_null(kafka_any_broker_key("nothing.of.the.kind"));
}

static void zookeeper_keys_end_with_3_9(void **state)
{
    (void)state;
    assert_non_null(kafka_broker_key("zookeeper.connect", KAFKA(3, 9)));
    assert_null(kafka_broker_key("zookeeper.connect", KAFKA(4, 0)));
    assert_int_equal(kafka_any_broker_key("zookeeper.connect")->last, KAFKA(3, 9));
    assert_int_equal(kafka_newest_row(kafka_any_broker_key("inter.broker.protocol.version"))->last, KAFKA(3, 9));
}

static void keys_come_and_go_with_their_line(void **state)
{
    (void)state;
    assert_null(kafka_broker_key("controller.quorum.bootstrap.servers", KAFKA(3, 7)));
    assert_true(kafka_broker_key("controller.quorum.bootstrap.servers", KAFKA(3, 8))->internal);
    assert_false(kafka_broker_key("controller.quorum.bootstrap.servers", KAFKA(3, 9))->internal);
    assert_null(kafka_broker_key("cordoned.log.dirs", KAFKA(4, 2)));
    assert_non_null(kafka_broker_key("cordoned.log.dirs", KAFKA(4, 3)));
    assert_non_null(kafka_broker_key("port", KAFKA(2, 8)));
    assert_null(kafka_broker_key("port", KAFKA(3, 0)));
    assert_non_null(kafka_topic_key("message.format.version", KAFKA(3, 9)));
    assert_null(kafka_topic_key("message.format.version", KAFKA(4, 0)));
    assert_null(kafka_topic_key("message.timestamp.difference.max.ms", KAFKA(4, 0)));
}

static void a_key_that_changed_has_a_row_for_each_span(void **state)
{
    (void)state;
    assert_int_equal(kafka_broker_key("log.dirs", KAFKA(4, 1))->type, KT_STRING);
    assert_int_equal(kafka_broker_key("log.dirs", KAFKA(4, 2))->type, KT_LIST);
    assert_true(kafka_topic_key("segment.bytes", KAFKA(4, 0))->min == 14);
    assert_true(kafka_topic_key("segment.bytes", KAFKA(4, 1))->min == 1048576);
    assert_string_equal(kafka_broker_key("inter.broker.protocol.version", KAFKA(3, 9))->def, "3.9-IV0");
}

static void flags_scopes_and_defaults_are_those_of_kafka(void **state)
{
    (void)state;
    assert_true(kafka_broker_key("log.cleaner.enable", KAFKA(4, 2))->deprecated);
    assert_false(kafka_broker_key("log.cleaner.enable", KAFKA(3, 9))->deprecated);
    assert_true(kafka_broker_key("node.id", KAFKA(4, 0))->required);
    assert_int_equal(kafka_broker_key("num.io.threads", KAFKA(3, 9))->scope, KS_CLUSTER_WIDE);
    assert_int_equal(kafka_broker_key("ssl.keystore.location", KAFKA(3, 9))->scope, KS_PER_BROKER);
    assert_int_equal(kafka_broker_key("log.dirs", KAFKA(3, 9))->scope, KS_READ_ONLY);
    assert_string_equal(kafka_broker_key("log.flush.interval.messages", KAFKA(3, 9))->def, "9223372036854775807");
    assert_string_equal(kafka_broker_key("authorizer.class.name", KAFKA(3, 9))->def, "");
    assert_null(kafka_broker_key("broker.rack", KAFKA(3, 9))->def);
}

/* Kafka validates its defaults; those that are null it does not. */
static void every_default_is_a_value_its_row_takes(void **state)
{
    (void)state;
    const struct kafka_key *const tables[] = { kafka_broker_table.rows, kafka_topic_table.rows };
    for (size_t t = 0; t < 2; t++)
        for (const struct kafka_key *k = tables[t]; k->name != NULL; k++)
            if (k->def != NULL && !takes(k, k->def))
                fail_msg("%s of %d does not take its default '%s'", k->name, k->since, k->def);
}

static void check_bound(const struct kafka_key *k, double bound, int outward)
{
    const int64_t edge = (int64_t)bound;
    if (!takes(k, str_int(&memory, edge)) || !takes(k, str_int(&memory, edge - outward)))
        fail_msg("%s of %d refuses its own bound", k->name, k->since);
    const char *beyond = str_int(&memory, edge + outward);
    if (takes(k, beyond) && (k->also == NULL || !str_eq(k->also, beyond)))
        fail_msg("%s of %d takes %s", k->name, k->since, beyond);
}

static void every_bound_is_the_last_number_taken(void **state)
{
    static const double lowest[]  = { [KT_INT] = INT32_MIN, [KT_SHORT] = INT16_MIN };
    static const double highest[] = { [KT_INT] = INT32_MAX, [KT_SHORT] = INT16_MAX };
    unsigned            bounds    = 0;
    (void)state;
    for (const struct kafka_key *k = kafka_broker_table.rows; k->name != NULL; k++) {
        const bool small = k->type == KT_INT || k->type == KT_SHORT;
        if (small || (k->type == KT_LONG && k->has_min)) {
            check_bound(k, k->has_min ? k->min : lowest[k->type], -1);
            bounds++;
        }
        if (small || (k->type == KT_LONG && k->has_max)) {
            check_bound(k, k->has_max ? k->max : highest[k->type], 1);
            bounds++;
        }
    }
    assert_in_range(bounds, 400, 2000);
}

static void a_long_is_exact_to_its_last_digit(void **state)
{
    (void)state;
    assert_true(broker_takes("log.retention.bytes", KAFKA(3, 9), "9223372036854775807"));
    assert_false(broker_takes("log.retention.bytes", KAFKA(3, 9), "9223372036854775808"));
    assert_true(broker_takes("log.retention.bytes", KAFKA(3, 9), "-9223372036854775808"));
    assert_false(broker_takes("log.retention.bytes", KAFKA(3, 9), "-9223372036854775809"));
}

static void a_number_is_a_sign_and_digits(void **state)
{
    static const char *const good[] = { "1", "+1", " 12\t", "007" };
    static const char *const bad[]  = { "", "+", "-", "--1", "1.0", "1e3", "0x10", "1_000", "1 2", "3x", "0" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(broker_takes("num.partitions", KAFKA(3, 9), good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(broker_takes("num.partitions", KAFKA(3, 9), bad[i]));
}

static void numbers_outside_the_range_may_be_allowed_too(void **state)
{
    (void)state;
    assert_true(broker_takes("compression.gzip.level", KAFKA(3, 9), "-1"));
    assert_false(broker_takes("compression.gzip.level", KAFKA(3, 9), "0"));
    assert_false(broker_takes("compression.gzip.level", KAFKA(3, 9), "10"));
}

static void a_double_is_what_java_reads(void **state)
{
    static const char *const good[] = { "0.5", ".5", "1", "1.", "1e-1", "0.5d", "0.5F", "0x1p-1", "+0.25", "NaN" };
    static const char *const bad[]  = { "", ".", "1e", "inf", "nan", "0x1", "0.5dd", "1.1", "-0.1", "Infinity", "0,5" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(broker_takes("log.cleaner.min.cleanable.ratio", KAFKA(3, 9), good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(broker_takes("log.cleaner.min.cleanable.ratio", KAFKA(3, 9), bad[i]));
}

static void a_boolean_is_true_or_false_in_any_case(void **state)
{
    (void)state;
    assert_true(broker_takes("auto.create.topics.enable", KAFKA(3, 9), " TRUE "));
    assert_true(broker_takes("auto.create.topics.enable", KAFKA(3, 9), "False"));
    assert_false(broker_takes("auto.create.topics.enable", KAFKA(3, 9), "yes"));
    assert_false(broker_takes("auto.create.topics.enable", KAFKA(3, 9), ""));
}

static void an_enumeration_minds_case_only_where_kafka_does(void **state)
{
    (void)state;
    assert_true(broker_takes("compression.type", KAFKA(3, 2), "GZIP"));
    assert_false(broker_takes("compression.type", KAFKA(3, 3), "GZIP"));
    assert_true(broker_takes("compression.type", KAFKA(3, 3), " gzip"));
    assert_false(broker_takes("compression.type", KAFKA(3, 3), "gzi"));
    assert_true(broker_takes("group.consumer.migration.policy", KAFKA(4, 0), "upgrade"));
}

static void lists_may_not_repeat_items_from_4_2_on(void **state)
{
    (void)state;
    assert_true(broker_takes("log.cleanup.policy", KAFKA(3, 9), "compact , delete"));
    assert_true(broker_takes("log.cleanup.policy", KAFKA(3, 9), "compact,compact"));
    assert_false(broker_takes("log.cleanup.policy", KAFKA(3, 9), "compact,"));
    assert_false(broker_takes("log.cleanup.policy", KAFKA(4, 2), "compact,compact"));
    assert_true(broker_takes("log.cleanup.policy", KAFKA(4, 2), ""));
    assert_true(broker_takes("log.dirs", KAFKA(4, 2), "/a,/b"));
    assert_false(broker_takes("log.dirs", KAFKA(4, 2), "/b,/a,/b"));
    assert_false(broker_takes("log.dirs", KAFKA(4, 2), ""));
}

static void a_voter_is_an_id_and_an_endpoint(void **state)
{
    (void)state;
    assert_true(broker_takes("controller.quorum.voters", KAFKA(3, 9), "0@a.b-c:9093,1@[::1]:9093"));
    assert_false(broker_takes("controller.quorum.voters", KAFKA(3, 9), "0@a"));
    assert_false(broker_takes("controller.quorum.voters", KAFKA(3, 9), "a:9093"));
    assert_false(broker_takes("controller.quorum.voters", KAFKA(3, 9), "x@a:9093"));
    assert_false(broker_takes("controller.quorum.voters", KAFKA(3, 9), "0@a:65536"));
    assert_true(broker_takes("controller.quorum.bootstrap.servers", KAFKA(3, 9), "a:9093,b:9093"));
    assert_false(broker_takes("controller.quorum.bootstrap.servers", KAFKA(3, 9), "a:9093,b"));
}

static void throttled_replicas_are_pairs_or_all(void **state)
{
    (void)state;
    const struct kafka_key *k = kafka_topic_key("leader.replication.throttled.replicas", KAFKA(3, 9));
    assert_true(takes(k, "*"));
    assert_true(takes(k, "0:101,1:102"));
    assert_false(takes(k, "*,*"));
    assert_false(takes(k, "0:"));
    assert_false(takes(k, "0:1:2"));
}

static void a_class_is_named_like_one(void **state)
{
    (void)state;
    assert_true(broker_takes("principal.builder.class", KAFKA(3, 9), "com.example.Builder$Inner"));
    assert_false(broker_takes("principal.builder.class", KAFKA(3, 9), ""));
    assert_false(broker_takes("principal.builder.class", KAFKA(3, 9), "com..Builder"));
    assert_false(broker_takes("principal.builder.class", KAFKA(3, 9), "com.Builder."));
    assert_false(broker_takes("principal.builder.class", KAFKA(3, 9), "1com"));
}

static void a_broker_knows_the_protocols_up_to_its_own(void **state)
{
    (void)state;
    assert_true(broker_takes("inter.broker.protocol.version", KAFKA(3, 9), "3.8"));
    assert_true(broker_takes("inter.broker.protocol.version", KAFKA(3, 9), "3.9.1"));
    assert_true(broker_takes("inter.broker.protocol.version", KAFKA(3, 9), "0.10.0"));
    assert_false(broker_takes("inter.broker.protocol.version", KAFKA(3, 9), "0.10"));
    assert_false(broker_takes("inter.broker.protocol.version", KAFKA(3, 8), "3.9"));
    assert_false(broker_takes("inter.broker.protocol.version", KAFKA(3, 9), "3.9-IV1"));
    assert_true(kafka_protocol_known("3.3-IV3", KAFKA(4, 3)));
    assert_false(kafka_protocol_known("3.3-IV2", KAFKA(4, 3)));
    assert_false(kafka_protocol_known("4.4-IV0", KAFKA(4, 3)));
    assert_false(kafka_protocol_known("", KAFKA(4, 3)));
}

static void what_is_wanted_is_said_in_words(void **state)
{
    (void)state;
    struct arena *a = &memory;
    assert_string_equal(kafka_value_wanted(a, kafka_broker_key("num.partitions", KAFKA(3, 9)), "x"),
                        "a whole number from 1 to 2147483647");
    assert_string_equal(kafka_value_wanted(a, kafka_broker_key("compression.gzip.level", KAFKA(3, 9)), "0"),
                        "a whole number from 1 to 9, or -1");
    assert_string_equal(kafka_value_wanted(a, kafka_broker_key("ssl.client.auth", KAFKA(3, 9)), "maybe"),
                        "one of required, requested, none");
    assert_string_equal(kafka_value_wanted(a, kafka_topic_key("min.cleanable.dirty.ratio", KAFKA(3, 9)), "2"),
                        "a number from 0 to 1");
    assert_string_equal(kafka_value_wanted(a, kafka_broker_key("log.dirs", KAFKA(4, 3)), ""),
                        "a list, at least one, none empty or repeated");
}

static void every_release_resolves_to_its_line(void **state)
{
    (void)state;
    unsigned n = 0;
    for (const struct kafka_release *r = kafka_releases; r->name != NULL; r++, n++) {
        assert_ptr_equal(kafka_release(r->name), r);
        assert_true(str_starts(r->name, r->protocol));
        assert_true(kafka_protocol_known(r->protocol, r->line));
        assert_int_equal(r->metadata_version != NULL, r->line >= KAFKA(3, 3));
        assert_true(r->metadata_version == NULL || kafka_protocol_known(r->metadata_version, r->line));
    }
    assert_int_equal(n, 40);
}

static void the_newest_of_a_line_is_its_last_release(void **state)
{
    (void)state;
    assert_string_equal(kafka_newest_of(KAFKA(2, 8))->name, "2.8.2");
    assert_string_equal(kafka_newest_of(KAFKA(4, 3))->name, "4.3.1");
    assert_string_equal(kafka_newest_of(KAFKA(4, 3))->metadata_version, "4.3-IV0");
    assert_null(kafka_newest_of(KAFKA(2, 9)));
    assert_null(kafka_release("3.3.0")); /* never announced */
    assert_null(kafka_release("3.9"));
}

static void the_nearest_key_is_one_the_release_knows(void **state)
{
    (void)state;
    assert_string_equal(kafka_nearest_broker_key("num.partitons", KAFKA(3, 9)), "num.partitions");
    assert_string_equal(kafka_nearest_broker_key("zookeeper.conect", KAFKA(3, 9)), "zookeeper.connect");
    assert_null(kafka_nearest_broker_key("zookeeper.conect", KAFKA(4, 3)));
    assert_string_equal(kafka_nearest_topic_key("retention.mss", KAFKA(4, 3)), "retention.ms");
    assert_null(kafka_nearest_broker_key("something.else.entirely", KAFKA(4, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_as_many_keys_as_its_jar),
        cmocka_unit_test(every_row_is_found_by_name_and_line),
        cmocka_unit_test(a_key_that_is_none_is_not_found),
        cmocka_unit_test(zookeeper_keys_end_with_3_9),
        cmocka_unit_test(keys_come_and_go_with_their_line),
        cmocka_unit_test(a_key_that_changed_has_a_row_for_each_span),
        cmocka_unit_test(flags_scopes_and_defaults_are_those_of_kafka),
        cmocka_unit_test(every_default_is_a_value_its_row_takes),
        cmocka_unit_test(every_bound_is_the_last_number_taken),
        cmocka_unit_test(a_long_is_exact_to_its_last_digit),
        cmocka_unit_test(a_number_is_a_sign_and_digits),
        cmocka_unit_test(numbers_outside_the_range_may_be_allowed_too),
        cmocka_unit_test(a_double_is_what_java_reads),
        cmocka_unit_test(a_boolean_is_true_or_false_in_any_case),
        cmocka_unit_test(an_enumeration_minds_case_only_where_kafka_does),
        cmocka_unit_test(lists_may_not_repeat_items_from_4_2_on),
        cmocka_unit_test(a_voter_is_an_id_and_an_endpoint),
        cmocka_unit_test(throttled_replicas_are_pairs_or_all),
        cmocka_unit_test(a_class_is_named_like_one),
        cmocka_unit_test(a_broker_knows_the_protocols_up_to_its_own),
        cmocka_unit_test(what_is_wanted_is_said_in_words),
        cmocka_unit_test(every_release_resolves_to_its_line),
        cmocka_unit_test(the_newest_of_a_line_is_its_last_release),
        cmocka_unit_test(the_nearest_key_is_one_the_release_knows),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
