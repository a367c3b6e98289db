/* man.c: gregor(1) and gregor(5) in the man macros, made from the tables. No date: the same version is the same bytes. */
#include "command/page.h"
#include "command/presets.h"
#include "command/report.h"

/* Text that roff prints as it stands: no request at the start of a line, no escape inside. */
static void add_plain(struct text *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if ((out->len == 0 || out->p[out->len - 1] == '\n') && (*s == '.' || *s == '\''))
            text_add(out, "\\&");
        if (*s == '\\')
            text_add(out, "\\e");
        else if (*s == '-')
            text_add(out, "\\-");
        else
            text_char(out, *s);
    }
}

static void add_paragraph(struct text *out, const char *s)
{
    text_add(out, ".PP\n");
    add_plain(out, s);
    text_char(out, '\n');
}

static void add_tagged(struct text *out, const char *term, const char *s)
{
    text_add(out, ".TP\n.B ");
    add_plain(out, term);
    text_char(out, '\n');
    add_plain(out, s);
    text_char(out, '\n');
}

static void add_section(struct text *out, const char *name)
{
    text_join(out, ".SH ", name, "\n", NULL);
}

static void add_example(struct text *out, const char *s)
{
    text_add(out, ".PP\n.nf\n");
    add_plain(out, s);
    text_add(out, ".fi\n");
}

/* ---- gregor(1) -------------------------------------------------------------------------------------------------- */

static void add_verb(struct text *out, const struct verb *v)
{
    text_join(out, ".SS ", v->name, " ", NULL);
    add_plain(out, v->args);
    text_char(out, '\n');
    add_paragraph(out, v->story);
    add_example(out, v->example);
}

static const char *takers_of(struct arena *a, const struct option_row *o)
{
    struct text t = { .a = a };
    for (const struct verb *v = verbs; v->name != NULL; v++)
        if (v->bit & o->verbs)
            text_join(&t, t.len > 0 ? ", " : "", v->name, NULL);
    return text_str(&t);
}

static void add_option(struct text *out, const struct option_row *o)
{
    struct text term = { .a = out->a };
    if (o->letter != 0)
        text_f(&term, "-%c, ", o->letter);
    text_join(&term, "--", o->name, o->arg == NULL ? "" : "=", o->choices != NULL ? str_replace(out->a, o->choices, " ", "|")
              : o->arg == NULL ? "" : o->arg, NULL);
    add_tagged(out, text_str(&term), str_join(out->a, o->help, " (", takers_of(out->a, o), ")", NULL));
}

static void add_command_page(struct text *out)
{
    text_add(out, ".TH GREGOR 1 \"\" \"gregor " GREGOR_VERSION "\" \"User Commands\"\n.SH NAME\n"
                  "gregor \\- compile a page of YAML to an Apache Kafka cluster on Kubernetes\n"
                  ".SH SYNOPSIS\n.B gregor\n.I VERB\n[options]\n.I FILE...\n");
    add_section(out, "DESCRIPTION");
    add_paragraph(out, "gregor is an offline compiler: a description of a Kafka cluster in, Kubernetes manifests out. The same "
                       "input gives the same bytes on any machine. It never reads the network, a kubeconfig or a home folder. "
                       "The language is documented in gregor(5) and by `gregor explain`.");
    add_section(out, "VERBS");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        add_verb(out, v);
    add_section(out, "OPTIONS");
    for (const struct option_row *o = options; o->name != NULL; o++)
        add_option(out, o);
    add_section(out, "EXIT STATUS");
    add_tagged(out, "0", "done");
    add_tagged(out, "1", "findings of level error, or any finding with -W error; nothing was written for the descriptions they "
                         "belong to");
    add_tagged(out, "2", "the command line is wrong");
    add_tagged(out, "3", "a file cannot be read or written, memory ran out, or gregor is at fault");
    add_section(out, "ENVIRONMENT");
    add_tagged(out, "NO_COLOR", "when set and not empty, findings have no colour unless --color=always asks for it");
    add_tagged(out, "TERM", "\"dumb\" means no colour");
    add_section(out, "SEE ALSO");
    add_paragraph(out, "gregor(5), kubectl(1)");
}

/* ---- gregor(5) -------------------------------------------------------------------------------------------------- */

static void add_field(void *arg, const struct page_field *p)
{
    struct text *out = arg;
    const struct field *f = p->field;
    const char *def = field_default(p->flavour, f);
    if (f->kind == F_LATER || f->kind == F_IGNORED)
        return;
    text_add(out, ".TP\n.B ");
    add_plain(out, p->path);
    text_char(out, '\n');
    add_plain(out, f->doc);
    text_add(out, "\n.br\nType: ");
    add_plain(out, page_type(out->a, f));
    text_add(out, ".\n");
    if (f->choices != NULL)
        add_plain(out, str_join(out->a, "Choices: ", str_replace(out->a, f->choices, " ", ", "), ".\n", NULL));
    if (def != NULL && strcmp(def, "present") != 0)
        add_plain(out, str_join(out->a, "Default: ", def, ".\n", NULL));
    if (f->flags & REQUIRED)
        add_plain(out, "Must be written.\n");
}

static void add_presets(struct text *out)
{
    const struct builtin *b;
    for (size_t i = 0; (b = preset_at(i)) != NULL; i++)
        add_tagged(out, preset_name(out->a, b), preset_title(out->a, b));
}

static void add_language_page(struct text *out)
{
    text_add(out, ".TH GREGOR 5 \"\" \"gregor " GREGOR_VERSION "\" \"File Formats\"\n.SH NAME\n"
                  "gregor \\- description of an Apache Kafka cluster, language version 1\n");
    add_section(out, "DESCRIPTION");
    add_paragraph(out, "A description is one YAML document. Unknown keys, duplicate keys, wrong types, anchors and tags are "
                       "errors. Types come from the fields below, not from YAML's guessing. The smallest one:");
    add_example(out, "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\n");
    add_section(out, "LAYERS");
    add_paragraph(out, "defaults < presets, left to right < the description < overlays (-f) < --set. Maps merge; lists of things "
                       "with a name merge by name; other lists replace; null removes. `gregor why` tells which layer made a "
                       "value.");
    add_section(out, "PRESETS");
    add_presets(out);
    add_section(out, "FIELDS");
    page_walk(out->a, add_field, out);
    add_section(out, "SEE ALSO");
    add_paragraph(out, "gregor(1)");
}

int command_man(struct command *c)
{
    struct text out = { .a = c->a };
    const char *section = c->args.len > 0 ? c->args.at[0] : "1";
    if (c->args.len > 1 || (strcmp(section, "1") != 0 && strcmp(section, "5") != 0))
        return report_usage(c, NULL, "man prints section 1 or 5, not '%s'", section);
    if (*section == '1')
        add_command_page(&out);
    else
        add_language_page(&out);
    return report_result(c, text_str(&out), out.len);
}
