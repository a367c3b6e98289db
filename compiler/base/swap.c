#include "base/swap.h"

#include "base/io.h"
#include "base/sha256.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_INDEX ((size_t)16 << 20) /* bytes */

/* A file of ours: of the result, or of the index that the folder has now. */
struct own {
    const char *path, *bytes; /* `bytes` NULL: only in the index */
    size_t      len;
    char        digest[65];
    bool        same;         /* the folder holds these bytes already */
    bool        drop;         /* of the index: is ours still, and goes */
};

struct owns {
    struct own *at;           /* sorted by path */
    uint32_t    len;
};

struct swap {
    struct arena *a;
    int           parent;
    const char   *name;
    char          stage[NAME_MAX + 1], old[NAME_MAX + 1], was[NAME_MAX + 1];
    struct owns   result, index;
    const char   *text;       /* of the new index */
    size_t        text_len;
    struct swap_result *r;
};

/* ---- descriptors: no memory is taken while one is open, because taking it may leave by a jump ---------------------- */

static void close_keeping_errno(int fd)
{
    const int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
}

static int open_dir(int dirfd, const char *name)
{
    struct stat st;
    const int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOTDIR)
        errno = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    return fd;
}

/* Opens the directory that holds `path` below `dirfd`, following no link; `make`: makes what is missing. `leaf` becomes the name in
 * it. Returns -1 with errno. */
static int open_parent(int dirfd, const char *path, bool make, const char **leaf)
{
    char part[NAME_MAX + 1];
    int fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
    for (const char *slash; fd >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        const int outer = fd;
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (make && mkdirat(outer, part, 0777) != 0 && errno != EEXIST)
            fd = -1;
        else
            fd = open_dir(outer, part);
        close_keeping_errno(outer);
    }
    *leaf = path;
    return fd;
}

