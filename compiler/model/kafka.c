/* kafka.c: lookups in the tables made from stdlib/kafka. Values are judged in kafka_value.c. */
#include "model/kafka.h"
#include "base/text.h"
#include "model/kafka_hash.h"
#include "model/kafka_table.h"

/* The oldest row of a key. */
static const struct kafka_key *oldest(const struct kafka_table *t, const char *name)
{
    for (uint32_t i = kafka_hash(name);; i++) {
        const uint16_t slot = t->slots[i & t->mask];
        if (slot == 0)
            return NULL;
        const struct kafka_key *k = &t->rows[slot - 1];
        if (strcmp(k->name, name) == 0)
            return k;
    }
}

static bool covers(const struct kafka_key *k, int version)
{
    return k->since <= version && version <= k->last;
}

static const struct kafka_key *find(const struct kafka_table *t, const char *name, int version)
{
    const struct kafka_key *k = oldest(t, name);
    for (; k != NULL && k->name != NULL && strcmp(k->name, name) == 0; k++)
        if (covers(k, version))
            return k;
    return NULL;
}

const struct kafka_key *kafka_broker_key(const char *name, int version)
{
    return find(&kafka_broker_table, name, version);
}

const struct kafka_key *kafka_topic_key(const char *name, int version)
{
    return find(&kafka_topic_table, name, version);
}

const struct kafka_key *kafka_any_broker_key(const char *name)
{
    return oldest(&kafka_broker_table, name);
}

const struct kafka_key *kafka_newest_row(const struct kafka_key *k)
{
    while (k[1].name != NULL && strcmp(k[1].name, k->name) == 0)
        k++;
    return k;
}

struct candidates {
    const struct kafka_table *table;
    int                       version;
};

/* Row `i` as a candidate: "" is near to nothing. */
static const char *candidate(const void *list, size_t i)
{
    const struct candidates *c = list;
    const struct kafka_key  *k = &c->table->rows[i];
    if (k->name == NULL)
        return NULL;
    return covers(k, c->version) && !k->internal ? k->name : "";
}

const char *kafka_nearest_broker_key(const char *name, int version)
{
    return str_nearest(name, candidate, &(struct candidates){ &kafka_broker_table, version });
}

const char *kafka_nearest_topic_key(const char *name, int version)
{
    return str_nearest(name, candidate, &(struct candidates){ &kafka_topic_table, version });
}

const struct kafka_release *kafka_release(const char *name)
{
    for (const struct kafka_release *r = kafka_releases; r->name != NULL; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

const struct kafka_release *kafka_newest_of(int line)
{
    const struct kafka_release *newest = NULL;
    for (const struct kafka_release *r = kafka_releases; r->name != NULL; r++)
        if (r->line == line)
            newest = r;
    return newest;
}

bool kafka_is_unlisted(const char *name)
{
    static const char *const families[] = { "config.providers.", "rsm.config.", "rlmm.config." };
    size_t i = 0;
    while (i < sizeof families / sizeof *families && strncmp(name, families[i], strlen(families[i])) != 0)
        i++;
    return i < sizeof families / sizeof *families;
}
