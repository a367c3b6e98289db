#include "cluster/cluster.h"

#include "cluster/fields.h"
#include "cluster/read.h"
#include "cluster/schema.h"
#include "cluster/value.h"
#include "model/kafka.h"
#include "print/print.h"

#include <stdlib.h>

/* ---- the canonical document: what libcyaml loads ------------------------------------------------------------- */

static bool is_free_form(const struct field *f)
{
    switch (f->kind) {
    case F_CONFIG: case F_LABELS: case F_TEXTS: case F_VALUES: case F_K8S: case F_K8S_LIST: case F_INCLUDE:
        return true;
    default:
        return false;
    }
}

static struct val canonical(struct arena *a, const struct type *t, const struct val *v);

/* What was wrong is as absent: nothing in its place would be true. */
static const struct val *known(const struct val *v)
{
    return v == NULL || v->kind == V_POISON ? NULL : v;
}

static struct val canonical_field(struct arena *a, const struct field *f, const struct val *v)
{
    if (f == NULL || is_free_form(f) || v->kind == V_POISON)
        return t_none();
    if (f->kind == F_OBJECT)
        return canonical(a, f->type, v);
    if (f->kind != F_OBJECTS)
        return *v;
    struct vals items = { .a = a };
    for (uint32_t i = 0; i < v->len; i++) {
        struct val item = canonical(a, f->type, &v->seq[i]);
        vals_add(&items, item.kind == V_NONE ? t_empty_map() : item);
    }
    return vals_done(&items);
}

static struct val canonical(struct arena *a, const struct type *t, const struct val *v)
{
    struct pairs out = { .a = a };
    for (uint32_t i = 0; i < v->len; i++)
        pairs_add(&out, v->map[i].key, canonical_field(a, field_of(t, v->map[i].key), &v->map[i].v));
    return pairs_done(&out);
}

/* ---- defaults and free-form values --------------------------------------------------------------------------- */

/* Defaults stand in the table as a user would write them; a unit test proves that each converts. */
static int64_t default_number(struct arena *a, const struct field *f, const char *def)
{
    int64_t n = AUTO;
    if (strcmp(def, "auto") != 0)
        value_number(a, f->kind, def, &n);
    return n;
}

static int default_choice(const char *choices, const char *def)
{
    int i = 0;
    for (const char *at = choices; !(str_starts(at, def) && strchr(" ", at[strlen(def)]) != NULL); i++)
        at += strcspn(at, " ") + 1;
    return i;
}

static void set_default(struct arena *a, enum flavour flavour, const struct field *f, char *member, bool present)
{
    const char *def = field_default(flavour, f);
    if (def == NULL)
        return;
    switch (f->kind) {
    case F_ENUM: *(int *)(void *)member  = default_choice(f->choices, def); break;
    case F_BOOL: *(bool *)(void *)member = strcmp(def, "present") == 0 ? present : strcmp(def, "true") == 0; break;
    case F_INT: case F_BYTES: case F_CPU: case F_MS: case F_RATE: case F_MINOR:
        *(int64_t *)(void *)member = default_number(a, f, def);
        break;
    case F_STRS:
        break;
    default: *(const char **)(void *)member = def;
    }
}

/* Completes a struct that libcyaml has filled from `v` (NULL: nobody wrote it). */
static void fill(struct arena *a, const struct type *t, enum flavour flavour, char *record, const struct val *v)
{
    const struct field *f;
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++) {
        const struct val *written_value = known(tree_get(v, f->name));
        char *member = record + f->offset;
        if (f->kind == F_OBJECT)
            fill(a, f->type, f->type->base != NULL ? f->type->flavour : flavour, member, written_value);
        else if (f->kind == F_OBJECTS)
            for (uint32_t n = 0; written_value != NULL && n < written_value->len; n++)
                fill(a, f->type, f->type->base != NULL ? f->type->flavour : flavour,
                     *(char **)(void *)member + n * f->type->size, &written_value->seq[n]);
        else if (is_free_form(f))
            *(const struct val **)(void *)member = written_value;
        else if (written_value == NULL)
            set_default(a, flavour, f, member, v != NULL);
    }
}

