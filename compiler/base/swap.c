#include "base/swap.h"

#include "base/beneath.h"
#include "base/io.h"
#include "base/sha256.h"
#include "base/swap_index.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void take_result(struct swap *s, const struct swap_file *files, uint32_t n)
{
    s->result = (struct owns){ NEWS(s->a, struct own, n + 1), n };
    for (uint32_t i = 0; i < n; i++)
        s->result.at[i] = (struct own){ .path = files[i].path, .bytes = files[i].len == 0 ? "" : files[i].bytes, .len = files[i].len };
    swap_sort(&s->result);
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
        const struct own *before = o->same ? swap_find(&s->index, o->path) : NULL;
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
    const int fd = beneath_file(dirfd, path, &st);
    if (fd < 0)
        return false;
    bool same = (uintmax_t)st.st_size == o->len;
    while (same && at < o->len && ((n = read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))) {
        same = n < 0 || ((size_t)n <= o->len - at && memcmp(buffer, o->bytes + at, (size_t)n) == 0);
        at += n > 0 ? (size_t)n : 0;
    }
    const bool fine = n >= 0 || errno == EINTR;
    beneath_close(fd);
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
    if (errno != 0 || !beneath_digest(s->parent, path, now))
        return failed(s, o->path);
    const struct own *before = swap_find(&s->index, o->path);
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
    if (swap_find(&s->result, o->path) != NULL || !beneath_digest(s->parent, str_join(s->a, s->name, "/", o->path, NULL), now))
        return;
    o->drop = strcmp(now, o->digest) == 0;
    if (!o->drop)
        s->r->kept[s->r->kept_count++] = o->path;
}

static enum swap_outcome look(struct swap *s)
{
    struct swap_result *r = s->r;
    s->index  = swap_index_load(s->a, s->parent, s->name);
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
        beneath_close(fd);
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
    const int inner = beneath_dir(from, name), twin = to < 0 ? -1 : beneath_dir(to, name);
    const bool fine = inner >= 0 && walk(s, inner, twin, path, each);
    beneath_close(inner);
    beneath_close(twin);
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
        if (!swap_holds(&s->result, path) && !swap_holds(&s->index, path))
            return true;
        return (mkdirat(to, name, 0777) == 0 || errno == EEXIST) && walk_below(s, from, to, name, path, lend);
    }
    const struct own *before = swap_find(&s->index, path);
    if (strcmp(path, SWAP_INDEX) == 0 || swap_find(&s->result, path) != NULL || (before != NULL && before->drop))
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
    beneath_close(fd);
    return false;
}

static bool link_same(int from, const char *path, int to, const char *leaf)
{
    const char *name;
    const int parent = from < 0 ? -1 : beneath_parent(from, path, false, &name);
    if (parent < 0)
        return false;
    const bool fine = linkat(parent, name, to, leaf, 0) == 0;
    close(parent);
    return fine;
}

static bool put(const struct own *o, int from, int to)
{
    const char *leaf;
    const int parent = beneath_parent(to, o->path, true, &leaf);
    if (parent < 0)
        return false;
    const bool fine = (o->same && link_same(from, o->path, parent, leaf)) || create(parent, leaf, o->bytes, o->len);
    beneath_close(parent);
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
    const int to = mkdirat(s->parent, s->stage, 0777) == 0 ? beneath_dir(s->parent, s->stage) : -1;
    const bool fine = to >= 0 && fill(s, from, to);
    beneath_close(to);
    if (fine)
        return true;
    const int saved = errno;
    remove_entry(s, s->parent, -1, s->stage, "");
    errno = saved;
    return false;
}

/* Folders of ours that the result left empty. */
static bool prune(struct swap *s, int from, int to, const char *name, const char *path)
{
    (void)to;
    if (is_dir(from, name) && swap_holds(&s->index, path) && !swap_holds(&s->result, path)) {
        walk_below(s, from, -1, name, path, prune);
        (void)unlinkat(from, name, AT_REMOVEDIR);
    }
    return true;
}

/* ---- where folders cannot be renamed: a mount point, a layer below (overlayfs) --------------------------------- */

static bool put_file(int to, const char *path, const char *bytes, size_t len)
{
    const char *leaf;
    const int parent = beneath_parent(to, path, true, &leaf);
    const bool fine = parent >= 0 && io_replace(parent, leaf, bytes, len, 0644) != IO_FAILED;
    beneath_close(parent);
    return fine;
}

