#include "command/variant.h"

#include "base/text.h"
#include "cluster/value.h"
#include "model/kafka.h"

static struct val in_list(struct arena *a, const struct val *v, const struct step *steps, uint32_t n, struct val leaf)
{
    struct vals out = { .a = a };
    for (uint32_t i = 0; v != NULL && v->kind == V_SEQ && i < v->len; i++)
        vals_add(&out, i == steps->i ? variant_with(a, &v->seq[i], steps + 1, n - 1, leaf) : v->seq[i]);
    struct val made = out.len == 0 ? t_empty_seq() : vals_done(&out);
    made.at = v == NULL ? no_pos() : v->at;
    return made;
}

static struct val in_map(struct arena *a, const struct val *v, const struct step *steps, uint32_t n, struct val leaf)
{
    const uint32_t len = v != NULL && v->kind == V_MAP ? v->len : 0;
    struct pair *pairs = NEWS(a, struct pair, len + 1);
    struct pos  *keys  = NEWS(a, struct pos, len + 1);
    uint32_t kept = 0;
    bool met = false;
    for (uint32_t i = 0; i <= len; i++) {
        const bool here = i < len ? strcmp(v->map[i].key, steps->key) == 0 : !met;
        met |= here;
        if (i == len && !here)
            break;
        keys[kept]  = i < len ? tree_key_at(v, i) : no_pos();
        pairs[kept] = i < len ? v->map[i] : (struct pair){ steps->key, t_none() };
        if (here)
            pairs[kept].v = variant_with(a, i < len ? &v->map[i].v : NULL, steps + 1, n - 1, leaf);
        kept += pairs[kept].v.kind != V_NONE;
    }
    struct val made = tree_map_at(a, pairs, keys, kept);
    made.at = v == NULL ? no_pos() : v->at;
    return made;
}

struct val variant_with(struct arena *a, const struct val *v, const struct step *steps, uint32_t n, struct val leaf)
{
    if (n == 0)
        return leaf;
    return steps->key == NULL ? in_list(a, v, steps, n, leaf) : in_map(a, v, steps, n, leaf);
}

/* ---- other values ------------------------------------------------------------------------------------------------- */

static void add(struct vals *out, const char *s, const char *unless)
{
    struct val v = t_str(s);
    v.flags = VF_PLAIN;
    if (s != NULL && strcmp(s, unless) != 0)
        vals_add(out, v);
}

static void add_choices(struct vals *out, const char *choices, const char *s)
{
    while (*choices != '\0') {
        const size_t len = strcspn(choices, " ");
        add(out, arena_dup(out->a, choices, len), s);
        choices += len + (choices[len] == ' ');
    }
}

static void add_numbers(struct vals *out, int64_t n, const char *s)
{
    const int64_t others[] = { n + 1, n - 1, n + 2, n < INT64_MAX / 2 ? n * 2 : n, n / 2 };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i] >= 0)
            add(out, str_int(out->a, others[i]), s);
}

static void add_measures(struct vals *out, const struct field *f, const char *s)
{
    int64_t n = f->max / 2;
    if (value_number(out->a, f->kind, s, &n) != NULL)
        n = f->min;
    if (n < INT64_MAX / 2)
        add(out, value_show(out->a, f->kind, n * 2), s);
    add(out, value_show(out->a, f->kind, n / 2), s);
    add(out, value_show(out->a, f->kind, n / 2 * 3), s);
}

static void add_versions(struct vals *out, const char *s)
{
    const bool is_line = strchr(s, '.') == strrchr(s, '.');
    for (const struct kafka_release *r = kafka_releases; r->name != NULL; r++)
        add(out, is_line ? r->protocol : r->name, s);
}

static void add_text(struct vals *out, const char *s)
{
    int64_t n;
    if (value_int(out->a, s, &n) == NULL)
        add_numbers(out, n, s);
    else if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0)
        add(out, s[0] == 't' ? "false" : "true", s);
    else
        add(out, str_join(out->a, s, "x", NULL), s);
}

void variant_candidates(struct vals *out, const struct field *f, const char *s)
{
    int64_t n = 0;
    if (f != NULL && f->choices != NULL) {
        add_choices(out, f->choices, s);
        return;
    }
    switch (f == NULL ? F_STR : f->kind) {
    case F_BYTES: case F_CPU: case F_MS:
        add_measures(out, f, s);
        break;
    case F_INT:
        add_numbers(out, value_int(out->a, s, &n) == NULL ? n : f->min, s);
        break;
    case F_MINOR:
        for (n = f->min; n <= f->max; n++)
            add(out, str_join(out->a, "1.", str_int(out->a, n), NULL), s);
        break;
    case F_VERSION:
        add_versions(out, s);
        break;
    default:
        add_text(out, s);
    }
}
