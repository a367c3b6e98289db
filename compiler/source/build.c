#include "base/secret.h"
#include "base/veil.h"
#include "source/index.h"
#include "source/reader.h"

static struct frame *top(struct reader *r)
{
    return r->depth > 0 ? &r->frames[r->depth - 1] : NULL;
}

static void add_entry(struct reader *r, const char *key, struct pos key_at, struct val v)
{
    if (r->count == r->cap) {
        const uint32_t cap = r->cap < 128 ? 128 : r->cap * 2;
        r->entries = arena_grow(r->cx->a, r->entries, r->cap * sizeof *r->entries, r->count * sizeof *r->entries,
                                cap * sizeof *r->entries);
        r->keys = arena_grow(r->cx->a, r->keys, r->cap * sizeof *r->keys, r->count * sizeof *r->keys,
                             cap * sizeof *r->keys);
        r->cap = cap;
    }
    r->entries[r->count] = (struct pair){ key, v };
    r->keys[r->count++]  = key_at;
}

/* A finished value goes to the innermost open list or map. */
static void add_value(struct reader *r, struct val v)
{
    struct frame *f = top(r);
    if (f == NULL) {
        r->root = v;
        return;
    }
    if (f->kind == V_SEQ || f->key != NULL)
        add_entry(r, f->key, f->key_at, v);
    f->has_key = false;
    f->key     = NULL;
}

/* The first of several equal keys stays; the others are reported and dropped. */
static void drop_duplicates(struct reader *r, uint32_t first)
{
    const uint32_t n = r->count - first;
    struct pair *pairs = r->entries + first;
    struct pos  *keys  = r->keys + first;
    const struct index ix = index_pairs(r->cx->a, pairs, n);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t before = index_find(&ix, pairs[i].key);
        if (before == i) {
            r->entries[first + kept] = pairs[i];
            r->keys[first + kept++]  = keys[i];
            continue;
        }
        struct diag *d = reader_report(r, E_YAML_DUPLICATE, keys[i], "the key '%s' is written twice", pairs[i].key);
        diag_note(r->cx, d, keys[before], "first written here");
        diag_hint(r->cx, d, "remove one of the two");
    }
    r->count = first + kept;
}

static struct val finished_list(struct reader *r, const struct frame *f)
{
    const uint32_t n = r->count - f->first;
    struct val *items = arena_alloc(r->cx->a, n * sizeof *items);
    for (uint32_t i = 0; i < n; i++)
        items[i] = r->entries[f->first + i].v;
    return (struct val){ .kind = V_SEQ, .len = n, .seq = items };
}

static struct val finished_map(struct reader *r, const struct frame *f)
{
    if (r->count == f->first)
        return tree_map_at(r->cx->a, NULL, NULL, 0);
    drop_duplicates(r, f->first);
    return tree_map_at(r->cx->a, r->entries + f->first, r->keys + f->first, r->count - f->first);
}

static void grow(struct reader *r, uint32_t height)
{
    struct frame *f = top(r);
    if (f != NULL && f->height < height)
        f->height = height;
}

static void pop(struct reader *r)
{
    const struct frame f = *top(r);
    if (f.has_key)
        add_value(r, (struct val){ .kind = V_POISON, .at = f.key_at });
    struct val v = f.kind == V_SEQ ? finished_list(r, &f) : finished_map(r, &f);
    v.at = f.at;
    r->count = f.first;
    r->depth--;
    anchors_keep(r, f.anchor, v, r->nodes - f.before + 1, f.height + 1);
    grow(r, f.height + 1);
    if (f.is_key)
        top(r)->has_key = true; /* its value follows, and is dropped as well */
    else
        add_value(r, v);
}

void build_unwind(struct reader *r, uint32_t depth)
{
    while (r->depth > depth)
        pop(r);
    if (r->depth > 0 && top(r)->has_key)
        add_value(r, (struct val){ .kind = V_POISON, .at = top(r)->key_at });
}

/* ---- what is refused ---------------------------------------------------------------------------------- */

