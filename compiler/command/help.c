#include "command/page.h"
#include "command/report.h"

/* What needs no line of its own on a screen of 24. */
static bool is_minor(const struct verb *v)
{
    static const char *const names[] = { "completion", "man", "version", "help" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(v->name, names[i]) == 0)
            return true;
    return false;
}

static void add_minor(struct text *out)
{
    const char *between = "  also:       ";
    for (const struct verb *v = verbs; v->name != NULL; v++)
        if (is_minor(v)) {
            text_join(out, between, v->name, NULL);
            between = ", ";
        }
    text_char(out, '\n');
}

static void add_verbs(struct text *out)
{
    text_add(out, "usage: gregor VERB [options] FILE...   YAML in, Kafka on Kubernetes out\n\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        if (!is_minor(v))
            text_f(out, "  %-11s %s\n", v->name, v->help);
    add_minor(out);
    text_add(out, "\n`gregor FILE` means build. `gregor help VERB` shows the options of a verb.\n\nexamples:\n"
                  "  gregor init -o orders.yaml orders\n"
                  "  gregor build orders.yaml | kubectl apply -f -\n"
                  "  gregor why orders.yaml StatefulSet/orders-broker spec.replicas\n");
}

static const char *option_term(struct arena *a, const struct option_row *o)
{
    struct text t = { .a = a };
    if (o->letter != 0)
        text_f(&t, "-%c, ", o->letter);
    else
        text_add(&t, "    ");
    text_join(&t, "--", o->name, NULL);
    if (o->choices != NULL)
        text_join(&t, "=", str_replace(a, o->choices, " ", "|"), NULL);
    else if (o->arg != NULL)
        text_join(&t, " ", o->arg, NULL);
    return text_str(&t);
}

static void add_examples(struct text *out, const char *s)
{
    text_add(out, "\nexamples:\n");
    while (*s != '\0') {
        const size_t len = strcspn(s, "\n");
        text_add(out, "  ");
        text_bytes(out, s, len + 1);
        s += len + 1;
    }
}

static void add_verb(const struct verb *v, struct text *out)
{
    text_join(out, "usage: gregor ", v->name, " ", v->args, "\n\n", NULL);
    page_wrap(out, v->story, 0, 0);
    text_add(out, "\noptions:\n");
    for (const struct option_row *o = options; o->name != NULL; o++)
        if (o->verbs & v->bit)
            page_item(out, option_term(out->a, o), o->help, 27);
    add_examples(out, v->example);
}

void help_page(const struct verb *v, struct text *out)
{
    if (v == NULL)
        add_verbs(out);
    else
        add_verb(v, out);
}

static const char *verb_at(const void *list, size_t i)
{
    return ((const struct verb *)list)[i].name;
}

int command_help(struct command *c)
{
    struct text out = { .a = c->a };
    const struct verb *v = NULL;
    if (c->args.len > 0 && (v = verb_find(c->args.at[0])) == NULL)
        return report_usage(c, str_nearest(c->args.at[0], verb_at, verbs), "there is no verb '%s'", c->args.at[0]);
    help_page(v, &out);
    return report_result(c, text_str(&out), out.len);
}

int command_version(struct command *c)
{
    static const char line[] = "gregor " GREGOR_VERSION "\n";
    return report_result(c, line, sizeof line - 1);
}