static int open_file(int dirfd, const char *path, struct stat *st)
{
    const char *leaf;
    const int parent = open_parent(dirfd, path, false, &leaf);
    if (parent < 0)
        return -1;
    *st = (struct stat){ 0 };
    const int fd = openat(parent, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    close_keeping_errno(parent);
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

/* Returns false with errno; ENOENT: there is no such file. */
static bool digest_of(int dirfd, const char *path, char hex[65])
{
    struct stat st;
    const int fd = open_file(dirfd, path, &st);
    if (fd < 0)
        return false;
    const bool fine = digest_fd(fd, hex);
    close_keeping_errno(fd);
    return fine;
}

/* ---- the index ------------------------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct own *)a)->path, ((const struct own *)b)->path);
}

static struct own *find(const struct owns *list, const char *path)
{
    const struct own key = { .path = path };
    return list->len == 0 ? NULL : bsearch(&key, list->at, list->len, sizeof *list->at, by_path);
}

/* Does a path of the list lie below the folder `path`? */
static bool holds(const struct owns *list, const char *path)
{
    const size_t len = strlen(path);
    for (uint32_t i = 0; i < list->len; i++)
        if (strncmp(list->at[i].path, path, len) == 0 && list->at[i].path[len] == '/')
            return true;
    return false;
}

static bool is_below(const char *path)
{
    for (const char *p = path;; p++) {
        const size_t len = strcspn(p, "/");
        if (len == 0 || len > NAME_MAX || (len <= 2 && p[0] == '.' && p[len - 1] == '.'))
            return false;
        p += len;
        if (*p == '\0')
            return true;
    }
}

/* "DIGEST  PATH"; a line that is none is nobody's. */
static bool parse_line(char *line, struct own *o)
{
    *o = (struct own){ .path = line + 66 };
    if (strspn(line, "0123456789abcdef") != 64 || line[64] != ' ' || line[65] != ' ' || !is_below(o->path))
        return false;
    memcpy(o->digest, line, 64);
    return true;
}

static struct owns parse_index(struct arena *a, char *text)
{
    struct owns list = { NULL, 0 };
    size_t lines = 0;
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    list.at = NEWS(a, struct own, lines + 1);
    for (char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        *end = '\0';
        list.len += parse_line(text, &list.at[list.len]);
    }
    qsort(list.at, list.len, sizeof *list.at, by_path);
    return list;
}

static ssize_t read_file(int dirfd, const char *path, char *to, size_t size)
{
    struct stat st;
    const int fd = open_file(dirfd, path, &st);
    size_t len = 0;
    ssize_t n = 0;
    if (fd < 0)
        return -1;
    while (len < size && ((n = read(fd, to + len, size - len)) > 0 || (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    close_keeping_errno(fd);
    return n < 0 ? -1 : (ssize_t)len;
}

/* A folder without an index, or with one that is not readable as such, holds no file of ours. */
static struct owns read_index(struct arena *a, int parent, const char *folder)
{
    const char *path = str_join(a, folder, "/" SWAP_INDEX, NULL);
    struct stat st;
    if (fstatat(parent, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) || (uintmax_t)st.st_size > LARGEST_INDEX)
        return (struct owns){ NULL, 0 };
    char *text = arena_zalloc(a, (size_t)st.st_size + 1);
    const ssize_t len = read_file(parent, path, text, (size_t)st.st_size);
    return len < 0 || strlen(text) != (size_t)len ? (struct owns){ NULL, 0 } : parse_index(a, text);
}

static void take_result(struct swap *s, const struct swap_file *files, uint32_t n)
{
    s->result = (struct owns){ NEWS(s->a, struct own, n + 1), n };
    for (uint32_t i = 0; i < n; i++)
        s->result.at[i] = (struct own){ .path = files[i].path, .bytes = files[i].len == 0 ? "" : files[i].bytes, .len = files[i].len };
    qsort(s->result.at, n, sizeof *s->result.at, by_path);
}

static void digest_bytes(struct own *o)
{
    struct sha256 h;
    uint8_t digest[32];
    sha256_start(&h);
    sha256_add(&h, o->bytes, o->len);
    sha256_end(&h, digest);
    sha256_hex(digest, o->digest);
}

/* Most of the time of a run is in digests: that of a file which did not change stands in the old index. */
static void make_index(struct swap *s)
{
    struct text t = { .a = s->a };
    for (uint32_t i = 0; i < s->result.len; i++) {
        struct own *o = &s->result.at[i];
        const struct own *before = o->same ? find(&s->index, o->path) : NULL;
        if (before != NULL)
            memcpy(o->digest, before->digest, sizeof o->digest);
        else
            digest_bytes(o);
        text_join(&t, o->digest, "  ", o->path, "\n", NULL);
    }
    s->text     = text_str(&t);
    s->text_len = t.len;
}

/* ---- what is there --------------------------------------------------------------------------------------------- */

static enum swap_outcome failed(struct swap *s, const char *where)
{
    s->r->where = where;
    return SWAP_FAILED;
}

/* Returns false without an errno when the file has other bytes. */
static bool has_bytes(int dirfd, const char *path, const struct own *o)
{
    char buffer[16384];
    struct stat st;
    size_t at = 0;
    ssize_t n = 0;
    const int fd = open_file(dirfd, path, &st);
    if (fd < 0)
        return false;
    bool same = (uintmax_t)st.st_size == o->len;
    while (same && at < o->len && ((n = read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))) {
        same = n < 0 || ((size_t)n <= o->len - at && memcmp(buffer, o->bytes + at, (size_t)n) == 0);
        at += n > 0 ? (size_t)n : 0;
    }
    const bool fine = n >= 0 || errno == EINTR;
    close_keeping_errno(fd);
    if (fine)
        errno = 0;
    return same && fine && at == o->len;
}

/* Looks at the place of a file of the result: it may be free, hold the same bytes, hold bytes of ours, or be somebody's. */
static enum swap_outcome look_at(struct swap *s, struct own *o)
{
    char now[65];
    const char *path = str_join(s->a, s->name, "/", o->path, NULL);
    errno = 0;
    o->same = has_bytes(s->parent, path, o);
    if (o->same || errno == ENOENT)
        return SWAP_DONE;
    if (errno != 0 || !digest_of(s->parent, path, now))
        return failed(s, o->path);
    const struct own *before = find(&s->index, o->path);
    if (before == NULL) {
        s->r->where = o->path;
        return SWAP_FOREIGN;
    }
    if (strcmp(now, before->digest) != 0)
        s->r->edited[s->r->edited_count++] = o->path;
    return SWAP_DONE;
}

/* A file of the index that the result does not have any more. */
static void look_at_leftover(struct swap *s, struct own *o)
{
    char now[65];
    if (find(&s->result, o->path) != NULL || !digest_of(s->parent, str_join(s->a, s->name, "/", o->path, NULL), now))
        return;
    o->drop = strcmp(now, o->digest) == 0;
    if (!o->drop)
        s->r->kept[s->r->kept_count++] = o->path;
}

static enum swap_outcome look(struct swap *s)
{
    struct swap_result *r = s->r;
    s->index  = read_index(s->a, s->parent, s->name);
    r->edited = NEWS(s->a, const char *, s->result.len + 1);
    r->kept   = NEWS(s->a, const char *, s->index.len + 1);
    for (uint32_t i = 0; i < s->result.len; i++) {
        const enum swap_outcome o = look_at(s, &s->result.at[i]);
        if (o != SWAP_DONE)
            return o;
        r->unchanged += s->result.at[i].same;
    }
    for (uint32_t i = 0; i < s->index.len; i++)
        look_at_leftover(s, &s->index.at[i]);
    for (uint32_t i = 0; i < s->index.len; i++)
        r->removed += s->index.at[i].drop;
    r->written = s->result.len - r->unchanged;
    return SWAP_DONE;
}

/* The index says so too: it is written anew when somebody took it away. */
static bool is_current(const struct swap *s)
{
    if (s->r->written > 0 || s->r->removed > 0 || s->index.len != s->result.len)
        return false;
    for (uint32_t i = 0; i < s->index.len; i++)
        if (strcmp(s->index.at[i].path, s->result.at[i].path) != 0)
            return false;
    return true;
}

/* ---- walking folders ------------------------------------------------------------------------------------------- */

/* What happens to each entry of a folder; `path` is its path below the folder of the cluster. Returns false with errno. */
typedef bool entry_fn(struct swap *s, int from, int to, const char *name, const char *path);

static bool walk(struct swap *s, int from, int to, const char *path, entry_fn *each)
{
    char below[PATH_MAX];
    const int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    bool fine = d != NULL;
    if (d == NULL) {
        close_keeping_errno(fd);
        return false;
    }
    for (struct dirent *e; fine && (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        const int n = snprintf(below, sizeof below, "%s%s%s", path, *path == '\0' ? "" : "/", e->d_name);
        errno = ENAMETOOLONG;
        fine = n < PATH_MAX && each(s, from, to, e->d_name, below);
    }
    const int saved = errno;
    closedir(d);
    errno = saved;
    return fine;
}

static bool is_dir(int dirfd, const char *name)
{
    struct stat st;
    return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Walks a folder that is in both; either descriptor may be that of a folder that is not there, -1. */
static bool walk_below(struct swap *s, int from, int to, const char *name, const char *path, entry_fn *each)
{
    const int inner = open_dir(from, name), twin = to < 0 ? -1 : open_dir(to, name);
    const bool fine = inner >= 0 && walk(s, inner, twin, path, each);
    close_keeping_errno(inner);
    close_keeping_errno(twin);
    return fine;
}

static bool remove_entry(struct swap *s, int from, int to, const char *name, const char *path)
{
    if (!is_dir(from, name))
        return unlinkat(from, name, 0) == 0;
    return walk_below(s, from, to, name, path, remove_entry) && unlinkat(from, name, AT_REMOVEDIR) == 0;
}

/* ---- a new folder beside the old one --------------------------------------------------------------------------- */

/* What is not ours goes into the new folder by a link. What cannot be linked, folders above all, is moved after the exchange; the
 * folder of ours around it stays for it. */
static bool lend(struct swap *s, int from, int to, const char *name, const char *path)
{
    if (is_dir(from, name)) {
        if (!holds(&s->result, path) && !holds(&s->index, path))
            return true;
        return (mkdirat(to, name, 0777) == 0 || errno == EEXIST) && walk_below(s, from, to, name, path, lend);
    }
    const struct own *before = find(&s->index, path);
    if (strcmp(path, SWAP_INDEX) == 0 || find(&s->result, path) != NULL || (before != NULL && before->drop))
        return true;
    (void)linkat(from, name, to, name, 0);
    return true;
}

static bool create(int dirfd, const char *name, const char *bytes, size_t len)
{
    const int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    const bool fine = io_write_all(fd, bytes, len);
    if (fine)
        return close(fd) == 0;
    close_keeping_errno(fd);
    return false;
}

static bool link_same(int from, const char *path, int to, const char *leaf)
{
    const char *name;
    const int parent = from < 0 ? -1 : open_parent(from, path, false, &name);
    if (parent < 0)
        return false;
    const bool fine = linkat(parent, name, to, leaf, 0) == 0;
    close(parent);
    return fine;
}

static bool put(const struct own *o, int from, int to)
{
    const char *leaf;
    const int parent = open_parent(to, o->path, true, &leaf);
    if (parent < 0)
        return false;
    const bool fine = (o->same && link_same(from, o->path, parent, leaf)) || create(parent, leaf, o->bytes, o->len);
    close_keeping_errno(parent);
    return fine;
}

/* The index comes last. */
static bool fill(struct swap *s, int from, int to)
{
    struct stat st;
    s->r->where = "";
    if (from >= 0 && (fstat(from, &st) != 0 || fchmod(to, st.st_mode & 07777) != 0 || !walk(s, from, to, "", lend)))
        return false;
    for (uint32_t i = 0; i < s->result.len; i++) {
        s->r->where = s->result.at[i].path;
        if (!put(&s->result.at[i], from, to))
            return false;
    }
    s->r->where = SWAP_INDEX;
    return create(to, SWAP_INDEX, s->text, s->text_len);
}

static bool make_stage(struct swap *s, int from)
{
    s->r->where = "";
    const int to = mkdirat(s->parent, s->stage, 0777) == 0 ? open_dir(s->parent, s->stage) : -1;
    const bool fine = to >= 0 && fill(s, from, to);
    close_keeping_errno(to);
    if (fine)
        return true;
    const int saved = errno;
    remove_entry(s, s->parent, -1, s->stage, "");
    errno = saved;
    return false;
}

/* ---- the exchange, and what is left behind --------------------------------------------------------------------- */

static bool exchange(struct swap *s)
{
    if (renameat2(s->parent, s->old, s->parent, s->name, RENAME_EXCHANGE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS && errno != EXDEV && errno != ENOTSUP)
        return false;
    return renameat(s->parent, s->name, s->parent, s->was) == 0
        && renameat(s->parent, s->old, s->parent, s->name) == 0
        && renameat(s->parent, s->was, s->parent, s->old) == 0;
}

/* Moves to a name that is free; where the file system cannot promise that, it was free a moment ago. */
static bool move(int from, const char *name, int to, const char *new_name)
{
    struct stat st;
    if (renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (fstatat(to, new_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        errno = EEXIST;
    return errno != EEXIST && renameat(from, name, to, new_name) == 0;
}

/* Of two files that are nobody's of ours the younger stays: somebody saved one while the folders changed places. */
static bool is_younger(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec > b->st_mtim.tv_sec : a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static bool is_own_leftover(const struct swap *s, int from, const char *name, const char *path)
{
    char now[65];
    const struct own *o = find(&s->index, path);
    return o != NULL && digest_of(from, name, now) && strcmp(now, o->digest) == 0;
}

/* A file of the folder that lost its place: s->result is the index of the folder that has it now, s->index its own. */
static bool clear_file(struct swap *s, int from, int to, const char *name, const char *path)
{
    struct stat mine, theirs;
    const bool twin = to >= 0 && fstatat(to, name, &theirs, AT_SYMLINK_NOFOLLOW) == 0;
    if (fstatat(from, name, &mine, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    if (strcmp(path, SWAP_INDEX) == 0)
        return true; /* goes last: a run that comes after a killed one needs it */
    if (twin && (mine.st_ino == theirs.st_ino || find(&s->result, path) != NULL))
        return unlinkat(from, name, 0) == 0;
    if (twin ? !is_younger(&mine, &theirs) : is_own_leftover(s, from, name, path))
        return unlinkat(from, name, 0) == 0;
    return to >= 0 && renameat(from, name, to, name) == 0;
}

static bool clear(struct swap *s, int from, int to, const char *name, const char *path)
{
    if (!is_dir(from, name))
        return clear_file(s, from, to, name, path);
    const bool twin = to >= 0 && is_dir(to, name);
    if (!twin && to >= 0 && !holds(&s->index, path))
        return move(from, name, to, name);
    if (walk_below(s, from, twin ? to : -1, name, path, clear) && unlinkat(from, name, AT_REMOVEDIR) == 0)
        return true;
    return !twin && to >= 0 && move(from, name, to, name);
}

/* Folders of ours that the result left empty. */
static bool prune(struct swap *s, int from, int to, const char *name, const char *path)
{
    (void)to;
    if (is_dir(from, name) && holds(&s->index, path) && !holds(&s->result, path)) {
        walk_below(s, from, -1, name, path, prune);
        (void)unlinkat(from, name, AT_REMOVEDIR);
    }
    return true;
}

/* Takes the folder away that lost its place, whether this run exchanged them or a killed one did, or was about to. */
static bool clear_old(struct swap *s)
{
    const struct owns result = s->result, index = s->index;
    s->result = read_index(s->a, s->parent, s->name);
    s->index  = read_index(s->a, s->parent, s->old);
    const int from = open_dir(s->parent, s->old), to = open_dir(s->parent, s->name);
    const bool cleared = from >= 0 && to >= 0 && walk(s, from, to, "", clear) && walk(s, to, -1, "", prune);
    bool fine = cleared && (unlinkat(from, SWAP_INDEX, 0) == 0 || errno == ENOENT);
    close_keeping_errno(from);
    close_keeping_errno(to);
    fine = fine && unlinkat(s->parent, s->old, AT_REMOVEDIR) == 0;
    s->result = result;
    s->index  = index;
    return fine;
}

/* What a killed run left. */
static bool recover(struct swap *s)
{
    struct stat st;
    if (is_dir(s->parent, s->stage) && !remove_entry(s, s->parent, -1, s->stage, ""))
        return false;
    if (is_dir(s->parent, s->was) && !move(s->parent, s->was, s->parent, is_dir(s->parent, s->name) ? s->old : s->name))
        return false;
    if (fstatat(s->parent, s->old, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    return is_dir(s->parent, s->name) ? clear_old(s) : move(s->parent, s->old, s->parent, s->name);
}

static bool replace(struct swap *s, bool exists)
{
    const int from = exists ? open_dir(s->parent, s->name) : -1;
    s->r->where = "";
    if (exists && from < 0)
        return false;
    const bool staged = make_stage(s, from);
    close_keeping_errno(from);
    if (!staged)
        return false;
    s->r->where = "";
    if (!exists)
        return move(s->parent, s->stage, s->parent, s->name);
    return renameat(s->parent, s->stage, s->parent, s->old) == 0 && exchange(s) && clear_old(s);
}

enum swap_outcome swap_folder(struct arena *a, int dirfd, const char *name, const struct swap_file *files, uint32_t n,
                              struct swap_result *r)
{
    struct stat st;
    struct swap s = { .a = a, .parent = dirfd, .name = name, .r = r };
    *r = (struct swap_result){ .where = "" };
    snprintf(s.stage, sizeof s.stage, ".gregor-%s.new", name);
    snprintf(s.old, sizeof s.old, ".gregor-%s.old", name);
    snprintf(s.was, sizeof s.was, ".gregor-%s.was", name);
    take_result(&s, files, n);
    if (!recover(&s))
        return SWAP_FAILED;
    const bool exists = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    if (exists && !S_ISDIR(st.st_mode)) {
        errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
        return SWAP_FAILED;
    }
    const enum swap_outcome o = exists ? look(&s) : SWAP_DONE;
    if (!exists)
        r->written = n;
    if (o != SWAP_DONE || (exists && is_current(&s)))
        return o;
    make_index(&s);
    return replace(&s, exists) ? SWAP_DONE : SWAP_FAILED;
}
