/* io.h: files in, files out (REL 4: regular files only, bounded; all or nothing on the way out). */
#ifndef GREGOR_BASE_IO_H
#define GREGOR_BASE_IO_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum io_result {
    IO_OK,
    IO_CANNOT,     /* errno says why */
    IO_NOT_A_FILE, /* a directory, device, FIFO or socket */
    IO_TOO_LARGE,
    IO_CHANGED,    /* it shrank or grew while it was read */
    IO_OUTSIDE     /* its name or its links lead out of the folder */
};

/* Reads a whole regular file of at most `max` bytes into the arena, NUL-terminated. "-" is standard input,
 * which may be a pipe. Links to regular files are followed. When memory runs out no file stays open. */
enum io_result io_read(struct arena *a, const char *path, size_t max, const char **text, size_t *len);

/* Reads the file `path` below `folder` like io_read(): a relative path that stays below the folder once all links are resolved
 * ("-" is a file of that name). `mode`, when not NULL, becomes its permissions. */
enum io_result io_read_below(struct arena *a, const char *folder, const char *path, size_t max, const char **text, size_t *len,
                             unsigned *mode);

/* The files that a pattern with one '*', in its last part, names below `folder`, as paths below it in the order of their bytes; names that
 * begin with '.' are none. Nothing when the folder cannot be read. Owned by `a`; at most 2,000. */
struct io_names { const char **at; uint32_t len; };
struct io_names io_list_below(struct arena *a, const char *folder, const char *pattern);

/* The folder that a file lies in: "." for a bare name and for "-". Owned by `a`. */
const char *io_folder_of(struct arena *a, const char *path);

/* What to say of a result of io_read(), in lower case, to be called before errno changes. Owned by `a`. */
const char *io_reason(struct arena *a, enum io_result r, size_t max);

enum io_written { IO_WRITTEN, IO_UNCHANGED, IO_FAILED };

/* Makes `name` (no slash) in the directory `dirfd` hold exactly these bytes: nothing is touched when it does already,
 * else a new file replaces it in one step, so that a killed run leaves the old bytes or the new, and perhaps a
 * ".gregor-*.tmp". Files are not synced one by one (2,000 would take seconds): after a power failure a file may be
 * empty, and the next run writes it again. A `mode` without rights for others (secrets) holds under any umask; of
 * another one the umask is taken off. Never follows a link. Errors: IO_FAILED with errno (ELOOP: a link, EISDIR,
 * EINVAL: not a regular file or not a name); the old file stays. */
enum io_written io_replace(int dirfd, const char *name, const char *bytes, size_t len, unsigned mode);

/* Makes the file `name` with exactly these bytes and this mode under any umask; one that is there, whatever it is, stays as it is:
 * IO_UNCHANGED. Whole or not at all. */
enum io_written io_create(int dirfd, const char *name, const char *bytes, size_t len, unsigned mode);

/* Writes all bytes to a descriptor. Errors: false with errno. */
bool io_write_all(int fd, const char *bytes, size_t len);

/* Opens the directory `path`, making it (one level) when it is missing. Returns -1 with errno; a link is refused. A private one
 * is made with mode 0700; one that is there keeps its mode. */
int io_open_dir(const char *path);
int io_open_private_dir(const char *path);

#endif
