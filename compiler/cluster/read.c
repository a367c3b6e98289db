#include "cluster/read.h"

#include "cluster/cluster.h"
#include "cluster/value.h"
#include "model/kubernetes.h"

#include <stdlib.h>
#include <strings.h>

/* Where we are: the path for messages, as a list on the C stack, innermost first. */
struct at {
    const struct at *outer;
    const char      *key;   /* NULL: entry `i` of a list */
    uint32_t         i;
};

struct reader {
    struct ctx *cx;
    int         minor;
    const char *space; /* namespace of the cluster */
};

static const char *path_of(struct arena *a, const struct at *at)
{
    if (at == NULL)
        return "";
    const char *outer = path_of(a, at->outer);
    if (at->key == NULL)
        return arena_printf(a, "%s[%u]", outer, at->i);
    return *outer == '\0' ? at->key : str_join(a, outer, ".", at->key, NULL);
}

static struct val poison(void)
{
    return (struct val){ .kind = V_POISON };
}

static struct val wrong(const struct reader *r, enum code code, const struct val *v, const struct at *at, const char *what)
{
    const char *path = path_of(r->cx->a, at);
    if (v->kind == V_STR)
        diag_at(r->cx, code, v->at, "'%s' is '%s': %s", path, v->s, what);
    else
        diag_at(r->cx, code, v->at, "'%s': %s", path, what);
    return poison();
}

static const char *kind_name(const struct val *v)
{
    return v->kind == V_MAP ? "a map" : v->kind == V_SEQ ? "a list" : v->kind == V_NULL ? "nothing" : "a single value";
}

static struct val misshapen(const struct reader *r, const struct field *f, const struct val *v, const struct at *at,
                            const char *wanted)
{
    struct diag *d = diag_at(r->cx, E_WRONG_SHAPE, v->at, "'%s' must be %s and is %s", path_of(r->cx->a, at), wanted,
                             kind_name(v));
    if (f != NULL && f->example != NULL)
        diag_hint(r->cx, d, "for example: %s: %s", f->name, f->example);
    else if (f != NULL)
        diag_hint(r->cx, d, "`gregor explain %s` describes it", path_of(r->cx->a, at));
    return poison();
}

static struct val typed(struct val v, struct pos at)
{
    v.at = at;
    return v;
}

/* ---- single values ----------------------------------------------------------------------------------------- */

static bool has_control(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    return false;
}

static bool is_text(const struct field *f, const char *s)
{
    for (; (f->flags & LINES) && *s != '\0'; s++)
        if (*s != '\n' && *s != '\t' && ((unsigned char)*s < 0x20 || *s == 0x7f))
            return false;
    return !has_control(s);
}

/* A size without a unit counts bytes, which is hardly ever meant. */
static struct val out_of_range(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    struct arena *a = r->cx->a;
    const char *least = value_show(a, f->kind, f->min), *most = value_show(a, f->kind, f->max);
    const bool bare = f->kind == F_BYTES && strspn(v->s, "0123456789") == v->len;
    struct diag *d = diag_at(r->cx, E_OUT_OF_RANGE, v->at, "'%s' is '%s': must be %s%s%s%s", path_of(a, at), v->s,
                             f->min == f->max ? "" : "from ", least, f->min == f->max ? "" : " to ",
                             f->min == f->max ? "" : most);
    if (bare)
        diag_hint(r->cx, d, "a number alone counts bytes; write a unit, such as %sGi", v->s);
    return poison();
}

static struct val read_number(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    int64_t n = 0;
    if ((f->flags & MAY_BE_AUTO) && strcmp(v->s, "auto") == 0)
        return typed(t_int(AUTO), v->at);
    const char *bad = value_number(r->cx->a, f->kind, v->s, &n);
    if (bad == NULL && f->kind == F_INT && !(v->flags & VF_PLAIN))
        bad = "a text in quotes; write the number without them";
    if (bad != NULL)
        return wrong(r, E_WRONG_TYPE, v, at, bad);
    if ((f->min != 0 || f->max != 0) && (n < f->min || n > f->max))
        return out_of_range(r, f, v, at);
    return typed(t_int(n), v->at);
}

/* Index of the word in a blank-separated list, or -1. */
static int choice_index(const char *choices, const char *s)
{
    const size_t len = strlen(s);
    for (int i = 0; *choices != '\0'; i++) {
        const size_t word = strcspn(choices, " ");
        if (word == len && memcmp(choices, s, len) == 0)
            return i;
        choices += word + (choices[word] == ' ');
    }
    return -1;
}

