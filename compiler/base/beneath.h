/* beneath.h: files below a directory that is open, following no link on the way.
 *
 * Paths are relative, with '/' between their parts. Nothing here takes memory: taking it may leave by a jump, and nobody would close
 * what is open. Errors: -1 or false with errno; ELOOP: a link stands in the way. */
#ifndef GREGOR_BASE_BENEATH_H
#define GREGOR_BASE_BENEATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Closes `fd`, unless it is -1, and keeps errno. */
void beneath_close(int fd);

/* Opens the directory `name` (no slash) in `dirfd`. */
int beneath_dir(int dirfd, const char *name);

/* Opens the directory that holds `path`; `make`: makes what is missing. `leaf` becomes the name in it. */
int beneath_parent(int dirfd, const char *path, bool make, const char **leaf);

/* Opens a regular file for reading. EISDIR, EINVAL: it is something else. */
int beneath_file(int dirfd, const char *path, struct stat *st);

/* Reads up to `size` bytes of a regular file. */
ssize_t beneath_read(int dirfd, const char *path, char *to, size_t size);

/* The SHA-256 of a regular file as 64 hex digits and a NUL. */
bool beneath_digest(int dirfd, const char *path, char hex[65]);

#endif
