#include "command/variant.h"

#include "base/text.h"
#include "cluster/value.h"
#include "model/kafka.h"

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
    const int64_t steps[] = { 1, -1, 2, n, n / 2 - n };
    int64_t other;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (!__builtin_add_overflow(n, steps[i], &other) && other >= 0)
            add(out, str_int(out->a, other), s);
}

static void add_measures(struct vals *out, const struct field *f, const char *s)
{
    int64_t n = f->max / 2;
    if (value_number(out->a, f->kind, s, &n) != NULL)
        n = f->min;
    add(out, value_show(out->a, f->kind, n / 2), s);
    if (n > INT64_MAX / 2)
        return;
    add(out, value_show(out->a, f->kind, n * 2), s);
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
