/* pattern.h: Lua's patterns (its manual, 6.4.1), matched with a count of steps: Lua's own matcher is C that no limit can stop. */
#ifndef GREGOR_HOOK_PATTERN_H
#define GREGOR_HOOK_PATTERN_H

#include "hook/state.h"

enum { PATTERN_CAPTURES = 32, PATTERN_DEPTH = 200 };

struct match {
    lua_State  *L;
    const char *text, *text_end, *pattern_end;
    int         depth;
    int64_t     steps;
    unsigned    captures;
    struct { const char *start; ptrdiff_t len; } capture[PATTERN_CAPTURES]; /* a negative length: open, or a place */
};

/* Starts a match; `pattern` without its anchor. */
void pattern_begin(struct match *m, lua_State *L, const char *text, size_t len, const char *pattern, size_t pattern_len);

/* Matches at exactly `s`. Returns the end of the match, or NULL. Raises an error for a malformed pattern. */
const char *pattern_at(struct match *m, const char *s, const char *pattern);

/* Accounts for the steps so far. */
void pattern_charge(struct match *m);

/* Pushes capture `i`; 0 is the whole match when there are none. */
void pattern_push(struct match *m, unsigned i, const char *s, const char *end);

/* Pushes all captures, or the whole match when there are none and `s` is given. Returns how many. */
int pattern_push_all(struct match *m, const char *s, const char *end);

#endif
