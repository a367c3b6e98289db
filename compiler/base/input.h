/* input.h: the files that a compilation reads. A stage opens every file here, so that the context knows them all (build --depfile). */
#ifndef GREGOR_BASE_INPUT_H
#define GREGOR_BASE_INPUT_H

#include "base/ctx.h"
#include "base/io.h"

/* io_read() and io_read_below(); a NULL folder is ".". What was read stands in cx->inputs, but for standard input. */
enum io_result input_read(struct ctx *cx, const char *path, size_t max, const char **text, size_t *len);
enum io_result input_read_below(struct ctx *cx, const char *folder, const char *path, size_t max, const char **text, size_t *len,
                                unsigned *mode);

/* The file `path` below `folder` as it is named to people and in cx->inputs. Owned by `a`. */
const char *input_name(struct arena *a, const char *folder, const char *path);

#endif
