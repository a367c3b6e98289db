#include "source/reader.h"

#define MOST_FINDINGS 50
#define MOST_RESUMES  10

/* What libyaml holds while a text is read. It lives here, not on the stack, because an arena that is out of memory leaves
 * the compilation by a jump: source_abandon() then releases it. */
static _Thread_local struct {
    yaml_parser_t parser;
    yaml_event_t  event;
    bool          parser_held, event_held;
} lib;

void source_abandon(void)
{
    if (lib.event_held)
        yaml_event_delete(&lib.event);
    if (lib.parser_held)
        yaml_parser_delete(&lib.parser);
    lib.event_held = lib.parser_held = false;
}

/* libyaml allocates on its own; when it cannot, the compilation ends like any that runs out of memory. */
static _Noreturn void out_of_memory(struct reader *r)
{
    source_abandon();
    longjmp(*r->cx->a->out, 1);
}

struct diag *reader_report(struct reader *r, enum code code, struct pos at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(r->cx->a, fmt, ap);
    va_end(ap);
    struct diag *d = diag_at(r->cx, code, at, "%s", message);
    if (++r->found == MOST_FINDINGS) {
        diag_at(r->cx, E_YAML_MANY, at, "reading stops after %d findings", MOST_FINDINGS);
        r->stop = true;
    }
    return d;
}

static void begin(struct reader *r, size_t base, size_t base_line)
{
    source_abandon();
    r->base      = r->last_end = base;
    r->base_line = base_line;
    r->last_line = 0;
    r->quote_to  = 0;
    r->documents = 0;
    where_byte_pos(r, base); /* the first line is counted from there */
    if (!yaml_parser_initialize(&lib.parser))
        out_of_memory(r);
    lib.parser_held = true;
    yaml_parser_set_encoding(&lib.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&lib.parser, (const unsigned char *)r->text + base, r->len - base);
}

/* ---- after an error ----------------------------------------------------------------------------------- */

/* A line that can only be a key of the map at the top: `name:` at its very start. */
static bool begins_key(const struct reader *r, size_t at)
{
    const char *s = r->text + at;
    const size_t len = strcspn(s, ": \t\r\n\"'#[{");
    return len > 0 && *s != '-' && *s != '}' && *s != ']' && s[len] == ':' && strchr(" \t\r\n", s[len + 1]) != NULL;
}

/* Returns the next line behind `from` that begins a key, or SIZE_MAX. */
static size_t next_key(const struct reader *r, size_t from, size_t *line)
{
    for (size_t at = 0, number = 0;; number++) {
        if (at > from && at > r->base && begins_key(r, at)) {
            *line = number;
            return at;
        }
        const char *nl = memchr(r->text + at, '\n', r->len - at);
        if (nl == NULL)
            return SIZE_MAX;
        at = (size_t)(nl - r->text) + 1;
    }
}

/* Goes on at the next key of the map at the top, so that one run reports what is wrong further down. */
static bool resume(struct reader *r, size_t from)
{
    size_t line;
    const bool possible = r->single && !r->stop && from != SIZE_MAX && r->resumes++ < MOST_RESUMES && r->depth > 0
        && r->frames[0].kind == V_MAP && !r->frames[0].flow && r->frames[0].indent == 0;
    if (!possible || (from = next_key(r, from, &line)) == SIZE_MAX)
        return false;
    build_unwind(r, 1);
    begin(r, from, line);
    r->resumed = true;
    return true;
}

/* ---- the loop ----------------------------------------------------------------------------------------- */

static void handle(struct reader *r)
{
    const struct pos at = where_pos(r, lib.event.start_mark);
    const size_t from = where_byte(r, lib.event.start_mark);
    const size_t end  = where_byte(r, lib.event.end_mark);
    const size_t to   = end > from ? end : from;
    if (!r->lenient)
        strict_event(r, &lib.event, from, to);
    if (!r->stop)
        build_event(r, &lib.event, at, from, to);
}

static bool next(struct reader *r)
{
    if (!yaml_parser_parse(&lib.parser, &lib.event)) {
        if (lib.parser.error == YAML_MEMORY_ERROR || lib.parser.error == YAML_NO_ERROR) /* a tag's handle: libyaml forgets to say it */
            out_of_memory(r);
        return resume(r, problem_report(r, &lib.parser));
    }
    lib.event_held = true;
    handle(r);
    const bool more = lib.event.type != YAML_STREAM_END_EVENT && !r->stop;
    yaml_event_delete(&lib.event);
    lib.event_held = false;
    return more;
}