static void refuse_properties(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag, size_t from, size_t to)
{
    if (anchor != NULL && !r->lenient)
        diag_hint(r->cx, reader_report(r, E_YAML_ALIAS, where_byte_pos(r, from), "anchors ('&%s') are not accepted",
                                       anchor),
                  "write the value out wherever it is needed, or put a text that begins with '&' into quotes");
    if (tag == NULL)
        return;
    const char *mark = memchr(r->text + from, '!', (to > from ? to : r->len) - from);
    const size_t at  = mark == NULL ? from : (size_t)(mark - r->text);
    const size_t len = strcspn(r->text + at, " \t\r\n,]}");
    diag_hint(r->cx, reader_report(r, E_YAML_TAG, where_byte_pos(r, at), "tags ('%.*s') are not accepted",
                                   (int)(len > 80 ? 80 : len), r->text + at),
              "leave it out: the type follows from the field; a text that begins with '!' needs quotes");
}

static bool refuse_nul(struct reader *r, const yaml_event_t *e, struct pos at)
{
    if (memchr(e->data.scalar.value, '\0', e->data.scalar.length) == NULL)
        return false;
    diag_hint(r->cx, reader_report(r, E_YAML_CHARACTER, at, "a NUL character is not allowed in a text"),
              "remove the escape");
    return true;
}

static void refuse_alias(struct reader *r, const yaml_event_t *e, struct pos at)
{
    diag_hint(r->cx, reader_report(r, E_YAML_ALIAS, at, "aliases ('*%s') are not accepted", e->data.alias.anchor),
              "write the value out, or put a text that begins with '*' into quotes");
    struct frame *f = top(r);
    if (f != NULL && f->kind == V_MAP && !f->has_key)
        f->has_key = true;
    else
        add_value(r, (struct val){ .kind = V_POISON, .at = at });
}

static void refuse_missing_blank(struct reader *r, struct pos key_at, const char *key, size_t name)
{
    key_at.col = (uint16_t)(key_at.col + name + 1 > UINT16_MAX ? UINT16_MAX : key_at.col + name + 1);
    const char *value = key + name + 1;
    diag_hint(r->cx, reader_report(r, E_YAML_BLANK, key_at, "a blank is missing after '%.*s:'", (int)name, key),
              "write '%.*s: %s'", (int)name, key, strchr("{[\"'", *value) != NULL ? "..." : value);
}

/* `{a, b}` and `{version:4.3.1}` make keys without values, which a layer would take for "remove this". */
static void check_value_written(struct reader *r, const struct frame *f, size_t from, size_t to)
{
    if (from != to || f->key == NULL)
        return;
    const char *after = r->text + f->key_end + strspn(r->text + f->key_end, " \t\r\n");
    if (*after == ':')
        return;
    const char *colon = f->key_plain ? strchr(f->key, ':') : NULL;
    if (colon != NULL) {
        refuse_missing_blank(r, f->key_at, f->key, (size_t)(colon - f->key));
        return;
    }
    struct diag *d = reader_report(r, E_YAML_NO_VALUE, f->key_at, "the key '%s' has no value", f->key);
    diag_hint(r->cx, d, f->flow ? "write 'key: value', or [ ] around a list" : "write 'key: value'");
}

/* ---- anchors ------------------------------------------------------------------------------------------ */

static const char *anchor_of(struct reader *r, const yaml_char_t *anchor)
{
    return anchor == NULL || !r->lenient ? NULL : arena_dup(r->cx->a, (const char *)anchor, strlen((const char *)anchor));
}

static void add_alias(struct reader *r, const yaml_event_t *e, struct pos at)
{
    const struct frame *f = top(r);
    if (!r->lenient || (f != NULL && f->kind == V_MAP && !f->has_key)) {
        refuse_alias(r, e, at);
        return;
    }
    const struct anchor *a = anchors_follow(r, (const char *)e->data.alias.anchor, at);
    if (a != NULL)
        grow(r, a->height);
    add_value(r, a != NULL ? a->v : (struct val){ .kind = V_POISON, .at = at });
}

/* ---- scalars ------------------------------------------------------------------------------------------ */

static bool is_null(const char *s, size_t len)
{
    return len == 0 || (len == 1 && *s == '~')
        || (len == 4 && (memcmp(s, "null", 4) == 0 || memcmp(s, "Null", 4) == 0 || memcmp(s, "NULL", 4) == 0));
}

