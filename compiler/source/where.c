#include "source/reader.h"

static size_t counted_from(const struct reader *r)
{
    return r->cur.line == r->base_line && r->base > r->cur.start ? r->base : r->cur.start;
}

static bool to_next_line(struct reader *r)
{
    const char *nl = memchr(r->text + r->cur.start, '\n', r->len - r->cur.start);
    if (nl == NULL)
        return false;
    r->cur.start = (size_t)(nl - r->text) + 1;
    r->cur.line++;
    return true;
}

static void to_line_before(struct reader *r)
{
    const size_t end = r->cur.start - 1; /* its newline */
    const char *nl = memrchr(r->text, '\n', end);
    r->cur.start = nl == NULL ? 0 : (size_t)(nl - r->text) + 1;
    r->cur.line--;
}

static void to_line(struct reader *r, size_t line)
{
    if (r->cur.line == line)
        return;
    while (r->cur.line < line && to_next_line(r))
        ;
    while (r->cur.line > line && r->cur.start > 0)
        to_line_before(r);
    r->cur.byte = counted_from(r);
    r->cur.col  = 0;
}

static bool inside_character(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static void to_column(struct reader *r, size_t col)
{
    struct cursor *c = &r->cur;
    while (c->col < col && c->byte < r->len && r->text[c->byte] != '\n') {
        do
            c->byte++;
        while (c->byte < r->len && inside_character(r->text[c->byte]));
        c->col++;
    }
    while (c->col > col) {
        do
            c->byte--;
        while (inside_character(r->text[c->byte]));
        c->col--;
    }
}

size_t where_byte(struct reader *r, yaml_mark_t m)
{
    to_line(r, r->base_line + m.line);
    to_column(r, m.column);
    return r->cur.byte;
}

static struct pos pos_at(const struct reader *r, size_t byte)
{
    const size_t col = byte - r->cur.start + 1;
    return (struct pos){ .line = (uint32_t)r->cur.line + 1, .col = (uint16_t)(col > UINT16_MAX ? UINT16_MAX : col),
                         .file = r->file };
}

struct pos where_pos(struct reader *r, yaml_mark_t m)
{
    return pos_at(r, where_byte(r, m));
}

struct pos where_byte_pos(struct reader *r, size_t byte)
{
    while (byte < r->cur.start)
        to_line_before(r);
    while (memchr(r->text + r->cur.start, '\n', byte - r->cur.start) != NULL)
        to_next_line(r);
    r->cur.byte = counted_from(r);
    r->cur.col  = 0;
    return pos_at(r, byte);
}
