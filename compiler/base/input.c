#include "base/input.h"

#include "base/text.h"

/* A file may be read several times; who lists the inputs drops what stands there already. */
static void add(struct ctx *cx, const char *name)
{
    if (cx->input_count == cx->input_cap) {
        const uint32_t cap = cx->input_cap < 8 ? 8 : cx->input_cap * 2;
        cx->inputs = arena_grow(cx->a, cx->inputs, cx->input_cap * sizeof *cx->inputs, cx->input_count * sizeof *cx->inputs,
                                cap * sizeof *cx->inputs);
        cx->input_cap = cap;
    }
    cx->inputs[cx->input_count++] = name;
}

enum io_result input_read(struct ctx *cx, const char *path, size_t max, const char **text, size_t *len)
{
    const enum io_result r = io_read(cx->a, path, max, text, len);
    if (r == IO_OK && strcmp(path, "-") != 0)
        add(cx, path);
    return r;
}

/* Callers ask errno about a failure, so nothing happens behind one. */
enum io_result input_read_below(struct ctx *cx, const char *folder, const char *path, size_t max, const char **text, size_t *len,
                                unsigned *mode)
{
    const enum io_result r = io_read_below(cx->a, folder == NULL ? "." : folder, path, max, text, len, mode);
    if (r == IO_OK)
        add(cx, input_name(cx->a, folder, path));
    return r;
}

const char *input_name(struct arena *a, const char *folder, const char *path)
{
    return folder == NULL || strcmp(folder, ".") == 0 ? path : str_join(a, folder, str_ends(folder, "/") ? "" : "/", path, NULL);
}
