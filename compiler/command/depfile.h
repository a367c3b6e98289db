/* depfile.h: the file of --depfile: which inputs each file of the result was made of, in the words of a Makefile.
 *
 * A rule for each target: the file of -o; with -d the file of each cluster, or the index of its folder; beside it the file of Secrets; or
 * only that of --depfile-target. Then, as gcc -MP does, a rule without prerequisites for each input, so that `make` goes on when one is
 * deleted. GNU make and Ninja read the same in it (EC 2.13): a name that they cannot both read is refused. */
#ifndef GREGOR_COMMAND_DEPFILE_H
#define GREGOR_COMMAND_DEPFILE_H

#include "command/fleet.h"

/* Returns EXIT_DONE, or EXIT_USAGE after telling that the options make no sense together. */
int depfile_check(struct command *c);

/* Appends the inputs of a compilation, each ended by a NUL: what a result keeps until all are compiled. */
void depfile_keep(const struct ctx *cx, struct text *out);

/* Makes the bytes of the file out of all results, which are done. Nothing without --depfile. Returns EXIT_DONE, or EXIT_ENVIRONMENT after
 * telling which name is refused. */
int depfile_make(const struct fleet *f, struct text *out);

#endif
