#include "base/veil.h"

#include "base/excerpt.h"
#include "base/secret.h"

#include <stdlib.h>
#include <strings.h>

#define SHORTEST   4    /* bytes of a value that is looked for in messages: shorter ones are part of many words */
#define MOST_VEILS 1000 /* beyond, findings keep only the title of their code */

static void remember(struct ctx *cx, const char *value)
{
    if (strlen(value) < SHORTEST || cx->veiled_count > MOST_VEILS)
        return;
    if (cx->veiled_count == cx->veiled_cap) {
        const uint32_t cap = cx->veiled_cap < 16 ? 16 : cx->veiled_cap * 2;
        cx->veiled = arena_grow(cx->a, cx->veiled, cx->veiled_cap * sizeof *cx->veiled, cx->veiled_count * sizeof *cx->veiled,
                                cap * sizeof *cx->veiled);
        cx->veiled_cap = cap;
    }
    cx->veiled[cx->veiled_count++] = value;
}

void veil_add(struct ctx *cx, struct pos at, uint32_t more, const char *value)
{
    remember(cx, value);
    for (uint32_t i = 0; i <= more; i++, at.line++)
        diag_hide(cx, at);
}

/* ---- texts ---------------------------------------------------------------------------------------------------- */

/* One text, line by line. */
struct scan {
    struct ctx *cx;
    struct pos  at;
    size_t      indent;     /* of this line */
    size_t      block;      /* a block of text goes on while lines are indented deeper; SIZE_MAX: none */
    bool        pem, named; /* inside a private key; the name before was that of a secret */
};

static size_t trimmed(const char *s, size_t len)
{
    while (len > 0 && strchr(" \t\r", s[len - 1]) != NULL)
        len--;
    return len;
}

/* Messages cut long values off: what they show is looked for as well. */
static void remember_n(struct scan *s, const char *value, size_t len)
{
    static const size_t cuts[] = { 40, 60, 80 };
    remember(s->cx, arena_dup(s->cx->a, value, len));
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        if (len > cuts[i])
            remember(s->cx, arena_dup(s->cx->a, value, cuts[i]));
}

/* What YAML would make of it, and what findings about broken YAML quote: to the end of the line, to a comma or bracket, and each
 * word of it. */
static void remember_value(struct scan *s, const char *value, size_t len)
{
    static const char ends[] = "\"'*&!,{}[] ";
    const bool quoted = len > 0 && (*value == '"' || *value == '\'');
    const char *end = quoted ? memchr(value + 1, *value, len - 1) : NULL;
    len = trimmed(value, len);
    if (quoted)
        remember_n(s, value + 1, end == NULL ? len - 1 : (size_t)(end - value) - 1);
    remember_n(s, value, len);
    for (size_t i = 0, n; i < len; i += n + 1) {
        for (n = 0; i + n < len && strchr(ends, value[i + n]) == NULL;)
            n++;
        remember_n(s, value + i, n);
    }
}

/* The value of a key that names a secret, at `value`, with `len` bytes to the end of the line. Returns true when it is one. */
static bool veil_value(struct scan *s, const char *value, size_t len)
{
    if (*value == '|' || *value == '>') {
        s->block = s->indent;
        return false;
    }
    const char *text = value + (*value == '"' || *value == '\'');
    if (!secret_plain(text) || *value == '#' || (*value == '{' && strchr(value, ':') != NULL))
        return false; /* {secret: ..., key: ...} */
    diag_hide(s->cx, s->at);
    remember_value(s, value, trimmed(value, len));
    return true;
}

/* The key that ends before line[at]: without quotes and blanks. */
static const char *key_before(const char *line, size_t at, size_t *len)
{
    size_t end = at, begin;
    while (end > 0 && strchr(" \"'", line[end - 1]) != NULL)
        end--;
    for (begin = end; begin > 0 && strchr(" \t{[,\"'=:?&", line[begin - 1]) == NULL;)
        begin--;
    *len = end - begin;
    return line + begin;
}

static bool is_word(const char *key, size_t len, const char *word)
{
    return strlen(word) == len && strncasecmp(key, word, len) == 0;
}

