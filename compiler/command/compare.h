/* compare.h: what differs between two states of one object, as lines that a reviewer reads.
 *
 *       spec.replicas: 3 -> 5
 *     + spec.template.metadata.labels.team: payments
 *     ! spec.serviceName: a -> b
 *         cannot be changed in an object that exists: ...
 *       data.server.properties:
 *         - num.partitions=3
 *         + num.partitions=12
 *
 * Values are compared as readers of YAML understand them: quotes do not count, `3` is not "3". The order of keys does not count;
 * lists of things with a name are compared by name. What the API server fills in (status, uid, ...) and the values of Secrets
 * are never shown. */
#ifndef GREGOR_COMMAND_COMPARE_H
#define GREGOR_COMMAND_COMPARE_H

#include "base/text.h"
#include "base/tree.h"

struct compared {
    uint32_t changes;   /* places that differ */
    uint32_t added;     /* of these, places that only the new state has */
    uint32_t refused;   /* of these, in fields that the API server does not change */
    bool     restarts;  /* the pods of the workload are made anew */
};

/* Compares two objects of one kind and name, as source_parse_stream() reads them, and appends the lines. */
struct compared compare_objects(struct text *out, const struct val *old, const struct val *new);

#endif
