#include "base/io.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- in ----------------------------------------------------------------------------------------------- */

/* Reads until the end or until the buffer is full. Returns the bytes, or -1 with errno. */
static ssize_t read_up_to(int fd, char *to, size_t size)
{
    size_t len = 0;
    while (len < size) {
        const ssize_t n = read(fd, to + len, size - len);
        if (n == 0)
            break;
        if (n > 0)
            len += (size_t)n;
        else if (errno == EAGAIN)
            poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, -1);
        else if (errno != EINTR)
            return -1;
    }
    return (ssize_t)len;
}

static enum io_result done(char *bytes, size_t len, const char **text, size_t *out_len)
{
    bytes[len] = '\0';
    *text    = bytes;
    *out_len = len;
    return IO_OK;
}

/* Standard input is not ours to close, so memory may run out while it is read. */
static enum io_result read_stdin(struct arena *a, size_t max, const char **text, size_t *len)
{
    size_t size = 16384, used = 0;
    char *bytes = arena_alloc(a, size + 1);
    for (;;) {
        const ssize_t n = read_up_to(STDIN_FILENO, bytes + used, size - used);
        if (n < 0)
            return IO_CANNOT;
        used += (size_t)n;
        if (used > max)
            return IO_TOO_LARGE;
        if (used < size)
            return done(bytes, used, text, len);
        bytes = arena_grow(a, bytes, size + 1, used, 2 * size + 1);
        size *= 2;
    }
}

static void close_keeping_errno(int fd)
{
    const int saved = errno;
    close(fd);
    errno = saved;
}

/* Opens a regular file without waiting for the other end of a FIFO, and without side effects on a device. Returns -1 with
 * errno 0 when it is something else. */
static int open_regular(const char *path)
{
    struct stat st;
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    const int failed = fstat(fd, &st);
    if (failed == 0 && S_ISREG(st.st_mode))
        return fd;
    close_keeping_errno(fd);
    errno = failed ? errno : 0;
    return -1;
}

/* No memory is taken while the file is open: taking it may leave by a jump, and nobody would close the file. */
static enum io_result read_into(const char *path, char *bytes, size_t size, ssize_t *len)
{
    const int fd = open_regular(path);
    if (fd < 0)
        return errno == 0 ? IO_NOT_A_FILE : IO_CANNOT;
    *len = read_up_to(fd, bytes, size);
    close_keeping_errno(fd);
    return *len < 0 ? IO_CANNOT : IO_OK;
}

/* One byte more than the file has tells whether it grew. */
static enum io_result read_sized(struct arena *a, const char *path, size_t size, const char **text, size_t *len)
{
    ssize_t n = 0;
    char *bytes = arena_alloc(a, size + 2);
    const enum io_result r = read_into(path, bytes, size + 1, &n);
    if (r != IO_OK)
        return r;
    return (size_t)n == size ? done(bytes, size, text, len) : IO_CHANGED;
}

/* Files of /proc say that they have no bytes, and have some: read again with more room until one read holds all. */
static enum io_result read_unsized(struct arena *a, const char *path, size_t max, const char **text, size_t *len)
{
    for (size_t size = 4096;; size *= 4) {
        ssize_t n = 0;
        char *bytes = arena_alloc(a, size + 1);
        const enum io_result r = read_into(path, bytes, size, &n);
        if (r != IO_OK)
            return r;
        if ((size_t)n > max)
            return IO_TOO_LARGE;
        if ((size_t)n < size)
            return done(bytes, (size_t)n, text, len);
    }
}

enum io_result io_read(struct arena *a, const char *path, size_t max, const char **text, size_t *len)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return read_stdin(a, max, text, len);
    if (stat(path, &st) != 0)
        return IO_CANNOT;
    if (!S_ISREG(st.st_mode))
        return IO_NOT_A_FILE;
    if ((uintmax_t)st.st_size > max)
        return IO_TOO_LARGE;
    return st.st_size == 0 ? read_unsized(a, path, max, text, len) : read_sized(a, path, (size_t)st.st_size, text, len);
}

/* Resolves both names. The path must lead to something below the folder. */
static enum io_result resolve(const char *folder, const char *path, char out[PATH_MAX])
{
    char base[PATH_MAX], joined[PATH_MAX];
    errno = ENOENT; /* of an empty name */
    if (*path == '\0' || *path == '/' || realpath(folder, base) == NULL)
        return *path == '/' ? IO_OUTSIDE : IO_CANNOT;
    if (snprintf(joined, sizeof joined, "%s/%s", base, path) >= (int)sizeof joined) {
        errno = ENAMETOOLONG;
        return IO_CANNOT;
    }
    if (realpath(joined, out) == NULL)
        return IO_CANNOT;
    const size_t len = strlen(base) == 1 ? 0 : strlen(base); /* "/" */
    return strncmp(out, base, len) == 0 && out[len] == '/' ? IO_OK : IO_OUTSIDE;
}