static struct val scalar(struct reader *r, const yaml_event_t *e, struct pos at)
{
    const char  *s   = (const char *)e->data.scalar.value;
    const size_t len = e->data.scalar.length;
    const uint8_t plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? VF_PLAIN : 0;
    if (refuse_nul(r, e, at))
        return (struct val){ .kind = V_POISON, .at = at };
    if (plain && is_null(s, len))
        return (struct val){ .kind = V_NULL, .flags = plain, .len = (uint32_t)len, .at = at };
    return (struct val){ .kind = V_STR, .flags = plain, .len = (uint32_t)len, .s = arena_dup(r->cx->a, s, len),
                         .at = at };
}

/* NULL when the key was refused. */
static const char *key_text(struct reader *r, const yaml_event_t *e, struct pos at)
{
    const char  *s   = (const char *)e->data.scalar.value;
    const size_t len = e->data.scalar.length;
    const bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && len == 0) {
        diag_hint(r->cx, reader_report(r, E_YAML_KEY, at, "a key is missing before ':'"), "write 'key: value'");
        return NULL;
    }
    if (plain && len == 2 && memcmp(s, "<<", 2) == 0) {
        diag_hint(r->cx, reader_report(r, E_YAML_MERGE, at, "merge keys ('<<') are not accepted"),
                  "write the keys out, or put what is shared into a preset or an overlay file");
        return NULL;
    }
    return refuse_nul(r, e, at) ? NULL : arena_dup(r->cx->a, s, len);
}

/* `kafka:{version: 4.3.1}` has the key "kafka:{version". */
static bool glued_key(struct reader *r, const char *key, struct pos at)
{
    const char *colon = strchr(key, ':');
    if (colon == NULL || colon[1] == '\0' || strchr("{[\"'", colon[1]) == NULL)
        return false;
    refuse_missing_blank(r, at, key, (size_t)(colon - key));
    return true;
}

static void add_key(struct reader *r, struct frame *f, const yaml_event_t *e, struct pos at, size_t to)
{
    f->key_plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    f->key_at  = at;
    f->key_end = to;
    f->key     = key_text(r, e, at);
    f->has_key = true;
    if (f->key != NULL && f->key_plain && !r->lenient && glued_key(r, f->key, at))
        f->key = NULL;
}

/* What looks like a secret is in no finding from here on. `{name: DB_PASSWORD, value: x}` and
 * `[--password, x]` announce theirs before it. */
static void veil_secret(struct reader *r, const struct frame *f, const yaml_event_t *e, const struct val *v)
{
    const char *key = f == NULL || f->kind != V_MAP ? NULL : f->key;
    const struct pair *before = r->count > 0 && f != NULL && r->count > f->first ? &r->entries[r->count - 1] : NULL;
    const char *word = before != NULL && before->v.kind == V_STR ? before->v.s : "";
    const bool announced = f != NULL && f->kind == V_SEQ ? secret_option(word)
                         : str_eq(key, "value") && before != NULL && str_eq(before->key, "name") && secret_key(word);
    const struct frame *around = f != NULL && r->depth > 1 ? f - 1 : NULL;
    const bool listed = f != NULL && f->kind == V_SEQ && around != NULL && around->key != NULL && secret_key(around->key);
    if (((announced || listed || (key != NULL && secret_key(key))) && secret_plain(v->s)) || secret_text(v->s))
        veil_add(r->cx, v->at, (uint32_t)(e->end_mark.line - e->start_mark.line), v->s);
}

static void add_scalar(struct reader *r, const yaml_event_t *e, struct pos at, size_t from, size_t to)
{
    struct frame *f = top(r);
    refuse_properties(r, e->data.scalar.anchor, e->data.scalar.tag, from, to);
    if (f != NULL && f->kind == V_MAP && !f->has_key) {
        add_key(r, f, e, at, to);
        return;
    }
    if (f != NULL && f->kind == V_MAP && e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !r->lenient)
        check_value_written(r, f, from, to);
    const struct val v = scalar(r, e, at);
    if (v.kind == V_STR)
        veil_secret(r, f, e, &v);
    anchors_keep(r, anchor_of(r, e->data.scalar.anchor), v, 1, 0);
    add_value(r, v);
}

