/* yaml.c: block YAML that every reader that matters reads alike (EC 4).
 *
 * This is where most of a compilation's time goes, so each string is looked at once, byte by byte through a
 * table, and copied once. Lines are begun, not ended: an entry starts with its newline, the document ends
 * with one. */
#include "print/print.h"
#include "print/unicode.h"

#define STEP        2    /* blanks a level; the indicator of a block scalar says the same number */
#define LONGEST_KEY 1000 /* readers give up looking for the ':' of a key after 1024 characters (YAML 1.2, 7.4.2) */
#define PAD         16   /* blanks written at once; room() is asked for as many more */

/* What a byte means to the reader of an unquoted scalar. */
enum {
    OTHER   = 1,   /* cannot be part of what any reader takes for a number, a date or a time */
    LEADS   = 2,   /* can be the first of such */
    WORD    = 4,   /* can start a boolean, a null, an infinity, a merge key or the end of the document */
    MARK    = 8,   /* must not come first */
    NEVER   = 16,  /* must not be in it */
    NEAR    = 32,  /* depends on a blank beside it: "a: b" and "a #b" */
    BLANK   = 64,
    ESCAPE  = 128, /* is escaped inside double quotes */
    HIGH    = 256, /* belongs to a character beyond ASCII */
    NEWLINE = 512, /* makes the text a block scalar */
    CONTROL = 1024, /* cannot stand in a block scalar */

    OK = OTHER,
    CC = OTHER | NEVER | ESCAPE | CONTROL,
    TB = OTHER | NEVER | ESCAPE,
    NL = OTHER | NEVER | ESCAPE | NEWLINE,
    SP = MARK | BLANK,
    MK = OTHER | MARK,          /* ! % & ' * = > ? @ ` | ~ */
    QT = OTHER | MARK | ESCAPE, /* the double quote */
    BS = OTHER | ESCAPE,
    HA = OTHER | MARK | NEAR,   /* # */
    CO = MARK | NEAR,           /* : */
    FL = OTHER | MARK | NEVER,  /* , [ ] { } */
    DA = MARK,                  /* - */
    PL = LEADS | WORD,          /* + . */
    DG = LEADS,
    HX = 0,                     /* a-f x z _ and so on */
    HW = WORD,                  /* f o t */
    WD = OTHER | WORD,          /* n y < */
    HI = OTHER | HIGH
};

static const uint16_t class_of[256] = {
    CC, CC, CC, CC, CC, CC, CC, CC, CC, TB, NL, CC, CC, CC, CC, CC, /* C0 */
    CC, CC, CC, CC, CC, CC, CC, CC, CC, CC, CC, CC, CC, CC, CC, CC,
    SP, MK, QT, HA, OK, MK, MK, MK, OK, OK, MK, PL, FL, DA, PL, OK, /*  !"#$%&'()*+,-./ */
    DG, DG, DG, DG, DG, DG, DG, DG, DG, DG, CO, OK, WD, MK, MK, MK, /* 0-9 :;<=>? */
    MK, HX, HX, HX, HX, HX, HW, OK, OK, OK, OK, OK, OK, OK, WD, HW, /* @ A-O */
    OK, OK, OK, OK, HW, OK, OK, OK, HX, WD, HX, FL, BS, FL, OK, HX, /* P-Z [\]^_ */
    MK, HX, HX, HX, HX, HX, HW, OK, OK, OK, OK, OK, OK, OK, WD, HW, /* ` a-o */
    OK, OK, OK, OK, HW, OK, OK, OK, HX, WD, HX, FL, MK, FL, MK, CC, /* p-z {|}~ DEL */
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
    HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI, HI,
};

/* A string, and the classes of all its bytes together. */
struct look {
    const char *s;
    size_t      len;
    unsigned    any;
};

static inline unsigned class_at(const struct look *l, size_t i)
{
    return class_of[(uint8_t)l->s[i]];
}

static inline struct look look_at(const char *s, size_t len)
{
    struct look l = { .s = s, .len = len };
    size_t      i = 0;
    for (; i + 4 <= len; i += 4) /* a tenth faster than one by one */
        l.any |= (class_at(&l, i) | class_at(&l, i + 1)) | (class_at(&l, i + 2) | class_at(&l, i + 3));
    for (; i < len; i++)
        l.any |= class_at(&l, i);
    return l;
}

/* ": " starts a value and " #" a comment. */
static bool near_blank(const struct look *l)
{
    for (size_t i = 1; i < l->len; i++)
        if ((l->s[i] == ' ' && l->s[i - 1] == ':') || (l->s[i] == '#' && l->s[i - 1] == ' '))
            return true;
    return false;
}

/* The words of all four readers in any case; a minus sign is a MARK already. */
static bool is_word(const struct look *l)
{
    static const char *const words[] = { "", "yn", "noon", "yesoff", "truenull.inf.nan", "false+.inf+.nan" };
    char small[5];
    if ((l->len >= 2 && memcmp(l->s, "<<", 2) == 0) || (l->len >= 3 && memcmp(l->s, "...", 3) == 0))
        return true;
    if (l->len > sizeof small)
        return false;
    for (size_t i = 0; i < l->len; i++)
        small[i] = (char)(l->s[i] | 0x20);
    for (const char *w = words[l->len]; *w != '\0'; w += l->len)
        if (*w == *small && memcmp(w, small, l->len) == 0)
            return true;
    return false;
}

