#include "command/folder.h"

#include "base/io.h"
#include "command/report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

int folder_open(struct command *c, struct folder *f)
{
    f->path       = c->o.dir;
    f->secrets_fd = -1;
    f->fd         = io_open_dir(f->path);
    int status = opened(c, f->path, f->fd);
    if (status == EXIT_DONE && c->o.secrets != NULL)
        status = open_secrets(c, f);
    if (status != EXIT_DONE)
        folder_close(f);
    return status;
}

void folder_close(struct folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->secrets_fd >= 0)
        close(f->secrets_fd);
    f->fd = f->secrets_fd = -1;
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

static int open_below(const struct folder *f, struct single *s, const char *name)
{
    if (mkdirat(f->fd, name, 0777) == 0 || errno == EEXIST) {
        const int fd = openat(f->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0)
            return fd;
    }
    single_fail(s, EXIT_ENVIRONMENT, "cannot open the folder '%s/%s': %s", f->path, name, io_reason(s->a, IO_CANNOT, 0));
    return -1;
}

static void write_files(const struct folder *f, struct single *s, struct folder_count *n)
{
    const char *name = s->made->description.name, *below = str_join(s->a, f->path, "/", name, NULL);
    const int fd = open_below(f, s, name);
    bool fine = fd >= 0;
    for (uint32_t i = 0; i < s->files.len && fine; i++)
        fine = put(fd, s, below, &s->files.at[i], 0644, n);
    if (fd >= 0)
        close(fd);
}

static bool write_secrets(const struct folder *f, struct single *s, struct folder_count *n)
{
    const char *extension = pack_forms[s->c->o.to].extension;
    struct pack_file file = { str_join(s->a, s->made->description.name, "-secrets", extension, NULL), { .a = s->a } };
    single_print_secrets(s, &file.bytes);
    return put(f->secrets_fd, s, s->c->o.secrets, &file, 0600, n);
}

void folder_write(const struct folder *f, struct single *s, struct folder_count *n)
{
    const char *name = s->made->description.name;
    if (name == NULL || *name == '.' || *name == '\0' || strchr(name, '/') != NULL)
        single_fail(s, EXIT_ENVIRONMENT, "%s: the cluster has no name that can be a file", s->path);
    else if (f->secrets_fd >= 0 && !write_secrets(f, s, n))
        return;
    else if (s->c->o.per_file == PER_OBJECT)
        write_files(f, s, n);
    else
        put(f->fd, s, f->path, &s->files.at[0], 0644, n);
}
