#include "base/io.h"
#include "cluster/cluster.h"
#include "cluster/secret_file.h"
#include "command/single.h"

#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

#define PASSWORD_LENGTH 32 /* of 62 characters: 190 bits */
#define SALT_LENGTH     43 /* 256 bits */

struct users {
    struct command *c;
    struct command  plan;   /* the same, to compile as far as the description */
    struct single   s;
    const char     *path;   /* of the folder */
    int             fd;
    bool            fresh;  /* the folder was not there before */
    struct text     made;
    uint64_t        made_count, kept;
};

/* ---- what is in the files ----------------------------------------------------------------------------------------- */

/* From the kernel; a byte beyond the last whole multiple of 62 is thrown away, so that all characters are equally likely. */
static bool make_password(char *out, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char bytes[64];
    for (size_t n = 0; n < len;) {
        if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
            return false;
        for (size_t i = 0; i < sizeof bytes && n < len; i++)
            if (bytes[i] < 4 * 62)
                out[n++] = letters[bytes[i] % 62];
    }
    explicit_bzero(bytes, sizeof bytes);
    return true;
}

/* Without a line end, which would be part of the password for most that read it. */
static int make_file(struct users *u, const char *name, size_t len)
{
    char password[64];
    if (!make_password(password, len))
        return report_failure(u->c, "the system gives no random bytes: %s", io_reason(u->c->a, IO_CANNOT, 0));
    const enum io_written w = io_create(u->fd, name, password, len, 0600);
    const char *reason = w == IO_FAILED ? io_reason(u->c->a, IO_CANNOT, 0) : NULL;
    explicit_bzero(password, sizeof password);
    if (w == IO_FAILED)
        return report_failure(u->c, "cannot write '%s/%s': %s", u->path, name, reason);
    u->made_count += w == IO_WRITTEN;
    u->kept += w == IO_UNCHANGED;
    if (w == IO_WRITTEN)
        text_join(&u->made, u->path, "/", name, "\n", NULL);
    return EXIT_DONE;
}

/* Passwords stay out of version control, as keys do (pki/store.c); who encrypts them there changes the file, which then stays. In a
 * folder of somebody else, such as that of the description, it would hide other files as well. */
static int make_ignored(struct users *u)
{
    if (!u->fresh)
        return EXIT_DONE;
    const enum io_written w = io_create(u->fd, ".gitignore", "*\n", 2, 0644);
    if (w == IO_FAILED)
        return report_failure(u->c, "cannot write '%s/.gitignore': %s", u->path, io_reason(u->c->a, IO_CANNOT, 0));
    u->made_count += w == IO_WRITTEN;
    if (w == IO_WRITTEN)
        text_join(&u->made, u->path, "/.gitignore\n", NULL);
    return EXIT_DONE;
}

/* ---- which files -------------------------------------------------------------------------------------------------- */

/* Users may share a file; it is made once and found the second time. */
static int make_files(struct users *u)
{
    const struct description *d = &u->s.made->description;
    int status = make_ignored(u);
    bool scram = false;
    for (uint32_t i = 0; i < d->user_count && status == EXIT_DONE; i++) {
        if (!secret_file_of(&d->users[i]))
            continue;
        scram |= secret_file_salted(d, &d->users[i]);
        status = make_file(u, d->users[i].password.file, PASSWORD_LENGTH);
    }
    return status == EXIT_DONE && scram ? make_file(u, SALT_FILE, SALT_LENGTH) : status;
}

static bool any_file(const struct description *d)
{
    bool any = false;
    for (uint32_t i = 0; i < d->user_count; i++)
        any |= secret_file_of(&d->users[i]);
    return any;
}

static const char *folder_path(const struct users *u)
{
    const char *beside = u->s.cx->folder, *folder = u->s.made->description.secrets_folder;
    if (u->c->o.dir != NULL)
        return u->c->o.dir;
    return strcmp(beside, ".") == 0 ? folder : str_join(u->c->a, beside, "/", folder, NULL);
}

static int open_folder(struct users *u)
{
    u->path  = folder_path(u);
    u->fresh = access(u->path, F_OK) != 0;
    u->fd    = io_open_private_dir(u->path);
    if (u->fd < 0 && errno == ELOOP)
        return report_failure(u->c, "'%s' is a link; name the folder itself", u->path);
    return u->fd >= 0 ? EXIT_DONE
         : report_failure(u->c, "cannot open the folder '%s': %s", u->path, io_reason(u->c->a, IO_CANNOT, 0));
}

/* ---- the verb ----------------------------------------------------------------------------------------------------- */

static int compile(struct users *u)
{
    struct report_log log = { .c = u->c };
    u->plan        = *u->c;
    u->plan.o.dump = DUMP_DESCRIPTION;
    u->s = (struct single){ .c = &u->plan, .log = &log, .a = u->c->a, .path = u->c->args.at[0] };
    single_compile(&u->s);
    report_open(&log);
    report_tell(&log, u->s.findings.p, u->s.findings.len);
    report_close(&log, u->s.status == EXIT_DONE);
    return u->s.status;
}

static void tell(struct users *u)
{
    struct text t = { .a = u->c->a };
    if (u->c->o.quiet || u->c->o.diagnostics != DIAG_TEXT)
        return;
    report_count(&t, u->made_count, "file");
    text_f(&t, " made, %llu kept\n", (unsigned long long)u->kept);
    report_bytes(t.p, t.len);
}

/* What was made is told also when something failed later. */
static int work(struct users *u)
{
    const int status = make_files(u);
    const int told = report_result(u->c, text_str(&u->made), u->made.len);
    close(u->fd);
    tell(u);
    return status != EXIT_DONE ? status : told;
}

int command_users(struct command *c)
{
    struct users *u = NEW(c->a, struct users);
    *u = (struct users){ .c = c, .fd = -1, .made = { .a = c->a } };
    if (c->args.len != 1)
        return report_usage(c, NULL, "users needs one description; - is standard input");
    report_private(c);
    int status = compile(u);
    if (status == EXIT_DONE && !any_file(&u->s.made->description)) {
        report_failure(c, "'%s' has no user whose password is a file; write password: {file: ...}", c->args.at[0]);
        return EXIT_FINDINGS;
    }
    if (status == EXIT_DONE)
        status = open_folder(u);
    return status == EXIT_DONE ? work(u) : status;
}
