/* kubernetes_model.c: stdlib/kubernetes/schema.txt -> C tables on standard output (model/k8s_table.h has their shape).
 *
 * Runs on the building machine. Every mistake in the schema ends the run with its line number. */
#include "../model/k8s_table.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TYPES = 1000, MOST_FIELDS = 6000, MOST_KINDS = 100, LINE = 2000, WIDEST = 64 };

static const struct { const char *type, *function; } rules[] = {
#define RULE(type, function) { type, #function },
#include "../model/k8s_rules.def"
#undef RULE
};
enum { RULES = sizeof rules / sizeof *rules };

static const struct { const char *name, *form; } scalars[] = {
    { "any", "K8S_ANY" }, { "base64", "K8S_BASE64" }, { "bool", "K8S_BOOL" }, { "int-or-string", "K8S_INT_OR_STRING" },
    { "int32", "K8S_INT32" }, { "int64", "K8S_INT64" }, { "promduration", "K8S_PROMDURATION" },
    { "quantity", "K8S_QUANTITY" }, { "string", "K8S_STRING" },
};
enum { SCALARS = sizeof scalars / sizeof *scalars };

struct field {
    char *name, *type, *merge, *keys, *values, *syntax, *note, *min, *max;
    int   shape, since, last, items, most;
    bool  required, one, at_most, nonempty, set, retain, server;
    int   line;
};
struct type {
    char *name;
    int   first, count; /* in fields */
    const char *form, *rule;
    int   kind;         /* in kinds; -1: none */
};
struct kind {
    char *api_version, *kind, *type, *name;
    bool  namespaced;
};

static struct field fields[MOST_FIELDS];
static struct type  types[MOST_TYPES];
static struct kind  kinds[MOST_KINDS];
static int field_count, type_count, kind_count, line_number;