static const char *word_at(const void *words, size_t i)
{
    return ((const char *const *)words)[i];
}

/* The words of a blank-separated list, a NULL behind them. */
static const char **split(struct arena *a, const char *words)
{
    const char **out = NEWS(a, const char *, strlen(words) / 2 + 2);
    for (size_t n = 0; *words != '\0'; n++) {
        const size_t len = strcspn(words, " ");
        out[n] = arena_dup(a, words, len);
        words += len + (words[len] == ' ');
    }
    return out;
}

static const char *nearest_word(const char *s, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcasecmp(s, words[i]) == 0)
            return words[i];
    return str_nearest(s, word_at, words);
}

static struct val not_a_choice(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    struct arena *a = r->cx->a;
    struct diag *d = diag_at(r->cx, E_NOT_A_CHOICE, v->at, "'%s' is '%s': must be one of %s", path_of(a, at), v->s,
                             str_replace(a, f->choices, " ", ", "));
    diag_did_you_mean(r->cx, d, nearest_word(v->s, split(a, f->choices)));
    return poison();
}

static struct val read_enum(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    const int i = choice_index(f->choices, v->s);
    return i < 0 ? not_a_choice(r, f, v, at) : typed(t_int(i), v->at);
}

/* A host template is a DNS name once its placeholders are filled in. */
static const char *bad_host(struct arena *a, const char *s)
{
    static const char *const known[] = { "{id}", "{name}", "{pod}", "{zone}", "{host}" };
    for (size_t i = 0; i < 5; i++)
        s = str_replace(a, s, known[i], "0");
    if (strpbrk(s, "{}") != NULL)
        return "only {id}, {name}, {pod} and {zone} can stand in braces";
    return k8s_bad_subdomain(s);
}

static struct val read_text(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    struct arena *a = r->cx->a;
    const char *bad;
    if (v->len == 0)
        return wrong(r, E_EMPTY_TEXT, v, at, "must not be empty; leave the field out to get its default");
    if (!is_text(f, v->s))
        return wrong(r, E_BAD_TEXT, v, at, "must not hold line breaks or control characters");
    if (f->kind == F_NAME && (bad = k8s_bad_label_name(v->s)) != NULL)
        return wrong(r, E_BAD_NAME, v, at, bad);
    if (f->kind == F_HOST && (bad = bad_host(a, v->s)) != NULL)
        return wrong(r, E_BAD_HOST, v, at, bad);
    if (f->kind == F_VERSION && (bad = value_version(v->s)) != NULL)
        return wrong(r, E_WRONG_TYPE, v, at, bad);
    if (f->choices != NULL && choice_index(f->choices, v->s) < 0)
        return not_a_choice(r, f, v, at);
    return *v;
}

static struct val read_bool(const struct reader *r, const struct val *v, const struct at *at)
{
    bool b;
    const char *bad = value_bool(v->s, v->flags & VF_PLAIN, &b);
    return bad != NULL ? wrong(r, E_WRONG_TYPE, v, at, bad) : typed(t_bool(b), v->at);
}

/* ---- lists and maps of single values ---------------------------------------------------------------------- */

/* Each entry is compared with the others somewhere behind this. */
#define MOST_ENTRIES 2000

static bool too_many(const struct reader *r, const struct val *v, const struct at *at)
{
    if ((v->kind != V_SEQ && v->kind != V_MAP) || v->len <= MOST_ENTRIES)
        return false;
    struct diag *d = diag_at(r->cx, E_TOO_MANY, v->at, "'%s' has %u entries: at most %d are allowed", path_of(r->cx->a, at), v->len,
                             MOST_ENTRIES);
    diag_hint(r->cx, d, "no cluster needs as many; leave out what is made by mistake");
    return true;
}

static struct val read_texts_list(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    const struct val *items = v->seq;
    uint32_t count = v->len;
    if (v->kind == V_STR && (f->flags & OR_ONE)) {
        items = v;
        count = 1;
    } else if (v->kind != V_SEQ) {
        return misshapen(r, f, v, at, "a list");
    }
    if (too_many(r, v, at))
        return poison();
    struct vals out = { .a = r->cx->a };
    bool poisoned = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct at here = { at, NULL, i };
        struct val item = items[i].kind == V_STR ? read_text(r, f, &items[i], &here)
                        : items[i].kind == V_POISON ? poison()
                        : misshapen(r, NULL, &items[i], &here, "a single value");
        poisoned |= item.kind == V_POISON;
        vals_add(&out, item);
    }
    if (poisoned)
        return poison();
    return typed(out.len == 0 ? t_empty_seq() : vals_done(&out), v->at);
}