static bool is_plain(const struct look *l)
{
    if (l->len == 0 || (l->any & NEVER))
        return false;
    const unsigned first = class_at(l, 0);
    const char     last  = l->s[l->len - 1];
    return !(first & MARK) && last != ' ' && last != ':'
        && !((first & LEADS) && !(l->any & OTHER))
        && !((first & WORD) && is_word(l))
        && !((l->any & NEAR) && (l->any & BLANK) && near_blank(l))
        && !((l->any & HIGH) && unicode_any_unsafe(l->s, l->len));
}

bool print_yaml_quotes(const char *s, size_t len)
{
    const struct look l = look_at(s, len);
    return !is_plain(&l);
}

static inline char *room(struct text *out, size_t more)
{
    return out->cap - out->len < more ? text_room(out, more) : out->p + out->len;
}

static inline void used(struct text *out, const char *end)
{
    out->len = (size_t)(end - out->p);
}

static inline void put_char(struct text *out, char c)
{
    *room(out, 1) = c;
    out->len++;
}

/* Writes a newline and `column` blanks. The caller has asked for PAD more than that. */
static inline char *begin_line(char *p, size_t column)
{
    *p++ = '\n';
    memset(p, ' ', PAD);
    if (column > PAD)
        memset(p + PAD, ' ', column - PAD);
    return p + column;
}

/* The escapes that every reader knows; never JSON's pairs of surrogates. */
static void put_escape(struct text *out, uint32_t point)
{
    static const char letters[] = "\0000\tt\nn\rr\"\"\\\\", hex[] = "0123456789ABCDEF";
    char *p = room(out, 10);
    *p++ = '\\';
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (point == (uint8_t)letters[i]) {
            *p++ = letters[i + 1];
            used(out, p);
            return;
        }
    if (point == UNICODE_BAD)
        point = 0xFFFD;
    int digits = point > 0xFFFF ? 8 : point > 0xFF ? 4 : 2;
    *p++ = digits == 8 ? 'U' : digits == 4 ? 'u' : 'x';
    while (digits-- > 0)
        *p++ = hex[point >> 4 * digits & 15];
    used(out, p);
}

static void put_escaped(struct text *out, const char *s, size_t len)
{
    size_t from = 0, at = 0;
    while (at < len) {
        uint32_t       point;
        const size_t   n = unicode_next(s + at, len - at, &point);
        const bool     escape = point < 0x80 ? (class_of[point] & ESCAPE) != 0 : unicode_unsafe(point);
        if (escape) {
            text_bytes(out, s + from, at - from);
            put_escape(out, point);
            from = at + n;
        }
        at += n;
    }
    text_bytes(out, s + from, len - from);
}

static void put_quoted(struct text *out, const struct look *l)
{
    if (l->any & (ESCAPE | HIGH)) {
        put_char(out, '"');
        put_escaped(out, l->s, l->len);
        put_char(out, '"');
        return;
    }
    char *p = room(out, l->len + 2);
    *p++ = '"';
    if (l->len > 0)
        memcpy(p, l->s, l->len);
    p[l->len] = '"';
    used(out, p + l->len + 1);
}

static void put_word(struct text *out, const struct look *l)
{
    if (!is_plain(l)) {
        put_quoted(out, l);
        return;
    }
    memcpy(room(out, l->len), l->s, l->len);
    out->len += l->len;
}

/* A block scalar cannot hold what readers change or refuse; and when the text starts with a tab, or has
 * nothing but newlines, too many readers are wrong about it. Blanks at the ends of its lines belong to the
 * text and stay. */
static bool is_block(const struct look *l)
{
    if (!(l->any & NEWLINE) || (l->any & CONTROL))
        return false;
    size_t i = 0;
    while (i < l->len && l->s[i] == '\n')
        i++;
    return i < l->len && l->s[i] != '\t' && !((l->any & HIGH) && unicode_any_unsafe(l->s, l->len));
}

/* "|", the depth of the lines when the text starts with a blank that would be taken for it, and what to do
 * with the newlines at the end: "-" there is none, "+" keep several. */
static void put_block_header(struct text *out, const struct look *l)
{
    const char *first = l->s, *end = l->s + l->len;
    while (*first == '\n')
        first++;
    put_char(out, '|');
    if (*first == ' ')
        put_char(out, '0' + STEP);
    if (end[-1] != '\n')
        put_char(out, '-');
    else if (end[-2] == '\n')
        put_char(out, '+');
}

/* The newline at the end of the text is the one that begins the line after the scalar. Empty lines stay
 * empty. */
