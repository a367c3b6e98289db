/* Text, trees and the arena they live in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena memory;

static int fresh(void **state)
{
    (void)state;
    arena_reset(&memory);
    return 0;
}

/* ---- arena -------------------------------------------------------------------------------------------- */

static void blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    char *last = NULL;
    for (size_t size = 0; size < 300; size++) {
        char *p = arena_alloc(&memory, size);
        assert_int_equal((uintptr_t)p % 8, 0);
        memset(p, (int)size, size);
        if (last != NULL && size > 1)
            assert_int_equal((unsigned char)last[size - 2], (unsigned char)(size - 1));
        last = p;
    }
}

static void the_newest_block_grows_in_place(void **state)
{
    (void)state;
    char *p = arena_alloc(&memory, 10);
    memcpy(p, "123456789", 10);
    assert_ptr_equal(arena_grow(&memory, p, 10, 10, 1000), p);
    arena_alloc(&memory, 1);
    char *q = arena_grow(&memory, p, 1000, 10, 2000);
    assert_ptr_not_equal(q, p);
    assert_string_equal(q, "123456789");
}

static void a_large_block_gets_a_chunk_of_its_own(void **state)
{
    (void)state;
    char *p = arena_zalloc(&memory, 10 << 20);
    assert_int_equal(p[0] | p[(10 << 20) - 1], 0);
    arena_reset(&memory);
    assert_true(memory.held < 1 << 20);
}

static bool survives(struct arena *a, size_t size)
{
    jmp_buf out;
    a->out = &out;
    if (setjmp(out) != 0)
        return false;
    arena_alloc(a, size);
    return true;
}

static void out_of_memory_goes_to_the_handler(void **state)
{
    (void)state;
    struct arena a = { .limit = 1 << 20 };
    assert_true(survives(&a, 1000));
    assert_false(survives(&a, 1 << 20));
    assert_false(survives(&a, SIZE_MAX));
    assert_false(survives(&a, SIZE_MAX / 2));
    assert_true(survives(&a, 1000)); /* and it is still of use */
    arena_free(&a);
    assert_int_equal(a.held, 0);
    mem_fail_at(1, 0);
    assert_false(survives(&a, 1));
    assert_true(survives(&a, 1));
    mem_fail_at(2, 1);
    arena_free(&a);
    assert_true(survives(&a, 1));
    assert_false(survives(&a, 1 << 19));
    assert_false(survives(&a, 1 << 19));
    mem_fail_at(0, 0);
    arena_free(&a);
}

/* ---- text --------------------------------------------------------------------------------------------- */

static void integers_are_written_like_printf(void **state)
{
    (void)state;
    static const int64_t numbers[] = { 0, 1, -1, 9, 10, 99, 100, 4294967296, INT64_MAX, INT64_MIN, -9007199254740993 };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char wanted[30];
        snprintf(wanted, sizeof wanted, "%" PRId64, numbers[i]);
        assert_string_equal(str_int(&memory, numbers[i]), wanted);
    }
}

static void text_grows_and_keeps_all(void **state)
{
    (void)state;
    struct text t = { .a = &memory };
    assert_string_equal(text_str(&t), "");
    for (int i = 0; i < 10000; i++) {
        text_int(&t, i % 10);
        if (i % 1000 == 0)
            arena_alloc(&memory, 1); /* so that it has to move */
    }
    text_join(&t, "a", "", "b", NULL);
    text_f(&t, "%s-%d", "c", 7);
    text_bytes(&t, "x\0y", 3);
    assert_int_equal(t.len, 10008 + 0);
    assert_memory_equal(text_str(&t) + 9998, "89abc-7x\0y", 11);
}

static void strings_are_compared_and_replaced(void **state)
{
    (void)state;
    assert_true(str_eq(NULL, NULL) && str_eq("a", "a"));
    assert_false(str_eq(NULL, "") || str_eq("", NULL) || str_eq("a", "b"));
    assert_true(str_starts("abc", "ab") && str_starts("a", "") && !str_starts("a", "ab"));
    assert_true(str_ends("abc", "bc") && str_ends("a", "") && !str_ends("c", "bc"));
    assert_string_equal(str_replace(&memory, "b{id}.x{id}", "{id}", "0"), "b0.x0");
    assert_string_equal(str_replace(&memory, "{id}", "{id}", ""), "");
    const char *same = "none";
    assert_ptr_equal(str_replace(&memory, same, "{id}", "0"), same);
    assert_string_equal(str_join(&memory, "a", "b", "c", NULL), "abc");
}

