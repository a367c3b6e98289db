#include "command/folder.h"

#include "base/input.h"
#include "base/swap.h"
#include "command/guard.h"
#include "command/report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_SECONDS 30
#define LOCK_TRIES   3000

static int opened(struct command *c, const char *path, int fd)
{
    if (fd < 0 && errno == ELOOP)
        return report_failure(c, "'%s' is a link; name the folder itself", path);
    return fd >= 0 ? EXIT_DONE : report_failure(c, "cannot open the folder '%s': %s", path, io_reason(c->a, IO_CANNOT, 0));
}

static bool same_folder(int a, int b)
{
    struct stat x, y;
    return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Manifests are committed and shown; Secrets beside them would be too, one day. */
static int open_secrets(struct command *c, struct folder *f)
{
    f->secrets_fd = io_open_private_dir(c->o.secrets);
    const int status = opened(c, c->o.secrets, f->secrets_fd);
    if (status == EXIT_DONE && same_folder(f->fd, f->secrets_fd))
        return report_usage(c, NULL, "'--secrets' names the folder of the manifests; Secrets need one of their own");
    return status;
}

/* `kubectl apply -f` of the manifests would make the parent a member of its own set. */
static int open_applyset(struct command *c, struct folder *f)
{
    f->applyset_fd = io_open_dir(c->o.applyset);
    const int status = opened(c, c->o.applyset, f->applyset_fd);
    if (status == EXIT_DONE && same_folder(f->fd, f->applyset_fd))
        return report_usage(c, NULL, "'--applyset' names the folder of the manifests; parents need one of their own");
    return status;
}

/* Two runs that write folders of one place do it one after the other. The lock goes with the descriptor, whatever ends the process. */
static int lock(struct command *c, const struct folder *f)
{
    for (int tries = 0; flock(f->fd, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return report_failure(c, "cannot lock the folder '%s': %s", f->path, io_reason(c->a, IO_CANNOT, 0));
        if (tries == LOCK_TRIES)
            return report_failure(c, "another gregor has been writing to the folder '%s' for %d seconds", f->path, LOCK_SECONDS);
        nanosleep(&(struct timespec){ .tv_nsec = 1000000000L * LOCK_SECONDS / LOCK_TRIES }, NULL);
    }
    return EXIT_DONE;
}

int folder_open(struct command *c, struct folder *f)
{
    f->path        = c->o.dir;
    f->secrets_fd  = -1;
    f->applyset_fd = -1;
    f->fd          = io_open_dir(f->path);
    int status = opened(c, f->path, f->fd);
    if (status == EXIT_DONE && c->o.secrets != NULL)
        status = open_secrets(c, f);
    if (status == EXIT_DONE && c->o.applyset != NULL)
        status = open_applyset(c, f);
    if (status == EXIT_DONE && folder_has_folders(c))
        status = lock(c, f);
    if (status != EXIT_DONE)
        folder_close(f);
    else
        f->inputs = guard_names(c, f->fd);
    return status;
}

void folder_close(struct folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->secrets_fd >= 0)
        close(f->secrets_fd);
    if (f->applyset_fd >= 0)
        close(f->applyset_fd);
    f->fd = f->secrets_fd = f->applyset_fd = -1;
}

bool folder_has_folders(const struct command *c)
{
    return c->o.per_file == PER_OBJECT || pack_forms[c->o.to].shape == PACK_FOLDER;
}

static const char *file_beside(struct arena *a, const struct command *c, const char *name, const char *ending)
{
    return str_join(a, name, ending, pack_forms[c->o.to].extension, NULL);
}

const char *folder_target(const struct command *c, const char *name)
{
    const char *file = folder_has_folders(c) ? "/" SWAP_INDEX : pack_forms[c->o.to].extension;
    return input_name(c->a, c->o.dir, str_join(c->a, name, file, NULL));
}

const char *folder_secrets_target(const struct command *c, const char *name)
{
    return input_name(c->a, c->o.secrets, file_beside(c->a, c, name, "-secrets"));
}

const char *folder_applyset_target(const struct command *c, const char *name)
{
    return input_name(c->a, c->o.applyset, file_beside(c->a, c, name, "-applyset"));
}

/* Findings about files of the folder; each is its own place. */
static void tell(struct single *s, enum code code, const char *path, const char *what, const char *hint)
{
    struct ctx cx = { .a = s->a };
    ctx_file(&cx, path, "", 0, "folder");
    struct diag *d = diag_at(&cx, code, no_pos(), "%s", what);
    diag_hint(&cx, d, "%s", hint);
    report_findings(s->log, &cx, &s->findings);
    if (code_table[code].error)
        s->errors++;
    else
        s->warnings++;
    if ((code_table[code].error || s->c->o.warn == WARN_ERROR) && s->status < EXIT_FINDINGS)
        s->status = EXIT_FINDINGS;
}

static bool put(int dirfd, struct single *s, const char *below, const struct pack_file *file, unsigned mode,
                struct folder_count *n)
{
    const struct text *t = &file->bytes;
    const enum io_written w = io_replace(dirfd, file->path, t->len == 0 ? "" : t->p, t->len, mode);
    n->written += w == IO_WRITTEN;
    n->unchanged += w == IO_UNCHANGED;
    if (w == IO_FAILED)
        single_fail(s, EXIT_ENVIRONMENT, "cannot write '%s/%s': %s", below, file->path, io_reason(s->a, IO_CANNOT, 0));
    return w != IO_FAILED;
}

static void tell_changed(struct single *s, const char *below, const struct swap_result *r)
{
    for (uint32_t i = 0; i < r->edited_count; i++)
        tell(s, W_FOLDER_EDITED, str_join(s->a, below, "/", r->edited[i], NULL), "was changed by hand, and has been replaced",
             "what was changed belongs into the description, an overlay or a hook");
    for (uint32_t i = 0; i < r->kept_count; i++)
        tell(s, W_FOLDER_KEPT, str_join(s->a, below, "/", r->kept[i], NULL),
             "was changed by hand, and is no part of the result any more: it stays, and is yours now",
             "remove it when it is not meant to be applied");
}

static void tell_failure(struct single *s, const char *below, enum swap_outcome o, const struct swap_result *r)
{
    const char *reason = io_reason(s->a, IO_CANNOT, 0), *path = *r->where == '\0' ? below : str_join(s->a, below, "/", r->where, NULL);
    if (o == SWAP_FAILED)
        single_fail(s, EXIT_ENVIRONMENT, "cannot write '%s': %s", path, reason);
    else
        tell(s, E_FOLDER_FOREIGN, path, "is in the way, and gregor did not write it",
             "move it away, or name another folder with '--dir'");
}

/* One file a cluster stands beside files of others: none that the result is made of may be lost. */
static bool replaces_input(const struct folder *f, struct single *s)
{
    const char *name = s->files.at[0].path;
    if (folder_has_folders(s->c) || !guard_is_input(f->fd, f->inputs, name, s->cx))
        return false;
    tell(s, E_FOLDER_INPUT, str_join(s->a, f->path, "/", name, NULL), "is read, and the result would replace it", "name another folder with '--dir'");
    return true;
}

/* What was written before in another form stays where it is, and would be applied with the rest. */
static void tell_other_forms(const struct folder *f, struct single *s)
{
    const char *name = s->made->description.name, *forms[] = { ".yaml", ".json", "/" SWAP_INDEX };
    const char *own = folder_has_folders(s->c) ? "/" SWAP_INDEX : pack_forms[s->c->o.to].extension;
    struct stat st;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *path = str_join(s->a, name, forms[i], NULL);
        if (strcmp(forms[i], own) == 0 || fstatat(f->fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode)
            || guard_is_input(f->fd, f->inputs, path, s->cx))
            continue;
        tell(s, W_FOLDER_FORM, str_join(s->a, f->path, "/", name, *forms[i] == '/' ? "" : forms[i], NULL),
             "holds the cluster in another form, and stays as it is", "remove it, unless both are meant to be applied");
    }
}

