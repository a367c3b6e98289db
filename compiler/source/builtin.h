/* builtin.h: files that ship inside the binary, byte for byte (presets/, later stdlib/lua). Made by generate/embed.c. */
#ifndef GREGOR_SOURCE_BUILTIN_H
#define GREGOR_SOURCE_BUILTIN_H

#include <stddef.h>

struct builtin {
    const char *name; /* "presets/production.yaml" */
    const char *text; /* NUL-terminated */
    size_t      len;
};

/* Sorted by name; ends with a NULL name. */
extern const struct builtin builtins[];

/* Returns the file of that name, or NULL. */
const struct builtin *builtin_find(const char *name);

#endif
