#include "print/print.h"
#include "print/unicode.h"

#define STEP 2 /* blanks a level */

static void put_line(struct text *out, size_t column)
{
    char *p = text_room(out, 1 + column);
    *p = '\n';
    memset(p + 1, ' ', column);
    out->len += 1 + column;
}

static void put_escape(struct text *out, uint32_t point)
{
    static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\", hex[] = "0123456789abcdef";
    char *p = text_room(out, 6);
    *p++ = '\\';
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (point == (uint8_t)letters[i]) {
            *p = letters[i + 1];
            out->len += 2;
            return;
        }
    *p++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *p++ = hex[(point == UNICODE_BAD ? 0xFFFD : point) >> shift & 15];
    out->len += 6;
}

static bool is_safe_ascii(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
}

/* Also escapes what YAML readers refuse, because JSON is often read by them. Beyond U+FFFF, where an escape
 * would take a pair of surrogates that YAML does not know, everything is safe as it is. */
static bool must_escape(uint32_t point)
{
    if (point == UNICODE_BAD)
        return true;
    return point < 0x20 || point == '"' || point == '\\' || (point <= 0xFFFF && unicode_unsafe(point));
}

static void put_string(struct text *out, const char *s, size_t len)
{
    size_t from = 0, at = 0;
    text_char(out, '"');
    for (;;) {
        while (at < len && is_safe_ascii(s[at]))
            at++;
        if (at == len)
            break;
        uint32_t     point;
        const size_t n = unicode_next(s + at, len - at, &point);
        if (must_escape(point)) {
            text_bytes(out, s + from, at - from);
            put_escape(out, point);
            from = at + n;
        }
        at += n;
    }
    text_bytes(out, s + from, len - from);
    text_char(out, '"');
}

static void put_value(struct text *out, const struct val *v, size_t column);

/* Begins the line of an entry, behind a comma when it is not the first; returns false for nothing. */
static bool put_entry(struct text *out, const struct val *v, size_t column, bool *first)
{
    if (v->kind == V_NONE)
        return false;
    if (!*first)
        text_char(out, ',');
    *first = false;
    put_line(out, column);
    return true;
}

static void put_map(struct text *out, const struct val *map, size_t column)
{
    bool first = true;
    text_char(out, '{');
    for (uint32_t i = 0; i < map->len; i++) {
        const struct pair *p = &map->map[i];
        if (!put_entry(out, &p->v, column + STEP, &first))
            continue;
        put_string(out, p->key, strlen(p->key));
        text_add(out, ": ");
        put_value(out, &p->v, column + STEP);
    }
    if (!first)
        put_line(out, column);
    text_char(out, '}');
}

static void put_seq(struct text *out, const struct val *seq, size_t column)
{
    bool first = true;
    text_char(out, '[');
    for (uint32_t i = 0; i < seq->len; i++)
        if (put_entry(out, &seq->seq[i], column + STEP, &first))
            put_value(out, &seq->seq[i], column + STEP);
    if (!first)
        put_line(out, column);
    text_char(out, ']');
}

static void put_value(struct text *out, const struct val *v, size_t column)
{
    switch (v->kind) {
    case V_MAP:  put_map(out, v, column); break;
    case V_SEQ:  put_seq(out, v, column); break;
    case V_STR:  put_string(out, v->s, v->len); break;
    case V_INT:  text_int(out, v->i); break;
    case V_BOOL: text_add(out, v->b ? "true" : "false"); break;
    default:     text_add(out, "null");
    }
}

void print_json(struct text *out, const struct val *v)
{
    put_value(out, v, 0);
    text_char(out, '\n');
}

void print_json_list(struct text *out, const struct val *objects, uint32_t n)
{
    const struct pair pairs[] = { { "apiVersion", t_str("v1") },
                                  { "kind",       t_str("List") },
                                  { "items",      { .kind = V_SEQ, .len = n, .seq = objects } } };
    const struct val list = { .kind = V_MAP, .len = sizeof pairs / sizeof *pairs, .map = pairs };
    print_json(out, &list);
}
