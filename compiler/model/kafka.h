/* kafka.h: what each Kafka release knows: broker and topic keys with their types, ranges and life time, releases and their
 * metadata versions. Read-only tables made from stdlib/kafka at build time; nothing is built at start. */
#ifndef GREGOR_MODEL_KAFKA_H
#define GREGOR_MODEL_KAFKA_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A Kafka line as one number: KAFKA(3, 9) is 309. */
#define KAFKA(major, minor) ((major) * 100 + (minor))
#define KAFKA_OLDEST KAFKA(2, 8)
#define KAFKA_NEWEST KAFKA(4, 3)

enum kafka_type  { KT_BOOLEAN, KT_STRING, KT_INT, KT_SHORT, KT_LONG, KT_DOUBLE, KT_LIST, KT_CLASS, KT_PASSWORD };
enum kafka_scope { KS_READ_ONLY, KS_PER_BROKER, KS_CLUSTER_WIDE };
enum kafka_shape { KF_ANY, KF_PROTOCOL, KF_VOTERS, KF_ENDPOINTS, KF_THROTTLED }; /* of very few keys */

/* One key as one span of releases knows it; a key that changed has several rows. */
struct kafka_key {
    const char *name;
    int16_t     since, last;      /* KAFKA(major, minor), inclusive */
    uint8_t     type, scope;      /* the scope of a topic key says nothing */
    uint8_t     shape;
    bool        deprecated, has_min, has_max, any_case;
    bool        internal;         /* accepted, and left out of Kafka's documentation */
    bool        required;         /* the broker does not start without it */
    bool        non_empty, unique; /* unique: a LIST without empty or repeated items */
    double      min, max;         /* exact: below 2^53, the generator sees to it; else the type's own bounds */
    const char *also;             /* blank-separated values allowed besides the range, or NULL */
    const char *values;           /* blank-separated enumeration (of items for a LIST), or NULL */
    const char *def;              /* default as text; NULL: none or null */
};

/* Returns how release line `version` knows the broker (topic) key, or NULL. */
const struct kafka_key *kafka_broker_key(const char *name, int version);
const struct kafka_key *kafka_topic_key(const char *name, int version);

/* True for a key of a family whose members no release lists: config.providers.*, rsm.config.*, rlmm.config.* */
bool kafka_is_unlisted(const char *name);

/* Like kafka_broker_key() for any line from 2.8 to 4.3: its oldest row. To say "new in 3.9". */
const struct kafka_key *kafka_any_broker_key(const char *name);

/* The newest row of the key that `k` is a row of: its `last` says "removed after 3.9". */
const struct kafka_key *kafka_newest_row(const struct kafka_key *k);

/* Returns the documented broker (topic) key nearest to `name` in `version`, or NULL when none is close. */
const char *kafka_nearest_broker_key(const char *name, int version);
const char *kafka_nearest_topic_key(const char *name, int version);

/* Returns NULL when the broker of that row would accept `value`, else what it wants ("a whole number from 1 to 9"),
 * owned by `a`. The same verdict as Kafka's ConfigDef, except that a class is judged by its name alone and digits are ASCII.
 * A value with references (${dir:...}) is resolved by the broker first: do not ask for those. */
const char *kafka_value_wanted(struct arena *a, const struct kafka_key *key, const char *value);

struct kafka_release {
    const char *name;              /* "3.9.1" */
    int         line;              /* KAFKA(3, 9) */
    const char *metadata_version;  /* metadata.version a new KRaft cluster of that line gets, "3.9-IV0"; NULL below 3.3 */
    const char *protocol;          /* inter.broker.protocol.version of the line, "3.9" */
};

/* True when `protocol` ("3.9", "3.9.1" or "3.9-IV0") is a protocol or metadata version that release line `line` can run
 * with: known to it, and not of a later line. */
bool kafka_protocol_known(const char *protocol, int line);

/* All releases from 2.8.0 to 4.3.1, oldest first; ends with a NULL name. */
extern const struct kafka_release kafka_releases[];

/* Returns the release of that exact name, or NULL. */
const struct kafka_release *kafka_release(const char *name);

/* Returns the newest release of the line, or NULL. */
const struct kafka_release *kafka_newest_of(int line);

#endif
