/* compare_text.h: two texts, line by line. Private to compare. */
#ifndef GREGOR_COMMAND_COMPARE_TEXT_H
#define GREGOR_COMMAND_COMPARE_TEXT_H

#include "base/text.h"

/* Appends the lines that only `old` ("- ") or only `new` ("+ ") has, in their order, indented: a shortest script (longest common
 * subsequence) while the differing parts are small, else all of the old before all of the new. */
void compare_text(struct text *out, const char *old, const char *new);

/* Says of how many more texts, `*last` the last of them, the same lines were told, and forgets them. */
void compare_text_flush(struct text *out, struct text *like, const char **last, uint32_t *more);

#endif
