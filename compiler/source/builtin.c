#include "source/builtin.h"

#include <string.h>

const struct builtin *builtin_find(const char *name)
{
    for (const struct builtin *b = builtins; b->name != NULL; b++)
        if (strcmp(b->name, name) == 0)
            return b;
    return NULL;
}
