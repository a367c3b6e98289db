/* Anchors and aliases of texts that others have made (charts, packages). A value is shared, not copied, so memory does not grow; but whoever
 * walks through it later meets it each time, so what aliases add counts, in number and in depth. */
#include "source/reader.h"

#include "base/text.h"

void anchors_keep(struct reader *r, const char *name, struct val v, uint32_t nodes, uint32_t height)
{
    if (name == NULL)
        return;
    if (r->anchor_count == r->anchor_cap) {
        const uint32_t cap = r->anchor_cap == 0 ? 8 : 2 * r->anchor_cap;
        r->anchors = arena_grow(r->cx->a, r->anchors, r->anchor_cap * sizeof *r->anchors, r->anchor_count * sizeof *r->anchors,
                                cap * sizeof *r->anchors);
        r->anchor_cap = cap;
    }
    r->anchors[r->anchor_count++] = (struct anchor){ name, v, nodes, height };
}

/* The last one of that name counts. */
static const struct anchor *find(const struct reader *r, const char *name)
{
    for (uint32_t i = r->anchor_count; i-- > 0;)
        if (strcmp(r->anchors[i].name, name) == 0)
            return &r->anchors[i];
    return NULL;
}

const struct anchor *anchors_follow(struct reader *r, const char *name, struct pos at)
{
    const struct anchor *a = find(r, name);
    if (a == NULL) {
        diag_hint(r->cx, reader_report(r, E_YAML_ALIAS, at, "the alias '*%s' stands for nothing", name),
                  "write the value, or '&%s' in front of it above", name);
        return NULL;
    }
    r->nodes   += a->nodes;
    r->aliased += a->nodes;
    const bool few = r->aliased <= SOURCE_MAX_NODES;
    if (few && r->depth + a->height <= SOURCE_MAX_DEPTH)
        return a;
    diag_hint(r->cx, reader_report(r, few ? E_YAML_DEPTH : E_YAML_NODES, at, "aliases add more to this text than %u %s",
                                   few ? SOURCE_MAX_DEPTH : SOURCE_MAX_NODES, few ? "levels" : "values"), "write the values out");
    r->stop = true;
    return NULL;
}