/* ---- lists and maps ----------------------------------------------------------------------------------- */

static bool too_deep(struct reader *r, struct pos at)
{
    if (r->depth < SOURCE_MAX_DEPTH)
        return false;
    diag_hint(r->cx, reader_report(r, E_YAML_DEPTH, at, "values are nested deeper than %d levels", SOURCE_MAX_DEPTH),
              "a description needs about ten levels; look for brackets that are not closed");
    r->stop = true;
    return true;
}

static void push(struct reader *r, const yaml_event_t *e, enum kind kind, bool flow, const yaml_char_t *anchor, struct pos at)
{
    struct frame *around = top(r);
    const bool is_key = around != NULL && around->kind == V_MAP && !around->has_key;
    if (too_deep(r, at))
        return;
    if (is_key)
        diag_hint(r->cx, reader_report(r, E_YAML_KEY, at, "a %s stands where a key should",
                                       kind == V_SEQ ? "list" : "map"),
                  "keys are texts; put the key into quotes when it begins with a bracket");
    const int indent = around == NULL ? -1 : around->indent;
    r->frames[r->depth++] = (struct frame){ .at = at, .first = r->count, .kind = (uint8_t)kind, .flow = flow,
        .is_key = is_key, .indent = flow ? indent : (int)e->start_mark.column, .anchor = anchor_of(r, anchor), .before = r->nodes };
}

static void add_list(struct reader *r, const yaml_event_t *e, struct pos at, size_t from, size_t to)
{
    refuse_properties(r, e->data.sequence_start.anchor, e->data.sequence_start.tag, from, to);
    push(r, e, V_SEQ, e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, e->data.sequence_start.anchor, at);
}

static void add_map(struct reader *r, const yaml_event_t *e, struct pos at, size_t from, size_t to)
{
    if (r->resumed) {
        r->resumed = false;
        return;
    }
    refuse_properties(r, e->data.mapping_start.anchor, e->data.mapping_start.tag, from, to);
    push(r, e, V_MAP, e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, e->data.mapping_start.anchor, at);
}

static void begin_document(struct reader *r, const yaml_event_t *e, struct pos at)
{
    if (e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end)
        diag_hint(r->cx, reader_report(r, E_YAML_TAG, at, "tags ('%%TAG') are not accepted"),
                  "leave it out");
    if (r->single && r->documents == 1) {
        diag_hint(r->cx, reader_report(r, E_YAML_SECOND, at, "a second document begins here"),
                  "one file holds one description; put this one into a file of its own");
        r->stop = true;
    }
    r->documents++;
    r->anchor_count = 0;
}

static bool counts(const yaml_event_t *e)
{
    return e->type == YAML_SCALAR_EVENT || e->type == YAML_SEQUENCE_START_EVENT || e->type == YAML_MAPPING_START_EVENT
        || e->type == YAML_ALIAS_EVENT;
}

static bool too_many(struct reader *r, struct pos at)
{
    r->nodes++;
    if (!r->single || r->nodes <= r->most_nodes)
        return false;
    diag_hint(r->cx, reader_report(r, E_YAML_NODES, at, "the file holds more than %u values", r->most_nodes),
              "split the description");
    r->stop = true;
    return true;
}

void build_event(struct reader *r, const yaml_event_t *e, struct pos at, size_t from, size_t to)
{
    if (counts(e) && too_many(r, at))
        return;
    if (r->resumed && counts(e) && e->type != YAML_MAPPING_START_EVENT) {
        r->stop = true; /* not the key it looked like: what follows would be misread */
        return;
    }
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT: begin_document(r, e, at);       break;
    case YAML_DOCUMENT_END_EVENT:   vals_add(&r->roots, r->root);   break;
    case YAML_ALIAS_EVENT:          add_alias(r, e, at);            break;
    case YAML_SCALAR_EVENT:         add_scalar(r, e, at, from, to); break;
    case YAML_SEQUENCE_START_EVENT: add_list(r, e, at, from, to);   break;
    case YAML_MAPPING_START_EVENT:  add_map(r, e, at, from, to);    break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:    pop(r);                         break;
    default:                                                        break;
    }
}
