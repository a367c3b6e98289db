#include "hook/pattern.h"

#include <ctype.h>

enum { OPEN = -1, PLACE = -2 };

void pattern_begin(struct match *m, lua_State *L, const char *text, size_t len, const char *pattern, size_t pattern_len)
{
    m->L           = L;
    m->text        = text;
    m->text_end    = text + len;
    m->pattern_end = pattern + pattern_len;
    m->depth       = 0;
    m->steps       = 0;
    m->captures    = 0;
}

/* Two steps cost about as much as an instruction of Lua. */
void pattern_charge(struct match *m)
{
    const int64_t steps = m->steps;
    m->steps = 0;
    limit_charge(m->L, steps / 2 + 1);
}

static void count_step(struct match *m)
{
    if (++m->steps > 2000)
        pattern_charge(m);
}

/* ---- one character ---------------------------------------------------------------------------------------------- */

static bool in_class(unsigned char c, unsigned char class)
{
    bool in;
    switch (tolower(class)) {
    case 'a': in = isalpha(c); break;
    case 'c': in = iscntrl(c); break;
    case 'd': in = isdigit(c); break;
    case 'g': in = isgraph(c); break;
    case 'l': in = islower(c); break;
    case 'p': in = ispunct(c); break;
    case 's': in = isspace(c); break;
    case 'u': in = isupper(c); break;
    case 'w': in = isalnum(c); break;
    case 'x': in = isxdigit(c); break;
    default:  return class == c;
    }
    return isupper(class) ? !in : in;
}

/* Returns the end of the item that starts at `p`: a character, a class, a set. */
static const char *item_end(struct match *m, const char *p)
{
    const char *end = m->pattern_end;
    if (*p == '%') {
        if (p + 1 == end)
            luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 2;
    }
    if (*p++ != '[')
        return p;
    p += p < end && *p == '^';
    for (bool first = true; p == end || *p != ']' || first; first = false) {
        if (p == end)
            luaL_error(m->L, "malformed pattern (missing ']')");
        p += *p == '%' && p + 1 < end ? 2 : 1;
    }
    return p + 1;
}

/* `p` is at '[', `end` behind ']'. */
static bool in_set(unsigned char c, const char *p, const char *end)
{
    const char *last = end - 1;
    bool found = true;
    if (*++p == '^') {
        found = false;
        p++;
    }
    while (p < last) {
        if (*p == '%' && p + 1 < last) {
            if (in_class(c, (unsigned char)p[1]))
                return found;
            p += 2;
        } else if (p + 2 < last && p[1] == '-') {
            if ((unsigned char)p[0] <= c && c <= (unsigned char)p[2])
                return found;
            p += 3;
        } else if ((unsigned char)*p++ == c) {
            return found;
        }
    }
    return !found;
}

static bool one_matches(struct match *m, const char *s, const char *p, const char *end)
{
    count_step(m);
    if (s >= m->text_end)
        return false;
    const unsigned char c = (unsigned char)*s;
    switch (*p) {
    case '.': return true;
    case '%': return in_class(c, (unsigned char)p[1]);
    case '[': m->steps += (end - p) / 8; return in_set(c, p, end);
    default:  return (unsigned char)*p == c;
    }
}

/* ---- items that repeat ------------------------------------------------------------------------------------------ */

static const char *greedy(struct match *m, const char *s, const char *p, const char *end)
{
    ptrdiff_t n = 0;
    while (one_matches(m, s + n, p, end))
        n++;
    for (; n >= 0; n--) {
        const char *r = pattern_at(m, s + n, end + 1);
        if (r != NULL)
            return r;
    }
    return NULL;
}

static const char *lazy(struct match *m, const char *s, const char *p, const char *end)
{
    for (;; s++) {
        const char *r = pattern_at(m, s, end + 1);
        if (r != NULL)
            return r;
        if (!one_matches(m, s, p, end))
            return NULL;
    }
}

/* ---- captures --------------------------------------------------------------------------------------------------- */

static const char *open_capture(struct match *m, const char *s, const char *p, ptrdiff_t what)
{
    if (m->captures >= PATTERN_CAPTURES)
        luaL_error(m->L, "too many captures");
    m->capture[m->captures].start = s;
    m->capture[m->captures].len   = what;
    m->captures++;
    const char *r = pattern_at(m, s, p);
    if (r == NULL)
        m->captures--;
    return r;
}

static const char *close_capture(struct match *m, const char *s, const char *p)
{
    unsigned i = m->captures;
    while (i > 0 && m->capture[i - 1].len != OPEN)
        i--;
    if (i == 0)
        luaL_error(m->L, "invalid pattern capture");
    m->capture[i - 1].len = s - m->capture[i - 1].start;
    const char *r = pattern_at(m, s, p);
    if (r == NULL)
        m->capture[i - 1].len = OPEN;
    return r;
}

