/* rows.h: what the files of the field table (fields.h) write rows with. */
#ifndef GREGOR_CLUSTER_ROWS_H
#define GREGOR_CLUSTER_ROWS_H

#include "cluster/fields.h"

#include <stddef.h>

/* AT ties a row to a struct member, LIST to a pointer and its count: data cannot say offsetof(). */
#define AT(record, member)          .offset = offsetof(struct record, member)
#define LIST(record, member, count) .offset = offsetof(struct record, member), .count_offset = offsetof(struct record, count)

#define KiB ((int64_t)1024)
#define MiB (KiB * 1024)
#define GiB (MiB * 1024)
#define TiB (GiB * 1024)
#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

#endif
