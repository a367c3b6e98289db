#include "base/ctx.h"

#include <stdlib.h>

const struct code_info code_table[] = {
#define DIAG(name, number, title, story) \
    { name, #name[0] == 'E' ? "E" number : "W" number, title, story, #name[0] == 'E' },
#include "base/diag.def"
#undef DIAG
    { CODES, NULL, NULL, NULL, false }
};

bool diag_failed(const struct ctx *cx)
{
    return cx->error_count > 0;
}

static struct diag *add(struct ctx *cx)
{
    if (cx->diag_count == cx->diag_cap) {
        const uint32_t cap = cx->diag_cap < 16 ? 16 : cx->diag_cap * 2;
        cx->diags = arena_grow(cx->a, cx->diags, cx->diag_cap * sizeof *cx->diags,
                               cx->diag_count * sizeof *cx->diags, cap * sizeof *cx->diags);
        cx->diag_cap = cap;
    }
    struct diag *d = NEW(cx->a, struct diag);
    d->serial = cx->diag_count;
    return cx->diags[cx->diag_count++] = d;
}

struct diag *diag_at(struct ctx *cx, enum code code, struct pos at, const char *fmt, ...)
{
    va_list ap;
    struct diag *d = add(cx);
    va_start(ap, fmt);
    d->message = arena_vprintf(cx->a, fmt, ap);
    va_end(ap);
    d->code = code;
    d->at   = at;
    cx->error_count += code_table[code].error;
    return d;
}

static void add_note(struct ctx *cx, struct diag *d, struct pos at, const char *message)
{
    struct note **end = &d->notes;
    while (*end != NULL)
        end = &(*end)->next;
    *end = NEW(cx->a, struct note);
    **end = (struct note){ .at = at, .message = message };
}

void diag_hint(struct ctx *cx, struct diag *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_note(cx, d, no_pos(), arena_vprintf(cx->a, fmt, ap));
    va_end(ap);
}

void diag_note(struct ctx *cx, struct diag *d, struct pos at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_note(cx, d, at, arena_vprintf(cx->a, fmt, ap));
    va_end(ap);
}

void diag_did_you_mean(struct ctx *cx, struct diag *d, const char *nearest)
{
    if (nearest != NULL)
        diag_hint(cx, d, "did you mean '%s'?", nearest);
}

/* A text of n bytes has at most n + 1 lines. */
void diag_hide(struct ctx *cx, struct pos at)
{
    if (at.file >= cx->file_count || at.line > cx->files[at.file].len + 1)
        return;
    struct file *f = &cx->files[at.file];
    if (f->hidden == NULL)
        f->hidden = NEWS(cx->a, uint8_t, f->len / 8 + 2);
    f->hidden[at.line / 8] |= (uint8_t)(1u << at.line % 8);
}

static bool is_hidden(const struct ctx *cx, struct pos at)
{
    if (at.file >= cx->file_count || cx->files[at.file].hidden == NULL || at.line > cx->files[at.file].len + 1)
        return false;
    return cx->files[at.file].hidden[at.line / 8] >> at.line % 8 & 1;
}

static int by_place(const void *a, const void *b)
{
    const struct diag *x = *(struct diag *const *)a, *y = *(struct diag *const *)b;
    if (x->at.file != y->at.file)
        return x->at.file < y->at.file ? -1 : 1;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    if (x->at.col != y->at.col)
        return x->at.col < y->at.col ? -1 : 1;
    return x->serial < y->serial ? -1 : 1;
}

void diag_sort(struct ctx *cx)
{
    if (cx->diag_count > 1)
        qsort(cx->diags, cx->diag_count, sizeof *cx->diags, by_place);
}

/* ---- the source line -------------------------------------------------------------------------------- */

struct line {
    const char *s;
    size_t      len;
};

static struct line line_of(const struct file *f, uint32_t number)
{
    const char *s = f->text, *end = f->text + f->len;
    while (number > 1 && s < end) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        s = nl == NULL ? end : nl + 1;
        number--;
    }
    const char *nl = memchr(s, '\n', (size_t)(end - s));
    size_t len = (size_t)((nl == NULL ? end : nl) - s);
    if (len > 0 && s[len - 1] == '\r')
        len--;
    return (struct line){ s, len };
}

