/* helm.c: a chart whose `helm template` gives exactly the compiled objects (EC 2.5).
 *
 * Templates are dull on purpose: one file an object, literal text, and one expression wherever an open value stands. */
#include "pack/helm.h"

#include "print/print.h"

#include <endian.h>

#define NO_VALUE "<no value>" /* pkg/engine takes it out of whatever was rendered */

static const char *token(void *arg, struct arena *a, const struct open_value *v, enum value_place place)
{
    static const char letters[] = { [PLACE_WHOLE] = 'W', [PLACE_INSIDE] = 'I', [PLACE_PAIR] = 'P', [PLACE_ENTRIES] = 'E' };
    (void)arg;
    return arena_printf(a, HELM_TOKEN "%c%s}", letters[place], v->text + strlen(VALUE_MARK));
}

/* ---- files -------------------------------------------------------------------------------------------------------------- */

struct chart {
    const struct pack_job *j;
    struct values          vs;
    struct strs            jobs; /* expressions for the names of Jobs */
    uint32_t               tokens;
};

static const char *job(void *arg, struct arena *a, const char *name, const struct open_value *const *values, uint32_t n)
{
    struct chart *c = arg;
    const uint32_t i = c->jobs.len++;
    c->jobs.at = arena_grow(a, c->jobs.at, i * sizeof *c->jobs.at, i * sizeof *c->jobs.at, (i + 1) * sizeof *c->jobs.at);
    c->jobs.at[i] = helm_job(a, name, values, n);
    return arena_printf(a, "%sJ%u}", HELM_TOKEN, i);
}

/* The file is named after the object of the description: in a template the name may be an expression. */
static void add_template(struct chart *c, const struct val *object, const struct val *base)
{
    struct arena *a = c->j->cx->a;
    struct text text = { .a = a };
    const struct val *name = tree_at(object, "metadata", "name", NULL);
    print_yaml(&text, object);
    if (strstr(text_str(&text), NO_VALUE) != NULL) {
        struct diag *e = diag_at(c->j->cx, E_CHART_NO_VALUE, no_pos(), "%s/%s holds the text '" NO_VALUE "'",
                                 tree_str(object, "kind"), name == NULL ? "?" : name->s);
        diag_hint(c->j->cx, e, "write it in another way: Helm removes exactly these letters from what it renders");
    }
    const char *path = pack_object_path(c->j->out, "templates/", base, ".yaml");
    helm_template(&c->vs, &c->jobs, text.p, text.len, pack_file(c->j->out, path), &c->tokens);
}

static void add_notes(struct chart *c)
{
    const struct description *d = &c->j->made->description;
    struct text t = { .a = c->j->cx->a };
    text_join(&t, "Apache Kafka ", d->kafka.version, ", cluster ", d->name, ".\n", NULL);
    if (c->vs.bootstrap != NULL)
        text_join(&t, "Clients inside of the Kubernetes cluster connect to ", c->vs.bootstrap, "\n", NULL);
    helm_template(&c->vs, NULL, t.p, t.len, pack_file(c->j->out, "templates/NOTES.txt"), &c->tokens);
}

/* Up to eight bytes as a number, the same on every machine. */
static uint64_t number_of(const char *s, size_t len)
{
    uint64_t n = 0;
    memcpy(&n, s, len);
    return le64toh(n);
}

static uint64_t mixed(uint64_t h, uint64_t n)
{
    h = (h ^ n) * 1099511628211u;
    return h ^ h >> 32;
}

/* The version of a chart has to change whenever the chart does (like FNV-1a, eight bytes at a time); its number is for people, and
 * `helm package --version` sets it. */
static const char *version(const struct chart *c)
{
    uint64_t h = 14695981039346656037u;
    for (uint32_t i = 0; i < c->j->out->len; i++) {
        const struct text *t = &c->j->out->at[i].bytes;
        size_t k = 0;
        for (; k + 8 <= t->len; k += 8)
            h = mixed(h, number_of(t->p + k, 8));
        if (k < t->len)
            h = mixed(h, number_of(t->p + k, t->len - k));
    }
    return arena_printf(c->j->cx->a, "1.0.0+%016llx", (unsigned long long)h);
}

static void add_chart(struct chart *c)
{
    struct arena *a = c->j->cx->a;
    const struct description *d = &c->j->made->description;
    const struct val chart = MAP(a,
        { "apiVersion",  t_str("v2") },
        { "name",        t_str(d->name) },
        { "description", t_str(str_join(a, "Apache Kafka ", d->kafka.version, " without an operator, cluster ", d->name, NULL)) },
        { "type",        t_str("application") },
        { "version",     t_str(version(c)) },
        { "appVersion",  t_str(d->kafka.version) },
        { "kubeVersion", t_str(str_join(a, ">=1.", str_int(a, d->kubernetes), ".0-0", NULL)) });
    struct text t = { .a = a };
    print_yaml(&t, &chart);
    text_bytes(pack_file(c->j->out, "Chart.yaml"), t.p + strlen("---\n"), t.len - strlen("---\n"));
}

/* ---- what Helm cannot hold ------------------------------------------------------------------------------------------------------------- */

/* A text of the user that looks like a token would become an expression. */
static void check_tokens(struct chart *c)
{
    uint32_t places = 0;
    for (uint32_t i = 0; i < c->vs.len; i++)
        places += c->vs.at[i].places;
    if (places != c->tokens)
        diag_hint(c->j->cx, diag_at(c->j->cx, E_CHART_TOKEN, no_pos(), "the objects hold the text '" HELM_TOKEN "'"),
                  "write it in another way: it stands for open values while the chart is made");
}

bool helm_pack(const struct pack_job *j)
{
    struct chart c = { .j = j };
    const struct value_form form = { .with_pairs = true, .with_entries = true, .token = token, .arg = &c, .job = job };
    if (!values_open(j->cx, j->made, &form, &c.vs))
        return false;
    for (uint32_t i = 0; i < c.vs.objects.len; i++)
        add_template(&c, &c.vs.objects.seq[i], &j->made->objects.seq[i]);
    add_notes(&c);
    helm_values(&c.vs, pack_file(j->out, "values.yaml"));
    helm_schema(&c.vs, pack_file(j->out, "values.schema.json"));
    text_add(pack_file(j->out, ".helmignore"), ".git/\n.gregor*\n");
    add_chart(&c);
    check_tokens(&c);
    helm_check_size(j->cx, j->out);
    return !diag_failed(j->cx);
}
