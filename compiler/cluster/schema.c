#include "cluster/schema.h"

#include "cluster/fields.h"

#include <cyaml/cyaml.h>
#include <pthread.h>

/* libcyaml wants one array of fields a struct, ended by a NULL key. The table has about 400 rows in 40 types. */
#define MAX_TYPES  80
#define MAX_FIELDS 80

struct built {
    const struct type    *type;
    cyaml_schema_field_t  fields[MAX_FIELDS];
    cyaml_schema_value_t  entry; /* as an item of a list */
};

static struct built   built[MAX_TYPES];
static size_t         built_count;
static bool           outgrown; /* the table no longer fits: nothing is loaded, which every test would notice */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const cyaml_schema_value_t text_entry = {
    .type = CYAML_STRING, .flags = CYAML_FLAG_POINTER, .data_size = sizeof(char), .string = { 0, CYAML_UNLIMITED }
};

static const struct built *build_type(const struct type *t);

static cyaml_schema_value_t scalar(enum cyaml_type type, size_t size)
{
    return (cyaml_schema_value_t){ .type = type, .flags = CYAML_FLAG_OPTIONAL, .data_size = (uint32_t)size };
}

static cyaml_schema_value_t list_of(const cyaml_schema_value_t *entry, size_t size)
{
    return (cyaml_schema_value_t){ .type = CYAML_SEQUENCE,
        .flags = (enum cyaml_flag)((unsigned)CYAML_FLAG_OPTIONAL | (unsigned)CYAML_FLAG_POINTER),
        .data_size = (uint32_t)size, .sequence = { entry, 0, CYAML_UNLIMITED } };
}

/* Returns false for rows that libcyaml does not load: free-form values, and what is refused or ignored. */
static bool build_value(const struct field *f, cyaml_schema_value_t *v)
{
    switch (f->kind) {
    case F_STR: case F_NAME: case F_HOST: case F_VERSION:
        *v = scalar(CYAML_STRING, sizeof(char));
        v->flags  = (enum cyaml_flag)((unsigned)CYAML_FLAG_OPTIONAL | (unsigned)CYAML_FLAG_POINTER);
        v->string.max = CYAML_UNLIMITED;
        return true;
    case F_ENUM: *v = scalar(CYAML_INT, sizeof(int));     return true;
    case F_BOOL: *v = scalar(CYAML_BOOL, sizeof(bool));   return true;
    case F_INT: case F_BYTES: case F_CPU: case F_MS: case F_RATE: case F_MINOR:
        *v = scalar(CYAML_INT, sizeof(int64_t));
        return true;
    case F_STRS:
        *v = list_of(&text_entry, sizeof(char *));
        return true;
    case F_OBJECT:
        *v = scalar(CYAML_MAPPING, f->type->size);
        v->mapping.fields = build_type(f->type)->fields;
        return true;
    case F_OBJECTS:
        *v = list_of(&build_type(f->type)->entry, f->type->size);
        return true;
    default:
        return false;
    }
}

static const struct built *build_type(const struct type *t)
{
    for (size_t i = 0; i < built_count; i++)
        if (built[i].type == t)
            return &built[i];
    outgrown |= built_count == MAX_TYPES;
    struct built *b = &built[outgrown ? 0 : built_count++];
    const struct field *f;
    size_t n = 0;
    b->type = t;
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++) {
        cyaml_schema_field_t to = { .key = f->name, .data_offset = (uint32_t)f->offset,
            .count_offset = (uint32_t)f->count_offset, .count_size = sizeof(uint32_t) };
        outgrown |= n == MAX_FIELDS - 1;
        if (!outgrown && build_value(f, &to.value))
            b->fields[n++] = to;
    }
    b->entry = (cyaml_schema_value_t){ .type = CYAML_MAPPING, .data_size = (uint32_t)t->size, .mapping = { b->fields } };
    return b;
}

static void build(void)
{
    build_type(&description_type);
}

/* ---- memory: libcyaml must see NULL, not a jump, or what libyaml holds would leak --------------------------- */

struct lender {
    struct arena *a;
    bool          empty;
};

/* libcyaml does not tell the old size when a block grows: it stands in front of the block. It grows a list by one entry at a time, so a
 * block that grows gets room for as much again. */
#define HEADER sizeof(size_t)

static void *take(struct lender *l, char *old, size_t held, size_t size)
{
    char   *volatile block = NULL;
    jmp_buf *out = l->a->out, here;
    l->a->out = &here;
    if (setjmp(here) == 0)
        block = arena_grow(l->a, old, held + HEADER, old == NULL ? 0 : held + HEADER, size + HEADER);
    else
        l->empty = true;
    l->a->out = out;
    if (block == NULL)
        return NULL;
    *(size_t *)(void *)block = size;
    return block + HEADER;
}

static void *lend(void *ctx, void *ptr, size_t size)
{
    char *old = ptr == NULL ? NULL : (char *)ptr - HEADER;
    const size_t held = ptr == NULL ? 0 : *(size_t *)(void *)old;
    if (size == 0)
        return NULL;
    if (ptr == NULL)
        return take(ctx, NULL, 0, size);
    return size <= held ? ptr : take(ctx, old, held, size * 2);
}

struct description *schema_load(struct arena *a, const char *text, size_t len)
{
    pthread_once(&once, build);
    if (outgrown)
        return NULL;
    struct lender lender = { .a = a };
    const cyaml_config_t config = { .mem_fn = lend, .mem_ctx = &lender, .log_level = CYAML_LOG_ERROR,
                                    .flags = CYAML_CFG_NO_ALIAS };
    const cyaml_schema_value_t root = { .type = CYAML_MAPPING, .flags = CYAML_FLAG_POINTER,
        .data_size = sizeof(struct description), .mapping = { built[0].fields } };
    cyaml_data_t *data = NULL;
    const cyaml_err_t err = cyaml_load_data((const uint8_t *)text, len, &config, &root, &data, NULL);
    /* What libyaml refuses here is not the text, which print_yaml() wrote: it has no memory, and libcyaml does not tell. */
    if (lender.empty || err == CYAML_ERR_OOM || err == CYAML_ERR_LIBYAML_PARSER_INIT || err == CYAML_ERR_LIBYAML_PARSER)
        longjmp(*a->out, 1);
    return err == CYAML_OK ? data : NULL;
}