static size_t quoted_length(const char *s, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (s[0] == '"' && s[i] == '\\')
            i++;
        else if (s[0] == '\'' && s[i] == '\'' && i + 1 < len && s[i + 1] == '\'')
            i++;
        else if (s[i] == s[0])
            return i + 1;
    }
    return len;
}

static size_t bracketed_length(const char *s, size_t len)
{
    size_t depth = 0;
    for (size_t i = 0; i < len; i++) {
        depth += s[i] == '[' || s[i] == '{';
        if ((s[i] == ']' || s[i] == '}') && --depth == 0)
            return i + 1;
    }
    return 1;
}

/* A plain one ends at a comment, at ': ', and in brackets at a comma or bracket. */
static size_t plain_length(const char *s, size_t len, bool in_brackets)
{
    size_t n = 0;
    while (n < len && s[n] != '\0' && !(in_brackets && strchr(",]}", s[n]) != NULL)
           && !(s[n] == ':' && (n + 1 == len || s[n + 1] == ' ')) && !(s[n] == '#' && n > 0 && s[n - 1] == ' '))
        n++;
    while (n > 1 && s[n - 1] == ' ')
        n--;
    return n > 0 ? n : 1;
}

/* Bytes of what stands behind the first `before` bytes of the line, as far as the line shows it; at least 1. */
static size_t span_length(struct line line, size_t before)
{
    const char *s = line.s + before;
    const size_t len = line.len - before;
    if (len == 0)
        return 1;
    if (*s == '"' || *s == '\'')
        return quoted_length(s, len);
    if (*s == '[' || *s == '{')
        return bracketed_length(s, len);
    return plain_length(s, len, memchr(line.s, '[', before) != NULL || memchr(line.s, '{', before) != NULL);
}

/* Bytes in front of the place, at most the whole line. */
static size_t bytes_before(struct line line, struct pos at)
{
    const size_t n = at.col > 0 ? (size_t)at.col - 1u : 0;
    return n < line.len ? n : line.len;
}

/* What could drive a terminal or reorder what it shows: C0, DEL, C1, bidirectional controls, line separators, BOM. */
static bool dangerous(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Appends one column for each character, a dot for a dangerous one or a byte that is not UTF-8. `out` may be NULL.
 * Returns the columns. */
static size_t add_visible(struct text *out, const char *s, size_t len)
{
    size_t columns = 0;
    for (size_t i = 0, n; i < len; i += n, columns++) {
        uint32_t c = 0;
        n = str_point(s + i, len - i, &c);
        const bool shown = n > 0 && !dangerous(c);
        n = n > 0 ? n : 1;
        if (out != NULL && shown)
            text_bytes(out, s + i, n);
        else if (out != NULL)
            text_char(out, s[i] == '\t' ? ' ' : '.');
    }
    return columns;
}

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
    const struct line line = line_of(&cx->files[at.file], at.line);
    const size_t before = bytes_before(line, at), span = span_length(line, before);
    const size_t first  = before > SHOWN_BEFORE ? whole_character(line, before - SHOWN_BEFORE) : 0;
    const size_t last   = line.len - before > SHOWN_BEHIND ? whole_character(line, before + SHOWN_BEHIND) : line.len;
    const char *cut     = first > 0 ? "..." : "";
    text_f(out, "%4u | %s", at.line, cut);
    add_visible(out, line.s + first, last - first);
    text_add(out, last < line.len ? "...\n" : "\n");
    repeat(out, ' ', at.line > 9999 ? 6 : 5);
    text_join(out, "| ", *cut ? "   " : "", NULL);
    repeat(out, ' ', add_visible(NULL, line.s + first, before - first));
    text_join(out, paint, "^", NULL);
    const size_t wide = add_visible(NULL, line.s + before, before + span < last ? span : last - before);
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
        if (n > 0 && !dangerous(c))
            text_bytes(out, s + i, n);
        else
            text_f(out, c > 0xff ? "\\u%04x" : "\\x%02x", n > 0 ? c : (unsigned char)s[i]);
        n = n > 0 ? n : 1;
    }
}

/* Columns are shown in characters, as editors count them. */
static size_t column_of(const struct file *f, struct pos at)
{
    const struct line line = line_of(f, at.line);
    const size_t before = bytes_before(line, at);
    return add_visible(NULL, line.s, before) + 1;
}

