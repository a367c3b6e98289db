/* Name suffixes of ConfigMaps: Kustomize's own digits for the same data (`make outputs` asks Kustomize about whole clusters). */
#include "fixture.h"

#include "pack/pack.h"

static const char *hash_of(struct arena *a, struct val data)
{
    const struct val map = MAP(a, { "apiVersion", t_str("v1") }, { "kind", t_str("ConfigMap") }, { "metadata", MAP(a, { "name", t_str("x") }) },
                                  { "data", data });
    return pack_hash(a, &map);
}

static void the_digits_are_those_of_kustomize(void **state)
{
    struct arena *a = *state;
    assert_string_equal(hash_of(a, MAP(a, { "x", t_str("<a&b>") })), "t87khbg59f");
    assert_string_equal(hash_of(a, t_none()), "6ct58987ht");
    assert_string_equal(hash_of(a, MAP(a, { "y", t_str(" z") }, { "x", t_str("\xC3\xA9") })), "dft296dh57");
}

static void the_order_of_keys_and_the_name_do_not_count(void **state)
{
    struct arena *a = *state;
    assert_string_equal(hash_of(a, MAP(a, { "x", t_str("1") }, { "y", t_str("2") })), hash_of(a, MAP(a, { "y", t_str("2") }, { "x", t_str("1") })));
    assert_string_not_equal(hash_of(a, MAP(a, { "x", t_str("1") })), hash_of(a, MAP(a, { "x", t_str("2") })));
}

static struct val pod_with(struct arena *a, const char *name)
{
    return MAP(a, { "kind", t_str("Pod") },
                  { "spec", MAP(a, { "volumes", SEQ(a, MAP(a, { "name", t_str("config") }, { "configMap", MAP(a, { "name", t_str(name) }, { "optional", t_bool(false) }) })) },
                                   { "env", SEQ(a, MAP(a, { "valueFrom", MAP(a, { "configMapKeyRef", MAP(a, { "name", t_str(name) }, { "key", t_str("k") }) }) })) },
                                   { "sources", SEQ(a, t_str(name), MAP(a, { "secret", MAP(a, { "name", t_str(name) }) })) }) });
}

static void names_change_where_pods_refer_to_them_and_nowhere_else(void **state)
{
    struct arena *a = *state;
    const struct val map = MAP(a, { "apiVersion", t_str("v1") }, { "kind", t_str("ConfigMap") }, { "metadata", MAP(a, { "name", t_str("m") }, { "namespace", t_str("n") }) },
                                  { "data", MAP(a, { "x", t_str("m") }) });
    const struct val hashed = pack_hashed(a, &(const struct val){ .kind = V_SEQ, .len = 3, .seq = (const struct val[]){ pod_with(a, "m"), map, pod_with(a, "other") } });
    const char *name = tree_str(tree_get(&hashed.seq[1], "metadata"), "name");
    assert_string_equal(name, str_join(a, "m-", pack_hash(a, &map), NULL));
    assert_string_equal(tree_str(tree_get(&hashed.seq[1], "data"), "x"), "m");
    const struct val pod = pod_with(a, name), sources = SEQ(a, t_str("m"), MAP(a, { "secret", MAP(a, { "name", t_str("m") }) }));
    assert_true(tree_same(tree_at(&hashed.seq[0], "spec", "volumes", NULL), tree_at(&pod, "spec", "volumes", NULL)));
    assert_true(tree_same(tree_at(&hashed.seq[0], "spec", "env", NULL), tree_at(&pod, "spec", "env", NULL)));
    assert_true(tree_same(tree_at(&hashed.seq[0], "spec", "sources", NULL), &sources));
    const struct val other = pod_with(a, "other");
    assert_true(tree_same(&hashed.seq[2], &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_digits_are_those_of_kustomize),
        FIXTURE_TEST(the_order_of_keys_and_the_name_do_not_count),
        FIXTURE_TEST(names_change_where_pods_refer_to_them_and_nowhere_else),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
