/* Bytes become a tree; the tree is printed, read back, and must be the same. */
#include "../readback.h"
#include "print/print.h"
#include "print/unicode.h"

#include <cjson/cJSON.h>

#define MAX_DEPTH 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const uint8_t *at, *end;
};

static uint8_t take(struct bytes *b)
{
    return b->at < b->end ? *b->at++ : 0;
}

/* A length and as many bytes, written `times` over: some strings have to be longer than readers like keys. */
static struct val string_of(struct arena *a, struct bytes *b, int times)
{
    size_t len = take(b);
    if (len > (size_t)(b->end - b->at))
        len = (size_t)(b->end - b->at);
    struct text t = { .a = a };
    while (times-- > 0)
        text_bytes(&t, (const char *)b->at, len);
    b->at += len;
    const char *s = text_str(&t);
    return t_strn(s, t.len);
}

static struct val value_of(struct arena *a, struct bytes *b, int depth);

/* Holds what a list of SEQ and MAP never holds: nothing in between. */
static struct val seq_of(struct arena *a, struct bytes *b, int depth)
{
    const uint32_t n     = take(b) % 6;
    struct val    *items = NEWS(a, struct val, n);
    for (uint32_t i = 0; i < n; i++)
        items[i] = value_of(a, b, depth + 1);
    return (struct val){ .kind = V_SEQ, .len = n, .seq = items };
}

static struct val map_of(struct arena *a, struct bytes *b, int depth)
{
    const uint32_t n     = take(b) % 6;
    struct pair   *pairs = NEWS(a, struct pair, n);
    for (uint32_t i = 0; i < n; i++) {
        pairs[i].key = string_of(a, b, take(b) % 16 == 1 ? 8 : 1).s;
        pairs[i].v   = value_of(a, b, depth + 1);
    }
    return (struct val){ .kind = V_MAP, .len = n, .map = pairs };
}

static struct val int_of(struct bytes *b)
{
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n = n << 8 | take(b);
    return t_int((int64_t)n);
}

static struct val value_of(struct arena *a, struct bytes *b, int depth)
{
    switch (depth < MAX_DEPTH ? take(b) % 10 : 5) {
    case 0: case 1: return map_of(a, b, depth);
    case 2: case 3: return seq_of(a, b, depth);
    case 4:         return string_of(a, b, 8);
    case 5: case 6: return string_of(a, b, 1);
    case 7:         return int_of(b);
    case 8:         return take(b) % 3 == 0 ? t_null() : t_bool(take(b) % 2 == 0);
    default:        return t_none();
    }
}

/* What print.h promises for bytes that are not UTF-8. */
static struct val repaired(struct arena *a, const char *s, size_t len)
{
    struct text t = { .a = a };
    uint32_t    point;
    for (size_t i = 0, n; i < len; i += n) {
        n = unicode_next(s + i, len - i, &point);
        if (point == UNICODE_BAD)
            text_add(&t, "\xEF\xBF\xBD");
        else
            text_bytes(&t, s + i, n);
    }
    const char *whole = text_str(&t);
    return t_strn(whole, t.len);
}

/* What a reader has to see: nothing is left out, but what holds nothing is still there, empty. */
static struct val expected(struct arena *a, const struct val *v)
{
    struct vals  items = { .a = a };
    struct pairs pairs = { .a = a };
    if (v->kind == V_STR)
        return repaired(a, v->s, v->len);
    if (v->kind == V_SEQ) {
        for (uint32_t i = 0; i < v->len; i++)
            vals_add(&items, expected(a, &v->seq[i]));
        return items.len == 0 ? t_empty_seq() : vals_done(&items);
    }
    if (v->kind == V_MAP) {
        for (uint32_t i = 0; i < v->len; i++)
            pairs_add(&pairs, repaired(a, v->map[i].key, strlen(v->map[i].key)).s, expected(a, &v->map[i].v));
        return pairs.len == 0 ? t_empty_map() : pairs_done(&pairs);
    }
    return *v;
}

static void must(bool fine, const char *why, const struct text *out)
{
    if (fine)
        return;
    fprintf(stderr, "%s:\n%.*s\n", why, (int)out->len, out->p);
    abort();
}

static void check_yaml(struct arena *a, const struct val *v)
{
    struct text out = { .a = a }, again = { .a = a };
    struct val  read;
    print_yaml(&out, v);
    const char *problem = readback_read(a, out.p == NULL ? "" : out.p, out.len, false, &read);
    must(problem == NULL, problem, &out);
    if (v->kind == V_NONE) {
        must(out.len == 0, "nothing is printed as something", &out);
        return;
    }
    const struct val wanted = expected(a, v);
    must(read.len == 1 && tree_same(&read.seq[0], &wanted), "is read back as something else", &out);
    print_yaml(&again, &read.seq[0]);
    struct val twice;
    must(readback_read(a, again.p, again.len, false, &twice) == NULL && tree_same(&twice, &read), "changes", &again);
}

static void check_json(struct arena *a, const struct val *v)
{
    struct text out = { .a = a };
    print_json(&out, v);
    cJSON *json = cJSON_Parse(text_str(&out));
    must(json != NULL, "is no JSON", &out);
    cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    jmp_buf             out;
    struct bytes        b = { data, data + size };
    if (setjmp(out) != 0)
        abort();
    a.out = &out;
    const struct val v = value_of(&a, &b, 0);
    check_yaml(&a, &v);
    check_json(&a, &v);
    arena_reset(&a);
    return 0;
}
