/* kyaml.c: KYAML (KEP-5295), the dialect of YAML that `kubectl -o kyaml` prints: braces, brackets, trailing commas and quoted
 * strings, so that neither indentation nor the look of a word decides what is read. */
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

static void put_hex(struct text *out, char letter, uint32_t point, int digits)
{
    text_char(out, '\\');
    text_char(out, letter);
    while (digits-- > 0)
        text_char(out, "0123456789abcdef"[point >> 4 * digits & 15]);
}

/* Escapes as the encoder of sigs.k8s.io/yaml writes them; a byte that is no UTF-8 is read as U+FFFD, as the other printers do. */
static void put_escape(struct text *out, uint32_t point)
{
    static const struct { uint32_t point; char letter; } letters[] = {
        { '"', '"' }, { '\\', '\\' }, { '\r', 'r' }, { '\a', 'a' }, { '\b', 'b' }, { '\f', 'f' }, { '\v', 'v' }, { 0x1B, 'e' },
        { 0x85, 'N' }, { 0xA0, '_' }, { 0x2028, 'L' }, { 0x2029, 'P' } };
    if (point == UNICODE_BAD)
        point = 0xFFFD;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].point == point) {
            text_char(out, '\\');
            text_char(out, letters[i].letter);
            return;
        }
    if (point < 0x80)
        put_hex(out, 'x', point, 2);
    else
        put_hex(out, point > 0xFFFF ? 'U' : 'u', point, point > 0xFFFF ? 8 : 4);
}

static bool must_escape(uint32_t point)
{
    if (point < 0x20)
        return point != '\t';
    return point == '"' || point == '\\' || point == 0xA0 || (point >= 0x7F && unicode_unsafe(point));
}

/* Part of a string that holds no newline. */
static void put_part(struct text *out, const char *s, size_t len)
{
    size_t from = 0, at = 0;
    while (at < len) {
        uint32_t     point = (unsigned char)s[at];
        const size_t n = point < 0x80 ? 1 : unicode_next(s + at, len - at, &point);
        if (must_escape(point)) {
            text_bytes(out, s + from, at - from);
            put_escape(out, point);
            from = at + n;
        }
        at += n;
    }
    text_bytes(out, s + from, len - from);
}

/* A text of several lines stands on several: each ends with its \n and a fold. Blanks before the first character of a line are no
 * part of the text unless a backslash stands before them; where none does, one blank keeps the lines below each other. (The encoder puts the
 * backslash before \r, \v and \f, too, which it then escapes: a reader finds a backslash and a letter.) */
static void put_lines(struct text *out, const char *s, size_t len, size_t column)
{
    const char *end = s + len;
    text_char(out, '\\');
    while (s < end) {
        const char *stop = memchr(s, '\n', (size_t)(end - s));
        put_line(out, column);
        text_char(out, *s == ' ' || *s == '\t' ? '\\' : ' ');
        put_part(out, s, (size_t)((stop == NULL ? end : stop) - s));
        text_add(out, stop == NULL ? "\\" : "\\n\\");
        s = stop == NULL ? end : stop + 1;
    }
    put_line(out, column);
}

static void put_string(struct text *out, const char *s, size_t len, size_t column)
{
    text_char(out, '"');
    if (len > 0 && memchr(s, '\n', len) != NULL)
        put_lines(out, s, len, column);
    else
        put_part(out, s, len);
    text_char(out, '"');
}

/* What the encoder of sigs.k8s.io/yaml quotes beyond what readers of YAML take for another type: numbers and booleans of Go. */
static bool is_go_word(const char *s)
{
    static const char *const words[] = { "t", "T", "f", "F", "inf", "Inf", "INF", "nan", "NaN", "NAN", "infinity", "Infinity", NULL };
    for (const char *const *w = words; *w != NULL; w++)
        if (strcmp(*w, s) == 0)
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* A key stands without quotes when it is letters and digits, with - . / between them, and no reader takes it for another type. */
static bool is_plain_key(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_letter(s[i]) && (i == 0 || i + 1 == len || (s[i] != '-' && s[i] != '.' && s[i] != '/')))
            return false;
    return !print_yaml_quotes(s, len) && !is_go_word(s);
}

/* In a key a newline and a tab are escaped: it stays on its line. */
static void put_key(struct text *out, const char *s)
{
    const size_t len = strlen(s);
    if (is_plain_key(s, len)) {
        text_bytes(out, s, len);
        return;
    }
    text_char(out, '"');
    for (const char *end = s + len; s < end;) {
        const size_t n = strcspn(s, "\n\t");
        put_part(out, s, n);
        s += n;
        if (s < end)
            text_add(out, *s++ == '\n' ? "\\n" : "\\t");
    }
    text_char(out, '"');
}

static void put_value(struct text *out, const struct val *v, size_t column);

static void put_map(struct text *out, const struct val *map, size_t column)
{
    bool any = false;
    text_char(out, '{');
    for (uint32_t i = 0; i < map->len; i++) {
        const struct pair *p = &map->map[i];
        if (p->v.kind == V_NONE)
            continue;
        any = true;
        put_line(out, column + STEP);
        put_key(out, p->key);
        text_add(out, ": ");
        put_value(out, &p->v, column + STEP);
        text_char(out, ',');
    }
    if (any)
        put_line(out, column);
    text_char(out, '}');
}

/* Maps and lists in a list share its brackets' lines, as long as nothing else stands between them. */
static bool is_cuddled(const struct val *seq)
{
    for (uint32_t i = 0; i < seq->len; i++)
        if (seq->seq[i].kind != V_NONE && seq->seq[i].kind != V_MAP && seq->seq[i].kind != V_SEQ)
            return false;
    return true;
}

static void put_seq(struct text *out, const struct val *seq, size_t column)
{
    const bool cuddled = is_cuddled(seq);
    bool any = false;
    text_char(out, '[');
    for (uint32_t i = 0; i < seq->len; i++) {
        if (seq->seq[i].kind == V_NONE)
            continue;
        if (!cuddled)
            put_line(out, column + STEP);
        else if (any)
            text_add(out, ", ");
        any = true;
        put_value(out, &seq->seq[i], cuddled ? column : column + STEP);
        if (!cuddled)
            text_char(out, ',');
    }
    if (any && !cuddled)
        put_line(out, column);
    text_char(out, ']');
}

static void put_value(struct text *out, const struct val *v, size_t column)
{
    switch (v->kind) {
    case V_MAP:  put_map(out, v, column); break;
    case V_SEQ:  put_seq(out, v, column); break;
    case V_STR:  put_string(out, v->s, v->len, column + STEP); break;
    case V_INT:  text_int(out, v->i); break;
    case V_BOOL: text_add(out, v->b ? "true" : "false"); break;
    default:     text_add(out, "null");
    }
}

void print_kyaml(struct text *out, const struct val *doc)
{
    if (doc->kind == V_NONE)
        return;
    text_add(out, "---\n");
    put_value(out, doc, 0);
    text_char(out, '\n');
}