static struct val bad_label(const struct reader *r, struct pos at, const char *path, const char *what, const char *s,
                            const char *bad)
{
    diag_at(r->cx, E_BAD_LABEL, at, "'%s': the %s '%s' %s", path, what, s, bad);
    return poison();
}

/* A unit in the value, `7d` or `1Gi`, becomes the number in the unit that the key's name says. */
static const char *converted(struct arena *a, const char *key, const char *s, const char **bad)
{
    static const struct { const char *suffix; int64_t ms; } times[] = {
        { ".ms", 1 }, { ".seconds", 1000 }, { ".minutes", 60000 }, { ".hours", 3600000 }
    };
    int64_t n;
    if (s[0] < '0' || s[0] > '9' || value_int(a, s, &n) == NULL)
        return s;
    for (size_t i = 0; i < 4; i++)
        if (str_ends(key, times[i].suffix) && value_duration(a, s, &n) == NULL) {
            if (n % times[i].ms != 0)
                *bad = arena_printf(a, "no whole number of %s", times[i].suffix + 1);
            return str_int(a, n / times[i].ms);
        }
    if ((str_ends(key, ".bytes") || str_ends(key, ".size")) && value_bytes(a, s, &n) == NULL)
        return str_int(a, n);
    return s;
}

/* `log: {retention.ms: 7d}`: keys of Kafka are written whole. */
static struct val nested_config(const struct reader *r, const char *key, const struct val *v, const struct at *at)
{
    struct diag *d = diag_at(r->cx, E_NOT_TEXT, v->at, "'%s': must be a single value or a list of them",
                             path_of(r->cx->a, at));
    if (v->kind == V_MAP && v->len > 0)
        diag_hint(r->cx, d, "write the key in one piece: %s.%s: ...", key, v->map[0].key);
    return poison();
}

static struct val read_config_entry(const struct reader *r, const char *key, const struct val *v, const struct at *at)
{
    struct arena *a = r->cx->a;
    const char *bad = NULL;
    if (v->kind == V_SEQ) {
        struct text t = { .a = a };
        for (uint32_t i = 0; i < v->len; i++) {
            if (v->seq[i].kind != V_STR)
                return wrong(r, E_NOT_TEXT, v, at, "must be a list of single values");
            text_join(&t, i > 0 ? "," : "", v->seq[i].s, NULL);
        }
        return typed(t_str(text_str(&t)), v->at);
    }
    if (v->kind == V_NULL)
        return typed(t_str(""), v->at);
    if (v->kind != V_STR)
        return nested_config(r, key, v, at);
    if (has_control(v->s))
        return wrong(r, E_BAD_TEXT, v, at, "must not hold line breaks or control characters");
    const char *s = converted(a, key, v->s, &bad);
    if (bad != NULL)
        return wrong(r, E_CONFIG_UNIT, v, at, bad);
    return s == v->s ? *v : typed(t_str(s), v->at);
}

static struct val read_entry(const struct reader *r, const struct field *f, const struct val *map, uint32_t i,
                             const struct at *at)
{
    const char *key = map->map[i].key, *bad;
    const struct val *v = &map->map[i].v;
    const struct at here = { at, key, 0 };
    if (v->kind == V_POISON)
        return poison();
    if (has_control(key)) {
        diag_at(r->cx, E_BAD_TEXT, tree_key_at(map, i), "a key of '%s' holds control characters", path_of(r->cx->a, at));
        return poison();
    }
    if (f->kind == F_CONFIG)
        return read_config_entry(r, key, v, &here);
    if (v->kind != V_STR)
        return wrong(r, E_NOT_TEXT, v, &here, "must be a single value");
    if (f->kind == F_LABELS && (bad = k8s_bad_label_key(key)) != NULL)
        return bad_label(r, tree_key_at(map, i), path_of(r->cx->a, at), "label key", key, bad);
    if (f->kind == F_LABELS && (bad = k8s_bad_label_value(v->s)) != NULL)
        return bad_label(r, v->at, path_of(r->cx->a, &here), "label value", v->s, bad);
    return *v;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const struct pair *const *)a)->key, (*(const struct pair *const *)b)->key);
}

static const struct pair **in_order(struct arena *a, const struct val *map)
{
    const struct pair **order = NEWS(a, const struct pair *, map->len + 1);
    for (uint32_t i = 0; i < map->len; i++)
        order[i] = &map->map[i];
    qsort(order, map->len, sizeof *order, by_key);
    return order;
}