enum io_result io_read_below(struct arena *a, const char *folder, const char *path, size_t max, const char **text, size_t *len,
                             unsigned *mode)
{
    char resolved[PATH_MAX];
    struct stat st;
    const enum io_result r = resolve(folder, path, resolved);
    if (r != IO_OK)
        return r;
    if (stat(resolved, &st) != 0)
        return IO_CANNOT;
    if (mode != NULL)
        *mode = st.st_mode & 07777;
    return io_read(a, resolved, max, text, len);
}

/* '*', of which there is one, is any number of characters. */
static bool fits(const char *pattern, const char *name)
{
    const char *star = strchr(pattern, '*');
    const size_t head = star == NULL ? 0 : (size_t)(star - pattern), tail = star == NULL ? 0 : strlen(star + 1), len = strlen(name);
    return star != NULL && len >= head + tail && strncmp(pattern, name, head) == 0
        && strcmp(name + len - tail, star + 1) == 0;
}

#define MOST_NAMES 2000

static void add_names(struct arena *a, DIR *dir, const char *parent, const char *pattern, struct io_names *out)
{
    const struct dirent *e;
    while (out->len < MOST_NAMES && (e = readdir(dir)) != NULL)
        if (e->d_name[0] != '.' && fits(pattern, e->d_name))
            out->at[out->len++] = str_join(a, parent, e->d_name, NULL);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct io_names io_list_below(struct arena *a, const char *folder, const char *pattern)
{
    const char *slash = strrchr(pattern, '/');
    const char *parent = slash == NULL ? "" : arena_dup(a, pattern, (size_t)(slash + 1 - pattern));
    struct io_names out = { arena_zalloc(a, MOST_NAMES * sizeof *out.at), 0 };
    char resolved[PATH_MAX];
    if (strchr(parent, '*') != NULL || (*parent != '\0' && resolve(folder, parent, resolved) != IO_OK))
        return out;
    DIR *dir = opendir(*parent == '\0' ? folder : resolved);
    jmp_buf *outside = a->out, here;
    volatile bool full = false;
    if (dir == NULL)
        return out;
    a->out = &here; /* no memory: the directory is closed first */
    if (setjmp(here) == 0)
        add_names(a, dir, parent, slash == NULL ? pattern : slash + 1, &out);
    else
        full = true;
    a->out = outside;
    closedir(dir);
    if (full)
        longjmp(*outside, 1);
    qsort(out.at, out.len, sizeof *out.at, by_bytes);
    return out;
}

const char *io_folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return ".";
    return slash == path ? "/" : arena_dup(a, path, (size_t)(slash - path));
}

/* "Permission denied" -> "permission denied"; not translated, whatever the locale. */
static const char *errno_sentence(struct arena *a, int number)
{
    const char *s = strerrordesc_np(number);
    if (s == NULL)
        return arena_printf(a, "error %d of the operating system", number);
    char *copy = arena_dup(a, s, strlen(s));
    if (copy[0] >= 'A' && copy[0] <= 'Z' && (copy[1] < 'A' || copy[1] > 'Z'))
        copy[0] = (char)(copy[0] | 0x20);
    return copy;
}

const char *io_reason(struct arena *a, enum io_result r, size_t max)
{
    const int number = errno;
    switch (r) {
    case IO_CANNOT:     return errno_sentence(a, number);
    case IO_NOT_A_FILE: return "not a regular file";
    case IO_TOO_LARGE:  return arena_printf(a, "larger than %zu bytes", max);
    case IO_CHANGED:    return "the file changed while it was read";
    case IO_OUTSIDE:    return "it is not below the folder of the description";
    default:            return "no error";
    }
}

/* ---- out ---------------------------------------------------------------------------------------------- */

