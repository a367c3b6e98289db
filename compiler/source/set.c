/* --set path=value: one value, laid over the description at a place that a dotted path names. */
#include "source/layers.h"
#include "source/source.h"

#define MOST_STEPS 64

struct set {
    struct ctx    *cx;
    uint16_t       file;
    const char    *text;
    const char    *equals;  /* ends the path */
    struct text    path;    /* as the field table knows it */
    layers_path_fn resolve;
    struct val     value;
    unsigned       steps;
    bool           failed;
};

struct step {
    const char *key;  /* its text, without quotes */
    const char *at;   /* where it stands */
    const char *rest; /* behind the dot that ends it, or at the equals sign */
};

static struct val place(struct set *s, const struct val *here, enum layers_kind kind, const char *rest);

static struct pos pos_of(const struct set *s, const char *at)
{
    const size_t col = (size_t)(at - s->text) + 1;
    return (struct pos){ .line = 1, .col = (uint16_t)(col > UINT16_MAX ? UINT16_MAX : col), .file = s->file };
}

static struct diag *fail(struct set *s, enum code code, const char *at, const char *message)
{
    s->failed = true;
    return diag_at(s->cx, code, pos_of(s, at), "%s", message);
}

/* ---- the path ----------------------------------------------------------------------------------------- */

/* First equals sign outside double quotes, which stand only at the start of a step. */
static const char *find_equals(const char *s)
{
    for (bool start = true; *s != '\0'; s++) {
        if (start && *s == '"') {
            const char *close = strchr(s + 1, '"');
            s = close != NULL ? close : s;
        } else if (*s == '=') {
            return s;
        }
        start = *s == '.';
    }
    return NULL;
}

static bool take_step(struct set *s, const char *rest, struct step *step)
{
    const bool quoted = *rest == '"';
    const char *from = rest + quoted, *end = from;
    while (end < s->equals && *end != (quoted ? '"' : '.'))
        end++;
    const char *after = end + (quoted && end < s->equals);
    const bool closed    = !quoted || end < s->equals;
    const bool ends_well = closed && (after == s->equals || (*after == '.' && after + 1 < s->equals));
    if (end == from || !ends_well || ++s->steps > MOST_STEPS) {
        diag_hint(s->cx, fail(s, E_SET_PATH, rest, "a step of the path is missing here"),
                  "write the path as --help shows it, for example kafka.version=4.3.1");
        return false;
    }
    *step = (struct step){ arena_dup(s->cx->a, from, (size_t)(end - from)), rest,
                           after == s->equals ? after : after + 1 };
    return true;
}

static const char *path_with(const struct set *s, const char *key)
{
    return s->path.len == 0 ? key : str_join(s->cx->a, s->path.p, ".", key, NULL);
}

static void refuse_unknown(struct set *s, const struct step *step, const char *path, const char *nearest)
{
    struct diag *d = fail(s, E_SET_PATH, step->at, str_join(s->cx->a, "there is no field '", path, "'", NULL));
    if (nearest != NULL)
        diag_did_you_mean(s->cx, d, path_with(s, nearest));
    else
        diag_hint(s->cx, d, "'explain' lists the fields");
}

/* ---- what stands there -------------------------------------------------------------------------------- */

/* A value that was written as something else than a map or list cannot be entered; nothing becomes what is needed. */
static bool enter(struct set *s, const struct val *here, enum kind wanted, const struct step *step)
{
    if (here == NULL || here->kind == V_NONE || here->kind == V_NULL || here->kind == wanted)
        return true;
    s->failed = true;
    if (here->kind == V_POISON)
        return false;
    struct diag *d = fail(s, E_SET_INSIDE, step->at, str_join(s->cx->a, "'", step->key, "' cannot be set inside of a ",
        here->kind == V_MAP ? "map" : here->kind == V_SEQ ? "list" : "single value", NULL));
    if (here->at.line > 0)
        diag_note(s->cx, d, here->at, "it was written here");
    diag_hint(s->cx, d, "set the whole field, or write it out as a %s there", wanted == V_MAP ? "map" : "list");
    return false;
}

/* Returns `here` with the value at that key. Nothing (a null removed what was not there) changes nothing: no empty map
 * appears only because something inside of it was to go. */
