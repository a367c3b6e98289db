/* openshift.c: an OpenShift Template whose `oc process` gives exactly the compiled objects (EC 2.4).
 *
 * The server replaces ${NAME} in any text, ${{NAME}} where it is a whole value, and leaves names alone that are no parameter: there
 * is no escape, so a text that looks like one of ours is refused. It removes a namespace that is fixed, so each namespace is a
 * parameter: objects of the site have others than the cluster. Nothing is generated: a parameter that is random would change with each run. */
#include "cluster/cluster.h"
#include "pack/pack.h"
#include "pack/values.h"
#include "print/print.h"

#define PREFIX "KAFKA_"

struct template {
    const struct pack_job *j;
    struct values          vs;
};

/* ---- parameters ---------------------------------------------------------------------------------------------------------- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* brokers.storage.size -> KAFKA_BROKERS_STORAGE_SIZE, kafka.image -> KAFKA_IMAGE, images.pullSecrets -> KAFKA_IMAGES_PULL_SECRETS */
static const char *parameter_name(struct arena *a, const char *path)
{
    struct text t = { .a = a };
    text_add(&t, PREFIX);
    for (const char *c = str_starts(path, "kafka.") ? path + strlen("kafka.") : path; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            text_char(&t, '_');
        text_char(&t, *c == '.' || *c == '-' ? '_' : upper(*c));
    }
    return text_str(&t);
}

/* A single value replaces text; a list or map has to be the whole value. */
static const char *token(void *arg, struct arena *a, const struct open_value *v, enum value_place place)
{
    const char *name = parameter_name(a, v->path);
    (void)arg;
    return place == PLACE_WHOLE && v->base.kind != V_STR ? str_join(a, "${{", name, "}}", NULL) : str_join(a, "${", name, "}", NULL);
}

static void add_json(struct text *out, const struct val *v)
{
    const bool map = v->kind == V_MAP;
    if (v->kind == V_STR)
        diag_json_string(out, v->s);
    else if (v->kind == V_INT)
        text_int(out, v->i);
    else if (v->kind == V_BOOL)
        text_add(out, v->b ? "true" : "false");
    else if (v->kind == V_NULL)
        text_add(out, "null");
    if (!map && v->kind != V_SEQ)
        return;
    text_char(out, map ? '{' : '[');
    for (uint32_t i = 0; i < v->len; i++) {
        text_add(out, i > 0 ? "," : "");
        if (map) {
            diag_json_string(out, v->map[i].key);
            text_char(out, ':');
        }
        add_json(out, map ? &v->map[i].v : &v->seq[i]);
    }
    text_char(out, map ? '}' : ']');
}

/* A parameter holds text; that of a list or map is JSON. */
static struct val parameter(struct arena *a, const struct open_value *v)
{
    struct text json = { .a = a };
    if (v->base.kind != V_STR)
        add_json(&json, &v->base);
    return MAP(a,
        { "name",        t_str(parameter_name(a, v->path)) },
        { "displayName", t_str(v->path) },
        { "description", t_str(v->doc) },
        { "value",       v->base.kind == V_STR ? v->base : t_str(text_str(&json)) },
        { "required",    t_bool(true) });
}

/* The namespace of an object, when it is fixed. */
static const char *fixed_namespace(const struct val *object)
{
    const struct val *meta = tree_get(object, "metadata");
    const char *name = meta == NULL ? NULL : tree_str(meta, "namespace");
    return name == NULL || strstr(name, "${") != NULL ? NULL : name;
}

/* The parameter of a namespace that is not the cluster's; a new one when it is met for the first time. */
static const struct open_value *namespace_value(struct values *vs, struct arena *a, const char *name)
{
    const char *path = str_join(a, "namespace.", name, NULL);
    for (uint32_t i = 0; i < vs->len; i++)
        if (strcmp(vs->at[i].path, path) == 0)
            return &vs->at[i];
    struct open_value *grown = NEWS(a, struct open_value, vs->len + 1);
    for (uint32_t i = 0; i < vs->len; i++)
        grown[i] = vs->at[i];
    grown[vs->len] = (struct open_value){ .path = path, .base = t_str(name),
                                          .doc = str_join(a, "Namespace of the objects of the site that belong to '", name, "'.", NULL) };
    vs->at = grown;
    return &vs->at[vs->len++];
}

static void open_other_namespaces(struct arena *a, struct values *vs)
{
    static const struct tree_step steps[] = { { .key = "metadata" }, { .key = "namespace" } };
    struct val *objects = NEWS(a, struct val, vs->objects.len);
    for (uint32_t i = 0; i < vs->objects.len; i++) {
        const struct val *object = &vs->objects.seq[i];
        const char *name = fixed_namespace(object);
        objects[i] = name == NULL ? *object
                   : tree_with(a, object, steps, 2, t_str(token(NULL, a, namespace_value(vs, a, name), PLACE_WHOLE)));
    }
    vs->objects.seq = objects;
}

/* Where the description has the field, or what is nearest to it. */
static struct pos place_of(const struct template *t, const struct open_value *v)
{
    const struct val *at = &t->j->made->root, *next = at;
    for (uint32_t i = 0; i < v->step_count && next != NULL; i++) {
        at = next;
        if (v->steps[i].key != NULL)
            next = tree_get(at, v->steps[i].key);
        else
            next = at->kind == V_SEQ && v->steps[i].i < at->len ? &at->seq[v->steps[i].i] : NULL;
    }
    return v->asked.line > 0 ? v->asked : next != NULL ? next->at : at->at;
}

