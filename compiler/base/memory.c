#include "base/memory.h"

#include <stdlib.h>

static size_t countdown;
static int    keep_failing;

void mem_fail_at(size_t n, int from_then_on)
{
    countdown    = n;
    keep_failing = from_then_on;
}

static int must_fail(void)
{
    if (countdown == 0)
        return 0;
    if (countdown > 1) {
        countdown--;
        return 0;
    }
    countdown = keep_failing ? 1 : 0;
    return 1;
}

void *mem_grow(void *old, size_t size)
{
    if (size == 0) {
        free(old);
        return NULL;
    }
    return must_fail() ? NULL : realloc(old, size);
}
