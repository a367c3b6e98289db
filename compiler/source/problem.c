#include "source/reader.h"

/* A refusal of libyaml: where it noticed, and where what it was reading began. */
struct problem {
    struct reader *r;
    const char    *what, *context;
    size_t         at, begin;       /* bytes */
    struct pos     pos, begin_pos;
};

static bool says(const struct problem *p, const char *what)
{
    return strstr(p->what, what) != NULL;
}

static bool while_in(const struct problem *p, const char *context)
{
    return strstr(p->context, context) != NULL;
}

static size_t line_start(const struct reader *r, size_t byte)
{
    const char *nl = memrchr(r->text, '\n', byte);
    return nl == NULL ? 0 : (size_t)(nl - r->text) + 1;
}

/* ---- a missing blank ---------------------------------------------------------------------------------- */

static bool name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* Returns the length of "name" when the line at `start` is `name:value`, and where the name begins; else 0. */
static size_t glued_name(const struct reader *r, size_t start, size_t *name)
{
    const char *t = r->text;
    while (t[start] == ' ' || (t[start] == '-' && t[start + 1] == ' '))
        start++;
    size_t end = start;
    while (name_character(t[end]))
        end++;
    *name = start;
    const bool letter = (t[start] | 0x20) >= 'a' && (t[start] | 0x20) <= 'z';
    return letter && t[end] == ':' && strchr(" \t\r\n/", t[end + 1]) == NULL ? end - start : 0;
}

static bool missing_blank_on(const struct problem *p, size_t start)
{
    struct reader *r = p->r;
    size_t name;
    const size_t len = glued_name(r, start, &name);
    if (len == 0)
        return false;
    const char *value = r->text + name + len + 1;
    const int shown = (int)strcspn(value, "\r\n");
    struct diag *d = reader_report(r, E_YAML_BLANK, where_byte_pos(r, name + len + 1), "a blank is missing after '%.*s:'",
                                   (int)len, r->text + name);
    diag_hint(r->cx, d, "write '%.*s: %.*s'", (int)len, r->text + name, shown > 60 ? 60 : shown, value);
    return true;
}

/* libyaml notices on the line itself or on the next one. */
static bool tell_missing_blank(const struct problem *p)
{
    if (says(p, "could not find expected ':'"))
        return missing_blank_on(p, line_start(p->r, p->begin));
    if (!says(p, "mapping values are not allowed"))
        return false;
    const size_t line = line_start(p->r, p->at);
    return missing_blank_on(p, line) || (line > 0 && missing_blank_on(p, line_start(p->r, line - 1)));
}

/* ---- characters, quotes, brackets, keys --------------------------------------------------------------- */

static bool tell_tab(const struct problem *p)
{
    const bool tab = says(p, "tab character") || (says(p, "cannot start any token") && p->r->text[p->at] == '\t');
    if (!tab)
        return false;
    struct diag *d = reader_report(p->r, E_YAML_TAB, p->pos, "a tab character stands in the indentation");
    diag_hint(p->r->cx, d, "indent with blanks");
    return true;
}

static bool tell_character(const struct problem *p)
{
    if (!says(p, "cannot start any token"))
        return false;
    uint32_t point;
    const char *s = p->r->text + p->at;
    const size_t n = str_point(s, p->r->len - p->at, &point);
    struct diag *d = reader_report(p->r, E_YAML_SYNTAX, p->pos, "a value cannot begin with '%.*s'", (int)n, s);
    diag_hint(p->r->cx, d, "put the value into quotes");
    return true;
}

static bool tell_quote(const struct problem *p)
{
    if (!while_in(p, "quoted scalar") || !(says(p, "end of stream") || says(p, "document indicator")))
        return false;
    struct diag *d = reader_report(p->r, E_YAML_QUOTE, p->begin_pos, "the quote that opens here is never closed");
    diag_note(p->r->cx, d, p->pos, says(p, "end of stream") ? "the text ends here" : "the document ends here");
    diag_hint(p->r->cx, d, "close it with the same quote; inside, '' stands for ' and \\\" for \"");
    return true;
}

/* A forgotten quote closes at the next quote of the file, and what follows that one looks wrong. */
static bool behind_quote(const struct problem *p)
{
    const struct reader *r = p->r;
    return r->quote_to != 0 && p->at >= r->quote_to && line_start(r, p->at) == line_start(r, r->quote_to);
}

