#include "source/stack.h"

#include "base/input.h"
#include "source/builtin.h"
#include "source/source.h"

static bool read_file(struct ctx *cx, const char *path, const char *layer, struct val *out)
{
    const char *text = "";
    size_t len = 0;
    const enum io_result r = input_read(cx, path, SOURCE_MAX_BYTES, &text, &len);
    const char *name = strcmp(path, "-") == 0 ? "<stdin>" : path;
    const uint16_t file = ctx_file(cx, name, text, r == IO_OK ? len : 0, layer);
    if (r == IO_OK)
        return source_parse(cx, file, out);
    const struct pos nowhere = { .file = file };
    struct diag *d = diag_at(cx, r == IO_TOO_LARGE ? E_YAML_SIZE : E_YAML_FILE, nowhere, "%s", io_reason(cx->a, r, SOURCE_MAX_BYTES));
    if (r == IO_NOT_A_FILE)
        diag_hint(cx, d, "name each file of a folder; what comes through a pipe is read as '-'");
    return false;
}

static bool read_description(struct ctx *cx, const struct stack *s, struct val *out)
{
    if (s->value != NULL) {
        *out = *s->value;
        return true;
    }
    if (s->text == NULL)
        return read_file(cx, s->path, "description", out);
    return source_parse(cx, ctx_file(cx, s->path, s->text, s->len, "description"), out);
}

/* ---- presets ------------------------------------------------------------------------------------------------------ */

static const char *preset_at(const void *names, size_t i)
{
    const char *const *list = names;
    return list[i];
}

static const char *nearest_preset(struct ctx *cx, const char *name)
{
    const char **names = NEWS(cx->a, const char *, 64);
    size_t n = 0;
    for (const struct builtin *b = builtins; b->name != NULL && n < 63; b++)
        if (str_starts(b->name, "presets/"))
            names[n++] = arena_dup(cx->a, b->name + 8, strlen(b->name) - 8 - strlen(".yaml"));
    return str_nearest(name, preset_at, names);
}

static struct val without(struct ctx *cx, struct val map, const char *const *keys)
{
    struct pair *pairs  = NEWS(cx->a, struct pair, map.len + 1);
    struct pos  *places = NEWS(cx->a, struct pos, map.len + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < map.len; i++) {
        bool dropped = false;
        for (const char *const *k = keys; *k != NULL; k++)
            dropped |= strcmp(map.map[i].key, *k) == 0;
        if (dropped)
            continue;
        pairs[n]    = map.map[i];
        places[n++] = tree_key_at(&map, i);
    }
    const struct pos at = map.at;
    map = tree_map_at(cx->a, pairs, places, n);
    map.at = at;
    return map;
}

/* A preset compiles as it stands; below a description it must not decide who the cluster is, nor change its version one day. */
static struct val as_layer(struct ctx *cx, struct val preset)
{
    static const char *const identity[] = { "name", "namespace", NULL };
    static const char *const version[]  = { "version", NULL };
    preset = without(cx, preset, identity);
    struct pair *pairs = (struct pair *)(uintptr_t)preset.map; /* made by without() above */
    for (uint32_t i = 0; i < preset.len; i++)
        if (strcmp(pairs[i].key, "kafka") == 0 && pairs[i].v.kind == V_MAP)
            pairs[i].v = without(cx, pairs[i].v, version);
    return preset;
}

static bool lay_preset(struct ctx *cx, const struct stack *s, const char *name, struct pos at, struct val *below)
{
    struct val preset;
    const struct builtin *b = builtin_find(str_join(cx->a, "presets/", name, ".yaml", NULL));
    if (b == NULL) {
        struct diag *d = diag_at(cx, E_UNKNOWN_PRESET, at, "there is no preset '%s'", name);
        diag_did_you_mean(cx, d, nearest_preset(cx, name));
        diag_hint(cx, d, "`gregor presets` lists them; a file of your own is an overlay (-f FILE)");
        return false;
    }
    if (!source_parse(cx, ctx_file(cx, b->name, b->text, b->len, "preset"), &preset))
        return false;
    *below = layers_merge(cx, *below, as_layer(cx, s->expand(cx->a, preset)));
    return true;
}

#define MOST_PRESETS 32

static bool too_many_presets(struct ctx *cx, const struct val *list)
{
    if (list->len <= MOST_PRESETS)
        return false;
    struct diag *d = diag_at(cx, E_PRESET_LIST, list->at, "'presets' has %u entries: at most %d are allowed", list->len, MOST_PRESETS);
    diag_hint(cx, d, "name each preset once");
    return true;
}

static bool lay_written_presets(struct ctx *cx, const struct stack *s, const struct val *description, struct val *below)
{
    const struct val *list = tree_get(description, "presets");
    bool fine = true;
    if (list == NULL || list->kind == V_NULL || list->kind == V_POISON)
        return true;
    if (list->kind != V_SEQ) {
        struct diag *d = diag_at(cx, E_PRESET_LIST, list->at, "'presets' must be a list of names");
        diag_hint(cx, d, "for example: presets: [production, eks]");
        return false;
    }
    if (too_many_presets(cx, list))
        return false;
    for (uint32_t i = 0; i < list->len; i++)
        if (list->seq[i].kind == V_STR)
            fine &= lay_preset(cx, s, list->seq[i].s, list->seq[i].at, below);
    return fine;
}

bool stack_read(struct ctx *cx, const struct stack *s, struct val *root)
{
    struct val description = t_none(), below = t_none(), overlay;
    bool fine = read_description(cx, s, &description);
    for (const char **p = s->presets; p != NULL && *p != NULL; p++)
        fine &= lay_preset(cx, s, *p, no_pos(), &below);
    fine &= lay_written_presets(cx, s, &description, &below);
    *root = layers_merge(cx, below, s->expand(cx->a, description));
    for (const char **f = s->overlays; f != NULL && *f != NULL; f++) {
        overlay = t_none();
        fine &= read_file(cx, *f, "overlay", &overlay);
        *root = layers_merge(cx, *root, s->expand(cx->a, overlay));
    }
    for (const char **set = s->sets; set != NULL && *set != NULL; set++)
        fine &= layers_set(cx, root, *set, s->resolve);
    *root = layers_finish(cx, *root);
    return fine && root->kind == V_MAP;
}
