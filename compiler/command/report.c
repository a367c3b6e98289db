#include "command/report.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void report_bytes(const char *bytes, size_t len)
{
    (void)io_write_all(STDERR_FILENO, bytes, len);
}

int report_no_memory(void)
{
    static const char message[] = "gregor: out of memory\n";
    report_bytes(message, sizeof message - 1);
    return EXIT_ENVIRONMENT;
}

/* File names and arguments come from anywhere: none of their bytes may drive a terminal. */
static void add_visible(struct text *out, const char *s)
{
    for (; *s != '\0'; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c < 0x20 || c == 0x7f)
            text_f(out, "\\x%02x", c);
        else
            text_char(out, *s);
    }
}

static void start_line(struct text *out, const char *fmt, va_list ap)
{
    text_add(out, "gregor: ");
    add_visible(out, arena_vprintf(out->a, fmt, ap));
    text_char(out, '\n');
}

int report_usage(struct command *c, const char *nearest, const char *fmt, ...)
{
    struct text out = { .a = c->a };
    va_list ap;
    va_start(ap, fmt);
    start_line(&out, fmt, ap);
    va_end(ap);
    if (nearest != NULL)
        text_join(&out, "  hint: did you mean '", nearest, "'?\n", NULL);
    if (c->verb != NULL)
        text_join(&out, "  usage: gregor ", c->verb->name, " ", c->verb->args, "; see 'gregor help ", c->verb->name,
                  "'\n", NULL);
    else
        text_add(&out, "  usage: gregor VERB [options] FILE...; see 'gregor help'\n");
    report_bytes(out.p, out.len);
    return EXIT_USAGE;
}

int report_failure(struct command *c, const char *fmt, ...)
{
    struct text out = { .a = c->a };
    va_list ap;
    va_start(ap, fmt);
    start_line(&out, fmt, ap);
    va_end(ap);
    report_bytes(out.p, out.len);
    return EXIT_ENVIRONMENT;
}

/* ---- results ------------------------------------------------------------------------------------------------ */

static int to_descriptor(struct command *c, int fd, const char *name, const char *bytes, size_t len)
{
    if (io_write_all(fd, bytes, len))
        return EXIT_DONE;
    return report_failure(c, "cannot write to %s: %s", name, io_reason(c->a, IO_CANNOT, 0));
}

/* A pipe or a device (/dev/stdout, a FIFO of the shell) is written to; only regular files are replaced. */
static int to_device(struct command *c, const char *path, const char *bytes, size_t len)
{
    const int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return report_failure(c, "cannot open '%s': %s", path, io_reason(c->a, IO_CANNOT, 0));
    const int status = to_descriptor(c, fd, path, bytes, len);
    if (close(fd) != 0 && status == EXIT_DONE)
        return report_failure(c, "cannot write to %s: %s", path, io_reason(c->a, IO_CANNOT, 0));
    return status;
}

static int to_regular(struct command *c, const char *path, const char *bytes, size_t len, unsigned mode)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    const char *dir = slash == NULL ? "." : slash == path ? "/" : arena_dup(c->a, path, (size_t)(slash - path));
    const int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd < 0)
        return report_failure(c, "cannot open the folder '%s': %s", dir, io_reason(c->a, IO_CANNOT, 0));
    const enum io_written w = io_replace(dirfd, name, bytes, len, mode);
    const char *reason = w == IO_FAILED ? io_reason(c->a, IO_CANNOT, 0) : NULL;
    close(dirfd);
    return w != IO_FAILED ? EXIT_DONE : report_failure(c, "cannot write '%s': %s", path, reason);
}

int report_file(struct command *c, const char *path, const char *bytes, size_t len)
{
    struct stat st;
    if (stat(path, &st) == 0 && (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode)))
        return to_device(c, path, bytes, len);
    return to_regular(c, path, bytes, len, 0644);
}

int report_result(struct command *c, const char *bytes, size_t len)
{
    const char *path = c->o.output;
    if (path == NULL || strcmp(path, "-") == 0)
        return to_descriptor(c, STDOUT_FILENO, "standard output", bytes, len);
    return report_file(c, path, bytes, len);
}

void report_private(struct command *c)
{
    const struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    c->a->wipe = true;
}

/* Standard output and error are for everybody's eyes, under any name: /dev/stdout, /proc/self/fd/2. */
static bool is_standard(const struct stat *st)
{
    struct stat standard;
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
        if (fstat(fd, &standard) == 0 && standard.st_dev == st->st_dev && standard.st_ino == st->st_ino)
            return true;
    return false;
}