static void add_place(const struct ctx *cx, struct pos at, struct text *out)
{
    if (cx->file_count == 0)
        return;
    const struct file *f = &cx->files[at.file];
    add_message(out, f->name);
    if (at.line > 0)
        text_f(out, ":%u:%zu", at.line, column_of(f, at));
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
    if (d->at.line > 0 && cx->file_count > 0 && !is_hidden(cx, d->at))
        add_excerpt(cx, d->at, paint, out);
    add_notes(cx, d, false, out);
    add_notes(cx, d, true, out);
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

#define LINE_IN_JSON ((size_t)1000) /* bytes of a source line that a span repeats */

/* JSON is UTF-8: what is not becomes the replacement character. */
static void add_json_bytes(struct text *out, const char *s, size_t len)
{
    text_char(out, '"');
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t c = 0xfffd;
        n = str_point(s + i, len - i, &c);
        if (c == '"' || c == '\\')
            text_char(out, '\\');
        if (c == '\n')
            text_add(out, "\\n");
        else if (n == 0 || dangerous(c))
            text_f(out, "\\u%04x", c);
        else
            text_bytes(out, s + i, n);
        n = n > 0 ? n : 1;
    }
    text_char(out, '"');
}

void diag_json_string(struct text *out, const char *s)
{
    add_json_bytes(out, s, strlen(s));
}

/* Bytes count from 0 in the file, columns from 1 in characters; ends are exclusive (EC 2.11). */
static void add_span(const struct ctx *cx, struct pos at, bool primary, struct text *out)
{
    const struct file *f    = &cx->files[at.file];
    const struct line  line = line_of(f, at.line);
    const size_t before = bytes_before(line, at), rest = line.len - before;
    const size_t span   = rest == 0 ? 0 : span_length(line, before);
    const size_t start  = (size_t)(line.s - f->text) + before;
    const size_t column = column_of(f, at), end = column + add_visible(NULL, line.s + before, span);
    text_add(out, "{\"file_name\":");
    diag_json_string(out, f->name);
    text_f(out, ",\"byte_start\":%zu,\"byte_end\":%zu,\"line_start\":%u,\"line_end\":%u,\"column_start\":%zu"
           ",\"column_end\":%zu,\"is_primary\":%s,\"text\":[{\"text\":",
           start, start + span, at.line, at.line, column, end, primary ? "true" : "false");
    add_json_bytes(out, line.s, is_hidden(cx, at) ? 0 : line.len < LINE_IN_JSON ? line.len : LINE_IN_JSON);
    text_f(out, ",\"highlight_start\":%zu,\"highlight_end\":%zu}],\"label\":null,\"suggested_replacement\":null"
           ",\"suggestion_applicability\":null}", column, end);
}

static void add_child(const struct ctx *cx, const struct note *n, struct text *out)
{
    text_add(out, n->at.line > 0 ? "{\"level\":\"note\",\"message\":" : "{\"level\":\"help\",\"message\":");
    diag_json_string(out, n->message);
    text_add(out, ",\"code\":null,\"spans\":[");
    if (n->at.line > 0 && cx->file_count > 0)
        add_span(cx, n->at, false, out);
    text_add(out, "],\"children\":[],\"rendered\":null}");
}

void diag_json(const struct ctx *cx, const struct diag *d, struct text *out)
{
    const struct code_info *info = &code_table[d->code];
    struct text rendered = { .a = cx->a };
    diag_text(cx, d, false, &rendered);
    text_add(out, "{\"schema\":1,\"level\":");
    text_add(out, info->error ? "\"error\"" : "\"warning\"");
    text_add(out, ",\"message\":");
    diag_json_string(out, d->message);
    text_f(out, ",\"code\":{\"code\":\"%s\",\"explanation\":", info->name);
    diag_json_string(out, info->title);
    text_add(out, "},\"spans\":[");
    if (d->at.line > 0 && cx->file_count > 0)
        add_span(cx, d->at, true, out);
    text_add(out, "],\"children\":[");
    for (const struct note *n = d->notes; n != NULL; n = n->next) {
        add_child(cx, n, out);
        if (n->next != NULL)
            text_char(out, ',');
    }
    text_add(out, "],\"rendered\":");
    diag_json_string(out, text_str(&rendered));
    text_add(out, "}\n");
}