static struct reader reader_of(struct ctx *cx, uint16_t file)
{
    const struct file *f = &cx->files[file];
    return (struct reader){ .cx = cx, .file = file, .text = f->text, .len = f->len, .roots = { .a = cx->a } };
}

static void read_all(struct reader *r)
{
    begin(r, r->base, r->base_line);
    while (next(r))
        ;
    source_abandon();
    build_unwind(r, 0);
}

/* ---- what stands at the top --------------------------------------------------------------------------- */

static void check_top(struct reader *r)
{
    const struct val *v = &r->root;
    const struct pos file = { .file = r->file };
    if (v->kind == V_NONE || (v->kind == V_NULL && v->len == 0)) {
        diag_hint(r->cx, reader_report(r, E_YAML_EMPTY, file, "the file holds no value"), "write 'key: value' lines");
        r->root = t_none();
    } else if (v->kind != V_MAP && v->kind != V_POISON) {
        const char *colon = v->kind == V_STR ? strchr(v->s, ':') : NULL;
        struct diag *d = reader_report(r, E_YAML_NOT_A_MAP, v->at, "a %s stands where keys and values should",
                                       v->kind == V_SEQ ? "list" : "single text");
        diag_hint(r->cx, d, colon != NULL ? "put a blank behind the colon" : "write 'key: value' lines");
    }
}

static bool small_enough(struct ctx *cx, uint16_t file, size_t most)
{
    if (cx->files[file].len <= most)
        return true;
    const struct pos whole = { .file = file };
    struct diag *d = diag_at(cx, E_YAML_SIZE, whole, "the file is larger than %zu bytes", most);
    diag_hint(cx, d, "a description has a few kilobytes; split it into overlays (-f) when it is meant");
    return false;
}

static bool parse(struct ctx *cx, uint16_t file, size_t most_bytes, uint32_t most_nodes, struct val *out)
{
    *out = t_none();
    if (!small_enough(cx, file, most_bytes) || !bytes_check(cx, file))
        return false;
    struct reader r = reader_of(cx, file);
    r.single     = true;
    r.most_nodes = most_nodes;
    r.lenient    = most_nodes != SOURCE_MAX_NODES;
    read_all(&r);
    if (r.found == 0)
        check_top(&r);
    *out = r.root;
    return r.found == 0;
}

bool source_parse(struct ctx *cx, uint16_t file, struct val *out)
{
    return parse(cx, file, SOURCE_MAX_BYTES, SOURCE_MAX_NODES, out);
}

bool source_parse_list(struct ctx *cx, uint16_t file, struct val *out)
{
    return parse(cx, file, SOURCE_LIST_BYTES, SOURCE_LIST_NODES, out);
}

bool source_parse_value(struct ctx *cx, uint16_t file, size_t from, struct val *out)
{
    const char *value = cx->files[file].text + from;
    *out = t_none();
    if (!small_enough(cx, file, SOURCE_MAX_BYTES) || !bytes_check(cx, file))
        return false;
    struct reader r = reader_of(cx, file);
    r.single     = true;
    r.most_nodes = SOURCE_MAX_NODES;
    r.base   = value > r.text ? (size_t)(value - r.text) : 0;
    for (size_t i = 0; i < r.base; i++)
        r.base_line += r.text[i] == '\n';
    read_all(&r);
    *out = r.root;
    return r.found == 0;
}

static bool parse_stream(struct ctx *cx, uint16_t file, bool lenient, struct val *out)
{
    *out = t_none();
    if (!bytes_check(cx, file))
        return false;
    struct reader r = reader_of(cx, file);
    r.lenient = lenient;
    read_all(&r);
    *out = (struct val){ .kind = V_SEQ, .len = r.roots.len, .seq = r.roots.at };
    return r.found == 0;
}

bool source_parse_stream(struct ctx *cx, uint16_t file, struct val *out)
{
    return parse_stream(cx, file, false, out);
}

bool source_parse_manifests(struct ctx *cx, uint16_t file, struct val *out)
{
    return parse_stream(cx, file, true, out);
}
