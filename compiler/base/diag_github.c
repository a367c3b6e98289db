#include "base/excerpt.h"

/* A workflow command is one line; in a property ':' and ',' mean something, too (EC 2.11). */
static void add_escaped(struct text *out, const char *s, bool property)
{
    for (; *s != '\0'; s++)
        if (*s == '%' || *s == '\r' || *s == '\n' || (property && (*s == ':' || *s == ',')))
            text_f(out, "%%%02X", (unsigned)*s);
        else if ((unsigned char)*s < 0x20 || *s == 0x7f)
            text_char(out, '.');
        else
            text_char(out, *s);
}

static void add_place(const struct ctx *cx, struct pos at, struct text *out)
{
    const struct file *f = excerpt_file(cx, at);
    text_add(out, " file=");
    add_escaped(out, f->name, true);
    if (at.line > 0 && f == &cx->files[at.file]) {
        const struct region r = excerpt_region(f, at);
        text_f(out, ",line=%u,endLine=%u,col=%zu,endColumn=%zu", at.line, at.line, r.column, r.column_end);
    }
    text_char(out, ',');
}

static void add_notes(const struct ctx *cx, const struct diag *d, struct text *out)
{
    for (const struct note *n = d->notes; n != NULL; n = n->next) {
        text_add(out, n->at.line > 0 ? "%0Anote: " : "%0Ahint: ");
        if (n->at.line > 0 && cx->file_count > 0) {
            add_escaped(out, cx->files[n->at.file].name, false);
            text_f(out, ":%u: ", n->at.line);
        }
        add_escaped(out, n->message, false);
    }
}

void diag_github(const struct ctx *cx, const struct diag *d, struct text *out)
{
    const struct code_info *info = &code_table[d->code];
    text_add(out, info->error ? "::error" : "::warning");
    if (cx->file_count > 0)
        add_place(cx, d->at, out);
    else
        text_char(out, ' ');
    text_join(out, "title=", info->name, "::", NULL);
    if (cx->file_count > 0 && excerpt_file(cx, d->at) != &cx->files[d->at.file])
        text_join(out, cx->files[d->at.file].name, ": ", NULL);
    add_escaped(out, d->message, false);
    add_notes(cx, d, out);
    text_char(out, '\n');
}

void diag_github_problem(const char *message, struct text *out)
{
    text_add(out, "::error::");
    add_escaped(out, message, false);
    text_char(out, '\n');
}
