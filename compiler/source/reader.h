/* reader.h: what the files of source/ share while one text is read. Not for other stages. */
#ifndef GREGOR_SOURCE_READER_H
#define GREGOR_SOURCE_READER_H

#include "source/source.h"

#include <yaml.h>

/* A list or map that is open. */
struct frame {
    struct pos  at;
    struct pos  key_at;
    const char *key;       /* the key that waits for its value; NULL when it was refused: its value is dropped */
    size_t      key_end;   /* bytes from the start of the text */
    uint32_t    first;     /* number of its first entry */
    int         indent;    /* column (from 0) of the block collection it stands in, itself included; -1: none */
    uint8_t     kind;      /* V_SEQ or V_MAP */
    bool        flow;      /* written in brackets */
    bool        has_key;   /* `key` is set, its value comes next */
    bool        key_plain;
    bool        is_key;    /* stands where a key should: dropped */
    const char *anchor;    /* NULL: none */
    uint32_t    before;    /* values that were read when it was opened */
    uint32_t    height;    /* of what stands in it so far */
};

/* What an alias stands for. */
struct anchor {
    const char *name;
    struct val  v;
    uint32_t    nodes, height;
};

/* How far the text has been followed: libyaml counts characters, we count bytes. Moves both ways by small steps, so
 * that all conversions of one text together take linear time. */
struct cursor {
    size_t line;  /* from 0, of the whole text */
    size_t start; /* first byte of that line */
    size_t col;   /* characters from where libyaml's counting of that line begins */
    size_t byte;  /* the byte that column `col` stands at */
};

struct reader {
    struct ctx *cx;
    uint16_t    file;
    bool        single;     /* one document, with limits, a map at the top */
    uint32_t    most_nodes; /* with `single` */
    bool        lenient;    /* written by a program or a template: what libyaml lets pass is let pass, aliases are followed */
    bool        stop;       /* nothing more can be read */
    bool        resumed;    /* the next map continues the one at the top */
    const char *text;
    size_t      len;
    size_t      base;       /* byte that libyaml's marks count from */
    size_t      base_line;
    struct cursor cur;
    size_t      last_end;   /* end of the last event, in bytes */
    size_t      last_line;  /* and its line, as marks count */
    size_t      quote_from, quote_to; /* the last quoted text over several lines; quote_to 0: none */
    bool        quote_refused;        /* and it has been reported */
    struct frame frames[SOURCE_MAX_DEPTH];
    uint32_t    depth;
    struct pair *entries;   /* of all open frames; `keys` runs beside it */
    struct pos  *keys;
    uint32_t    count, cap;
    uint32_t    nodes, documents, found, resumes;
    struct anchor *anchors; /* of the document */
    uint32_t    anchor_count, anchor_cap;
    uint32_t    aliased;    /* values that stand there by aliases */
    struct val  root;
    struct vals roots;
};

/* source.c: adds a finding, and stops the reading when there are too many. */
struct diag *reader_report(struct reader *r, enum code code, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* bytes.c: true when the text of the file is UTF-8 without characters that readers treat differently; else reports.
 * Drops a byte order mark at the start from the file's text. */
bool bytes_check(struct ctx *cx, uint16_t file);

/* where.c: the byte of a mark, its place, the place of a byte. */
size_t where_byte(struct reader *r, yaml_mark_t m);
struct pos where_pos(struct reader *r, yaml_mark_t m);
/* For findings only: takes the way from the start of the line again. */
struct pos where_byte_pos(struct reader *r, size_t byte);

/* strict.c: refuses what libyaml lets pass although YAML 1.2 forbids it. `from` and `to` are the event's bytes. */
void strict_event(struct reader *r, const yaml_event_t *e, size_t from, size_t to);

/* build.c: adds one event, which stands at `at` and has the bytes from `from` to `to`, to the values. */
void build_event(struct reader *r, const yaml_event_t *e, struct pos at, size_t from, size_t to);
/* Closes open lists and maps down to `depth`; keys without a value get V_POISON. */
void build_unwind(struct reader *r, uint32_t depth);

/* anchors.c: keeps a finished value under the name of its anchor (NULL: none); `nodes` and `height` say how large it is. */
void anchors_keep(struct reader *r, const char *name, struct val v, uint32_t nodes, uint32_t height);
/* Returns what the alias stands for, or NULL: nothing, or more than a text may hold, which is reported. */
const struct anchor *anchors_follow(struct reader *r, const char *name, struct pos at);

/* problem.c: says what libyaml refused, in our words. Returns the byte from which reading may go on at the next key
 * of the map at the top, or SIZE_MAX when what follows would be misread. */
size_t problem_report(struct reader *r, const yaml_parser_t *p);

#endif