static void report_pair(const struct template *t, const struct open_value *first, const struct open_value *v, const char *name)
{
    struct diag *e = diag_at(t->j->cx, E_TEMPLATE_PARAMETER, place_of(t, v), "'%s' and '%s' would both be the parameter %s",
                             first->path, v->path, name);
    diag_hint(t->j->cx, e, "write 'values' with the fields that stay open, one of these not among them");
}

static void check_parameters(const struct template *t)
{
    const char **names = NEWS(t->j->cx->a, const char *, t->vs.len);
    for (uint32_t i = 0; i < t->vs.len; i++) {
        names[i] = parameter_name(t->j->cx->a, t->vs.at[i].path);
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(names[k], names[i]) == 0)
                report_pair(t, &t->vs.at[k], &t->vs.at[i], names[i]);
    }
}

/* ---- what looks like a parameter ------------------------------------------------------------------------------------------ */

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_ours(const struct template *t, const char *name, size_t len)
{
    for (uint32_t i = 0; i < t->vs.len; i++) {
        const char *ours = parameter_name(t->j->cx->a, t->vs.at[i].path);
        if (strlen(ours) == len && memcmp(ours, name, len) == 0)
            return true;
    }
    return false;
}

/* The name of a parameter of ours in ${NAME} or ${{NAME}}, or NULL. */
static const char *collision(const struct template *t, const char *s)
{
    for (; (s = strstr(s, "${")) != NULL; s++) {
        const char *name = s + 2 + (s[2] == '{');
        size_t len = 0;
        while (is_name(name[len]))
            len++;
        if (len > 0 && name[len] == '}' && str_starts(name, PREFIX) && is_ours(t, name, len))
            return arena_dup(t->j->cx->a, name, len);
    }
    return NULL;
}

/* What one line of the description put into many objects is told once. */
static bool is_told(const struct ctx *cx, struct pos at)
{
    for (uint32_t i = 0; i < cx->diag_count && at.line > 0; i++)
        if (cx->diags[i]->code == E_TEMPLATE_TEXT && memcmp(&cx->diags[i]->at, &at, sizeof at) == 0)
            return true;
    return false;
}

static void check_text(const struct template *t, const struct val *object, const char *s, struct pos at)
{
    const char *name = strstr(s, "${") == NULL ? NULL : collision(t, s);
    if (name == NULL || is_told(t->j->cx, at))
        return;
    const struct val *called = tree_at(object, "metadata", "name", NULL);
    struct diag *e = diag_at(t->j->cx, E_TEMPLATE_TEXT, at, "'${%s}' in %s/%s is the name of a parameter of the template", name,
                             tree_str(object, "kind"), called == NULL ? "?" : called->s);
    diag_hint(t->j->cx, e, "a shell reads '$%s' just as well; elsewhere choose another name", name);
}

static void check_value(const struct template *t, const struct val *object, const struct val *v)
{
    if (v->kind == V_STR)
        check_text(t, object, v->s, v->at);
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++)
        check_value(t, object, &v->seq[i]);
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++) {
        check_text(t, object, v->map[i].key, tree_key_at(v, i));
        check_value(t, object, &v->map[i].v);
    }
}

/* Pods of other platforms name their users, and restricted-v2 lets only the range of the namespace in. */
static void check_platform(const struct pack_job *j)
{
    const struct description *d = &j->made->description;
    if (d->platform != ON_OPENSHIFT)
        diag_hint(j->cx, diag_at(j->cx, E_TEMPLATE_PLATFORM, place(d, "platform"),
                                 "a Template is for OpenShift, and 'platform' is another"), "write platform: openshift");
}

/* ---- the template ---------------------------------------------------------------------------------------------------------- */

static struct val message(const struct template *t)
{
    return t->vs.bootstrap == NULL ? t_none()
         : t_str(str_join(t->j->cx->a, "Clients inside of the cluster connect to ", t->vs.bootstrap, NULL));
}

static struct val template_of(const struct template *t)
{
    struct arena *a = t->j->cx->a;
    const struct description *d = &t->j->made->description;
    struct vals parameters = { .a = a };
    for (uint32_t i = 0; i < t->vs.len; i++)
        vals_add(&parameters, parameter(a, &t->vs.at[i]));
    return MAP(a,
        { "apiVersion", t_str("template.openshift.io/v1") },
        { "kind",       t_str("Template") },
        { "metadata", MAP(a,
            { "name",        t_str(d->name) },
            { "annotations", MAP(a,
                { "description",               t_str(str_join(a, "Apache Kafka ", d->kafka.version, " without an operator", NULL)) },
                { "openshift.io/display-name", t_str(str_join(a, "Apache Kafka: ", d->name, NULL)) },
                { "tags",                      t_str("kafka,messaging") }) }) },
        { "message",    message(t) },
        { "objects",    t->vs.objects },
        { "parameters", vals_done(&parameters) });
}

bool openshift_pack(const struct pack_job *j)
{
    struct template t = { .j = j };
    const struct value_form form = { .with_namespace = true, .token = token };
    check_platform(j);
    if (!values_open(j->cx, j->made, &form, &t.vs) || diag_failed(j->cx))
        return false;
    open_other_namespaces(j->cx->a, &t.vs);
    check_parameters(&t);
    for (uint32_t i = 0; i < j->made->objects.len; i++)
        check_value(&t, &j->made->objects.seq[i], &j->made->objects.seq[i]);
    const struct val made = template_of(&t);
    print_yaml(pack_file(j->out, str_join(j->cx->a, j->made->description.name, ".yaml", NULL)), &made);
    return !diag_failed(j->cx);
}
