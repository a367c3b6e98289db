/* golden [--gate] [--update] DIR...: a folder is a case (tests/README.md).
 *
 * The runner that checks is the runner that updates. A case holds input.yaml and what it must become: expect.yaml (the
 * manifests; expect.files: a chart, or a template), expect.diag (what `gregor build input.yaml` writes to standard error there), or both
 * for a warning; `args` adds words to the command line; with --secrets among them the Secrets become expect-secrets.yaml (no file of that
 * option is written, and the folders `secrets`, `private` and `pki` of the case are made private, which git cannot keep); with --applyset the
 * parent becomes expect-applyset.yaml. Every preset is a case too: golden/preset-<name> holds what presets/<name>.yaml becomes.
 * Each case is compiled twice (same bytes), its YAML is read back (same tree), its JSON is read back (same objects).
 * --gate also asks for as many cases as the project promises. Everything runs in this process: a case takes a millisecond. */
#include "command/report.h"
#include "command/single.h"
#include "print/print.h"
#include "readback.h"
#include "source/source.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPILING_AT_LEAST 40
#define REJECTED_AT_LEAST  120
#define MOST_WORDS         64
#define MOST_LINES         6   /* of a difference that are shown */

static struct runner {
    struct arena *keep, *first, *second; /* for the whole run; for the two compilations of a case */
    int           home;                  /* the directory we were started in */
    bool          update;
    unsigned      passed, failed, compiling, rejected;
} run;

struct golden_case {
    const char *name;   /* golden/single_broker */
    const char *dir;    /* where it is compiled, and where the file names of `args` lead */
    const char *input;  /* below `dir` */
    bool        failed;
};

/* What one compilation left: both texts are as the command would print them. */
struct result {
    struct single s;
    struct text   yaml, secrets, applyset, diag;
};

