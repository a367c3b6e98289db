#include "command/schema.h"

#include "command/page.h"
#include "command/report.h"
#include "print/print.h"

#include <stdlib.h>

#define SIZE_PATTERN     "[0-9]+(\\.[0-9]{1,9})?([KMGTP]i|[kMGTP])?"
#define CPU_PATTERN      "[0-9]+(\\.[0-9]{1,9})?m?"
#define DURATION_PATTERN "([0-9]+(ms|s|m|h|d))+"
#define VERSION_PATTERN  "[0-9]+(\\.[0-9]+){1,3}"
#define MINOR_PATTERN    "v?1\\.[0-9]+(\\.[0-9]+)?([+-].*)?"
#define NAME_PATTERN     "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

struct schema {
    struct arena *a;
    enum flavour  flavour;
};

/* What a scalar may be: JSON types, and a pattern or choices for texts. */
struct scalar {
    const char *types;   /* blank-separated */
    const char *pattern; /* without anchors; NULL: any */
    const char *choices;
};

static struct scalar scalar_of(const struct field *f)
{
    const bool may_be_auto = f->flags & MAY_BE_AUTO;
    switch (f->kind) {
    case F_BOOL:    return (struct scalar){ "boolean", NULL, NULL };
    case F_INT:     return may_be_auto ? (struct scalar){ "integer string", "auto", NULL }
                                       : (struct scalar){ "integer", NULL, NULL };
    case F_BYTES:   return (struct scalar){ "string integer", may_be_auto ? "auto|" SIZE_PATTERN : SIZE_PATTERN, NULL };
    case F_CPU:     return (struct scalar){ "string number", CPU_PATTERN, NULL };
    case F_RATE:    return (struct scalar){ "string", SIZE_PATTERN "/s", NULL };
    case F_MS:      return (struct scalar){ "string", DURATION_PATTERN, NULL };
    case F_VERSION: return (struct scalar){ "string number", VERSION_PATTERN, NULL };
    case F_MINOR:   return (struct scalar){ "string number", MINOR_PATTERN, NULL };
    case F_NAME:    return (struct scalar){ "string integer", NAME_PATTERN, NULL };
    case F_ENUM:    return (struct scalar){ "string", NULL, f->choices };
    default:        return (struct scalar){ "string number boolean", NULL, f->choices };
    }
}

static void add_words(struct vals *list, struct arena *a, const char *words)
{
    while (words != NULL && *words != '\0') {
        const size_t len = strcspn(words, " ");
        vals_add(list, t_str(arena_dup(a, words, len)));
        words += len + (words[len] == ' ');
    }
}

static struct val types_of(const struct schema *s, const char *types, bool may_be_null)
{
    struct vals list = { .a = s->a };
    add_words(&list, s->a, types);
    if (may_be_null)
        vals_add(&list, t_str("null"));
    return list.len == 1 ? list.at[0] : vals_done(&list);
}

static struct val enum_of(const struct schema *s, const char *choices, bool may_be_null)
{
    struct vals list = { .a = s->a };
    add_words(&list, s->a, choices);
    if (may_be_null && list.len > 0)
        vals_add(&list, t_null());
    return vals_done(&list);
}

static struct val pattern_of(const struct schema *s, const char *pattern)
{
    return pattern == NULL ? t_none() : t_str(str_join(s->a, "^(", pattern, ")$", NULL));
}

/* Without a unit a number is bytes or processors, so the range of the stored unit holds for F_INT and F_BYTES only. */
static void add_range(struct pairs *p, const struct field *f)
{
    if ((f->kind != F_INT && f->kind != F_BYTES) || (f->min == 0 && f->max == 0))
        return;
    pairs_add(p, "minimum", t_int(f->min));
    pairs_add(p, "maximum", t_int(f->max));
}

static bool is_number(const char *s)
{
    return *s != '\0' && strlen(s) < 10 && strspn(s, "0123456789") == strlen(s);
}

static struct val default_of(const struct schema *s, const struct field *f)
{
    const char *def = field_default(s->flavour, f);
    if (def == NULL || strcmp(def, "present") == 0 || *def == '[')
        return t_none();
    if (f->kind == F_BOOL)
        return t_bool(strcmp(def, "true") == 0);
    return f->kind == F_INT && is_number(def) ? t_int(atoll(def)) : t_str(def);
}

static void add_documentation(const struct schema *s, struct pairs *p, const struct field *f)
{
    struct text t = { .a = s->a };
    text_add(&t, f->doc);
    if (f->type == NULL && f->choices == NULL)
        text_join(&t, " (", page_type(s->a, f), ")", NULL);
    if (f->example != NULL)
        text_join(&t, "\n\nExample: `", f->name, ": ", f->example, "`", NULL);
    pairs_add(p, "description", t_str(f->doc));
    pairs_add(p, "markdownDescription", t_str(text_str(&t)));
    pairs_add(p, "default", default_of(s, f));
}

static struct val map_of(const struct schema *s, const char *value_types)
{
    return MAP(s->a, { "type", types_of(s, value_types, true) });
}

/* Lists inside a configuration map are joined with commas by the compiler. */
static void add_free_form(const struct schema *s, struct pairs *p, const struct field *f)
{
    if (f->kind == F_CONFIG)
        pairs_add(p, "additionalProperties", map_of(s, "string number boolean array"));
    else if (f->kind == F_LABELS || f->kind == F_TEXTS)
        pairs_add(p, "additionalProperties", map_of(s, "string number boolean"));
    else if (f->kind == F_K8S_LIST)
        pairs_add(p, "items", MAP(s->a, { "type", t_str("object") }));
}

