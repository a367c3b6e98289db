/* Scalars of a description: each accepted text with its value, each refused one with the whole reason. */
#include "cluster/value.h"
#include "fixture.h"

typedef const char *convert(struct arena *a, const char *s, int64_t *out);

struct row {
    convert    *with;
    const char *text;
    int64_t     value;
    const char *refused; /* NULL: accepted */
};

#define Ki ((int64_t)1024)

static const struct row rows[] = {
    { value_int, "0", 0, NULL },
    { value_int, "-7", -7, NULL },
    { value_int, "9223372036854775807", INT64_MAX, NULL },
    { value_int, "9223372036854775808", 0, "too large" },
    { value_int, "3x", 0, "must be a whole number: 'x' cannot follow the digits" },
    { value_int, "010", 0, "a leading zero; write the number without it" },
    { value_int, "0x10", 0, "must be a whole number: 'x10' cannot follow the digits" },
    { value_int, "+5", 0, "must be a whole number, digits only" },
    { value_int, "5_0", 0, "must be a whole number: '_0' cannot follow the digits" },
    { value_int, "1e3", 0, "must be a whole number: 'e3' cannot follow the digits" },
    { value_int, " 5", 0, "must be a whole number, digits only" },
    { value_int, "", 0, "must be a whole number, digits only" },
    { value_bytes, "500Gi", 500 * Ki * Ki * Ki, NULL },
    { value_bytes, "1.5Gi", 3 * Ki * Ki * Ki / 2, NULL },
    { value_bytes, "10G", 10000000000, NULL },
    { value_bytes, "1048576", 1048576, NULL },
    { value_bytes, "0.3", 0, "must be a whole number of bytes below 8Ei" },
    { value_bytes, "100000000000Ti", 0, "must be a whole number of bytes below 8Ei" },
    { value_bytes, "5GB", 0, "the unit 'GB' is written 'Gi' or 'G'" },
    { value_bytes, "5gi", 0, "the unit 'gi' is written 'Gi'" },
    { value_bytes, "5m", 0, "'m' means thousandths, here of a byte; write 'Mi' or 'M' for megabytes" },
    { value_bytes, "5Xi", 0, "unknown unit 'Xi'; use Ki, Mi, Gi, Ti or k, M, G, T" },
    { value_bytes, "-1Gi", 0, "must be a size such as 500Gi" },
    { value_bytes, "Gi", 0, "must be a size such as 500Gi" },
    { value_cpu, "2", 2000, NULL },
    { value_cpu, "0.5", 500, NULL },
    { value_cpu, "250m", 250, NULL },
    { value_cpu, "0.0001", 0, "finer than a thousandth of a processor, or too large" },
    { value_cpu, "0.5m", 0, "finer than a thousandth of a processor, or too large" },
    { value_cpu, "2 cores", 0, "must be processors such as 2, 0.5 or 500m" },
    { value_duration, "500ms", 500, NULL },
    { value_duration, "7d", 604800000, NULL },
    { value_duration, "1h30m", 5400000, NULL },
    { value_duration, "30", 0, "needs a unit: '30ms', '30s', '30m', '30h' or '30d'" },
    { value_duration, "30sec", 0, "unknown unit 'sec'; use ms, s, m, h or d" },
    { value_duration, "7D", 0, "unknown unit 'D'; use ms, s, m, h or d" },
    { value_duration, "99999999999999d", 0, "too long" },
    { value_duration, "", 0, "must be a duration such as 500ms, 30s, 5m, 12h or 7d" },
    { value_rate, "10Mi/s", 10485760, NULL },
    { value_rate, "1500/s", 1500, NULL },
    { value_rate, "10Mi", 0, "must be bytes a second; write '10Mi/s'" },
    { value_rate, "10Mi/min", 0, "must be bytes a second such as 10Mi/s" },
    { value_rate, "10MB/s", 0, "the unit 'MB' is written 'Mi' or 'M'" },
    { value_minor, "1.34", 34, NULL },
    { value_minor, "v1.34.2", 34, NULL },
    { value_minor, "1.31.2+vendor.1", 31, NULL },
    { value_minor, "1.30", 30, NULL },
    { value_minor, "2.1", 0, "must be a Kubernetes version such as \"1.34\"" },
    { value_minor, "1.34x", 0, "'x' cannot follow a Kubernetes version" },
};

static void each_row_converts_or_says_why(void **state)
{
    struct arena *a = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t n = 0;
        const char *bad = rows[i].with(a, rows[i].text, &n);
        if (rows[i].refused == NULL) {
            assert_null(bad);
            assert_true(n == rows[i].value);
        } else {
            assert_non_null(bad);
            assert_string_equal(bad, rows[i].refused);
        }
    }
}

static void what_is_shown_reads_back(void **state)
{
    static const int64_t sizes[] = { 1, 1000, 1024, 1536 * 1024, (int64_t)500 << 30, (int64_t)3 << 40 };
    static const enum field_kind kinds[] = { F_INT, F_BYTES, F_CPU, F_MS, F_RATE, F_MINOR };
    struct arena *a = *state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            const int64_t stored = kinds[k] == F_CPU || kinds[k] == F_MINOR ? sizes[i] % 1000 : sizes[i];
            int64_t n = -1;
            assert_null(value_number(a, kinds[k], value_show(a, kinds[k], stored), &n));
            assert_true(n == stored);
        }
}

static void booleans_are_true_and_false_alone(void **state)
{
    bool b;
    (void)state;
    assert_null(value_bool("true", true, &b));
    assert_true(b);
    assert_null(value_bool("false", true, &b));
    assert_false(b);
    assert_string_equal(value_bool("yes", true, &b), "must be true or false; write true");
    assert_string_equal(value_bool("Off", true, &b), "must be true or false; write false");
    assert_string_equal(value_bool("true", false, &b), "a text in quotes; write it without them");
    assert_string_equal(value_bool("maybe", true, &b), "must be true or false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_row_converts_or_says_why),
        FIXTURE_TEST(what_is_shown_reads_back),
        FIXTURE_TEST(booleans_are_true_and_false_alone),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
