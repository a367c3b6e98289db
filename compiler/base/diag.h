/* diag.h: findings, each with a place, a stable code, a sentence, and what to do.
 *
 * Stages add findings and go on; they return false once an error stands. Nothing here prints: the findings are
 * rendered to text or JSON, and main.c decides where that goes. Messages: lower case, subject quoted, no full stop.
 * Codes live in the .def files of their stages, are never renumbered, and each has a long story for `explain`. */
#ifndef GREGOR_BASE_DIAG_H
#define GREGOR_BASE_DIAG_H

#include "base/text.h"
#include "base/tree.h"

struct ctx;

/* The .def rows are DIAG(name, number, title, story). E_... is an error, W_... a warning. */
enum code {
#define DIAG(name, number, title, story) name,
#include "base/diag.def"
#undef DIAG
    CODES /* how many there are */
};

struct code_info {
    enum code   code;
    const char *name;   /* "E0310" or "W0310" */
    const char *title;  /* one line: what the rule is about */
    const char *story;  /* why the rule exists, what to do, where it comes from */
    bool        error;
};

/* All codes in the order of their numbers within each file; ends with a NULL name. */
extern const struct code_info code_table[];

/* A text that positions point into. */
struct file {
    const char *name;  /* as diagnostics print it */
    const char *text;  /* NUL-terminated */
    size_t      len;
    const char *layer; /* "preset", "description", "overlay", "--set" */
    uint8_t    *hidden; /* bit n: line n is never shown; NULL: all may be */
    uint32_t   *lines;  /* the byte that each line begins with; NULL: not counted (excerpt_count_lines()) */
    uint32_t    line_count;
};

struct note {
    struct note *next;
    struct pos   at;      /* line 0: a hint, which has no place */
    const char  *message;
};

struct diag {
    enum code    code;
    struct pos   at;
    const char  *message;
    struct note *notes;   /* in the order added; hints last */
    uint32_t     serial;  /* order of discovery: ties in place are kept */
};

/* Adds a finding at `at` (line 0: at the description as a whole). Owned by the arena of `cx`. */
struct diag *diag_at(struct ctx *cx, enum code code, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds what the reader can do about it. */
void diag_hint(struct ctx *cx, struct diag *d, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Adds another place that belongs to the finding. */
void diag_note(struct ctx *cx, struct diag *d, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds "did you mean 'x'?" as a hint when `nearest` is not NULL. */
void diag_did_you_mean(struct ctx *cx, struct diag *d, const char *nearest);

/* From now on no rendering repeats that source line: it holds a secret. */
void diag_hide(struct ctx *cx, struct pos at);

/* True once an error has been added. */
bool diag_failed(const struct ctx *cx);

/* Sorts the findings by file, line and column; those of one place stay in the order of their discovery. What looks like a secret
 * is taken out of them (veil.h). */
void diag_sort(struct ctx *cx);

/* Renders one finding: place, message, source line with caret, notes and hints. `color` adds escapes. Columns are shown
 * in characters, counted from 1. Nothing that a file, a name or a message holds can command a terminal. */
void diag_text(const struct ctx *cx, const struct diag *d, bool color, struct text *out);

/* Renders one finding as one line of JSON in the shape of rustc's (EC 2.11), with "schema": 1. */
void diag_json(const struct ctx *cx, const struct diag *d, struct text *out);

/* Renders one finding as a workflow command of GitHub, one line; `_problem` a failure that no code stands for. */
void diag_github(const struct ctx *cx, const struct diag *d, struct text *out);
void diag_github_problem(const char *message, struct text *out);

/* Renders one finding as a result of a SARIF 2.1.0 log, a comma in front; `_problem` a failure that no code stands for. `_open` is
 * what stands before the first result (without its comma), `_close` what stands behind the last: the rules `used` (by code), and
 * whether the run did what it was asked for. */
void diag_sarif(const struct ctx *cx, const struct diag *d, struct text *out);
void diag_sarif_problem(const char *message, struct text *out);
void diag_sarif_open(struct text *out);
void diag_sarif_close(const bool used[], const char *version, bool fine, struct text *out);

/* Appends `s` as a JSON string, quotes included. */
void diag_json_string(struct text *out, const char *s);

#endif
