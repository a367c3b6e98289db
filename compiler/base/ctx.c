#include "base/ctx.h"

uint16_t ctx_file(struct ctx *cx, const char *name, const char *text, size_t len, const char *layer)
{
    if (cx->file_count == 60000)
        cx->file_count--;
    if (cx->file_count == cx->file_cap) {
        const uint32_t cap = cx->file_cap < 8 ? 8 : cx->file_cap * 2;
        cx->files = arena_grow(cx->a, cx->files, cx->file_cap * sizeof *cx->files,
                               cx->file_count * sizeof *cx->files, cap * sizeof *cx->files);
        cx->file_cap = cap;
    }
    cx->files[cx->file_count] = (struct file){ .name = name, .text = text, .len = len, .layer = layer };
    return (uint16_t)cx->file_count++;
}

static bool is_from(const struct ctx *cx, struct pos at, const char *layer)
{
    return at.line > 0 && at.file < cx->file_count && str_eq(cx->files[at.file].layer, layer);
}

bool ctx_from_hook(const struct ctx *cx, struct pos at)
{
    return is_from(cx, at, LAYER_HOOK);
}

bool ctx_from_include(const struct ctx *cx, struct pos at)
{
    return is_from(cx, at, LAYER_INCLUDE);
}

bool ctx_from_manifests(const struct ctx *cx, struct pos at)
{
    return is_from(cx, at, LAYER_MANIFESTS);
}
