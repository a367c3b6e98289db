#include "source/reader.h"

#define MOST_FINDINGS 10

struct scan {
    struct ctx *cx;
    uint16_t    file;
    const char *text;
    size_t      len;
    uint32_t    line;
    size_t      start; /* of the line */
    uint32_t    found;
};

static struct pos place(const struct scan *s, size_t byte)
{
    const size_t col = byte - s->start + 1;
    return (struct pos){ .line = s->line, .col = (uint16_t)(col > UINT16_MAX ? UINT16_MAX : col), .file = s->file };
}

/* What people pass by accident, by its first bytes. */
static const struct { const char *bytes; size_t len; const char *what; } foreign[] = {
    { "\xff\xfe\0\0", 4, "UTF-32 text" },
    { "\0\0\xfe\xff", 4, "UTF-32 text" },
    { "\xff\xfe", 2, "UTF-16 text" },
    { "\xfe\xff", 2, "UTF-16 text" },
    { "\x1f\x8b", 2, "a gzip archive" },
    { "PK\3\4", 4, "a zip archive" },
    { "\x7f" "ELF", 4, "a program" },
    { "\x89PNG", 4, "a picture" },
};

static const char *foreign_kind(const struct scan *s)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (s->len >= foreign[i].len && memcmp(s->text, foreign[i].bytes, foreign[i].len) == 0)
            return foreign[i].what;
    if (s->len >= 2 && (s->text[0] == '\0') != (s->text[1] == '\0'))
        return "UTF-16 text";
    return NULL;
}

static bool refuse_foreign(struct scan *s, const char *what)
{
    struct diag *d = diag_at(s->cx, E_YAML_ENCODING, (struct pos){ .file = s->file }, "this is %s, not UTF-8", what);
    diag_hint(s->cx, d, "save it as UTF-8 text");
    return false;
}

static void refuse_byte(struct scan *s, size_t at)
{
    struct diag *d = diag_at(s->cx, E_YAML_ENCODING, place(s, at), "byte 0x%02X is not UTF-8 here",
                             (unsigned char)s->text[at]);
    diag_hint(s->cx, d, "save the file as UTF-8 text");
    s->found = MOST_FINDINGS;
}

static void refuse_carriage_return(struct scan *s, size_t at)
{
    struct diag *d = diag_at(s->cx, E_YAML_CHARACTER, place(s, at), "a carriage return stands without a line feed");
    diag_hint(s->cx, d, "end lines with LF, or with CR LF");
    s->found++;
}

static void refuse_character(struct scan *s, size_t at, uint32_t point)
{
    struct diag *d = diag_at(s->cx, E_YAML_CHARACTER, place(s, at), "the character U+%04X is not allowed here", point);
    diag_hint(s->cx, d, point == 0xFEFF ? "remove it: a byte order mark may stand only at the start of the file"
                                        : "remove it, or write it as an escape in double quotes");
    s->found++;
}

/* C1 with NEL, line and paragraph separator, BOM, and what YAML's own character set leaves out. */
static bool allowed(uint32_t point)
{
    return point >= 0xA0 && point != 0x2028 && point != 0x2029 && point != 0xFEFF && point != 0xFFFE && point != 0xFFFF;
}

static size_t check_long(struct scan *s, size_t at)
{
    uint32_t point;
    const size_t n = str_point(s->text + at, s->len - at, &point);
    if (n == 0)
        refuse_byte(s, at);
    else if (!allowed(point))
        refuse_character(s, at, point);
    return n == 0 ? 1 : n;
}

static void check_control(struct scan *s, size_t at)
{
    const char c = s->text[at];
    if (c == '\n') {
        s->line++;
        s->start = at + 1;
    } else if (c == '\r') {
        if (at + 1 == s->len || s->text[at + 1] != '\n')
            refuse_carriage_return(s, at);
    } else if (c != '\t') {
        refuse_character(s, at, (unsigned char)c);
    }
}

static void check_all(struct scan *s)
{
    for (size_t i = 0; i < s->len && s->found < MOST_FINDINGS;) {
        const unsigned char c = (unsigned char)s->text[i];
        if (c >= 0x80) {
            i += check_long(s, i);
            continue;
        }
        if (c < 0x20 || c == 0x7f)
            check_control(s, i);
        i++;
    }
}

bool bytes_check(struct ctx *cx, uint16_t file)
{
    struct file *f = &cx->files[file];
    if (f->len >= 3 && memcmp(f->text, "\xef\xbb\xbf", 3) == 0) {
        f->text += 3;
        f->len -= 3;
    }
    struct scan s = { .cx = cx, .file = file, .text = f->text, .len = f->len, .line = 1 };
    const char *what = foreign_kind(&s);
    if (what != NULL)
        return refuse_foreign(&s, what);
    check_all(&s);
    return s.found == 0;
}
