/* krm.c: gregor inside kpt and Kustomize. A ResourceList on standard input becomes the list with the objects of the cluster; a file
 * with the configuration alone, which is how Kustomize runs plugins of the old kind, becomes the objects. */
#include "base/io.h"
#include "command/report.h"
#include "pack/krm.h"

#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_LIST ((size_t)64 << 20) /* bytes of a ResourceList: a whole package */

/* The functionConfig is compiled as a description would be. Files that it names stand below the folder we run in. */
static bool compile(struct krm *k, struct compiled *made)
{
    if (!krm_describe(k))
        return false;
    const struct request r = { .path = "functionConfig", .value = k->text == NULL ? &k->description : NULL, .text = k->text,
                               .len = k->text_len, .sets = k->sets.at };
    return compile_file(k->cx, &r, STAGE_ALL, made) && krm_check(k, made);
}

static void tell(struct command *c, const struct ctx *cx, bool fine)
{
    struct report_log log = { .c = c };
    struct text t = { .a = c->a };
    uint64_t errors = 0;
    for (uint32_t i = 0; i < cx->diag_count; i++)
        errors += code_table[cx->diags[i]->code].error;
    report_findings(&log, cx, &t);
    report_open(&log);
    report_tell(&log, t.p, t.len);
    report_close(&log, fine);
    t.len = 0;
    report_summary(c, errors, cx->diag_count - errors, &t);
    report_bytes(t.p, t.len);
}

static bool accepted(const struct command *c, const struct krm *k, bool compiled)
{
    diag_sort(k->cx);
    return compiled && (c->o.warn != WARN_ERROR || k->cx->diag_count == 0);
}

/* The list leaves in any case, with what was found as its results; only one that could not be read cannot. */
static int run_list(struct command *c, struct krm *k)
{
    struct compiled *made = NEW(c->a, struct compiled);
    struct text out = { .a = c->a };
    const bool fine = accepted(c, k, krm_read_list(k) && compile(k, made));
    tell(c, k->cx, fine);
    if (k->items == NULL)
        return EXIT_FINDINGS;
    krm_print(k, fine ? made : NULL, &out);
    const int status = report_result(c, text_str(&out), out.len);
    return status != EXIT_DONE ? status : fine ? EXIT_DONE : EXIT_FINDINGS;
}

static int run_config(struct command *c, struct krm *k)
{
    struct compiled *made = NEW(c->a, struct compiled);
    struct text out = { .a = c->a };
    const bool fine = accepted(c, k, krm_read_config(k) && compile(k, made));
    tell(c, k->cx, fine);
    if (!fine)
        return EXIT_FINDINGS;
    pack_list(TO_YAML, &made->objects, &out);
    return report_result(c, text_str(&out), out.len);
}

static int run(struct command *c, const char *path, const char *text, size_t len)
{
    struct ctx *cx = NEW(c->a, struct ctx);
    struct krm *k = NEW(c->a, struct krm);
    cx->a = c->a;
    k->cx = cx;
    k->file = ctx_file(cx, path, text, len, "description");
    return strcmp(path, "<stdin>") == 0 ? run_list(c, k) : run_config(c, k);
}

int command_krm(struct command *c)
{
    const char *path = c->args.len == 0 ? "-" : c->args.at[0], *text = "";
    size_t len = 0;
    if (c->args.len > 1)
        return report_usage(c, NULL, "krm takes a ResourceList on standard input, or one file with a functionConfig");
    const enum io_result r = io_read(c->a, path, LARGEST_LIST, &text, &len);
    if (r != IO_OK)
        return report_failure(c, "cannot read '%s': %s", path, io_reason(c->a, r, LARGEST_LIST));
    return run(c, strcmp(path, "-") == 0 ? "<stdin>" : path, text, len);
}

/* Kustomize runs a program by its kind, kpt and others one whose name ends in -krm, and both may run gregor without arguments. */
bool krm_is_name(const char *program, bool *plugin)
{
    const char *slash = strrchr(program, '/'), *name = slash == NULL ? program : slash + 1;
    *plugin = strcmp(name, KRM_KIND) == 0;
    return *plugin || str_ends(name, "-krm");
}

bool krm_from_stdin(struct command *c, int *status)
{
    struct stat st;
    const char *text;
    size_t len;
    if (fstat(STDIN_FILENO, &st) != 0 || !(S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode) || S_ISSOCK(st.st_mode)))
        return false;
    if (io_read(c->a, "-", LARGEST_LIST, &text, &len) != IO_OK || !krm_is_list(text, len))
        return false;
    *status = run(c, "<stdin>", text, len);
    return true;
}