static void tell_late_quote(const struct problem *p)
{
    struct reader *r = p->r;
    if (r->quote_refused)
        return;
    const struct pos close = where_byte_pos(r, r->quote_to - 1);
    struct diag *d = reader_report(r, E_YAML_QUOTE, where_byte_pos(r, r->quote_from),
                                   "the quote that opens here closes on line %u, and what follows there makes no sense",
                                   close.line);
    diag_note(r->cx, d, close, "it closes here");
    diag_hint(r->cx, d, "close it on its own line");
}

/* The line that libyaml noticed is indented so little that it cannot belong into the brackets. */
static bool outside_brackets(const struct problem *p)
{
    const struct reader *r = p->r;
    const struct frame *f = r->depth > 0 ? &r->frames[r->depth - 1] : NULL;
    const size_t line = line_start(r, p->at);
    return f != NULL && f->flow && line > p->begin && (int)strspn(r->text + line, " ") <= f->indent;
}

static bool tell_bracket(const struct problem *p)
{
    if (!while_in(p, "flow"))
        return false;
    struct reader *r = p->r;
    const char open = r->text[p->begin], *kind = while_in(p, "sequence") ? "list" : "map";
    const bool end = p->at + strspn(r->text + p->at, " \t\r\n") >= r->len;
    if ((open == '[' || open == '{') && (end || outside_brackets(p))) {
        struct diag *d = reader_report(r, E_YAML_BRACKET, p->begin_pos, "the '%c' that opens here is not closed", open);
        if (!end)
            diag_note(r->cx, d, p->pos, "this line is not indented, so it does not belong into the brackets");
        diag_hint(r->cx, d, "close it with '%c'", open == '[' ? ']' : '}');
        return true;
    }
    if (!says(p, "',' or"))
        return false;
    const char close = while_in(p, "sequence") ? ']' : '}';
    struct diag *d = reader_report(r, E_YAML_BRACKET, p->pos, "a ',' or the closing '%c' is missing before this", close);
    diag_note(r->cx, d, p->begin_pos, "the %s begins here", kind);
    diag_hint(r->cx, d, "put quotes around a text that holds one of , [ ] { } or ': '");
    return true;
}

static bool tell_long_key(const struct problem *p)
{
    const size_t start = line_start(p->r, p->at);
    if (!(says(p, "mapping values") || says(p, "could not find expected ':'")) || p->at - start <= 1024)
        return false;
    struct diag *d = reader_report(p->r, E_YAML_KEY, where_byte_pos(p->r, start), "a key is longer than 1024 bytes");
    diag_hint(p->r->cx, d, "shorten the key, or put a value that holds ': ' into quotes");
    return true;
}

static bool missing_key(const struct problem *p)
{
    diag_hint(p->r->cx, reader_report(p->r, E_YAML_KEY, p->pos, "a key is missing before ':'"), "write 'key: value'");
    return true;
}

static bool tell_missing_key(const struct problem *p)
{
    const struct reader *r = p->r;
    const size_t line = line_start(r, p->at);
    if (r->text[p->at] == ':' && says(p, "node content"))
        return missing_key(p);
    const bool colon = (says(p, "mapping values") || says(p, "expected key")) && r->text[p->at] == ':';
    if (!colon || line + strspn(r->text + line, " ") != p->at)
        return false;
    return missing_key(p);
}

/* ---- the others --------------------------------------------------------------------------------------- */

