/* guard.h: no file of a result may replace one that it is made of: a description that is overwritten is lost. */
#ifndef GREGOR_COMMAND_GUARD_H
#define GREGOR_COMMAND_GUARD_H

#include "command/command.h"

/* Refuses output files of the command line that are descriptions, overlays or hooks of it, under whatever name. Returns EXIT_DONE, or
 * EXIT_USAGE after telling. */
int guard_outputs(struct command *c);

/* The file that was read for `cx` and that a result at `output` would replace, such as a password file; NULL: none, or no `output`. */
const char *guard_replaced(const struct ctx *cx, const char *output);

/* The names of the descriptions, overlays and hooks of the command line that lie in the directory `dirfd`. Owned by the arena of `c`. */
struct strs guard_names(struct command *c, int dirfd);

/* Is the file `name` of the directory one of these, or one that was read for `cx`? */
bool guard_is_input(int dirfd, struct strs names, const char *name, const struct ctx *cx);

#endif
