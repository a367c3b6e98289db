#include "base/excerpt.h"

static void repeat(struct text *out, char c, size_t n)
{
    while (n-- > 0)
        text_char(out, c);
}

#define SHOWN_BEFORE ((size_t)120) /* bytes of the line that are shown in front of the place and behind it */
#define SHOWN_BEHIND ((size_t)80)

static size_t whole_character(struct line line, size_t at)
{
    while (at < line.len && ((unsigned char)line.s[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static void add_excerpt(const struct ctx *cx, struct pos at, const char *paint, struct text *out)
{
    const struct line line = excerpt_line(&cx->files[at.file], at.line);
    const size_t before = excerpt_before(line, at), span = excerpt_span(line, before);
    const size_t first  = before > SHOWN_BEFORE ? whole_character(line, before - SHOWN_BEFORE) : 0;
    const size_t last   = line.len - before > SHOWN_BEHIND ? whole_character(line, before + SHOWN_BEHIND) : line.len;
    const char *cut     = first > 0 ? "..." : "";
    text_f(out, "%4u | %s", at.line, cut);
    excerpt_columns(out, line.s + first, last - first);
    text_add(out, last < line.len ? "...\n" : "\n");
    repeat(out, ' ', at.line > 9999 ? 6 : 5);
    text_join(out, "| ", *cut ? "   " : "", NULL);
    repeat(out, ' ', excerpt_columns(NULL, line.s + first, before - first));
    text_join(out, paint, "^", NULL);
    const size_t wide = excerpt_columns(NULL, line.s + before, before + span < last ? span : last - before);
    repeat(out, '~', wide > 0 ? wide - 1 : 0);
    text_add(out, *paint ? "\033[0m\n" : "\n");
}

/* Names and messages may hold what a file holds: nothing of it may reach a terminal as a command. */
static void add_message(struct text *out, const char *s)
{
    const size_t len = strlen(s);
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t c = 0;
        n = str_point(s + i, len - i, &c);
        if (n > 0 && !excerpt_dangerous(c))
            text_bytes(out, s + i, n);
        else
            text_f(out, c > 0xff ? "\\u%04x" : "\\x%02x", n > 0 ? c : (unsigned char)s[i]);
        n = n > 0 ? n : 1;
    }
}

static void add_place(const struct ctx *cx, struct pos at, struct text *out)
{
    if (cx->file_count == 0)
        return;
    const struct file *f = &cx->files[at.file];
    add_message(out, f->name);
    if (at.line > 0)
        text_f(out, ":%u:%zu", at.line, excerpt_column(f, at));
    text_add(out, ": ");
}

static void add_notes(const struct ctx *cx, const struct diag *d, bool hints, struct text *out)
{
    for (const struct note *n = d->notes; n != NULL; n = n->next) {
        if ((n->at.line == 0) != hints)
            continue;
        text_add(out, hints ? "  hint: " : "  note: ");
        if (!hints)
            add_place(cx, n->at, out);
        add_message(out, n->message);
        text_char(out, '\n');
    }
}

void diag_text(const struct ctx *cx, const struct diag *d, bool color, struct text *out)
{
    const struct code_info *info = &code_table[d->code];
    const char *paint = !color ? "" : info->error ? "\033[1;31m" : "\033[1;35m";
    add_place(cx, d->at, out);
    text_join(out, paint, info->error ? "error[" : "warning[", info->name, "]", *paint ? "\033[0m" : "", ": ", NULL);
    add_message(out, d->message);
    text_char(out, '\n');
    if (d->at.line > 0 && cx->file_count > 0 && !excerpt_hidden(cx, d->at))
        add_excerpt(cx, d->at, paint, out);
    add_notes(cx, d, false, out);
    add_notes(cx, d, true, out);
}