static void put_block(struct text *out, const struct look *l, size_t column)
{
    const char *s = l->s, *end = s + l->len - (s[l->len - 1] == '\n');
    put_block_header(out, l);
    for (;;) {
        const char  *stop = memchr(s, '\n', (size_t)(end - s));
        const size_t len  = (size_t)((stop == NULL ? end : stop) - s);
        char        *p    = room(out, 1 + column + PAD + len);
        p = len > 0 ? begin_line(p, column) : (*p = '\n', p + 1);
        memcpy(p, s, len);
        used(out, p + len);
        if (stop == NULL)
            return;
        s = stop + 1;
    }
}

/* Writes the scalar; the lines of a block start at `column`. */
static void put_scalar(struct text *out, const struct val *v, size_t column)
{
    if (v->kind == V_STR) {
        const struct look l = look_at(v->s, v->len);
        if (is_block(&l))
            put_block(out, &l, column);
        else if ((v->flags & VF_RAW) && !(l.any & (NEWLINE | CONTROL)))
            text_bytes(out, v->s, v->len);
        else
            put_word(out, &l);
    } else if (v->kind == V_INT) {
        text_int(out, v->i);
    } else if (v->kind == V_BOOL) {
        text_add(out, v->b ? "true" : "false");
    } else {
        text_add(out, "null");
    }
}

static inline void put_start(struct text *out, size_t column, bool here)
{
    char *p = room(out, 1 + column + PAD);
    used(out, here ? (*p = ' ', p + 1) : begin_line(p, column));
}

/* A key that has to be quoted, or one too long to stand before its ':' on one line: "? key" and ":" below
 * it. */
static void put_odd_key(struct text *out, const struct look *l, size_t column)
{
    const size_t before = out->len;
    put_word(out, l);
    const size_t width = out->len - before;
    if (width > LONGEST_KEY) {
        room(out, 2);
        memmove(out->p + before + 2, out->p + before, width);
        memcpy(out->p + before, "? ", 2);
        out->len += 2;
        put_start(out, column, false);
    }
    put_char(out, ':');
}

static void put_key(struct text *out, const char *key, size_t column, bool here)
{
    const struct look l = look_at(key, strlen(key));
    if (l.len > LONGEST_KEY || !is_plain(&l)) {
        put_start(out, column, here);
        put_odd_key(out, &l, column);
        return;
    }
    char *p = room(out, 1 + column + PAD + l.len + 1);
    p = here ? (*p = ' ', p + 1) : begin_line(p, column);
    memcpy(p, l.s, l.len);
    p[l.len] = ':';
    used(out, p + l.len + 1);
}

static void put_map(struct text *out, const struct val *map, size_t column, bool here);
static void put_seq(struct text *out, const struct val *seq, size_t column, bool here);

/* Writes what stands behind the ':' of a key or, `in_seq`, behind the '-' of an item at `column`. The items
 * of a sequence start in the column of its key; a map or sequence inside an item starts on the item's own
 * line. */
static void put_value(struct text *out, const struct val *v, size_t column, bool in_seq)
{
    const size_t before = out->len;
    if (v->kind == V_MAP) {
        put_map(out, v, column + STEP, in_seq);
        if (out->len == before)
            text_bytes(out, " {}", 3);
    } else if (v->kind == V_SEQ) {
        put_seq(out, v, in_seq ? column + STEP : column, in_seq);
        if (out->len == before)
            text_bytes(out, " []", 3);
    } else {
        put_char(out, ' ');
        put_scalar(out, v, column + STEP);
    }
}

static void put_map(struct text *out, const struct val *map, size_t column, bool here)
{
    for (uint32_t i = 0; i < map->len; i++) {
        const struct pair *p = &map->map[i];
        if (p->v.kind == V_NONE)
            continue;
        put_key(out, p->key, column, here);
        put_value(out, &p->v, column, false);
        here = false;
    }
}

static void put_seq(struct text *out, const struct val *seq, size_t column, bool here)
{
    for (uint32_t i = 0; i < seq->len; i++) {
        const struct val *v = &seq->seq[i];
        if (v->kind == V_NONE)
            continue;
        put_start(out, column, here);
        put_char(out, '-');
        put_value(out, v, column, true);
        here = false;
    }
}

/* The document itself has no parent that a block scalar could be indented from, and readers count
 * differently there. */
static void put_root_scalar(struct text *out, const struct val *v)
{
    put_char(out, '\n');
    if (v->kind == V_STR) {
        const struct look l = look_at(v->s, v->len);
        put_word(out, &l);
    } else {
        put_scalar(out, v, 0);
    }
}

void print_yaml(struct text *out, const struct val *doc)
{
    if (doc->kind == V_NONE)
        return;
    text_bytes(out, "---", 3);
    const size_t before = out->len;
    if (doc->kind == V_MAP)
        put_map(out, doc, 0, false);
    else if (doc->kind == V_SEQ)
        put_seq(out, doc, 0, false);
    else
        put_root_scalar(out, doc);
    if (out->len == before)
        text_add(out, doc->kind == V_MAP ? "\n{}" : "\n[]");
    put_char(out, '\n');
}
