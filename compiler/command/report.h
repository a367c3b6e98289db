/* report.h: everything that reaches standard output, standard error and the file of -o.
 *
 * Standard output holds results only, and only when nothing failed; everything else is on standard error. A failed write is
 * told on standard error and becomes EXIT_ENVIRONMENT: a full disk or a closed pipe never looks like success. */
#ifndef GREGOR_COMMAND_REPORT_H
#define GREGOR_COMMAND_REPORT_H

#include "command/command.h"

#include <stdatomic.h>

/* Prints "gregor: ..." and returns EXIT_USAGE or EXIT_ENVIRONMENT. `nearest`, when not NULL, becomes "did you mean". Control
 * characters of what is quoted are made visible. */
int report_usage(struct command *c, const char *nearest, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int report_failure(struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* For when there is no memory to format with. Returns EXIT_ENVIRONMENT. */
int report_no_memory(void);

/* Writes a result to -o, or to standard output. Returns EXIT_DONE or EXIT_ENVIRONMENT. */
int report_result(struct command *c, const char *bytes, size_t len);

/* Writes a file as -o does. Returns EXIT_DONE or EXIT_ENVIRONMENT. */
int report_file(struct command *c, const char *path, const char *bytes, size_t len);

/* From now on this process leaves no memory behind: no core file, no look from outside, and what is freed is cleared. */
void report_private(struct command *c);

/* Writes Secrets to the file of --secrets, mode 0600, or to a FIFO of the caller (`--secrets >(kubeseal ...)`); never to standard
 * output or error. Returns EXIT_DONE or EXIT_ENVIRONMENT. */
int report_secrets(struct command *c, const char *bytes, size_t len);

/* Writes to standard error; a failure there has nowhere to be told. */
void report_bytes(const char *bytes, size_t len);

/* The findings of a run, on standard error. A SARIF log is one document: it is opened, told in any number of parts, and closed;
 * `used` says by code which rules it describes. */
struct report_log {
    const struct command *c;
    bool                  told; /* a finding stands in it */
    atomic_bool           used[CODES];
};
void report_open(const struct report_log *log);
void report_tell(struct report_log *log, const char *rendered, size_t len);
void report_close(const struct report_log *log, bool fine);

/* Renders the findings of a compilation in the format asked for; warnings only unless `quiet`. Any thread may. */
void report_findings(struct report_log *log, const struct ctx *cx, struct text *out);

/* Renders a failure that no code stands for, in the format asked for. */
void report_problem(const struct command *c, const char *message, struct text *out);

/* Renders "2 errors, 1 warning" (text mode; nothing when both are 0). */
void report_summary(const struct command *c, uint64_t errors, uint64_t warnings, struct text *out);

/* "3 files", "1 file". */
void report_count(struct text *out, uint64_t n, const char *what);

#endif