static bool remove_file(int dirfd, const char *path)
{
    const char *leaf;
    const int parent = beneath_parent(dirfd, path, false, &leaf);
    const bool fine = parent >= 0 && unlinkat(parent, leaf, 0) == 0;
    beneath_close(parent);
    return fine || errno == ENOENT;
}

/* What a killed run left of io_replace(). */
static bool drop_temporary(struct swap *s, int from, int to, const char *name, const char *path)
{
    (void)to;
    if (is_dir(from, name))
        return !swap_holds(&s->result, path) || walk_below(s, from, -1, name, path, drop_temporary);
    return !str_starts(name, ".gregor-") || !str_ends(name, ".tmp") || unlinkat(from, name, 0) == 0;
}

/* Each file is replaced in one step, what the result lost is removed, the index comes last. */
static bool merge(struct swap *s, int to)
{
    bool fine = to >= 0 && walk(s, to, -1, "", drop_temporary);
    for (uint32_t i = 0; i < s->result.len && fine; i++) {
        s->r->where = s->result.at[i].path;
        fine = s->result.at[i].same || put_file(to, s->r->where, s->result.at[i].bytes, s->result.at[i].len);
    }
    for (uint32_t i = 0; i < s->index.len && fine; i++)
        fine = !s->index.at[i].drop || remove_file(to, s->index.at[i].path);
    return fine && put_file(to, SWAP_INDEX, s->text, s->text_len) && walk(s, to, -1, "", prune);
}

static bool merge_instead(struct swap *s)
{
    const int to = beneath_dir(s->parent, s->name);
    const bool fine = remove_entry(s, s->parent, -1, s->old, "") && merge(s, to);
    beneath_close(to);
    return fine;
}

/* ---- the exchange, and what is left behind --------------------------------------------------------------------- */

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
    const struct own *o = swap_find(&s->index, path);
    return o != NULL && beneath_digest(from, name, now) && strcmp(now, o->digest) == 0;
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
    if (twin && (mine.st_ino == theirs.st_ino || swap_find(&s->result, path) != NULL))
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
    if (!twin && to >= 0 && !swap_holds(&s->index, path))
        return move(from, name, to, name);
    if (walk_below(s, from, twin ? to : -1, name, path, clear) && unlinkat(from, name, AT_REMOVEDIR) == 0)
        return true;
    return !twin && to >= 0 && move(from, name, to, name);
}

/* Takes the folder away that lost its place, whether this run exchanged them or a killed one did, or was about to. */
static bool clear_old(struct swap *s)
{
    const struct owns result = s->result, index = s->index;
    s->result = swap_index_load(s->a, s->parent, s->name);
    s->index  = swap_index_load(s->a, s->parent, s->old);
    const int from = beneath_dir(s->parent, s->old), to = beneath_dir(s->parent, s->name);
    const bool cleared = from >= 0 && to >= 0 && walk(s, from, to, "", clear) && walk(s, to, -1, "", prune);
    bool fine = cleared && (unlinkat(from, SWAP_INDEX, 0) == 0 || errno == ENOENT);
    beneath_close(from);
    beneath_close(to);
    fine = fine && unlinkat(s->parent, s->old, AT_REMOVEDIR) == 0;
    s->result = result;
    s->index  = index;
    return fine;
}

static bool exchange(struct swap *s)
{
    if (renameat2(s->parent, s->old, s->parent, s->name, RENAME_EXCHANGE) == 0)
        return clear_old(s);
    if (errno != EINVAL && errno != ENOSYS && errno != EXDEV && errno != ENOTSUP && errno != EBUSY)
        return false;
    if (renameat(s->parent, s->name, s->parent, s->was) != 0)
        return (errno == EXDEV || errno == EBUSY) && merge_instead(s);
    return renameat(s->parent, s->old, s->parent, s->name) == 0 && renameat(s->parent, s->was, s->parent, s->old) == 0 && clear_old(s);
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
    const int from = exists ? beneath_dir(s->parent, s->name) : -1;
    s->r->where = "";
    if (exists && from < 0)
        return false;
    const bool staged = make_stage(s, from);
    beneath_close(from);
    if (!staged)
        return false;
    s->r->where = "";
    if (!exists)
        return move(s->parent, s->stage, s->parent, s->name);
    return renameat(s->parent, s->stage, s->parent, s->old) == 0 && exchange(s);
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
