/* readback.h: YAML back into a tree, for tests, benches and fuzzing of the printer.
 *
 * Independent of source/: raw libyaml events, and an opinion of its own on what readers make of a plain
 * scalar. Accepts only what the printer may write: no anchors, tags, single quotes or folding, flow only
 * when empty. */
#ifndef GREGOR_TESTS_READBACK_H
#define GREGOR_TESTS_READBACK_H

#include "base/text.h"
#include "base/tree.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

/* What YAML 1.1, its readers in Go and Python, and the core schema of YAML 1.2 take for something else than
 * a string. */
static const char readback_not_a_string[] =
    "^(y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|~|null|Null|NULL|=|<<|"
    "[-+]?0[bB][01_]+|[-+]?0[oO]?[0-9_]+|[-+]?[0-9][0-9_]*|[-+]?0[xX][0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+|"
    "[-+]?(\\.[0-9_]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*|"
    "[-+]?\\.(inf|Inf|INF)|[-+]?\\.(nan|NaN|NAN)|"
    "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)?"
    ")?$";

static inline bool readback_ambiguous(const char *s)
{
    static regex_t compiled;
    static bool    ready;
    if (!ready && regcomp(&compiled, readback_not_a_string, REG_EXTENDED | REG_NOSUB) != 0)
        abort();
    ready = true;
    return regexec(&compiled, s, 0, NULL, 0) == 0;
}

struct readback {
    struct arena *a;
    yaml_parser_t parser;
    yaml_event_t  event;     /* the one to look at */
    bool          lenient;   /* plain scalars that readers differ about are strings, tags and styles are not looked at */
    const char   *problem;   /* the first thing wrong */
};

static inline bool readback_fail(struct readback *r, const char *problem)
{
    if (r->problem == NULL)
        r->problem = problem;
    return false;
}

static inline bool readback_next(struct readback *r)
{
    yaml_event_delete(&r->event);
    if (!yaml_parser_parse(&r->parser, &r->event))
        return readback_fail(r, r->parser.problem == NULL ? "no memory" : r->parser.problem);
    return true;
}

/* Plain scalars: the integers, booleans and null that all readers agree on; a string when none objects. */
static inline bool readback_plain(struct readback *r, const char *s, struct val *out)
{
    char      *end;
    const long n = strtol(s, &end, 10);
    char       digits[32];
    snprintf(digits, sizeof digits, "%ld", n);
    if (strcmp(digits, s) == 0)
        *out = t_int(n);
    else if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0)
        *out = t_bool(*s == 't');
    else if (strcmp(s, "null") == 0)
        *out = t_null();
    else if (!r->lenient && readback_ambiguous(s))
        return readback_fail(r, "a plain scalar that readers differ about");
    return true;
}

static inline bool readback_scalar(struct readback *r, struct val *out)
{
    const yaml_scalar_style_t style = r->event.data.scalar.style;
    const size_t              len   = r->event.data.scalar.length;
    *out = t_strn(arena_dup(r->a, (const char *)r->event.data.scalar.value, len), len);
    if (!r->lenient && (style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE
                        || r->event.data.scalar.tag != NULL || r->event.data.scalar.anchor != NULL))
        return readback_fail(r, "a scalar in a style that is not ours");
    return style != YAML_PLAIN_SCALAR_STYLE || readback_plain(r, out->s, out);
}

static inline bool readback_node(struct readback *r, struct val *out);

static inline bool readback_seq(struct readback *r, struct val *out)
{
    struct vals l    = { .a = r->a };
    const bool  flow = r->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    struct val  v;
    while (readback_next(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
        if (!readback_node(r, &v))
            return false;
        vals_add(&l, v);
    }
    *out = l.len == 0 ? t_empty_seq() : vals_done(&l);
    return r->problem == NULL && (!flow || l.len == 0 || r->lenient || readback_fail(r, "a flow sequence"));
}

static inline bool readback_map(struct readback *r, struct val *out)
{
    struct pairs l    = { .a = r->a };
    const bool   flow = r->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    struct val   key, v;
    while (readback_next(r) && r->event.type != YAML_MAPPING_END_EVENT) {
        if (!readback_node(r, &key) || !readback_next(r) || !readback_node(r, &v))
            return false;
        if (key.kind != V_STR)
            return readback_fail(r, "a key that is not a string");
        pairs_add(&l, key.s, v);
    }
    *out = l.len == 0 ? t_empty_map() : pairs_done(&l);
    return r->problem == NULL && (!flow || l.len == 0 || r->lenient || readback_fail(r, "a flow mapping"));
}

static inline bool readback_node(struct readback *r, struct val *out)
{
    switch (r->event.type) {
    case YAML_SCALAR_EVENT:         return readback_scalar(r, out);
    case YAML_SEQUENCE_START_EVENT: return readback_seq(r, out);
    case YAML_MAPPING_START_EVENT:  return readback_map(r, out);
    default:                        return readback_fail(r, "an alias, or nothing where a value was due");
    }
}

/* Reads all documents of a text into a sequence. Returns NULL, or what is wrong: owned by `a`. */
static inline const char *readback_read(struct arena *a, const char *text, size_t len, bool lenient, struct val *out)
{
    struct readback r = { .a = a, .lenient = lenient };
    struct vals   l = { .a = a };
    struct val    v;
    if (!yaml_parser_initialize(&r.parser))
        return "no memory";
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    while (readback_next(&r) && r.event.type != YAML_STREAM_END_EVENT)
        if (r.event.type == YAML_DOCUMENT_START_EVENT) {
            if (!readback_next(&r) || !readback_node(&r, &v))
                break;
            vals_add(&l, v);
        }
    *out = l.len == 0 ? t_empty_seq() : vals_done(&l);
    const char *problem = r.problem == NULL ? NULL
        : arena_printf(a, "line %zu: %s", r.parser.mark.line + 1, r.problem);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return problem;
}

#endif
