#include "base/excerpt.h"

static void count_lines(struct arena *a, struct file *f)
{
    uint32_t n = 1;
    for (size_t i = 0; i < f->len; i++)
        n += f->text[i] == '\n';
    f->lines      = NEWS(a, uint32_t, n);
    f->line_count = 1;
    for (size_t i = 0; i < f->len; i++)
        if (f->text[i] == '\n')
            f->lines[f->line_count++] = (uint32_t)i + 1;
}

void excerpt_count_lines(struct ctx *cx)
{
    for (uint32_t i = 0; i < cx->file_count; i++)
        if (cx->files[i].lines == NULL && cx->files[i].len < UINT32_MAX)
            count_lines(cx->a, &cx->files[i]);
}

static const char *line_start(const struct file *f, uint32_t number)
{
    const char *s = f->text, *end = f->text + f->len;
    if (f->lines != NULL)
        return number > f->line_count ? end : number < 2 ? s : s + f->lines[number - 1];
    for (; number > 1 && s < end; number--) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        s = nl == NULL ? end : nl + 1;
    }
    return s;
}

struct line excerpt_line(const struct file *f, uint32_t number)
{
    const char *s = line_start(f, number), *end = f->text + f->len;
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

size_t excerpt_span(struct line line, size_t before)
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

size_t excerpt_before(struct line line, struct pos at)
{
    const size_t n = at.col > 0 ? (size_t)at.col - 1u : 0;
    return n < line.len ? n : line.len;
}

/* C0, DEL, C1, bidirectional controls, line separators, BOM. */
bool excerpt_dangerous(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

size_t excerpt_columns(struct text *out, const char *s, size_t len)
{
    size_t columns = 0;
    for (size_t i = 0, n; i < len; i += n, columns++) {
        uint32_t c = 0;
        n = str_point(s + i, len - i, &c);
        const bool shown = n > 0 && !excerpt_dangerous(c);
        n = n > 0 ? n : 1;
        if (out != NULL && shown)
            text_bytes(out, s + i, n);
        else if (out != NULL)
            text_char(out, s[i] == '\t' ? ' ' : '.');
    }
    return columns;
}

size_t excerpt_column(const struct file *f, struct pos at)
{
    const struct line line = excerpt_line(f, at.line);
    const size_t before = excerpt_before(line, at);
    return excerpt_columns(NULL, line.s, before) + 1;
}

bool excerpt_hidden(const struct ctx *cx, struct pos at)
{
    if (at.file >= cx->file_count || cx->files[at.file].hidden == NULL || at.line > cx->files[at.file].len + 1)
        return false;
    return cx->files[at.file].hidden[at.line / 8] >> at.line % 8 & 1;
}

struct region excerpt_region(const struct file *f, struct pos at)
{
    const struct line line = excerpt_line(f, at.line);
    const size_t before = excerpt_before(line, at);
    const size_t span   = before == line.len ? 0 : excerpt_span(line, before);
    const size_t byte   = (size_t)(line.s - f->text) + before, column = excerpt_column(f, at);
    return (struct region){ .line = line, .byte = byte, .byte_end = byte + span, .column = column,
                            .column_end = column + excerpt_columns(NULL, line.s + before, span) };
}

static bool on_disk(const struct file *f)
{
    return !str_eq(f->layer, "preset") && !str_eq(f->layer, LAYER_SET);
}

const struct file *excerpt_file(const struct ctx *cx, struct pos at)
{
    const struct file *f = &cx->files[at.file];
    for (uint32_t i = 0; i < cx->file_count && !on_disk(f); i++)
        if (on_disk(&cx->files[i]))
            return &cx->files[i];
    return f;
}