/* Returns true when all that follows on the line has been veiled. */
static bool look_at_pair(struct scan *s, const char *line, size_t len, size_t at)
{
    size_t n, from = at + 1;
    const char *key = key_before(line, at, &n);
    while (from < len && (line[from] == ' ' || line[from] == '\t'))
        from++;
    if (is_word(key, n, "name"))
        s->named = secret_key_n(line + from, strcspn(line + from, " ,}\"'\r\n"));
    return (secret_key_n(key, n) || (s->named && is_word(key, n, "value"))) && veil_value(s, line + from, len - from);
}

static void look_at_line(struct scan *s, const char *line, size_t len)
{
    s->indent = strspn(line, " ");
    if (s->indent >= len || line[s->indent] == '-')
        s->named = false;
    for (size_t i = 0; i < len; i++)
        if ((line[i] == ':' || line[i] == '=') && look_at_pair(s, line, len, i))
            return;
    if (secret_text(line))
        diag_hide(s->cx, s->at);
}

static bool goes_on(const struct scan *s, const char *line, size_t len)
{
    const size_t indent = strspn(line, " ");
    return s->block != SIZE_MAX && (indent >= len || indent > s->block);
}

/* A line of a secret text. */
static void veil_line(struct scan *s, const char *line, size_t len)
{
    const size_t indent = strspn(line, " ");
    diag_hide(s->cx, s->at);
    if (strstr(line, "-----") == NULL)
        remember_value(s, line + indent, len - indent);
}

static void scan_line(struct scan *s, const char *line, size_t len)
{
    s->pem |= strstr(line, "-----BEGIN ") != NULL && strstr(line, "PRIVATE KEY") != NULL;
    if (s->pem || goes_on(s, line, len)) {
        veil_line(s, line, len);
        s->pem &= strstr(line, "-----END ") == NULL;
    } else {
        s->block = SIZE_MAX;
        look_at_line(s, line, len);
    }
}

static void scan_file(struct ctx *cx, uint16_t number)
{
    const struct file *f = &cx->files[number];
    struct scan s = { .cx = cx, .at = { .line = 1, .file = number }, .block = SIZE_MAX };
    const char *p = f->text, *end = p + f->len;
    for (; p < end; s.at.line++) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const size_t len = (size_t)((nl == NULL ? end : nl) - p);
        scan_line(&s, arena_dup(cx->a, p, len), len);
        p += len + 1;
    }
}

/* ---- messages ------------------------------------------------------------------------------------------------- */

const char *veil_text(struct ctx *cx, const char *message)
{
    if (cx->veiled_count > MOST_VEILS)
        return "***\n";
    for (uint32_t i = 0; i < cx->veiled_count; i++)
        if (strcmp(cx->veiled[i], "***") != 0)
            message = str_replace(cx->a, message, cx->veiled[i], "***");
    return message;
}

static int longer_first(const void *a, const void *b)
{
    const size_t x = strlen(*(const char *const *)a), y = strlen(*(const char *const *)b);
    return x > y ? -1 : x < y;
}

/* The same text may stand on lines where nothing tells that it is a secret. */
static void hide_if_known(struct ctx *cx, struct pos at)
{
    if (cx->veiled_count == 0 || at.line == 0 || at.file >= cx->file_count || excerpt_hidden(cx, at))
        return;
    const struct line line = excerpt_line(&cx->files[at.file], at.line);
    for (uint32_t i = 0; i < cx->veiled_count; i++)
        if (memmem(line.s, line.len, cx->veiled[i], strlen(cx->veiled[i])) != NULL) {
            diag_hide(cx, at);
            return;
        }
}

static void clean(struct ctx *cx, struct diag *d)
{
    if (cx->veiled_count > MOST_VEILS) {
        d->message = code_table[d->code].title;
        d->notes   = NULL;
        return;
    }
    d->message = veil_text(cx, d->message);
    hide_if_known(cx, d->at);
    for (struct note *n = d->notes; n != NULL; n = n->next) {
        n->message = veil_text(cx, n->message);
        hide_if_known(cx, n->at);
    }
}

void veil_findings(struct ctx *cx)
{
    if (cx->diag_count == 0)
        return;
    for (uint16_t i = 0; i < cx->file_count; i++)
        if (!str_eq(cx->files[i].layer, "preset"))
            scan_file(cx, i);
    excerpt_count_lines(cx);
    if (cx->veiled_count > 1)
        qsort(cx->veiled, cx->veiled_count, sizeof *cx->veiled, longer_first);
    for (uint32_t i = 0; i < cx->diag_count; i++)
        clean(cx, cx->diags[i]);
}