static struct val put_key(struct set *s, const struct val *here, const struct step *step, struct val v)
{
    const bool is_map = here != NULL && here->kind == V_MAP, there = tree_get(here, step->key) != NULL;
    if (v.kind == V_NONE || (v.kind == V_NULL && !there))
        return here != NULL ? *here : t_none();
    const uint32_t len = is_map ? here->len : 0;
    struct pair *pairs = arena_alloc(s->cx->a, (len + 1) * sizeof *pairs);
    struct pos  *keys  = arena_alloc(s->cx->a, (len + 1) * sizeof *keys);
    uint32_t n = 0;
    for (uint32_t i = 0; i < len + !there; i++) {
        const bool mine = i == len || strcmp(here->map[i].key, step->key) == 0;
        if (mine && v.kind == V_NULL)
            continue;
        pairs[n]  = mine ? (struct pair){ step->key, v } : here->map[i];
        keys[n++] = mine ? pos_of(s, step->at) : tree_key_at(here, i);
    }
    struct val map = tree_map_at(s->cx->a, pairs, keys, n);
    map.at = is_map ? here->at : pos_of(s, step->at);
    return map;
}

static struct val in_map(struct set *s, const struct val *here, const char *rest, bool known)
{
    struct step step;
    if (!take_step(s, rest, &step) || !enter(s, here, V_MAP, &step))
        return t_none();
    enum layers_kind kind = LAYERS_ANY;
    if (known) {
        const char *nearest = NULL, *path = path_with(s, step.key);
        kind = s->resolve(path, &nearest);
        if (kind == LAYERS_UNKNOWN) {
            refuse_unknown(s, &step, path, nearest);
            return t_none();
        }
        s->path.len = 0;
        text_add(&s->path, path);
        text_str(&s->path);
    }
    const struct val v = place(s, tree_get(here, step.key), kind, step.rest);
    return s->failed ? t_none() : put_key(s, here, &step, v);
}

static struct val in_free_map(struct set *s, const struct val *here, const char *rest)
{
    struct step step = { arena_dup(s->cx->a, rest, (size_t)(s->equals - rest)), rest, s->equals };
    const size_t len = strlen(step.key);
    if (len > 2 && step.key[0] == '"' && step.key[len - 1] == '"')
        step.key = arena_dup(s->cx->a, step.key + 1, len - 2);
    return enter(s, here, V_MAP, &step) ? put_key(s, here, &step, s->value) : t_none();
}

/* ---- lists -------------------------------------------------------------------------------------------- */

/* The path up to the end of `name`, when it names this item. */
static const char *behind_name(const struct set *s, const char *rest, const char *name)
{
    const bool quoted = *rest == '"';
    const size_t len = strlen(name);
    if (strncmp(rest + quoted, name, len) != 0 || (quoted && rest[len + 1] != '"'))
        return NULL;
    const char *after = rest + len + 2 * (size_t)quoted;
    return after == s->equals ? after : after < s->equals && *after == '.' && after + 1 < s->equals ? after + 1 : NULL;
}

static bool item_by_name(const struct set *s, const struct val *list, const char *rest, uint32_t *item,
                         const char **after)
{
    *after = NULL;
    for (uint32_t i = 0; i < list->len; i++) {
        const char *name = tree_str(&list->seq[i], "name");
        const char *end  = name != NULL && *name != '\0' ? behind_name(s, rest, name) : NULL;
        if (end != NULL && (*after == NULL || end > *after)) {
            *after = end;
            *item  = i;
        }
    }
    return *after != NULL;
}

static bool item_by_number(const struct val *list, const struct step *step, uint32_t *item)
{
    *item = 0;
    for (const char *c = step->key; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || *item >= list->len)
            return false;
        *item = *item * 10 + (uint32_t)(*c - '0');
    }
    return *item < list->len;
}

static const char *name_at(const void *list, size_t i)
{
    const struct val *v = list;
    if (i >= v->len)
        return NULL;
    const char *name = tree_str(&v->seq[i], "name");
    return name != NULL ? name : "";
}

static void refuse_item(struct set *s, const struct val *list, const struct step *step)
{
    const char *message = str_join(s->cx->a, "there is no item '", step->key, "' in the list", NULL);
    struct diag *d = fail(s, E_SET_ITEM, step->at, message);
    const char *nearest = str_nearest(step->key, name_at, list);
    if (nearest != NULL)
        diag_did_you_mean(s->cx, d, nearest);
    else if (list->len == 0)
        diag_hint(s->cx, d, "the list is empty; set it whole, for example path=[{name: %s}]", step->key);
    else
        diag_hint(s->cx, d, "name an item by its 'name', or by a number from 0 to %u", list->len - 1);
}

