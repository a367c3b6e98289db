/* folder.h: the manifests of a cluster in the folder of -d.
 *
 * One file a cluster, DIR/<name>.yaml, or with --per-file=object a folder a cluster, DIR/<name>/NN-kind-name.yaml. Each file is
 * replaced in one step and only when its bytes change. Files of others are never touched. Secrets go to another folder, that of
 * --secrets: DIR/<name>-secrets.yaml, mode 0600, written before the manifests. */
#ifndef GREGOR_COMMAND_FOLDER_H
#define GREGOR_COMMAND_FOLDER_H

#include "command/single.h"

struct folder {
    const char *path; /* as given with -d */
    int         fd;
    int         secrets_fd; /* -1: no Secrets are asked for */
};

/* How many files were made or replaced, and how many held the bytes already. */
struct folder_count { uint32_t written, unchanged; };

/* Opens the folder, making it when it is missing. Returns EXIT_DONE, or EXIT_ENVIRONMENT after telling. */
int folder_open(struct command *c, struct folder *f);
void folder_close(struct folder *f);

/* Writes a compiled cluster. A failure is added to the findings of `s` and sets its status. */
void folder_write(const struct folder *f, struct single *s, struct folder_count *n);

#endif
