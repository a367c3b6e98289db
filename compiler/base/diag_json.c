#include "base/excerpt.h"

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
        else if (n == 0 || excerpt_dangerous(c))
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

static void add_span(const struct ctx *cx, struct pos at, bool primary, struct text *out)
{
    const struct file *f = &cx->files[at.file];
    const struct region r = excerpt_region(f, at);
    text_add(out, "{\"file_name\":");
    diag_json_string(out, f->name);
    text_f(out, ",\"byte_start\":%zu,\"byte_end\":%zu,\"line_start\":%u,\"line_end\":%u,\"column_start\":%zu"
           ",\"column_end\":%zu,\"is_primary\":%s,\"text\":[{\"text\":",
           r.byte, r.byte_end, at.line, at.line, r.column, r.column_end, primary ? "true" : "false");
    add_json_bytes(out, r.line.s, excerpt_hidden(cx, at) ? 0 : r.line.len < LINE_IN_JSON ? r.line.len : LINE_IN_JSON);
    text_f(out, ",\"highlight_start\":%zu,\"highlight_end\":%zu}],\"label\":null,\"suggested_replacement\":null"
           ",\"suggestion_applicability\":null}", r.column, r.column_end);
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