/* %1: what the capture holds, once more. Returns the end, or NULL. */
static const char *again(struct match *m, const char *s, char digit)
{
    const unsigned i = (unsigned)(digit - '1');
    if (digit == '0' || i >= m->captures || m->capture[i].len == OPEN)
        luaL_error(m->L, "invalid capture index %%%c", digit);
    const ptrdiff_t len = m->capture[i].len;
    m->steps += len > 0 ? len / 32 : 0;
    count_step(m);
    return len >= 0 && m->text_end - s >= len && memcmp(m->capture[i].start, s, (size_t)len) == 0 ? s + len : NULL;
}

/* %bxy */
static const char *balanced(struct match *m, const char *s, const char *p)
{
    if (m->pattern_end - p < 2)
        luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->text_end || *s != p[0])
        return NULL;
    for (ptrdiff_t depth = 1; ++s < m->text_end;) {
        count_step(m);
        if (*s == p[1]) {
            if (--depth == 0)
                return s + 1;
        } else if (*s == p[0]) {
            depth++;
        }
    }
    return NULL;
}

/* %f[set]: the place where a set begins. Returns the end of the item, or NULL. */
static const char *frontier(struct match *m, const char *s, const char *p)
{
    if (p >= m->pattern_end || *p != '[')
        luaL_error(m->L, "missing '[' after '%%f' in pattern");
    const char *end = item_end(m, p);
    const unsigned char before = s == m->text ? 0 : (unsigned char)s[-1], here = s < m->text_end ? (unsigned char)*s : 0;
    count_step(m);
    return !in_set(before, p, end) && in_set(here, p, end) ? end : NULL;
}

/* ---- the match -------------------------------------------------------------------------------------------------- */

/* A single item with its suffix. Returns true when the match goes on at the changed places, false when `*r` is the result. */
static bool single(struct match *m, const char **s, const char **p, const char **r)
{
    const char *end = item_end(m, *p);
    const char suffix = end < m->pattern_end ? *end : '\0';
    const bool matches = suffix == '*' || suffix == '-' ? false : one_matches(m, *s, *p, end);
    *r = NULL;
    switch (suffix) {
    case '*': *r = greedy(m, *s, *p, end); return false;
    case '-': *r = lazy(m, *s, *p, end); return false;
    case '+': *r = matches ? greedy(m, *s + 1, *p, end) : NULL; return false;
    case '?':
        if (matches && (*r = pattern_at(m, *s + 1, end + 1)) != NULL)
            return false;
        *p = end + 1;
        return true;
    default:
        *s += matches;
        *p  = end;
        return matches;
    }
}

/* The items behind '%' that are no classes. Returns false when it is one. `*s` becomes NULL when nothing matches. */
static bool special(struct match *m, const char **s, const char **p)
{
    const char what = *p + 1 < m->pattern_end ? (*p)[1] : '\0';
    if (what == 'b') {
        *s = balanced(m, *s, *p + 2);
        *p += 4;
    } else if (what == 'f') {
        const char *end = frontier(m, *s, *p + 2);
        *s = end == NULL ? NULL : *s;
        *p = end;
    } else if (isdigit((unsigned char)what)) {
        *s = again(m, *s, what);
        *p += 2;
    } else {
        return false;
    }
    return true;
}

static const char *run(struct match *m, const char *s, const char *p)
{
    const char *r = NULL;
    while (s != NULL && p != m->pattern_end) {
        count_step(m);
        if (*p == '(')
            return p + 1 < m->pattern_end && p[1] == ')' ? open_capture(m, s, p + 2, PLACE) : open_capture(m, s, p + 1, OPEN);
        if (*p == ')')
            return close_capture(m, s, p + 1);
        if (*p == '$' && p + 1 == m->pattern_end)
            return s == m->text_end ? s : NULL;
        if (*p == '%' && special(m, &s, &p))
            continue;
        if (!single(m, &s, &p, &r))
            return r;
    }
    return s;
}

const char *pattern_at(struct match *m, const char *s, const char *pattern)
{
    if (++m->depth > PATTERN_DEPTH)
        luaL_error(m->L, "pattern too complex");
    const char *r = run(m, s, pattern);
    m->depth--;
    return r;
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

void pattern_push(struct match *m, unsigned i, const char *s, const char *end)
{
    if (i >= m->captures && i == 0)
        lua_pushlstring(m->L, s, (size_t)(end - s));
    else if (i >= m->captures)
        luaL_error(m->L, "invalid capture index %%%d", (int)i + 1);
    else if (m->capture[i].len == PLACE)
        lua_pushinteger(m->L, m->capture[i].start - m->text + 1);
    else if (m->capture[i].len == OPEN)
        luaL_error(m->L, "unfinished capture");
    else
        lua_pushlstring(m->L, m->capture[i].start, (size_t)m->capture[i].len);
}

int pattern_push_all(struct match *m, const char *s, const char *end)
{
    const unsigned n = m->captures == 0 && s != NULL ? 1 : m->captures;
    luaL_checkstack(m->L, (int)n, "too many captures");
    for (unsigned i = 0; i < n; i++)
        pattern_push(m, i, s, end);
    return (int)n;
}