/* A folder a cluster. */
static void write_files(const struct folder *f, struct single *s, struct folder_count *n)
{
    const char *name = s->made->description.name, *below = str_join(s->a, f->path, "/", name, NULL);
    struct swap_file *files = NEWS(s->a, struct swap_file, s->files.len + 1);
    struct swap_result r;
    for (uint32_t i = 0; i < s->files.len; i++)
        files[i] = (struct swap_file){ s->files.at[i].path, s->files.at[i].bytes.p, s->files.at[i].bytes.len };
    const enum swap_outcome o = swap_folder(s->a, f->fd, name, files, s->files.len, &r);
    if (o != SWAP_DONE) {
        tell_failure(s, below, o, &r);
        return;
    }
    n->written += r.written;
    n->unchanged += r.unchanged;
    n->removed += r.removed;
    tell_changed(s, below, &r);
}

static bool write_secrets(const struct folder *f, struct single *s, struct folder_count *n)
{
    struct pack_file file = { file_beside(s->a, s->c, s->made->description.name, "-secrets"), { .a = s->a } };
    single_print_secrets(s, &file.bytes);
    return put(f->secrets_fd, s, s->c->o.secrets, &file, 0600, n);
}

static bool write_applyset(const struct folder *f, struct single *s, struct folder_count *n)
{
    struct pack_file file = { file_beside(s->a, s->c, s->made->description.name, "-applyset"), { .a = s->a } };
    single_print_applyset(s, &file.bytes);
    return put(f->applyset_fd, s, s->c->o.applyset, &file, 0644, n);
}

void folder_write(const struct folder *f, struct single *s, struct folder_count *n)
{
    const char *name = s->made->description.name;
    if (name == NULL || *name == '.' || *name == '\0' || strchr(name, '/') != NULL)
        single_fail(s, EXIT_ENVIRONMENT, "%s: the cluster has no name that can be a file", s->path);
    else if (replaces_input(f, s))
        return;
    else if (f->secrets_fd >= 0 && !write_secrets(f, s, n))
        return;
    else if (f->applyset_fd >= 0 && !write_applyset(f, s, n))
        return;
    else if (folder_has_folders(s->c))
        write_files(f, s, n);
    else
        put(f->fd, s, f->path, &s->files.at[0], 0644, n);
    if (s->status == EXIT_DONE)
        tell_other_forms(f, s);
}
