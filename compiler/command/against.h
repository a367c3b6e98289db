/* against.h: --against: what a cluster was asked for before, by which the result is judged. */
#ifndef GREGOR_COMMAND_AGAINST_H
#define GREGOR_COMMAND_AGAINST_H

#include "command/single.h"

/* Reports what the cluster of s->before, or else of --against, cannot become. Returns an exit status: EXIT_FINDINGS when it refuses,
 * EXIT_ENVIRONMENT when the manifests cannot be read, which is reported too. */
int against_judge(struct single *s);

/* Returns EXIT_USAGE, after telling, when --against is standard input and that cannot be. */
int against_check(struct command *c);

#endif