bool io_write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(fd, bytes, len);
        if (n >= 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool same_bytes(int fd, const char *bytes, size_t len)
{
    char buffer[16384];
    for (size_t at = 0; at < len;) {
        const size_t want = len - at < sizeof buffer ? len - at : sizeof buffer;
        if (read_up_to(fd, buffer, want) != (ssize_t)want || memcmp(buffer, bytes + at, want) != 0)
            return false;
        at += want;
    }
    return true;
}

static bool is_private(unsigned mode)
{
    return (mode & 077) == 0;
}

/* A file that should be private and is not gets written anew even when its bytes are right. */
static bool up_to_date(int dirfd, const char *name, const struct stat *st, const char *bytes, size_t len, unsigned mode)
{
    if ((uintmax_t)st->st_size != len || (is_private(mode) && !is_private(st->st_mode)))
        return false;
    const int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool same = same_bytes(fd, bytes, len);
    close(fd);
    return same;
}

static int create_beside(int dirfd, char temporary[64], unsigned mode)
{
    static atomic_uint serial;
    for (int tries = 0; tries < 1000; tries++) {
        snprintf(temporary, 64, ".gregor-%ld-%u.tmp", (long)getpid(), atomic_fetch_add(&serial, 1));
        const int fd = openat(dirfd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* The umask has done its part at openat(); a private file must be private, and readable to its owner, under any umask. */
static bool fill(int fd, const char *bytes, size_t len, unsigned mode)
{
    const bool ok = (!is_private(mode) || fchmod(fd, (mode_t)mode) == 0) && io_write_all(fd, bytes, len);
    if (!ok) {
        close_keeping_errno(fd);
        return false;
    }
    return close(fd) == 0;
}

static enum io_written failed(int number)
{
    errno = number;
    return IO_FAILED;
}

static enum io_written replace(int dirfd, const char *name, const char *bytes, size_t len, unsigned mode)
{
    char temporary[64];
    const int fd = create_beside(dirfd, temporary, mode);
    if (fd < 0)
        return IO_FAILED;
    if (fill(fd, bytes, len, mode) && renameat(dirfd, temporary, dirfd, name) == 0)
        return IO_WRITTEN;
    const int reason = errno;
    unlinkat(dirfd, temporary, 0);
    return failed(reason);
}

static bool plain_name(const char *name)
{
    return *name != '\0' && strchr(name, '/') == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

enum io_written io_replace(int dirfd, const char *name, const char *bytes, size_t len, unsigned mode)
{
    struct stat st;
    if (!plain_name(name))
        return failed(EINVAL);
    if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? replace(dirfd, name, bytes, len, mode) : IO_FAILED;
    if (!S_ISREG(st.st_mode))
        return failed(S_ISLNK(st.st_mode) ? ELOOP : S_ISDIR(st.st_mode) ? EISDIR : EINVAL);
    return up_to_date(dirfd, name, &st, bytes, len, mode) ? IO_UNCHANGED : replace(dirfd, name, bytes, len, mode);
}

/* A link to the finished file fails where a name is taken, as renaming would not. */
enum io_written io_create(int dirfd, const char *name, const char *bytes, size_t len, unsigned mode)
{
    char temporary[64];
    struct stat st;
    if (!plain_name(name))
        return failed(EINVAL);
    if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return IO_UNCHANGED;
    const int fd = create_beside(dirfd, temporary, mode);
    if (fd < 0)
        return IO_FAILED;
    const bool made = fill(fd, bytes, len, mode) && linkat(dirfd, temporary, dirfd, name, 0) == 0;
    const int reason = errno;
    unlinkat(dirfd, temporary, 0);
    return made ? IO_WRITTEN : reason == EEXIST ? IO_UNCHANGED : failed(reason);
}

/* ---- directories -------------------------------------------------------------------------------------- */

/* "link/" would be followed in spite of O_NOFOLLOW: the slash has to go. */
static bool without_slashes(const char *path, char out[PATH_MAX])
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (len == 0 || len >= PATH_MAX) {
        errno = len == 0 ? ENOENT : ENAMETOOLONG;
        return false;
    }
    memcpy(out, path, len);
    out[len] = '\0';
    return true;
}

/* The kernel says ENOTDIR for a link to a directory; ELOOP tells the caller more. */
static int open_dir(const char *path)
{
    struct stat st;
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 || errno != ENOTDIR)
        return fd;
    errno = lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    return -1;
}

static int open_or_make(const char *path, mode_t mode)
{
    char clean[PATH_MAX];
    if (!without_slashes(path, clean))
        return -1;
    const int fd = open_dir(clean);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    return mkdir(clean, mode) != 0 && errno != EEXIST ? -1 : open_dir(clean);
}

int io_open_dir(const char *path)
{
    return open_or_make(path, 0777);
}

int io_open_private_dir(const char *path)
{
    return open_or_make(path, 0700);
}
