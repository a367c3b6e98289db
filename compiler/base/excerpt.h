/* excerpt.h: the line of source that a finding stands in, as all renderings of findings measure it. Not for other stages. */
#ifndef GREGOR_BASE_EXCERPT_H
#define GREGOR_BASE_EXCERPT_H

#include "base/ctx.h"

/* A line without its end. */
struct line {
    const char *s;
    size_t      len;
};

/* Counts the lines of all files: from then on excerpt_line() need not look for them. */
void excerpt_count_lines(struct ctx *cx);

struct line excerpt_line(const struct file *f, uint32_t number);

/* Bytes in front of the place, at most the whole line. */
size_t excerpt_before(struct line line, struct pos at);

/* Bytes of what stands behind the first `before` bytes of the line, as far as the line shows it; at least 1. */
size_t excerpt_span(struct line line, size_t before);

/* Column of the place in characters, counted from 1, as editors do. */
size_t excerpt_column(const struct file *f, struct pos at);

/* Appends one column for each character, a dot for a dangerous one or a byte that is not UTF-8. `out` may be NULL.
 * Returns the columns. */
size_t excerpt_columns(struct text *out, const char *s, size_t len);

/* The file that a viewer can open for a place: `--set` and presets are none, the description stands for them. */
const struct file *excerpt_file(const struct ctx *cx, struct pos at);

/* What a finding is about: bytes count from 0 in the file, columns from 1 in characters; ends are exclusive (EC 2.11). */
struct region {
    struct line line;
    size_t      byte, byte_end, column, column_end;
};

struct region excerpt_region(const struct file *f, struct pos at);

/* True for what could drive a terminal or reorder what it shows. */
bool excerpt_dangerous(uint32_t c);

/* True when that line holds a secret (diag_hide()). */
bool excerpt_hidden(const struct ctx *cx, struct pos at);

#endif