static const struct row {
    const char *what, *context; /* parts of libyaml's sentences */
    enum code   code;
    bool        at_begin;       /* the finding stands where what was read began */
    const char *sentence, *note, *hint;
} rows[] = {
    { "could not find expected ':'", "simple key", E_YAML_SYNTAX, true,
      "this line is neither 'key: value' nor a part of the line above", NULL, "write 'key: value', or indent the line when it continues a text" },
    { "mapping values are not allowed", "", E_YAML_INDENT, false, "a ': ' is not expected here",
      NULL, "check the indentation of this line and of the one above; put a text that holds ': ' into quotes" },
    { "did not find expected key", "block mapping", E_YAML_INDENT, false, "this does not continue the map above",
      "the map begins here", "begin the key in the same column as the other keys of the map" },
    { "did not find expected '-'", "block collection", E_YAML_INDENT, false, "this does not continue the list above",
      "the list begins here", "begin the line with '- ' in the same column as the other items" },
    { "block sequence entries are not allowed", "", E_YAML_SYNTAX, false, "a list cannot begin here",
      NULL, "begin it on a line of its own, below its key, or write [a, b]" },
    { "mapping keys are not allowed", "", E_YAML_SYNTAX, false, "a '?' is not expected here", NULL,
      "put the value into quotes" },
    { "", "scanning an alias", E_YAML_ALIAS, true, "'*' begins an alias, and aliases are not accepted", NULL,
      "put a text that begins with '*' into quotes" },
    { "", "scanning an anchor", E_YAML_ALIAS, true, "'&' begins an anchor, and anchors are not accepted", NULL,
      "put a text that begins with '&' into quotes" },
    { "", "a tag", E_YAML_TAG, true, "'!' begins a tag, and tags are not accepted", NULL,
      "put a text that begins with '!' into quotes" },
    { "undefined tag handle", "", E_YAML_TAG, true, "'!' begins a tag, and tags are not accepted", NULL,
      "put a text that begins with '!' into quotes" },
    { "", "%TAG", E_YAML_TAG, true, "tags ('%TAG') are not accepted", NULL, "leave it out" },
    { "", "directive", E_YAML_SYNTAX, true,
      "a '%' at the start of a line begins a directive, and this one is not known", NULL,
      "leave it out; '%YAML 1.2' is all that can stand there" },
    { "escape", "quoted scalar", E_YAML_ESCAPE, false, "an unknown escape stands in double quotes", NULL,
      "write \\\\ for a backslash, or use single quotes" },
    { "hexdecimal", "quoted scalar", E_YAML_ESCAPE, false, "an escape has too few hexadecimal digits", NULL,
      "write \\xNN, \\uNNNN or \\UNNNNNNNN" },
    { "", "block scalar", E_YAML_SYNTAX, true, "the text block has a wrong header", NULL,
      "write '|' or '>', at most one of + and -, and one digit from 1 to 9; the text begins on the next line" },
    { "expected <document start>", "", E_YAML_INDENT, false, "this does not belong to what stands above", NULL,
      "check the indentation, and look for a quote or a bracket that closes too early" },
    { "node content", "", E_YAML_SYNTAX, false, "a value is missing before this", NULL,
      "write the value, or remove the comma or bracket; put a text of special characters into quotes" },
};

static void tell_row(const struct problem *p, const struct row *row)
{
    struct diag *d = reader_report(p->r, row->code, row->at_begin ? p->begin_pos : p->pos, "%s", row->sentence);
    if (row->note != NULL)
        diag_note(p->r->cx, d, p->begin_pos, "%s", row->note);
    diag_hint(p->r->cx, d, "%s", row->hint);
}

static void tell_any(const struct problem *p)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (says(p, rows[i].what) && while_in(p, rows[i].context)) {
            tell_row(p, &rows[i]);
            return;
        }
    reader_report(p->r, E_YAML_SYNTAX, p->pos, "this is not valid YAML: %s%s%s", p->what, *p->context ? " " : "",
                  p->context);
}

static void tell(const struct problem *p)
{
    if (tell_tab(p) || tell_missing_key(p) || tell_long_key(p) || tell_missing_blank(p) || tell_character(p)
        || tell_bracket(p))
        return;
    tell_any(p);
}

/* Behind which byte a new key may begin: behind the line where the key or the bracket begins that was being read,
 * else behind what libyaml noticed. */
static size_t last_misread(const struct problem *p)
{
    return says(p, "could not find expected ':'") || while_in(p, "flow") ? p->begin : p->at;
}

size_t problem_report(struct reader *r, const yaml_parser_t *y)
{
    struct problem p = { .r = r, .what = y->problem ? y->problem : "", .context = y->context ? y->context : "" };
    p.at  = where_byte(r, y->problem_mark);
    p.pos = where_pos(r, y->problem_mark);
    p.begin     = *p.context ? where_byte(r, y->context_mark) : p.at;
    p.begin_pos = *p.context ? where_pos(r, y->context_mark) : p.pos;
    if (tell_quote(&p))
        return SIZE_MAX;
    if (behind_quote(&p)) {
        tell_late_quote(&p);
        return SIZE_MAX;
    }
    tell(&p);
    return last_misread(&p);
}
