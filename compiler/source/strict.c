#include "source/reader.h"

/* Between two events stand only blanks, comments and indicators: a '#' there begins a comment, but only a blank before it
 * makes it one. (YAML 1.2, 6.6; libyaml takes `"value"#text` and `[a]#text` for comments.) */
static void check_comments(struct reader *r, size_t from, size_t to)
{
    const char *t = r->text;
    for (size_t i = from; i < to; i++) {
        if (t[i] != '#')
            continue;
        if (i > 0 && t[i - 1] != ' ' && t[i - 1] != '\t' && t[i - 1] != '\n')
            diag_hint(r->cx, reader_report(r, E_YAML_COMMENT, where_byte_pos(r, i), "a blank is missing before '#'"),
                      "put a blank before the comment, or the text into quotes");
        const char *nl = memchr(t + i, '\n', to - i);
        if (nl == NULL)
            return;
        i = (size_t)(nl - t);
    }
}

/* Columns of blanks at the start of the line; a tab ends them. */
static int indentation(const struct reader *r, size_t line_start)
{
    size_t i = line_start;
    while (i < r->len && r->text[i] == ' ')
        i++;
    return (int)(i - line_start);
}

/* What stands in brackets belongs to the block around it, on every line. */
static void check_flow_line(struct reader *r, const yaml_event_t *e, size_t from)
{
    const struct frame *f = r->depth > 0 ? &r->frames[r->depth - 1] : NULL;
    if (f == NULL || !f->flow || e->start_mark.line <= r->last_line || from == r->len)
        return;
    if (e->type == YAML_SEQUENCE_END_EVENT || e->type == YAML_MAPPING_END_EVENT)
        return;
    const char *nl = memrchr(r->text, '\n', from);
    if (indentation(r, nl == NULL ? 0 : (size_t)(nl - r->text) + 1) > f->indent)
        return;
    struct diag *d = reader_report(r, E_YAML_INDENT, where_byte_pos(r, from),
                                   "a line inside brackets is not indented deeper than its key");
    diag_note(r->cx, d, f->at, "the bracket opens here");
    diag_hint(r->cx, d, "begin the line with at least %d blank%s", f->indent + 1, f->indent == 0 ? "" : "s");
}

static bool blank_line(const struct reader *r, size_t at)
{
    while (at < r->len && (r->text[at] == ' ' || r->text[at] == '\t' || r->text[at] == '\r'))
        at++;
    return at == r->len || r->text[at] == '\n';
}

/* Such a quote is most likely one that was forgotten: it then closes at the next quote of the file. */
static void refuse_quote(struct reader *r, size_t from, size_t line, int indent)
{
    struct diag *d = reader_report(r, E_YAML_QUOTE, where_byte_pos(r, from),
                                   "the quote that opens here goes on over lines that are not indented");
    diag_note(r->cx, d, where_byte_pos(r, line + (size_t)indentation(r, line)),
              "this line is not indented deeper than its key");
    diag_hint(r->cx, d, "close the quote on its own line, or begin the other lines with at least %d blank%s", indent + 1,
              indent == 0 ? "" : "s");
    r->quote_refused = true;
}

static void check_quoted_lines(struct reader *r, size_t from, size_t to)
{
    const int indent = r->depth > 0 ? r->frames[r->depth - 1].indent : -1;
    const char *nl = memchr(r->text + from, '\n', to - from);
    for (; nl != NULL; nl = memchr(nl + 1, '\n', to - (size_t)(nl + 1 - r->text))) {
        const size_t line = (size_t)(nl - r->text) + 1;
        if (!blank_line(r, line) && indentation(r, line) <= indent) {
            refuse_quote(r, from, line, indent);
            return;
        }
    }
}

/* `># text`: neither a comment nor a part of the header. */
static void check_block_header(struct reader *r, size_t from, size_t to)
{
    size_t i = from + 1;
    while (i < to && memchr("+-0123456789", r->text[i], 12) != NULL)
        i++;
    if (i < to && r->text[i] == '#')
        check_comments(r, i, i + 1);
}

static void check_scalar(struct reader *r, const yaml_event_t *e, size_t from, size_t to)
{
    switch (e->data.scalar.style) {
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE:
        check_block_header(r, from, to);
        break;
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        if (e->start_mark.line == e->end_mark.line)
            break;
        r->quote_refused = false;
        r->quote_from = from;
        r->quote_to   = to;
        check_quoted_lines(r, from, to);
        break;
    default:
        if (to - from == 1 && r->text[from] == '-' && r->depth > 0 && r->frames[r->depth - 1].flow)
            diag_hint(r->cx, reader_report(r, E_YAML_SYNTAX, where_byte_pos(r, from), "a '-' stands alone in brackets"),
                      "items in [ ] have no dash; put it into quotes when it is meant");
    }
}

void strict_event(struct reader *r, const yaml_event_t *e, size_t from, size_t to)
{
    const size_t gap_end = e->type == YAML_DOCUMENT_START_EVENT ? to : from;
    if (gap_end > r->last_end)
        check_comments(r, r->last_end, gap_end);
    check_flow_line(r, e, from);
    if (e->type == YAML_SCALAR_EVENT)
        check_scalar(r, e, from, to);
    if (to > r->last_end) {
        r->last_end  = to;
        r->last_line = e->end_mark.line;
    }
}
