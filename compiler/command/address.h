/* address.h: a value of the output, named on the command line. */
#ifndef GREGOR_COMMAND_ADDRESS_H
#define GREGOR_COMMAND_ADDRESS_H

#include "base/tree.h"

/* True when `s` reads like KIND/NAME. */
bool address_is_object(const char *s);

/* "StatefulSet/orders-broker". Owned by `a`. */
const char *address_of(struct arena *a, const struct val *object);

/* Returns the object KIND/NAME (the kind in any case), or NULL; `*place` is its place among the objects of its kind. */
const struct val *address_object(struct arena *a, const struct val *objects, const char *address, uint32_t *place);

/* Returns object number `place` of the kind in `address`, or NULL. */
const struct val *address_nth(const struct val *objects, const char *address, uint32_t place);

/* How many objects have the kind in `address`. */
uint32_t address_count(const struct val *objects, const char *address);

/* Returns the value at `path` below `v`: keys with dots between them (a key may hold dots itself), [0], [name=kafka]; below a
 * text of key=value lines, a key. V_NONE when there is none; then `*failed` is the part of the path that leads nowhere and
 * `*at` the value it was looked for in. */
struct val address_value(const struct val *v, const char *path, const char **failed, const struct val **at);

#endif
