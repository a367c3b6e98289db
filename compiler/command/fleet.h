/* fleet.h: many descriptions on several threads, told in the order they were given.
 *
 * Each worker has an arena that is reset between descriptions; workers share the number of the next description and,
 * under one lock, the results. The output does not depend on the number of workers. Memory grows by one small record a
 * description, plus what was found, plus with FLEET_KEEP the manifests. */
#ifndef GREGOR_COMMAND_FLEET_H
#define GREGOR_COMMAND_FLEET_H

#include "command/folder.h"

enum fleet_sink {
    FLEET_NONE,   /* findings only */
    FLEET_KEEP,   /* manifests as text, in result.out, Secrets in result.secrets, the parent in result.applyset */
    FLEET_FOLDER, /* each cluster goes to its files as soon as it is compiled */
    FLEET_DIGEST  /* only the digest, silently: the first half of --check */
};

struct fleet_result {
    char     name[48];     /* of the cluster, which names its file; FLEET_FOLDER only */
    char    *findings, *out, *secrets, *applyset; /* freed by fleet_free(); findings only until they are printed */
    char    *inputs;       /* of --depfile: names, each ended by a NUL */
    size_t   findings_len, out_len, secrets_len, applyset_len, inputs_len;
    uint64_t digest;
    uint32_t errors, warnings;
    struct folder_count files;
    int      status;
    bool     done, claimed;
};

struct fleet {
    struct command       *c;
    struct report_log     log;
    struct folder         folder;
    struct fleet_result  *results; /* one for each argument of the command */
    uint32_t              count;
    uint64_t              errors, warnings, written, unchanged, removed;
    int                   status;
};

/* Compiles all arguments of `c` and prints the findings and their summary. Returns the exit status: the worst of all.
 * `f` starts zeroed but for `c` and `folder`; with FLEET_FOLDER the folder is open. */
int fleet_run(struct fleet *f, enum fleet_sink sink);

/* Releases what the results hold. */
void fleet_free(struct fleet *f);

#endif
