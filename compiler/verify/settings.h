/* settings.h: the files of nodes, as hooks left them, against what Kafka knows (design 4). */
#ifndef GREGOR_VERIFY_SETTINGS_H
#define GREGOR_VERIFY_SETTINGS_H

#include "base/ctx.h"
#include "plan/plan.h"

/* Judges each line that a hook wrote into a server.properties: its key must be one of the release, its value one that the broker takes.
 * The first 256 different lines are judged, in up to 20,000 that are not where gregor wrote them: a hook can write millions.
 * Findings stand at the line of the hook. Returns false when an error was reported. */
bool verify_settings(struct ctx *cx, const struct plan *p, const struct val *objects, uint32_t n);

#endif
