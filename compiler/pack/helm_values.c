/* helm_values.c: values.yaml and values.schema.json of a chart. */
#include "pack/helm.h"
#include "print/print.h"

#define WIDTH 100 /* of comments */

struct val helm_default(const struct open_value *v)
{
    if (v->base.kind != V_NONE)
        return v->base;
    switch (v->row->type) {
    case VALUE_LABELS: case VALUE_TEXTS:              return t_empty_map();
    case VALUE_TOLERATIONS: case VALUE_PULL_SECRETS:  return t_empty_seq();
    default:                                          return t_str("");
    }
}

/* ---- values.yaml ------------------------------------------------------------------------------------------------------ */

static void add_blanks(struct text *out, size_t n)
{
    while (n-- > 0)
        text_char(out, ' ');
}

static void add_comment(struct text *out, const char *s, size_t indent)
{
    while (*s != '\0') {
        size_t len = 0, next = 0;
        while (s[next] != '\0' && (len == 0 || indent + 2 + next <= WIDTH)) {
            next += s[next] == ' ';
            next += strcspn(s + next, " ");
            len = indent + 2 + next <= WIDTH || len == 0 ? next : len;
        }
        add_blanks(out, indent);
        text_add(out, "# ");
        text_bytes(out, s, len);
        text_char(out, '\n');
        s += len + (s[len] == ' ');
    }
}

static void add_indented(struct text *out, const struct text *lines, size_t indent)
{
    const char *s = lines->p + strlen("---\n"), *end = lines->p + lines->len;
    while (s < end) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        const char *next = nl == NULL ? end : nl + 1;
        add_blanks(out, *s == '\n' ? 0 : indent);
        text_bytes(out, s, (size_t)(next - s));
        s = next;
    }
}

static void add_pair(struct text *out, const char *key, struct val v, size_t indent)
{
    struct text lines = { .a = out->a };
    const struct val map = MAP(out->a, { key, v });
    print_yaml(&lines, &map);
    add_indented(out, &lines, indent);
}

static void add_group(struct text *out, const char *key, size_t indent)
{
    add_blanks(out, indent);
    const char *quote = print_yaml_quotes(key, strlen(key)) ? "\"" : "";
    text_join(out, quote, key, quote, ":\n", NULL);
}

static uint32_t common(const struct open_value *a, const struct open_value *b)
{
    uint32_t n = 0;
    while (n + 1 < a->key_count && n + 1 < b->key_count && strcmp(a->keys[n], b->keys[n]) == 0)
        n++;
    return n;
}

void helm_values(const struct values *vs, struct text *out)
{
    text_add(out, "# What stays open in this chart; everything else is fixed by the description that it was made from.\n");
    if (vs->len == 0)
        text_add(out, "{}\n");
    for (uint32_t i = 0; i < vs->len; i++) {
        const struct open_value *v = &vs->at[i];
        const uint32_t last = v->key_count - 1;
        for (uint32_t k = i == 0 ? 0 : common(&vs->at[i - 1], v); k < last; k++)
            add_group(out, v->keys[k], 2 * (size_t)k);
        add_comment(out, v->doc, 2 * (size_t)last);
        add_pair(out, v->keys[last], helm_default(v), 2 * (size_t)last);
    }
}

/* ---- values.schema.json ------------------------------------------------------------------------------------------------ */

#define LABEL_VALUE "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$"

/* `unit`: what one of the integers is in the unit of the field. */
static struct val either(struct arena *a, const struct open_value *v, int64_t unit, const char *pattern)
{
    return MAP(a,
        { "type",    SEQ(a, t_str("string"), t_str("integer")) },
        { "pattern", t_str(pattern) },
        { "minimum", t_if(v->max > 0, t_int((v->min + unit - 1) / unit)) },
        { "maximum", t_if(v->max > 0, t_int(v->max / unit)) });
}

static struct val texts(struct arena *a, const struct open_value *v)
{
    struct vals taken = { .a = a };
    for (uint32_t i = 0; i < v->taken.len; i++)
        vals_add(&taken, t_str(v->taken.at[i]));
    return MAP(a,
        { "type", t_str("object") },
        { "propertyNames", t_if(taken.len > 0, MAP(a, { "not", MAP(a, { "enum", vals_done(&taken) }) })) },
        { "additionalProperties", MAP(a,
            { "type",      t_str("string") },
            { "maxLength", t_if(v->row->type == VALUE_LABELS, t_int(63)) },
            { "pattern",   t_if(v->row->type == VALUE_LABELS, t_str(LABEL_VALUE)) }) });
}

