/* memory.h: the one door to malloc.
 *
 * Everything of ours is allocated through mem_grow(), so that a test can make the n-th request fail. The
 * counter is per process and is meant for tests that run one compilation at a time. */
#ifndef GREGOR_BASE_MEMORY_H
#define GREGOR_BASE_MEMORY_H

#include <stddef.h>

/* Like realloc(): returns NULL when memory runs out; `old` is then untouched. mem_grow(p, 0) frees. */
void *mem_grow(void *old, size_t size);

/* Makes request number `n` (1 is the next one) and, with `from_then_on`, every later one fail; 0 stops that. */
void mem_fail_at(size_t n, int from_then_on);

#endif