/* Sorted, so that who writes the same keys in another order changes no file and restarts no pod. */
static struct val read_free_map(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    if (v->kind != V_MAP)
        return misshapen(r, f, v, at, "a map");
    if (too_many(r, v, at))
        return poison();
    struct pair *pairs = NEWS(r->cx->a, struct pair, v->len + 1);
    struct pos  *keys  = NEWS(r->cx->a, struct pos, v->len + 1);
    bool poisoned = false;
    const struct pair **order = in_order(r->cx->a, v);
    for (uint32_t i = 0; i < v->len; i++) {
        const uint32_t n = (uint32_t)(order[i] - v->map);
        pairs[i] = (struct pair){ order[i]->key, read_entry(r, f, v, n, at) };
        keys[i]  = tree_key_at(v, n);
        poisoned |= pairs[i].v.kind == V_POISON;
    }
    return poisoned ? poison() : typed(tree_map_at(r->cx->a, pairs, keys, v->len), v->at);
}

/* ---- Kubernetes' own values -------------------------------------------------------------------------------- */

static struct val read_k8s_one(const struct reader *r, const struct field *f, const struct val *v, const char *path)
{
    const struct k8s_type *type = k8s_type(f->schema);
    const bool partial = f->flags & PARTIAL;
    const struct k8s_check check = { .cx = r->cx, .minor = r->minor, .where = NULL, .fallback = v->at, .partial = partial };
    if (!k8s_check_value(&check, type, v, path))
        return poison();
    return partial ? k8s_typed_patch(r->cx->a, type, *v) : k8s_typed(r->cx->a, type, *v);
}

static struct val read_k8s(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    struct arena *a = r->cx->a;
    if (f->kind == F_K8S)
        return v->kind != V_MAP ? misshapen(r, f, v, at, "a map") : read_k8s_one(r, f, v, path_of(a, at));
    if (v->kind != V_SEQ)
        return misshapen(r, f, v, at, "a list");
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < v->len; i++) {
        const struct at here = { at, NULL, i };
        vals_add(&out, read_k8s_one(r, f, &v->seq[i], path_of(a, &here)));
    }
    for (uint32_t i = 0; i < out.len; i++)
        if (out.at[i].kind == V_POISON)
            return poison();
    return typed(out.len == 0 ? t_empty_seq() : vals_done(&out), v->at);
}

/* ---- objects of the site -------------------------------------------------------------------------------------- */

static struct val read_include(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    struct vals out = { .a = r->cx->a };
    bool poisoned = false;
    if (v->kind != V_SEQ)
        return misshapen(r, f, v, at, "a list");
    for (uint32_t i = 0; i < v->len; i++) {
        const struct at here = { at, NULL, i };
        const struct val item = v->seq[i].kind == V_MAP ? include_typed(r->cx, &v->seq[i], r->minor, r->space) : misshapen(r, f, &v->seq[i], &here, "a file");
        poisoned |= item.kind == V_POISON;
        vals_add(&out, item);
    }
    return poisoned ? poison() : typed(out.len == 0 ? t_empty_seq() : vals_done(&out), v->at);
}

/* ---- structs -------------------------------------------------------------------------------------------------- */

static struct val read_struct(const struct reader *r, const struct type *t, const struct val *v, const struct field *f,
                              const struct at *at);

static struct val read_list(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    if (v->kind != V_SEQ)
        return misshapen(r, f, v, at, "a list");
    struct vals out = { .a = r->cx->a };
    for (uint32_t i = 0; i < v->len; i++) {
        const struct at here = { at, NULL, i };
        vals_add(&out, read_struct(r, f->type, &v->seq[i], f, &here));
    }
    return typed(out.len == 0 ? t_empty_seq() : vals_done(&out), v->at);
}

static struct val read_field(const struct reader *r, const struct field *f, const struct val *v, const struct at *at)
{
    switch (f->kind) {
    case F_OBJECT:  return read_struct(r, f->type, v, f, at);
    case F_OBJECTS: return read_list(r, f, v, at);
    case F_STRS:    return read_texts_list(r, f, v, at);
    case F_CONFIG: case F_LABELS: case F_TEXTS: return read_free_map(r, f, v, at);
    case F_VALUES: return v->kind == V_MAP ? *v : misshapen(r, f, v, at, "a map");
    case F_K8S: case F_K8S_LIST: return read_k8s(r, f, v, at);
    case F_INCLUDE: return read_include(r, f, v, at);
    default: break;
    }
    if (v->kind != V_STR)
        return misshapen(r, f, v, at, "a single value");
    switch (f->kind) {
    case F_ENUM: return read_enum(r, f, v, at);
    case F_BOOL: return read_bool(r, v, at);
    case F_INT: case F_BYTES: case F_CPU: case F_MS: case F_RATE: case F_MINOR: return read_number(r, f, v, at);
    default:     return read_text(r, f, v, at);
    }
}