int report_secrets(struct command *c, const char *bytes, size_t len)
{
    struct stat st;
    const char *path = c->o.secrets;
    const bool there = stat(path, &st) == 0;
    if (there && is_standard(&st))
        return report_failure(c, "'--secrets' leads to standard output or error; it needs a file of its own");
    if (there && S_ISFIFO(st.st_mode))
        return to_device(c, path, bytes, len);
    return to_regular(c, path, bytes, len, 0600);
}

/* ---- findings ----------------------------------------------------------------------------------------------- */

static bool wants_color(const struct command *c)
{
    if (c->o.color != COLOR_AUTO)
        return c->o.color == COLOR_ALWAYS;
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return (no == NULL || *no == '\0') && !str_eq(term, "dumb") && isatty(STDERR_FILENO);
}

void report_open(const struct report_log *log)
{
    struct text t = { .a = log->c->a };
    if (log->c->o.diagnostics == DIAG_SARIF)
        diag_sarif_open(&t);
    report_bytes(t.p, t.len);
}

/* A result brings the comma in front of it: the first has none. */
void report_tell(struct report_log *log, const char *rendered, size_t len)
{
    const size_t comma = log->c->o.diagnostics == DIAG_SARIF && !log->told && len > 0;
    report_bytes(rendered + comma, len - comma);
    log->told |= len > 0;
}

void report_close(const struct report_log *log, bool fine)
{
    bool used[CODES];
    struct text t = { .a = log->c->a };
    if (log->c->o.diagnostics != DIAG_SARIF)
        return;
    for (size_t i = 0; i < CODES; i++)
        used[i] = atomic_load(&log->used[i]);
    diag_sarif_close(used, GREGOR_VERSION, fine, &t);
    report_bytes(t.p, t.len);
}

static void render(const struct command *c, const struct ctx *cx, const struct diag *d, bool color, struct text *out)
{
    switch (c->o.diagnostics) {
    case DIAG_JSON:   diag_json(cx, d, out); break;
    case DIAG_SARIF:  diag_sarif(cx, d, out); break;
    case DIAG_GITHUB: diag_github(cx, d, out); break;
    default:          diag_text(cx, d, color, out);
    }
}

void report_findings(struct report_log *log, const struct ctx *cx, struct text *out)
{
    const struct command *c = log->c;
    if (cx->diag_count == 0)
        return;
    const bool color = c->o.diagnostics == DIAG_TEXT && wants_color(c);
    for (uint32_t i = 0; i < cx->diag_count; i++) {
        const struct diag *d = cx->diags[i];
        if (c->o.quiet && c->o.warn != WARN_ERROR && !code_table[d->code].error)
            continue;
        atomic_store(&log->used[d->code], true);
        render(c, cx, d, color, out);
    }
}

static void problem_text(const char *message, struct text *out)
{
    text_add(out, "gregor: ");
    add_visible(out, message);
    text_char(out, '\n');
}

static void problem_json(const char *message, struct text *out)
{
    text_add(out, "{\"schema\":1,\"level\":\"error\",\"message\":");
    diag_json_string(out, message);
    text_add(out, ",\"code\":null,\"spans\":[],\"children\":[],\"rendered\":");
    diag_json_string(out, message);
    text_add(out, "}\n");
}

void report_problem(const struct command *c, const char *message, struct text *out)
{
    switch (c->o.diagnostics) {
    case DIAG_JSON:   problem_json(message, out); break;
    case DIAG_SARIF:  diag_sarif_problem(message, out); break;
    case DIAG_GITHUB: diag_github_problem(message, out); break;
    default:          problem_text(message, out);
    }
}

void report_count(struct text *out, uint64_t n, const char *what)
{
    text_int(out, (int64_t)n);
    text_join(out, " ", what, n == 1 ? "" : "s", NULL);
}

void report_summary(const struct command *c, uint64_t errors, uint64_t warnings, struct text *out)
{
    if (c->o.quiet || c->o.diagnostics != DIAG_TEXT || errors + warnings == 0)
        return;
    if (errors > 0)
        report_count(out, errors, "error");
    if (errors > 0 && warnings > 0)
        text_add(out, ", ");
    if (warnings > 0)
        report_count(out, warnings, "warning");
    text_char(out, '\n');
}