static void add_object(const struct schema *s, const struct type *t, struct pairs *p, bool in_list);

static struct val items_of(const struct schema *s, const struct field *f)
{
    struct pairs p = { .a = s->a };
    if (f->kind == F_OBJECTS) {
        const char *also = f->type->short_for == NULL ? "" : scalar_of(field_of(f->type, f->type->short_for)).types;
        pairs_add(&p, "type", types_of(s, str_join(s->a, "object ", also, NULL), false));
        add_object(s, f->type, &p, true);
    } else {
        pairs_add(&p, "type", types_of(s, "string number boolean", false));
        pairs_add(&p, "enum", enum_of(s, f->choices, false));
    }
    return pairs_done(&p);
}

static void add_scalar(const struct schema *s, struct pairs *p, const struct field *f, bool may_be_null)
{
    const struct scalar scalar = scalar_of(f);
    pairs_add(p, "type", types_of(s, scalar.types, may_be_null));
    pairs_add(p, "enum", enum_of(s, scalar.choices, may_be_null));
    pairs_add(p, "pattern", pattern_of(s, scalar.pattern));
    add_range(p, f);
}

/* Choices of a text that may stand where a map or a list may. */
static void add_text_choices(const struct schema *s, struct pairs *p, const char *choices)
{
    if (choices == NULL)
        return;
    pairs_add(p, "if", MAP(s->a, { "type", t_str("string") }));
    pairs_add(p, "then", MAP(s->a, { "enum", enum_of(s, choices, false) }));
}

/* `storage: 500Gi` for `storage: {size: 500Gi}`: the words of the map apply to maps only, those of the text to texts only;
 * choices would apply to both, so they stand behind an `if`. */
static void add_struct(const struct schema *s, struct pairs *p, const struct field *f)
{
    const struct field *brief = f->type->short_for == NULL ? NULL : field_of(f->type, f->type->short_for);
    const struct scalar scalar = brief == NULL ? (struct scalar){ "", NULL, NULL } : scalar_of(brief);
    pairs_add(p, "type", types_of(s, str_join(s->a, "object ", scalar.types, NULL), true));
    add_object(s, f->type, p, false);
    if (brief == NULL)
        return;
    pairs_add(p, "pattern", pattern_of(s, scalar.pattern));
    add_range(p, brief);
    add_text_choices(s, p, scalar.choices);
}

/* `auth: mtls` for `auth: [mtls]`. */
static void add_list(const struct schema *s, struct pairs *p, const struct field *f)
{
    const bool or_one = (f->flags & OR_ONE) != 0;
    pairs_add(p, "type", types_of(s, or_one ? "array string" : "array", true));
    pairs_add(p, "items", f->kind == F_K8S_LIST ? t_none() : items_of(s, f));
    add_free_form(s, p, f);
    if (or_one)
        add_text_choices(s, p, f->choices);
}

static struct val field_schema(const struct schema *s, const struct field *f, bool required)
{
    struct pairs p = { .a = s->a };
    add_documentation(s, &p, f);
    switch (f->kind) {
    case F_OBJECT:
        add_struct(s, &p, f);
        break;
    case F_OBJECTS: case F_STRS: case F_K8S_LIST:
        add_list(s, &p, f);
        break;
    case F_CONFIG: case F_LABELS: case F_TEXTS: case F_VALUES: case F_K8S:
        pairs_add(&p, "type", types_of(s, "object", true));
        add_free_form(s, &p, f);
        break;
    case F_INCLUDE:
        pairs_add(&p, "type", types_of(s, "array", true));
        pairs_add(&p, "items", MAP(s->a, { "type", t_str("string") }));
        break;
    case F_IGNORED:
        pairs_add(&p, "type", t_str("string"));
        break;
    default:
        add_scalar(s, &p, f, !required);
    }
    return pairs_done(&p);
}

static bool must_stand_here(const struct type *t, const struct field *f, bool in_list)
{
    return (f->flags & REQUIRED) && (t == &description_type ? strcmp(f->name, "gregor") == 0
                                                           : in_list && strcmp(f->name, "name") == 0);
}

static void add_object(const struct schema *outer, const struct type *t, struct pairs *p, bool in_list)
{
    const struct schema s = { outer->a, page_flavour(t, outer->flavour) };
    struct pairs properties = { .a = s.a };
    struct vals required = { .a = s.a };
    const struct field *f;
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++) {
        if (f->kind == F_LATER)
            continue;
        const bool must = must_stand_here(t, f, in_list);
        pairs_add(&properties, f->name, field_schema(&s, f, must));
        if (must)
            vals_add(&required, t_str(f->name));
    }
    pairs_add(p, "properties", pairs_done(&properties));
    pairs_add(p, "required", vals_done(&required));
    pairs_add(p, "additionalProperties", t_bool(false));
}

struct val schema_make(struct arena *a)
{
    const struct schema s = { a, FL_BROKERS };
    struct pairs p = { .a = a };
    pairs_add(&p, "$schema", t_str("http://json-schema.org/draft-07/schema#"));
    pairs_add(&p, "$id", t_str("urn:gregor:description:1"));
    pairs_add(&p, "title", t_str("gregor: description of an Apache Kafka cluster on Kubernetes, language version 1"));
    pairs_add(&p, "type", t_str("object"));
    add_object(&s, &description_type, &p, false);
    return pairs_done(&p);
}

int command_schema(struct command *c)
{
    struct text out = { .a = c->a };
    if (c->args.len > 0)
        return report_usage(c, NULL, "schema takes no argument");
    const struct val schema = schema_make(c->a);
    print_json(&out, &schema);
    return report_result(c, text_str(&out), out.len);
}