static void unknown_field(const struct reader *r, const struct type *t, const struct val *map, uint32_t i,
                          const struct at *at)
{
    struct diag *d = diag_at(r->cx, E_UNKNOWN_FIELD, tree_key_at(map, i), "unknown field '%s'", path_of(r->cx->a, at));
    const char *nearest = field_nearest(t, map->map[i].key);
    diag_did_you_mean(r->cx, d, nearest);
    if (nearest == NULL)
        diag_hint(r->cx, d, "`gregor explain%s%s` lists the fields", at->outer ? " " : "",
                  path_of(r->cx->a, at->outer));
}

static struct val read_pair(const struct reader *r, const struct type *t, const struct val *map, uint32_t i,
                            const struct at *at)
{
    const struct val *v = &map->map[i].v;
    const struct at here = { at, map->map[i].key, 0 };
    const struct field *f = field_of(t, map->map[i].key);
    if (f == NULL) {
        unknown_field(r, t, map, i, &here);
        return poison();
    }
    if (f->kind == F_IGNORED)
        return t_none();
    if (f->kind == F_LATER) {
        struct diag *d = diag_at(r->cx, E_NOT_SUPPORTED, tree_key_at(map, i), "'%s' is not supported by this version",
                                 path_of(r->cx->a, &here));
        diag_hint(r->cx, d, "remove it: a cluster without what it asks for is never built silently");
        return poison();
    }
    return v->kind == V_POISON ? poison() : read_field(r, f, v, &here);
}

static void missing_fields(const struct reader *r, const struct type *t, const struct val *map, const struct at *at)
{
    const struct field *f;
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++) {
        if (!(f->flags & REQUIRED) || tree_get(map, f->name) != NULL)
            continue;
        const struct at here = { at, f->name, 0 };
        struct diag *d = diag_at(r->cx, E_MISSING_FIELD, map->at, "'%s' is missing", path_of(r->cx->a, &here));
        if (f->kind == F_OBJECT)
            diag_hint(r->cx, d, "write %s: {version: 4.3.1}", f->name);
        else
            diag_hint(r->cx, d, "write %s: %s", f->name, f->example);
    }
}

/* `storage: 500Gi` is `storage: {size: 500Gi}`. */
static struct val written_out(const struct reader *r, const struct type *t, const struct val *v)
{
    const struct pair p = { t->short_for, *v };
    return typed(tree_map_at(r->cx->a, &p, &v->at, 1), v->at);
}

static struct val read_struct(const struct reader *r, const struct type *t, const struct val *v, const struct field *f,
                              const struct at *at)
{
    struct val whole = *v;
    if (v->kind == V_POISON)
        return poison();
    if (v->kind == V_STR && t->short_for != NULL)
        whole = written_out(r, t, v);
    if (whole.kind != V_MAP)
        return misshapen(r, f, v, at, t->short_for != NULL ? "a map or a single value" : "a map");
    struct pair *pairs = NEWS(r->cx->a, struct pair, whole.len + 1);
    struct pos  *keys  = NEWS(r->cx->a, struct pos, whole.len + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < whole.len; i++) {
        pairs[n] = (struct pair){ whole.map[i].key, read_pair(r, t, &whole, i, at) };
        keys[n]  = tree_key_at(&whole, i);
        n += pairs[n].v.kind != V_NONE;
    }
    missing_fields(r, t, &whole, at);
    return typed(tree_map_at(r->cx->a, pairs, keys, n), v->at);
}

struct val read_fields(struct ctx *cx, struct val root, int minor)
{
    const char *space = tree_str(&root, "namespace");
    const struct reader r = { cx, minor, space != NULL ? space : field_of(&description_type, "namespace")->def };
    return read_struct(&r, &description_type, &root, NULL, NULL);
}

int read_minor(struct ctx *cx, struct val root)
{
    const struct field *f = field_of(&description_type, "kubernetes");
    const char *s = tree_str(&root, "kubernetes");
    int64_t minor = 0;
    if (s == NULL || value_minor(cx->a, s, &minor) != NULL || minor < f->min || minor > f->max)
        value_minor(cx->a, f->def, &minor);
    return (int)minor;
}