static _Noreturn void fail(int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "schema.txt:%d: ", line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static char *word(char **rest)
{
    char *w = strtok_r(*rest, " ", rest);
    if (w == NULL)
        fail(line_number, "a word is missing");
    return strdup(w);
}

static void read_kind(char *rest)
{
    if (kind_count == MOST_KINDS)
        fail(line_number, "too many kinds");
    struct kind *k = &kinds[kind_count++];
    k->api_version = word(&rest);
    k->kind = word(&rest);
    k->type = word(&rest);
    for (char *w; (w = strtok_r(rest, " ", &rest)) != NULL; ) {
        if (strcmp(w, "namespaced") == 0)
            k->namespaced = true;
        else if (strncmp(w, "name=", 5) == 0)
            k->name = strdup(w + 5);
        else
            fail(line_number, "unknown word '%s'", w);
    }
    if (k->name == NULL)
        fail(line_number, "name= is missing");
}

static void read_type(char *rest)
{
    if (type_count == MOST_TYPES)
        fail(line_number, "too many types");
    types[type_count++] = (struct type){ .name = word(&rest), .first = field_count, .form = "K8S_OBJECT", .kind = -1 };
}

static bool valued(const char *marker, const char *name, char **value)
{
    const size_t len = strlen(name);
    if (strncmp(marker, name, len) != 0 || marker[len] != '=')
        return false;
    *value = strdup(marker + len + 1);
    return true;
}

static bool numbered(const char *marker, const char *name, int *value)
{
    char *text;
    if (!valued(marker, name, &text))
        return false;
    *value = atoi(text);
    free(text);
    return true;
}

static bool flagged(const char *marker, const char *name, bool *flag)
{
    if (strcmp(marker, name) != 0)
        return false;
    return *flag = true;
}

static void read_marker(struct field *f, const char *m)
{
    if (flagged(m, "required", &f->required) || flagged(m, "nonempty", &f->nonempty) || flagged(m, "set", &f->set)
        || flagged(m, "retain", &f->retain) || flagged(m, "server", &f->server) || flagged(m, "alt=one", &f->one)
        || flagged(m, "alt=most", &f->at_most))
        return;
    if (numbered(m, "since", &f->since) || numbered(m, "last", &f->last) || numbered(m, "items", &f->items)
        || numbered(m, "most", &f->most))
        return;
    if (!valued(m, "merge", &f->merge) && !valued(m, "keys", &f->keys) && !valued(m, "enum", &f->values)
        && !valued(m, "syntax", &f->syntax) && !valued(m, "note", &f->note) && !valued(m, "min", &f->min)
        && !valued(m, "max", &f->max))
        fail(line_number, "unknown marker '%s'", m);
}

static void read_field(char *rest)
{
    if (type_count == 0)
        fail(line_number, "a field outside of a type");
    struct type *t = &types[type_count - 1];
    if (field_count == MOST_FIELDS || t->count == WIDEST)
        fail(line_number, "too many fields");
    struct field *f = &fields[field_count++];
    *f = (struct field){ .name = word(&rest), .last = 255, .line = line_number };
    char *type = word(&rest);
    f->shape = strncmp(type, "[]", 2) == 0 ? 1 : strncmp(type, "{}", 2) == 0 ? 2 : 0;
    f->type  = f->shape == 0 ? type : type + 2;
    if (t->count++ > 0 && strcmp(f[-1].name, f->name) >= 0)
        fail(line_number, "fields must be in the order of their names");
    for (char *w; (w = strtok_r(rest, " ", &rest)) != NULL; )
        read_marker(f, w);
    for (char *c = f->values; c != NULL && (c = strchr(c, '~')) != NULL; )
        *c = ' ';
}

static void read_schema(FILE *in)
{
    char line[LINE];
    while (fgets(line, sizeof line, in) != NULL) {
        line_number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (strncmp(line, "kind ", 5) == 0)
            read_kind(line + 5);
        else if (strncmp(line, "type ", 5) == 0)
            read_type(line + 5);
        else if (strncmp(line, "  ", 2) == 0)
            read_field(line + 2);
        else
            fail(line_number, "a line must start with 'kind', 'type' or two blanks");
    }
}

/* ---- linking ------------------------------------------------------------------------------------------ */

static int by_type(const void *a, const void *b)
{
    return strcmp(((const struct type *)a)->name, ((const struct type *)b)->name);
}

static int by_kind(const void *a, const void *b)
{
    return strcmp(((const struct kind *)a)->kind, ((const struct kind *)b)->kind);
}

static int find_type(const char *name)
{
    const struct type key = { .name = (char *)name };
    const struct type *t = bsearch(&key, types, (size_t)type_count, sizeof key, by_type);
    return t == NULL ? -1 : (int)(t - types);
}

static void link_rules(void)
{
    for (int i = 0; i < RULES; i++) {
        const int t = find_type(rules[i].type);
        if (t < 0)
            fail(0, "k8s_rules.def names '%s', which is no type", rules[i].type);
        types[t].rule = rules[i].function;
    }
}

static void link_kinds(void)
{
    for (int i = 0; i < kind_count; i++) {
        const int t = find_type(kinds[i].type);
        if (t < 0)
            fail(0, "the kind '%s' has no type", kinds[i].kind);
        if (i > 0 && strcmp(kinds[i - 1].kind, kinds[i].kind) == 0)
            fail(0, "the kind '%s' stands twice", kinds[i].kind);
        if (types[t].kind < 0)
            types[t].kind = i;
    }
}

static void link_all(void)
{
    for (int i = 0; i < SCALARS; i++)
        types[type_count++] = (struct type){ .name = (char *)scalars[i].name, .form = scalars[i].form, .kind = -1 };
    qsort(types, (size_t)type_count, sizeof *types, by_type);
    qsort(kinds, (size_t)kind_count, sizeof *kinds, by_kind);
    for (int i = 0; i < field_count; i++)
        if (find_type(fields[i].type) < 0)
            fail(fields[i].line, "unknown type '%s'", fields[i].type);
    link_rules();
    link_kinds();
}

/* ---- writing ------------------------------------------------------------------------------------------ */

/* Looks for a factor under which no two fields share a slot of a table of 2^bits. */
static bool try_factor(const struct type *t, int bits, uint32_t factor, uint8_t *slots)
{
    memset(slots, 255, (size_t)1 << bits);
    for (int i = 0; i < t->count; i++) {
        const char *name = fields[t->first + i].name;
        const uint32_t h = (k8s_mix(name, (uint32_t)strlen(name)) * factor) >> (32 - bits);
        if (slots[h] != 255)
            return false;
        slots[h] = (uint8_t)i;
    }
    return true;
}

static uint32_t find_factor(const struct type *t, int *bits, uint8_t *slots)
{
    for (*bits = 1; *bits <= 10; ++*bits) {
        uint32_t factor = 2654435769u;
        if ((1 << *bits) < t->count)
            continue;
        for (int tries = 0; tries < 20000; tries++, factor = factor * 1664525u + 1013904223u)
            if (try_factor(t, *bits, factor | 1u, slots))
                return factor | 1u;
    }
    fail(0, "the fields of '%s' cannot be told apart by k8s_mix()", t->name);
}

static void put_string(const char *key, const char *s)
{
    if (s != NULL)
        printf(", .%s = \"%s\"", key, s);
}

/* A word of the schema as a constant of k8s_table.h. */
static void put_constant(const char *key, const char *prefix, const char *s)
{
    if (s == NULL)
        return;
    printf(", .%s = %s", key, prefix);
    for (; *s != '\0'; s++)
        putchar(*s == '-' ? '_' : *s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
}

/* Most fields are strings, numbers or switches without a rule: for them the kind of an emitted value (and the range of a
 * number) says it all. */
static const char *easy_kind(const struct field *f)
{
    if (f->note != NULL)
        return NULL;
    if (strncmp(f->type, "int", 3) == 0 && strcmp(f->type, "int-or-string") != 0)
        return "V_INT";
    if (strcmp(f->type, "bool") == 0)
        return "V_BOOL";
    const bool free_text = f->values == NULL && !f->nonempty && f->max == NULL && (f->syntax == NULL || f->shape == 2);
    return free_text && strcmp(f->type, "string") == 0 ? "V_STR" : NULL;
}

/* Without bounds of its own a number has those of its type. */
static void put_range(const struct field *f)
{
    const bool narrow = strcmp(f->type, "int32") == 0;
    printf(", .min = %s, .max = %s", f->min != NULL ? f->min : narrow ? "INT32_MIN" : "INT64_MIN",
           f->max != NULL ? f->max : narrow ? "INT32_MAX" : "INT64_MAX");
}

static void put_row(const struct field *f)
{
    const int flags = (f->nonempty ? KR_NONEMPTY : 0) | (f->set ? KR_SET : 0) | (f->retain ? KR_RETAIN : 0)
                    | (f->server ? KR_SERVER : 0);
    printf("    { .name = \"%s\", .len = %zu, .type = %d, .shape = %d, .since = %d, .last = %d, .flags = %d",
           f->name, strlen(f->name), find_type(f->type), f->shape, f->since, f->last, flags);
    put_range(f);
    printf(", .items = %d, .most = %d", f->items, f->most);
    if (easy_kind(f) != NULL && !f->server)
        printf(", .easy = %s", easy_kind(f));
    put_string("merge", f->merge);
    put_string("keys", f->keys != NULL ? f->keys : f->merge);
    put_string("values", f->values);
    put_constant("syntax", "SX_", f->syntax);
    put_constant("note", "NOTE_", f->note);
    printf(" },\n");
}

static void put_rows(void)
{
    printf("static const struct k8s_row rows[] = {\n");
    for (int i = 0; i < field_count; i++)
        put_row(&fields[i]);
    printf("};\n\n");
}

static void put_slots(int number, const uint8_t *slots, int bits)
{
    printf("static const uint8_t slots_%d[] = {", number);
    for (int i = 0; i < 1 << bits; i++)
        printf("%s%d", i > 0 ? "," : "", slots[i]);
    printf("};\n");
}

static void put_mask(const char *key, const struct type *t, size_t flag)
{
    unsigned long long mask = 0;
    for (int i = 0; i < t->count; i++)
        if (*((const bool *)(const void *)((const char *)&fields[t->first + i] + flag)))
            mask |= 1ull << i;
    if (mask != 0)
        printf(", .%s = 0x%llxu", key, mask);
}

static void put_type(int number, uint32_t factor, int bits)
{
    const struct type *t = &types[number];
    printf("    { .name = \"%s\", .form = %s, .rows = rows + %d, .count = %d", t->name, t->form, t->first, t->count);
    if (t->count > 0)
        printf(", .slots = slots_%d, .factor = %uu, .shift = %d", number, factor, 32 - bits);
    put_mask("required", t, offsetof(struct field, required));
    put_mask("one", t, offsetof(struct field, one));
    put_mask("most", t, offsetof(struct field, at_most));
    if (t->rule != NULL)
        printf(", .rule = k8s_rule_%s", t->rule);
    if (t->kind >= 0)
        printf(", .kind = k8s_kinds + %d", t->kind);
    printf(" },\n");
}

static void put_types(void)
{
    static uint32_t factors[MOST_TYPES];
    static int      bits[MOST_TYPES];
    uint8_t slots[1 << 10];
    for (int i = 0; i < type_count; i++)
        if (types[i].count > 0) {
            factors[i] = find_factor(&types[i], &bits[i], slots);
            put_slots(i, slots, bits[i]);
        }
    printf("\nconst struct k8s_type k8s_types[] = {\n");
    for (int i = 0; i < type_count; i++)
        put_type(i, factors[i], bits[i]);
    printf("};\nconst unsigned k8s_type_count = %d, k8s_kind_count = %d;\n", type_count, kind_count);
}

static void put_kinds(void)
{
    printf("\nconst struct k8s_kind k8s_kinds[] = {\n");
    for (int i = 0; i < kind_count; i++) {
        const struct kind *k = &kinds[i];
        printf("    { .api_version = \"%s\", .kind = \"%s\", .type = %d, .namespaced = %d", k->api_version, k->kind,
               find_type(k->type), k->namespaced);
        put_constant("name", "SX_", k->name);
        printf(" },\n");
    }
    printf("};\n");
}

int main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (in == NULL) {
        fprintf(stderr, "usage: kubernetes_model SCHEMA > FILE.c\n");
        return 2;
    }
    read_schema(in);
    fclose(in);
    link_all();
    printf("/* Made by generate/kubernetes_model.c from stdlib/kubernetes/schema.txt. */\n"
           "#include \"base/tree.h\"\n#include \"model/k8s_table.h\"\n\n"
           "#define RULE(type, function) k8s_rule k8s_rule_##function;\n"
           "#include \"model/k8s_rules.def\"\n#undef RULE\n\n");
    put_rows();
    put_types();
    put_kinds();
    return fflush(stdout) == 0 ? 0 : 1;
}
