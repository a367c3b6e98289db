/* kafka_table.h: the shape of the tables that generate/kafka_model.c makes; for model/ only. */
#ifndef GREGOR_MODEL_KAFKA_TABLE_H
#define GREGOR_MODEL_KAFKA_TABLE_H

#include "model/kafka.h"

/* Rows sorted by name, then line; the one after the last has no name. slots[hash & mask], and on from there up to
 * a 0, holds 1 + the index of a key's oldest row; at least half of the slots are 0, so a search ends. */
struct kafka_table {
    const struct kafka_key *rows;
    const uint16_t         *slots;
    uint32_t                mask;
};

extern const struct kafka_table kafka_broker_table, kafka_topic_table;

/* A value of inter.broker.protocol.version or metadata.version, and the lines that accept it. Ends with a NULL name. */
struct kafka_protocol {
    const char *name;   /* "3.9-IV0" */
    int16_t     since, last;
};

extern const struct kafka_protocol kafka_protocols[];

#endif