static void fail(struct golden_case *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct golden_case *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("FAIL %s: ", c->name);
    vprintf(fmt, ap);
    putchar('\n');
    va_end(ap);
    c->failed = true;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

/* Returns the text of a file below the directory we were started in, or NULL. */
static const char *read_file(const char *path, size_t *len)
{
    struct text t = { .a = run.keep };
    const int fd = openat(run.home, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    for (ssize_t n; (n = read(fd, text_room(&t, 65536), 65536)) > 0;)
        t.len += (size_t)n;
    close(fd);
    *len = t.len;
    return text_str(&t);
}

static const char *path_of(const struct golden_case *c, const char *file)
{
    return str_join(run.keep, c->name, "/", file, NULL);
}

static bool exists(const char *path)
{
    return faccessat(run.home, path, F_OK, 0) == 0;
}

static void write_file(struct golden_case *c, const char *file, const struct text *t)
{
    const char *path = path_of(c, file);
    size_t len = 0;
    const char *old = read_file(path, &len);
    if (t->len == 0) {
        if (old != NULL && unlinkat(run.home, path, 0) == 0)
            printf("removed %s\n", path);
        return;
    }
    if (old != NULL && len == t->len && memcmp(old, t->p, len) == 0)
        return;
    const int fd = openat(run.home, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, t->p, t->len) != (ssize_t)t->len)
        fail(c, "cannot write %s", path);
    else
        printf("wrote %s\n", path);
    if (fd >= 0)
        close(fd);
}

/* ---- compiling -------------------------------------------------------------------------------------------------- */

/* Takes the next word of `args`: blanks part words, single quotes hold them together, as in a shell. */
static const char *next_word(struct arena *a, const char **at)
{
    struct text t = { .a = a };
    bool quoted = false;
    while (**at != '\0' && strchr(" \t\n", **at) != NULL)
        ++*at;
    if (**at == '\0')
        return NULL;
    for (; **at != '\0' && (quoted || strchr(" \t\n", **at) == NULL); ++*at)
        if (**at == '\'')
            quoted = !quoted;
        else
            text_char(&t, **at);
    return text_str(&t);
}

/* Makes the command line `gregor build ARGS... input.yaml`. */
static bool command_line(const struct golden_case *c, struct command *out)
{
    char  *argv[MOST_WORDS + 4];
    int    argc = 0;
    size_t len;
    const char *words = read_file(path_of(c, "args"), &len), *word;
    static char name[] = "gregor", verb[] = "build";
    argv[argc++] = name;
    argv[argc++] = verb;
    while (words != NULL && argc < MOST_WORDS && (word = next_word(run.keep, &words)) != NULL)
        argv[argc++] = arena_dup(run.keep, word, strlen(word));
    argv[argc++] = arena_dup(run.keep, c->input, strlen(c->input));
    argv[argc]   = NULL;
    *out = (struct command){ .a = run.keep };
    if (options_parse(out, argc, argv) != EXIT_DONE)
        return false;
    out->o.color = COLOR_NEVER;
    return true;
}

/* Does the case expect files, each below its path? Those of a chart, a base, of single objects. */
static bool makes_files(const struct command *c)
{
    return c->o.dump == DUMP_NONE && (pack_forms[c->o.to].shape == PACK_FOLDER || c->o.per_file == PER_OBJECT);
}

/* Manifests, or files of another form. */
static void print_result(const struct command *c, struct result *r)
{
    if (!makes_files(c)) {
        single_print(&r->s, &r->yaml);
        return;
    }
    for (uint32_t i = 0; i < r->s.files.len; i++) {
        text_join(&r->yaml, "==> ", r->s.files.at[i].path, "\n", NULL);
        text_bytes(&r->yaml, r->s.files.at[i].bytes.p, r->s.files.at[i].bytes.len);
    }
}

static void compile(const struct command *c, struct arena *a, struct result *r)
{
    struct report_log log = { .c = c };
    *r = (struct result){ .s = { .c = c, .log = &log, .a = a, .path = c->args.at[0], .pack = true }, .yaml = { .a = a },
                          .secrets = { .a = a }, .applyset = { .a = a }, .diag = { .a = a } };
    single_compile(&r->s);
    text_bytes(&r->diag, r->s.findings.p, r->s.findings.len);
    report_summary(c, r->s.errors, r->s.warnings, &r->diag);
    if (r->s.status == EXIT_DONE) {
        print_result(c, r);
        single_print_secrets(&r->s, &r->secrets);
        single_print_applyset(&r->s, &r->applyset);
    }
    r->s.log = NULL;
}

/* ---- what must hold for any case -------------------------------------------------------------------------------- */

static bool same_text(const struct text *a, const struct text *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

static void check_reads_back(struct golden_case *c, const struct result *r, const struct text *yaml, const struct val *objects)
{
    struct val read;
    const char *problem = readback_read(r->s.a, yaml->p, yaml->len, false, &read);
    if (problem != NULL)
        fail(c, "the YAML does not read back: %s", problem);
    else if (!tree_same(&read, objects))
        fail(c, "the YAML reads back as other objects");
}

/* JSON is YAML to this reader: quoted strings stay strings, and integers stay exact. */
static void check_json(struct golden_case *c, const struct result *r)
{
    struct text json = { .a = r->s.a };
    struct val read;
    print_json_list(&json, r->s.made->objects.seq, r->s.made->objects.len);
    const char *problem = readback_read(r->s.a, json.p, json.len, true, &read);
    if (problem != NULL) {
        fail(c, "the JSON does not read back: %s", problem);
        return;
    }
    const struct val *items = read.len == 1 ? tree_get(&read.seq[0], "items") : NULL;
    if (items == NULL || !tree_same(items, &r->s.made->objects))
        fail(c, "the JSON reads back as other objects");
}

/* Cases with bytes that are no UTF-8 begin with a comment as well, behind their byte order mark. */
static const char *behind_mark(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end && strchr("\xEF\xBB\xBF\xFE\xFF", *text) != NULL) /* its NUL is found too: UTF-16 */
        text++;
    return text;
}

static void check_comment(struct golden_case *c)
{
    size_t len;
    const char *text = read_file(str_join(run.keep, c->dir, "/", c->input, NULL), &len);
    if (text == NULL)
        fail(c, "cannot read %s", c->input);
    else if (*behind_mark(text, len) != '#')
        fail(c, "the first line of %s must be a comment that says what the case shows", c->input);
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

static const char *line_end(const char *s, const char *end)
{
    const char *nl = memchr(s, '\n', (size_t)(end - s));
    return nl == NULL ? end : nl + 1;
}

static void show_lines(char sign, const char *s, const char *end, int most)
{
    for (; s < end && most > 0; most--) {
        const char *next = line_end(s, end);
        printf("  %c %.*s\n", sign, (int)(next - s - (next > s && next[-1] == '\n')), s);
        s = next;
    }
}

/* Shows where two texts part, from the first line that differs. */
static void show_difference(const char *want, size_t want_len, const struct text *got)
{
    const char *w = want, *w_end = want + want_len, *g = got->len == 0 ? "" : got->p, *g_end = g + got->len;
    int line = 1;
    for (; w < w_end && g < g_end; line++) {
        const char *wn = line_end(w, w_end), *gn = line_end(g, g_end);
        if (wn - w != gn - g || memcmp(w, g, (size_t)(wn - w)) != 0)
            break;
        w = wn;
        g = gn;
    }
    printf("  @@ line %d: - expected, + now\n", line);
    show_lines('-', w, w_end, MOST_LINES / 2);
    show_lines('+', g, g_end, MOST_LINES / 2);
}

static void compare(struct golden_case *c, const char *file, const struct text *got)
{
    size_t len = 0;
    const char *want = read_file(path_of(c, file), &len);
    if (want == NULL && got->len == 0)
        return;
    if (want == NULL) {
        fail(c, "%s is missing", file);
        show_difference("", 0, got);
    } else if (len != got->len || memcmp(want, got->p, len) != 0) {
        fail(c, got->len == 0 ? "%s is there, but nothing was written" : "differs from %s", file);
        show_difference(want, len, got);
    }
}

/* ---- one case --------------------------------------------------------------------------------------------------- */

static const char *expected_file(const struct command *c)
{
    if (pack_forms[c->o.to].object == NULL || makes_files(c))
        return "expect.files";
    return c->o.to == TO_JSON ? "expect.json" : "expect.yaml";
}

static void settle(struct golden_case *c, const struct command *line, const struct result *r)
{
    const char *name = expected_file(line);
    if (run.update && !c->failed) {
        write_file(c, name, &r->yaml);
        write_file(c, "expect-secrets.yaml", &r->secrets);
        write_file(c, "expect-applyset.yaml", &r->applyset);
        write_file(c, "expect.diag", &r->diag);
    } else if (!run.update) {
        compare(c, name, &r->yaml);
        compare(c, "expect-secrets.yaml", &r->secrets);
        compare(c, "expect-applyset.yaml", &r->applyset);
        compare(c, "expect.diag", &r->diag);
    }
}

static void check(struct golden_case *c, const struct command *line)
{
    struct result first, second;
    compile(line, run.first, &first);
    compile(line, run.second, &second);
    if (!same_text(&first.yaml, &second.yaml) || !same_text(&first.secrets, &second.secrets)
        || !same_text(&first.applyset, &second.applyset) || !same_text(&first.diag, &second.diag))
        fail(c, "two compilations differ");
    if (first.yaml.len == 0 && first.diag.len == 0)
        fail(c, "neither manifests nor findings");
    if (first.s.status == EXIT_DONE && line->o.to == TO_YAML && line->o.dump == DUMP_NONE && !makes_files(line)) {
        check_reads_back(c, &first, &first.yaml, &first.s.made->objects);
        if (first.secrets.len > 0)
            check_reads_back(c, &first, &first.secrets, &first.s.made->secrets);
        if (first.applyset.len > 0)
            check_reads_back(c, &first, &first.applyset, &first.s.made->applyset);
        check_json(c, &first);
    }
    if (first.s.status == EXIT_DONE && str_starts(strrchr(c->name, '/') + 1, "err-"))
        fail(c, "is called err-, but compiles");
    settle(c, line, &first);
    run.compiling += first.s.status == EXIT_DONE;
    run.rejected  += first.s.status != EXIT_DONE;
}

/* In the folder of the case. What is not there needs nothing. */
static void make_private(const char *folder)
{
    DIR *d = opendir(folder);
    for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        if (e->d_type == DT_REG)
            fchmodat(dirfd(d), e->d_name, 0600, 0);
    if (d != NULL)
        closedir(d);
}

static void make_all_private(void)
{
    make_private("secrets");
    make_private("private");
    make_private("pki");
}

static void run_case(struct golden_case c)
{
    struct command line;
    arena_reset(run.first);
    arena_reset(run.second);
    check_comment(&c);
    if (!command_line(&c, &line))
        fail(&c, "bad words in args");
    else if (fchdir(run.home) != 0 || chdir(c.dir) != 0)
        fail(&c, "cannot enter %s", c.dir);
    else {
        if (line.o.secrets != NULL)
            make_all_private();
        check(&c, &line);
    }
    if (fchdir(run.home) != 0)
        exit(EXIT_ENVIRONMENT);
    run.failed += c.failed;
    run.passed += !c.failed;
}

/* ---- which cases ------------------------------------------------------------------------------------------------ */

static int visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

/* The folder of a preset's expectations is made by --update. */
static void run_preset(const char *name)
{
    const char *folder = str_join(run.keep, "golden/preset-", name, NULL);
    if (run.update && !exists(folder))
        mkdirat(run.home, folder, 0755);
    run_case((struct golden_case){ .name = folder, .dir = "presets", .input = str_join(run.keep, name, ".yaml", NULL) });
}

static void run_argument(const char *path);

static void run_entry(const char *dir, const char *name)
{
    const char *path = str_join(run.keep, dir, "/", name, NULL);
    struct stat st;
    if (strcmp(dir, "presets") == 0 && str_ends(name, ".yaml"))
        run_preset(arena_dup(run.keep, name, strlen(name) - strlen(".yaml")));
    else if (str_starts(name, "preset-"))
        return; /* runs with presets/ */
    else if (fstatat(run.home, path, &st, 0) == 0 && S_ISDIR(st.st_mode))
        run_argument(path);
}

static void run_folder(const char *dir)
{
    struct dirent **entries;
    const int n = scandir(dir, &entries, visible, alphasort);
    struct golden_case none = { .name = dir };
    if (n <= 0)
        fail(&none, "there is no case here");
    run.failed += none.failed;
    for (int i = 0; i < n; i++) {
        run_entry(dir, entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static void run_argument(const char *path)
{
    if (exists(str_join(run.keep, path, "/input.yaml", NULL)))
        run_case((struct golden_case){ .name = path, .dir = path, .input = "input.yaml" });
    else if (str_starts(path, "golden/preset-"))
        run_preset(path + strlen("golden/preset-"));
    else
        run_folder(path);
}

static void check_gate(void)
{
    struct golden_case gate = { .name = "golden" };
    if (run.compiling < COMPILING_AT_LEAST || run.rejected < REJECTED_AT_LEAST)
        fail(&gate, "%u cases compile and %u are rejected, but %d and %d are due", run.compiling, run.rejected,
             COMPILING_AT_LEAST, REJECTED_AT_LEAST);
    run.failed += gate.failed;
}

static int run_all(char **argv)
{
    bool gate = false;
    run.home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (argv++; *argv != NULL; argv++)
        if (strcmp(*argv, "--update") == 0)
            run.update = true;
        else if (strcmp(*argv, "--gate") == 0)
            gate = true;
        else
            run_argument(*argv);
    if (gate)
        check_gate();
    printf("golden: %u cases compile, %u are rejected\n%u passed, %u failed\n", run.compiling, run.rejected, run.passed,
           run.failed);
    close(run.home);
    return run.failed > 0 || run.passed == 0;
}

int main(int argc, char **argv)
{
    jmp_buf out;
    struct arena keep = { .out = &out }, first = { .out = &out, .limit = SINGLE_MEMORY }, second = first;
    if (argc < 2) {
        fputs("usage: golden [--gate] [--update] DIR...\n", stderr);
        return EXIT_USAGE;
    }
    if (setjmp(out) != 0) {
        source_abandon();
        return report_no_memory();
    }
    run.keep   = &keep;
    run.first  = &first;
    run.second = &second;
    const int status = run_all(argv);
    arena_free(&keep);
    arena_free(&first);
    arena_free(&second);
    return status;
}
