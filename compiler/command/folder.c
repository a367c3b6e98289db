#include "command/folder.h"

#include "base/io.h"
#include "command/report.h"
#include "print/print.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

static const char *extension(const struct single *s)
{
    return s->c->o.to == TO_JSON ? ".json" : ".yaml";
}

static bool put(int dirfd, struct single *s, const char *below, const char *name, const struct text *t, unsigned mode,
                struct folder_count *n)
{
    const enum io_written w = io_replace(dirfd, name, t->len == 0 ? "" : t->p, t->len, mode);
    n->written += w == IO_WRITTEN;
    n->unchanged += w == IO_UNCHANGED;
    if (w == IO_FAILED)
        single_fail(s, EXIT_ENVIRONMENT, "cannot write '%s/%s': %s", below, name, io_reason(s->a, IO_CANNOT, 0));
    return w != IO_FAILED;
}

static void write_cluster(const struct folder *f, struct single *s, struct folder_count *n)
{
    struct text t = { .a = s->a };
    single_print(s, &t);
    put(f->fd, s, f->path, str_join(s->a, s->made->description.name, extension(s), NULL), &t, 0644, n);
}

/* A part of a file name: lower case, and nothing a shell or another file system would trip over. */
static void add_part(struct text *t, const char *s)
{
    for (; s != NULL && *s != '\0'; s++) {
        const char c = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;
        text_char(t, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ? c : '-');
    }
}

static const char *object_name(struct single *s, uint32_t i, int width)
{
    const struct val *o = &s->made->objects.seq[i], *meta = tree_get(o, "metadata");
    struct text t = { .a = s->a };
    text_f(&t, "%0*u-", width, i + 1);
    add_part(&t, tree_str(o, "kind"));
    text_char(&t, '-');
    add_part(&t, tree_str(meta, "name"));
    text_add(&t, extension(s));
    return text_str(&t);
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

static void print_object(const struct single *s, uint32_t i, struct text *t)
{
    if (s->c->o.to == TO_JSON)
        print_json(t, &s->made->objects.seq[i]);
    else
        print_yaml(t, &s->made->objects.seq[i]);
}

/* Everything is printed before the folder is opened: running out of memory must not leave a descriptor open. */
static void write_objects(const struct folder *f, struct single *s, struct folder_count *n)
{
    struct file_text { const char *name; struct text t; } *files;
    const uint32_t count = s->made->objects.len;
    const int width = snprintf(NULL, 0, "%u", count) < 3 ? 2 : snprintf(NULL, 0, "%u", count);
    const char *name = s->made->description.name, *below = str_join(s->a, f->path, "/", name, NULL);
    files = NEWS(s->a, struct file_text, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        files[i] = (struct file_text){ object_name(s, i, width), { .a = s->a } };
        print_object(s, i, &files[i].t);
    }
    const int fd = open_below(f, s, name);
    bool fine = fd >= 0;
    for (uint32_t i = 0; i < count && fine; i++)
        fine = put(fd, s, below, files[i].name, &files[i].t, 0644, n);
    if (fd >= 0)
        close(fd);
}

static bool write_secrets(const struct folder *f, struct single *s, struct folder_count *n)
{
    struct text t = { .a = s->a };
    single_print_secrets(s, &t);
    return put(f->secrets_fd, s, s->c->o.secrets, str_join(s->a, s->made->description.name, "-secrets", extension(s), NULL), &t,
               0600, n);
}

void folder_write(const struct folder *f, struct single *s, struct folder_count *n)
{
    const char *name = s->made->description.name;
    if (name == NULL || *name == '.' || *name == '\0' || strchr(name, '/') != NULL)
        single_fail(s, EXIT_ENVIRONMENT, "%s: the cluster has no name that can be a file", s->path);
    else if (f->secrets_fd >= 0 && !write_secrets(f, s, n))
        return;
    else if (s->c->o.per_file == PER_OBJECT)
        write_objects(f, s, n);
    else
        write_cluster(f, s, n);
}
