/* folder.h: the manifests of a cluster in the folder of -d.
 *
 * One file a cluster, DIR/<name>.yaml, or with --per-file=object a folder a cluster, DIR/<name>/NN-kind-name.yaml. Each file is
 * replaced in one step and only when its bytes change. Files of others, and what the result is made of, are never touched. Secrets go to another folder, that of
 * --secrets: DIR/<name>-secrets.yaml, mode 0600, and the parent of an ApplySet to that of --applyset: DIR/<name>-applyset.yaml; both are
 * written before the manifests. */
#ifndef GREGOR_COMMAND_FOLDER_H
#define GREGOR_COMMAND_FOLDER_H

#include "command/single.h"

struct folder {
    const char *path; /* as given with -d */
    int         fd;
    struct strs inputs;      /* files of the command line that lie in it */
    int         secrets_fd;  /* -1: no Secrets are asked for */
    int         applyset_fd; /* -1: no parent of an ApplySet is asked for */
};

/* How many files were made or replaced, held the bytes already, and were removed because the result does not have them any more. */
struct folder_count { uint32_t written, unchanged, removed; };

/* Does the command line ask for a folder a cluster? */
bool folder_has_folders(const struct command *c);

/* The file whose time is that of the last change of a cluster, as a build system knows it: its file, or the index of its folder. And the
 * files of its Secrets and of the parent of its ApplySet. In the arena of the command. */
const char *folder_target(const struct command *c, const char *name);
const char *folder_secrets_target(const struct command *c, const char *name);
const char *folder_applyset_target(const struct command *c, const char *name);

/* Opens the folder, making it when it is missing. Returns EXIT_DONE, or EXIT_ENVIRONMENT after telling. */
int folder_open(struct command *c, struct folder *f);
void folder_close(struct folder *f);

/* Writes a compiled cluster. A failure is added to the findings of `s` and sets its status. */
void folder_write(const struct folder *f, struct single *s, struct folder_count *n);

#endif
