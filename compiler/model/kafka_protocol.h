/* kafka_protocol.h: the part of protocol versions that kafka_value.c needs; for model/ only. */
#ifndef GREGOR_MODEL_KAFKA_PROTOCOL_H
#define GREGOR_MODEL_KAFKA_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

/* True when a broker of that line accepts the text as inter.broker.protocol.version: what it knows, also of a later line. */
bool kafka_protocol_accepted(const char *s, size_t len, int line);

#endif