static void set_roles(struct arena *a, struct pool *p, const char *name, const char *role)
{
    p->name = name;
    if (p->roles.len == 0) {
        p->roles.at = NEWS(a, const char *, 1);
        p->roles.at[0] = role;
        p->roles.len = 1;
    }
}

static void name_pools(struct arena *a, struct description *d)
{
    set_roles(a, &d->brokers, "broker", "broker");
    set_roles(a, &d->controllers, "controller", "controller");
    set_roles(a, &d->zookeeper.pool, "zookeeper", "zookeeper");
    for (uint32_t i = 0; i < d->pool_count; i++)
        set_roles(a, &d->pools[i], d->pools[i].name, "broker");
}

static void default_class(const struct description *d, struct storage *s)
{
    if (s->class == NULL && s->type != ST_EPHEMERAL)
        s->class = d->storage_class;
}

static void default_pool_classes(const struct description *d, struct pool *p)
{
    default_class(d, &p->storage);
    for (uint32_t i = 0; i < p->volume_count; i++)
        default_class(d, &p->volumes[i]);
}

static void default_classes(struct description *d)
{
    default_pool_classes(d, &d->brokers);
    default_pool_classes(d, &d->controllers);
    default_pool_classes(d, &d->zookeeper.pool);
    for (uint32_t i = 0; i < d->pool_count; i++)
        default_pool_classes(d, &d->pools[i]);
}

/* Nobody wrote a listener: clients get one, as in Kafka's own default configuration. */
static void default_listener(struct arena *a, struct description *d)
{
    if (d->listener_count > 0)
        return;
    d->listeners = NEWS(a, struct listener, 1);
    d->listeners[0] = (struct listener){ .name = "internal", .port = 9092 };
    d->listener_count = 1;
}

/* A class that decides is an authorizer that is on, unless somebody says `type: none`. */
static void default_authorizer(struct description *d, const struct val *typed)
{
    if (d->authorization.class != NULL && known(tree_get(known(tree_get(typed, "authorization")), "type")) == NULL)
        d->authorization.type = AUTHZ_ACL;
}

static int line_of(const char *version)
{
    char *end;
    const long major = strtol(version, &end, 10);
    const long minor = *end == '.' ? strtol(end + 1, NULL, 10) : -1;
    return major < 0 || major > 99 || minor < 0 || minor > 99 ? 0 : KAFKA((int)major, (int)minor);
}

static void too_long(struct ctx *cx, const struct description *d)
{
    if (strlen(d->name) <= 40)
        return;
    struct diag *e = diag_at(cx, E_NAME_TOO_LONG, place(d, "name"), "'name' is '%s': %zu characters, at most 40 are allowed",
                             d->name, strlen(d->name));
    diag_hint(cx, e, "pods and the labels that Kubernetes derives from them must stay within 63");
}

/* Enough of the description was read to say more about it. */
static bool names_cluster(const struct val *typed)
{
    const struct val *kafka = tree_get(typed, "kafka"), *metadata = tree_get(kafka, "metadata");
    return tree_str(typed, "name") != NULL && tree_str(kafka, "version") != NULL
        && (metadata == NULL || metadata->kind != V_POISON);
}

bool load_description(struct ctx *cx, const struct val *root, struct description *d)
{
    struct val *typed = NEW(cx->a, struct val);
    *typed = read_fields(cx, *root, read_minor(cx, *root));
    if (diag_failed(cx) && !names_cluster(typed))
        return false;
    const struct val document = canonical(cx->a, &description_type, typed);
    struct text text = { .a = cx->a };
    print_yaml(&text, &document);
    const struct description *loaded = schema_load(cx->a, text.p, text.len);
    if (loaded == NULL) {
        diag_at(cx, E_INTERNAL_LOAD, no_pos(), "libcyaml refuses the checked description");
        return false;
    }
    *d = *loaded;
    d->root = typed;
    fill(cx->a, &description_type, FL_BROKERS, (char *)d, typed);
    name_pools(cx->a, d);
    default_listener(cx->a, d);
    default_classes(d);
    default_authorizer(d, typed);
    d->kafka_line = line_of(d->kafka.version);
    too_long(cx, d);
    return !diag_failed(cx);
}