static void characters_are_read_strictly(void **state)
{
    (void)state;
    static const struct { const char *bytes; size_t len; uint32_t point; } cases[] = {
        { "a", 1, 'a' }, { "\0", 1, 0 }, { "\x7f", 1, 0x7f }, { "\xc2\x80", 2, 0x80 }, { "\xdf\xbf", 2, 0x7ff },
        { "\xe0\xa0\x80", 3, 0x800 }, { "\xed\x9f\xbf", 3, 0xd7ff }, { "\xee\x80\x80", 3, 0xe000 }, { "\xef\xbf\xbf", 3, 0xffff },
        { "\xf0\x90\x80\x80", 4, 0x10000 }, { "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
    };
    static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xf0\x9f\x90" };
    uint32_t point = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(str_point(cases[i].bytes, cases[i].len, &point), cases[i].len);
        assert_int_equal(point, cases[i].point);
        if (cases[i].len > 1)
            assert_int_equal(str_point(cases[i].bytes, cases[i].len - 1, &point), 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(str_point(bad[i], strlen(bad[i]), &point), 0);
    assert_int_equal(str_point("a", 0, &point), 0);
}

static void distance_counts_typing_errors(void **state)
{
    (void)state;
    static const struct { const char *a, *b; unsigned distance; } cases[] = {
        { "", "", 0 }, { "a", "", 1 }, { "", "abc", 3 }, { "count", "count", 0 }, { "cuont", "count", 1 }, { "conut", "count", 1 },
        { "coun", "count", 1 }, { "xcount", "count", 1 }, { "kitten", "sitting", 3 }, { "ab", "ba", 1 }, { "abc", "cab", 2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(str_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(str_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
    char a[200], b[200];
    memset(a, 'a', 199);
    memset(b, 'b', 199);
    a[199] = b[199] = '\0';
    assert_int_equal(str_distance(a, b), 64);
}

static const char *word(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static void only_what_is_close_is_suggested(void **state)
{
    (void)state;
    static const char *const words[] = { "count", "zones", "storage", "replicas", "id", NULL };
    assert_string_equal(str_nearest("cuont", word, words), "count");
    assert_string_equal(str_nearest("repliacs", word, words), "replicas");
    assert_string_equal(str_nearest("Storage", word, words), "storage");
    assert_null(str_nearest("x", word, words));
    assert_null(str_nearest("", word, words));
    assert_null(str_nearest("partitions", word, words));
    assert_null(str_nearest("xy", word, words));
}

static const char *random_word(uint32_t *seed, char out[16])
{
    const unsigned len = *seed % 13;
    for (unsigned i = 0; i < len; i++) {
        *seed = *seed * 1664525 + 1013904223;
        out[i] = (char)('a' + (*seed >> 16) % 3);
    }
    out[len] = '\0';
    *seed = (*seed * 1664525 + 1013904223) >> 3;
    return out;
}

/* As str_nearest() says it: nearer than a third of the letters, at most 4, and nearer than writing it anew. */
static const char *nearest_of_all(const char *s, const char *const *words)
{
    const char *best = NULL;
    unsigned below = (unsigned)(strlen(s) + 2) / 3 + 1 < 5 ? (unsigned)(strlen(s) + 2) / 3 + 1 : 5;
    for (; *words != NULL; words++)
        if (str_distance(s, *words) < below && str_distance(s, *words) < strlen(*words)) {
            best  = *words;
            below = str_distance(s, *words);
        }
    return best;
}

static void what_is_too_far_is_left_out_early_and_changes_no_answer(void **state)
{
    (void)state;
    uint32_t seed = 7, found = 0;
    for (int round = 0; round < 2000; round++) {
        char s[16], text[20][16];
        const char *words[21] = { NULL };
        random_word(&seed, s);
        for (int i = 0; i < 20; i++)
            words[i] = random_word(&seed, text[i]);
        assert_ptr_equal(str_nearest(s, word, words), nearest_of_all(s, words));
        found += str_nearest(s, word, words) != NULL;
    }
    assert_in_range(found, 200, 1900);
}

/* ---- tree --------------------------------------------------------------------------------------------- */

static void a_map_of_nothing_is_nothing(void **state)
{
    (void)state;
    struct arena *a = &memory;
    assert_int_equal(MAP(a, { "spec", MAP(a, { "class", t_str(NULL) }) }).kind, V_NONE);
    assert_int_equal(SEQ(a, t_none(), MAP(a, { "x", t_none() })).kind, V_NONE);
    assert_int_equal(t_empty_map().kind, V_MAP);
    assert_int_equal(MAP(a, { "x", t_empty_seq() }).len, 1);
}

static void maps_keep_the_order_written(void **state)
{
    (void)state;
    struct arena *a = &memory;
    const struct val v = MAP(a, { "b", t_int(1) }, { "none", t_none() }, { "a", t_bool(true) }, { "c", SEQ(a, t_str("x"), t_none(), t_null()) });
    assert_int_equal(v.len, 3);
    assert_string_equal(v.map[0].key, "b");
    assert_string_equal(v.map[1].key, "a");
    assert_int_equal(tree_get(&v, "c")->len, 2);
    assert_null(tree_get(&v, "none"));
    assert_null(tree_get(NULL, "b"));
    assert_null(tree_get(tree_get(&v, "b"), "x"));
    assert_null(tree_str(&v, "b"));
    const struct val sorted = tree_sorted(a, v);
    assert_string_equal(sorted.map[0].key, "a");
    assert_string_equal(v.map[0].key, "b");
}

static void paths_lead_through_maps(void **state)
{
    (void)state;
    struct arena *a = &memory;
    const struct val v = MAP(a, { "x", MAP(a, { "y", MAP(a, { "z", t_str("deep") }) }) });
    assert_string_equal(tree_at(&v, "x", "y", "z", NULL)->s, "deep");
    assert_null(tree_at(&v, "x", "q", "z", NULL));
    assert_ptr_equal(tree_at(&v, NULL), &v);
}

static void equal_means_kind_text_and_order(void **state)
{
    (void)state;
    struct arena *a = &memory;
    const struct val x = MAP(a, { "a", t_int(1) }, { "b", SEQ(a, t_str("s"), t_null()) });
    const struct val y = MAP(a, { "a", t_int(1) }, { "b", SEQ(a, t_str("s"), t_null()) });
    const struct val turned = MAP(a, { "b", SEQ(a, t_str("s"), t_null()) }, { "a", t_int(1) });
    const struct val other = MAP(a, { "a", t_int(2) }, { "b", SEQ(a, t_str("s"), t_null()) });
    assert_true(tree_same(&x, &y));
    assert_false(tree_same(&x, &turned) || tree_same(&x, &other));
    const struct val one = t_int(1), text = t_str("1"), yes = t_bool(true), longer = t_strn("1\0", 2);
    assert_false(tree_same(&one, &text) || tree_same(&one, &yes) || tree_same(&text, &longer));
}

static void lists_that_grow_keep_what_was_added(void **state)
{
    (void)state;
    struct vals  items = { .a = &memory };
    struct pairs pairs = { .a = &memory };
    assert_int_equal(vals_done(&items).kind, V_NONE);
    assert_int_equal(pairs_done(&pairs).kind, V_NONE);
    for (int i = 0; i < 100; i++) {
        vals_add(&items, t_int(i));
        vals_add(&items, t_none());
        pairs_add(&pairs, str_int(&memory, i), t_int(i));
        pairs_add(&pairs, "none", t_none());
    }
    pairs_set(&pairs, "5", t_int(-5));
    pairs_set(&pairs, "new", t_int(7));
    const struct val list = vals_done(&items), map = pairs_done(&pairs);
    assert_int_equal(list.len, 100);
    assert_int_equal(list.seq[99].i, 99);
    assert_int_equal(map.len, 101);
    assert_int_equal(tree_get(&map, "5")->i, -5);
    assert_int_equal(tree_get(&map, "99")->i, 99);
    assert_int_equal(tree_get(&map, "new")->i, 7);
}

static void keys_keep_their_places(void **state)
{
    (void)state;
    const struct pair pairs[] = { { "a", t_int(1) }, { "b", t_int(2) } };
    const struct pos  keys[]  = { { .line = 3, .col = 1 }, { .line = 4, .col = 2 } };
    struct val v = tree_map_at(&memory, pairs, keys, 2);
    assert_int_equal(tree_key_at(&v, 1).line, 4);
    assert_int_equal(tree_map_at(&memory, NULL, NULL, 0).len, 0);
    v = tree_sorted(&memory, v);
    v.at = (struct pos){ .line = 9 };
    assert_int_equal(tree_key_at(&v, 1).line, 9); /* not known: that of the map */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(blocks_are_aligned_and_apart, fresh),
        cmocka_unit_test_setup(the_newest_block_grows_in_place, fresh),
        cmocka_unit_test_setup(a_large_block_gets_a_chunk_of_its_own, fresh),
        cmocka_unit_test_setup(out_of_memory_goes_to_the_handler, fresh),
        cmocka_unit_test_setup(integers_are_written_like_printf, fresh),
        cmocka_unit_test_setup(text_grows_and_keeps_all, fresh),
        cmocka_unit_test_setup(strings_are_compared_and_replaced, fresh),
        cmocka_unit_test_setup(characters_are_read_strictly, fresh),
        cmocka_unit_test_setup(distance_counts_typing_errors, fresh),
        cmocka_unit_test_setup(only_what_is_close_is_suggested, fresh),
        cmocka_unit_test_setup(what_is_too_far_is_left_out_early_and_changes_no_answer, fresh),
        cmocka_unit_test_setup(a_map_of_nothing_is_nothing, fresh),
        cmocka_unit_test_setup(maps_keep_the_order_written, fresh),
        cmocka_unit_test_setup(paths_lead_through_maps, fresh),
        cmocka_unit_test_setup(equal_means_kind_text_and_order, fresh),
        cmocka_unit_test_setup(lists_that_grow_keep_what_was_added, fresh),
        cmocka_unit_test_setup(keys_keep_their_places, fresh),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&memory);
    return failed;
}
