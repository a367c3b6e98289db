/* helm.c: a chart whose `helm template` gives exactly the compiled objects (EC 2.5).
 *
 * Templates are dull on purpose: one file an object, literal text, and one expression wherever an open value stands. */
#include "pack/helm.h"

#include "base/sha256.h"
#include "print/print.h"

#include <stdio.h>

#define LARGEST_FILE    ((size_t)5 << 20) /* pkg/chart/loader: MaxDecompressedFileSize */
#define LARGEST_RELEASE ((size_t)1 << 20) /* a Secret */
#define NO_VALUE        "<no value>"      /* pkg/engine takes it out of whatever was rendered */

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
    uint32_t               tokens;
    bool                   failed;
};

static void add_template(struct chart *c, const struct val *object)
{
    struct arena *a = c->j->cx->a;
    struct text text = { .a = a };
    const struct val *name = tree_at(object, "metadata", "name", NULL);
    print_yaml(&text, object);
    if (strstr(text_str(&text), NO_VALUE) != NULL) {
        struct diag *e = diag_at(c->j->cx, E_CHART_NO_VALUE, no_pos(), "%s/%s holds the text '" NO_VALUE "'", tree_str(object, "kind"),
                                 name == NULL ? "?" : name->s);
        diag_hint(c->j->cx, e, "write it in another way: Helm removes exactly these letters from what it renders");
        c->failed = true;
    }
    const char *path = pack_object_path(c->j->out, "templates/", object, ".yaml");
    helm_template(&c->vs, text.p, text.len, pack_file(c->j->out, path), &c->tokens);
}

static void add_notes(struct chart *c)
{
    const struct description *d = &c->j->made->description;
    struct text t = { .a = c->j->cx->a };
    text_join(&t, "Apache Kafka ", d->kafka.version, ", cluster ", d->name, ".\n", NULL);
    if (c->vs.bootstrap != NULL)
        text_join(&t, "Clients inside of the Kubernetes cluster connect to ", c->vs.bootstrap, "\n", NULL);
    helm_template(&c->vs, t.p, t.len, pack_file(c->j->out, "templates/NOTES.txt"), &c->tokens);
}

/* The version of a chart has to change whenever the chart does; its number is for people, and `helm package --version` sets it. */
static const char *version(const struct chart *c)
{
    struct sha256 h;
    uint8_t digest[32];
    char hex[65];
    sha256_start(&h);
    for (uint32_t i = 0; i < c->j->out->len; i++)
        sha256_add(&h, c->j->out->at[i].bytes.p, c->j->out->at[i].bytes.len);
    sha256_end(&h, digest);
    sha256_hex(digest, hex);
    hex[12] = '\0';
    return str_join(c->j->cx->a, "1.0.0+", hex, NULL);
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

/* ---- limits ------------------------------------------------------------------------------------------------------------- */

static void check_sizes(struct chart *c)
{
    struct ctx *cx = c->j->cx;
    for (uint32_t i = 0; i < c->j->out->len; i++)
        if (c->j->out->at[i].bytes.len > LARGEST_FILE)
            diag_hint(cx, diag_at(cx, E_CHART_FILE, no_pos(), "'%s' of the chart has %zu bytes, and Helm reads at most %zu",
                                  c->j->out->at[i].path, c->j->out->at[i].bytes.len, LARGEST_FILE),
                      "make several clusters of this one");
    const size_t release = helm_release_size(c->j->out);
    if (release > LARGEST_RELEASE)
        diag_hint(cx, diag_at(cx, E_CHART_RELEASE, no_pos(), "a release of this chart takes about %zu KiB, and a Secret holds 1024",
                              release >> 10),
                  "apply the manifests without Helm: '--to yaml' with 'kubectl apply --server-side'");
}

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
    const struct value_form form = { .with_pairs = true, .with_entries = true, .token = token };
    if (!values_open(j->cx, j->made, &form, &c.vs))
        return false;
    for (uint32_t i = 0; i < c.vs.objects.len; i++)
        add_template(&c, &c.vs.objects.seq[i]);
    add_notes(&c);
    helm_values(&c.vs, pack_file(j->out, "values.yaml"));
    helm_schema(&c.vs, pack_file(j->out, "values.schema.json"));
    text_add(pack_file(j->out, ".helmignore"), ".git/\n.gregor*\n");
    add_chart(&c);
    check_tokens(&c);
    check_sizes(&c);
    return !diag_failed(j->cx);
}
