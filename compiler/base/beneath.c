#include "base/beneath.h"

#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void beneath_close(int fd)
{
    const int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
}

int beneath_dir(int dirfd, const char *name)
{
    struct stat st;
    const int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOTDIR)
        errno = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    return fd;
}

int beneath_parent(int dirfd, const char *path, bool make, const char **leaf)
{
    char part[NAME_MAX + 1];
    int fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
    for (const char *slash; fd >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        const int outer = fd;
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (make && mkdirat(outer, part, 0777) != 0 && errno != EEXIST)
            fd = -1;
        else
            fd = beneath_dir(outer, part);
        beneath_close(outer);
    }
    *leaf = path;
    return fd;
}

int beneath_file(int dirfd, const char *path, struct stat *st)
{
    const char *leaf;
    const int parent = beneath_parent(dirfd, path, false, &leaf);
    if (parent < 0)
        return -1;
    *st = (struct stat){ 0 };
    const int fd = openat(parent, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    beneath_close(parent);
    if (fd < 0 || (fstat(fd, st) == 0 && S_ISREG(st->st_mode)))
        return fd;
    close(fd);
    errno = S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
    return -1;
}

static bool digest_fd(int fd, char hex[65])
{
    struct sha256 h;
    uint8_t digest[32];
    char buffer[16384];
    ssize_t n;
    sha256_start(&h);
    while ((n = read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            sha256_add(&h, buffer, (size_t)n);
    sha256_end(&h, digest);
    sha256_hex(digest, hex);
    return n == 0;
}

bool beneath_digest(int dirfd, const char *path, char hex[65])
{
    struct stat st;
    const int fd = beneath_file(dirfd, path, &st);
    if (fd < 0)
        return false;
    const bool fine = digest_fd(fd, hex);
    beneath_close(fd);
    return fine;
}

ssize_t beneath_read(int dirfd, const char *path, char *to, size_t size)
{
    struct stat st;
    const int fd = beneath_file(dirfd, path, &st);
    size_t len = 0;
    ssize_t n = 0;
    if (fd < 0)
        return -1;
    while (len < size && ((n = read(fd, to + len, size - len)) > 0 || (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    beneath_close(fd);
    return n < 0 ? -1 : (ssize_t)len;
}
