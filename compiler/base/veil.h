/* veil.h: secrets stay out of findings.
 *
 * Whoever wrote a password into a description by mistake must not have it in the log of a CI run as well. Lines that hold what
 * looks like a secret (secret.h) are not shown, and its text in a message becomes "***"; it errs on the side of hiding. */
#ifndef GREGOR_BASE_VEIL_H
#define GREGOR_BASE_VEIL_H

#include "base/ctx.h"

/* From now on no message repeats `value`, and neither the line of `at` nor the `more` lines below it are shown. */
void veil_add(struct ctx *cx, struct pos at, uint32_t more, const char *value);

/* Looks for secrets in the texts that were read (a broken one was never parsed), and takes all that are known out of the findings.
 * To be called when all of them are there; diag_sort() does. */
void veil_findings(struct ctx *cx);

/* Returns `text` with all that is known in the place of secrets as "***". Owned by the arena of `cx`. */
const char *veil_text(struct ctx *cx, const char *text);

#endif
