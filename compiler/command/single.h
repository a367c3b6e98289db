/* single.h: one description, from its path to the bytes of its manifests and of its findings. */
#ifndef GREGOR_COMMAND_SINGLE_H
#define GREGOR_COMMAND_SINGLE_H

#include "command/report.h"

/* A description may take this much memory; more ends it with "out of memory", not the machine. Bytes. */
#define SINGLE_MEMORY ((size_t)512 << 20)

/* All of it lives in `a` until that is reset. */
struct single {
    const struct command *c;
    struct report_log *log;
    struct arena    *a;
    const char      *path;
    bool             pack;             /* the result is wanted, not only the findings */
    const struct val *before;          /* objects of before: what cannot become of them is told, and refuses nothing. NULL: --against */
    struct ctx      *cx;
    struct compiled *made;
    struct pack_files files;           /* the result in the form of --to; empty with --dump */
    struct text      findings;         /* rendered */
    uint32_t         errors, warnings;
    int              status;           /* enum exit_status */
};

/* Compiles s->path with the options of s->c and renders the findings. Sets s->status: EXIT_DONE when the result may be
 * used. Out of memory jumps to s->a->out. */
void single_compile(struct single *s);

/* The two halves of it: reading, which returns the name of the cluster (NULL: none, or not readable), and all the rest. */
const char *single_read(struct single *s);
void single_finish(struct single *s);

/* Appends what the options ask for: the files of the result one behind the other, or a dump. */
void single_print(const struct single *s, struct text *out);

/* Appends the Secrets, which go elsewhere; nothing unless they were asked for. */
void single_print_secrets(const struct single *s, struct text *out);

/* Appends the parent of an ApplySet, which goes elsewhere too; nothing unless it was asked for. */
void single_print_applyset(const struct single *s, struct text *out);

/* Adds a failure that is not a finding of the compiler (a file that cannot be written) and sets the status. */
void single_fail(struct single *s, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