static struct val record(struct arena *a, struct val properties, const char *required)
{
    return MAP(a,
        { "type", t_str("array") },
        { "items", MAP(a,
            { "type",                 t_str("object") },
            { "properties",           properties },
            { "required",             SEQ(a, t_str(required)) },
            { "additionalProperties", t_bool(false) }) });
}

static struct val choice(struct arena *a, struct val values)
{
    return MAP(a, { "enum", values });
}

/* Kubernetes' own words (core/v1 Toleration). */
static struct val tolerations(struct arena *a)
{
    const struct val string = MAP(a, { "type", t_str("string") });
    struct val list = record(a, MAP(a,
        { "key",      string },
        { "operator", choice(a, SEQ(a, t_str("Exists"), t_str("Equal"), t_str("Lt"), t_str("Gt"))) },
        { "value",    string },
        { "effect",   choice(a, SEQ(a, t_str("NoSchedule"), t_str("PreferNoSchedule"), t_str("NoExecute"))) },
        { "tolerationSeconds", MAP(a, { "type", t_str("integer") }) }), NULL);
    return list;
}

static struct val name_schema(struct arena *a, int64_t most, const char *pattern)
{
    return MAP(a, { "type", t_str("string") }, { "maxLength", t_int(most) }, { "pattern", t_str(pattern) });
}

static struct val type_schema(struct arena *a, const struct open_value *v)
{
    switch (v->row->type) {
    case VALUE_NAMESPACE:    return name_schema(a, 63, "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$");
    case VALUE_IMAGE:        return name_schema(a, 1024, "^[^ \\t\\n]+$");
    case VALUE_NAME:         return name_schema(a, 253, v->base.kind == V_NONE ? "^([a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$"
                                                                               : "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$");
    case VALUE_CPU:          return either(a, v, 1000, "^([1-9][0-9]{0,3}(\\.[0-9]{1,3})?|0\\.(0[1-9][0-9]?|[1-9][0-9]{0,2})|[1-9][0-9]{1,6}m)$");
    case VALUE_SIZE:         return either(a, v, 1, "^([1-9][0-9]*([KMGTP]i|[kMGTP])|[1-9][0-9]{6,})$");
    case VALUE_TOLERATIONS:  return tolerations(a);
    case VALUE_PULL_SECRETS: return record(a, MAP(a, { "name", MAP(a, { "type", t_str("string") }) }), "name");
    default:                 return texts(a, v);
    }
}

static struct val described(struct arena *a, const struct open_value *v)
{
    struct pairs out = { .a = a };
    const struct val type = type_schema(a, v);
    pairs_add(&out, "description", t_str(v->doc));
    for (uint32_t i = 0; i < type.len; i++)
        pairs_add(&out, type.map[i].key, type.map[i].v);
    pairs_add(&out, "default", helm_default(v));
    return pairs_done(&out);
}

/* Helm takes out what is given as null; a template that looks below it, or for its text, would end with a riddle. */
static bool is_required(const struct open_value *v, uint32_t depth)
{
    return v->key_count > depth + 1 || v->base.kind == V_STR;
}

/* The values from `from` to `to` share their first `depth` keys. `global` is what a parent chart hands down to all below it. */
static struct val level(struct arena *a, const struct values *vs, uint32_t from, uint32_t to, uint32_t depth)
{
    struct pairs properties = { .a = a };
    struct vals required = { .a = a };
    if (depth == 0)
        pairs_add(&properties, "global", MAP(a, { "type", t_str("object") }));
    while (from < to) {
        const struct open_value *v = &vs->at[from];
        uint32_t end = from + 1;
        while (end < to && v->key_count > depth + 1 && vs->at[end].key_count > depth + 1
               && strcmp(vs->at[end].keys[depth], v->keys[depth]) == 0)
            end++;
        if (is_required(v, depth))
            vals_add(&required, t_str(v->keys[depth]));
        pairs_add(&properties, v->keys[depth], v->key_count == depth + 1 ? described(a, v) : level(a, vs, from, end, depth + 1));
        from = end;
    }
    return MAP(a,
        { "$schema",              t_str(depth == 0 ? "http://json-schema.org/draft-07/schema#" : NULL) },
        { "type",                 t_str("object") },
        { "properties",           pairs_done(&properties) },
        { "required",             vals_done(&required) },
        { "additionalProperties", t_bool(false) });
}

void helm_schema(const struct values *vs, struct text *out)
{
    const struct val schema = level(out->a, vs, 0, vs->len, 0);
    print_json(out, &schema);
}