static struct val put_item(struct set *s, const struct val *list, uint32_t item, struct val v)
{
    struct val *items = arena_alloc(s->cx->a, list->len * sizeof *items), copy = *list;
    copy.len = 0;
    for (uint32_t i = 0; i < list->len; i++)
        if (i != item || v.kind != V_NULL)
            items[copy.len++] = i == item ? v : list->seq[i];
    copy.seq = items;
    return copy;
}

static struct val in_list(struct set *s, const struct val *here, enum layers_kind item_kind, const char *rest)
{
    const struct val empty = t_empty_seq(), *list = here != NULL && here->kind == V_SEQ ? here : &empty;
    struct step step;
    uint32_t    item;
    const char *after;
    if (!take_step(s, rest, &step) || !enter(s, here, V_SEQ, &step))
        return t_none();
    if (!item_by_name(s, list, rest, &item, &after)) {
        if (!item_by_number(list, &step, &item)) {
            refuse_item(s, list, &step);
            return t_none();
        }
        after = step.rest;
    }
    const struct val v = place(s, &list->seq[item], item_kind, after);
    return s->failed ? t_none() : put_item(s, list, item, v);
}

/* ---- all together ------------------------------------------------------------------------------------- */

static struct val refuse_inside(struct set *s, const char *rest)
{
    struct diag *d = fail(s, E_SET_PATH, rest, str_join(s->cx->a, "'", s->path.p, "' has no fields inside", NULL));
    diag_hint(s->cx, d, "set it whole: '%s=...'", s->path.p);
    return t_none();
}

/* `brokers.storage=500Gi` sets the field that the short form means, and leaves the others of the map. */
static struct val put_short(struct set *s, const struct val *here)
{
    const char *field = NULL;
    if (s->value.kind != V_STR || s->resolve == NULL || s->resolve(text_str(&s->path), &field) != LAYERS_MAP || field == NULL)
        return s->value;
    const struct step step = { field, s->equals, s->equals };
    return enter(s, here, V_MAP, &step) ? put_key(s, here, &step, s->value) : t_none();
}

/* Returns `here` with the value at the path `rest`. */
static struct val place(struct set *s, const struct val *here, enum layers_kind kind, const char *rest)
{
    if (rest == s->equals)
        return kind == LAYERS_MAP ? put_short(s, here) : s->value;
    switch (kind) {
    case LAYERS_MAP:  return in_map(s, here, rest, true);
    case LAYERS_FREE: return in_free_map(s, here, rest);
    case LAYERS_LIST: return in_list(s, here, LAYERS_MAP, rest);
    case LAYERS_ANY:
        return here != NULL && here->kind == V_SEQ ? in_list(s, here, LAYERS_ANY, rest) : in_map(s, here, rest, false);
    default:          return refuse_inside(s, rest);
    }
}

static bool read_value(struct set *s)
{
    if (s->equals == NULL || s->equals == s->text) {
        const char *at = s->equals == NULL ? s->text + strlen(s->text) : s->text;
        diag_hint(s->cx, fail(s, E_SET_EQUALS, at, s->equals == NULL ? "there is no '=' between path and value"
                                                                     : "there is no path in front of '='"),
                  "write --set path=value, for example --set brokers.count=6");
        return false;
    }
    const size_t from = (size_t)(s->equals - s->text) + 1;
    if (!source_parse_value(s->cx, s->file, from, &s->value))
        return false;
    if (s->value.kind != V_NONE && !(s->value.kind == V_NULL && s->value.len == 0))
        return true;
    diag_hint(s->cx, fail(s, E_SET_EQUALS, s->equals, "there is no value behind '='"),
              "write path=null to remove the field, or path=\"\" for an empty text");
    return false;
}

bool layers_set(struct ctx *cx, struct val *root, const char *assignment, layers_path_fn resolve)
{
    struct set s = { .cx = cx, .text = assignment, .equals = find_equals(assignment), .path = { .a = cx->a },
                     .resolve = resolve };
    s.file = ctx_file(cx, "--set", assignment, strlen(assignment), LAYER_SET);
    if (!read_value(&s))
        return false;
    const struct val v = place(&s, root, resolve != NULL ? LAYERS_MAP : LAYERS_ANY, assignment);
    if (!s.failed && v.kind != V_NONE)
        *root = v;
    return !s.failed;
}
