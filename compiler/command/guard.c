#include "command/guard.h"

#include "base/io.h"
#include "command/report.h"

#include <fcntl.h>
#include <sys/stat.h>

static bool same(const struct stat *x, const struct stat *y)
{
    return x->st_dev == y->st_dev && x->st_ino == y->st_ino;
}

/* ---- files of the command line ------------------------------------------------------------------------------------ */

/* Devices and pipes are read and written side by side. */
static const char *found_in(struct strs inputs, const struct stat *output)
{
    struct stat st;
    for (uint32_t i = 0; i < inputs.len; i++)
        if (stat(inputs.at[i], &st) == 0 && S_ISREG(st.st_mode) && same(&st, output))
            return inputs.at[i];
    return NULL;
}

static int check(struct command *c, const char *option, const char *output)
{
    const struct strs lists[] = { c->args, c->o.overlays, c->o.hooks };
    struct stat st;
    const char *input = NULL;
    if (output == NULL || stat(output, &st) != 0)
        return EXIT_DONE;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && input == NULL; i++)
        input = found_in(lists[i], &st);
    return input == NULL ? EXIT_DONE : report_usage(c, NULL, "'%s' would replace '%s', which is read; name another file", option, input);
}

int guard_outputs(struct command *c)
{
    int status = check(c, "--output", c->o.output);
    if (status == EXIT_DONE && c->o.dir == NULL)
        status = check(c, "--secrets", c->o.secrets);
    if (status == EXIT_DONE && c->o.dir == NULL)
        status = check(c, "--applyset", c->o.applyset);
    return status == EXIT_DONE ? check(c, "--depfile", c->o.depfile) : status;
}

const char *guard_replaced(const struct ctx *cx, const char *output)
{
    struct stat st;
    return output == NULL || stat(output, &st) != 0 ? NULL : found_in((struct strs){ cx->inputs, cx->input_count }, &st);
}

/* ---- files of a folder -------------------------------------------------------------------------------------------- */

/* Files of a fleet mostly lie side by side: a folder is looked at once. */
static bool lies_in(struct arena *a, const struct stat *dir, const char *path, const char **folder, bool *answer)
{
    struct stat st;
    const char *of = io_folder_of(a, path);
    if (*folder == NULL || strcmp(*folder, of) != 0) {
        *folder = of;
        *answer = stat(of, &st) == 0 && same(&st, dir);
    }
    return *answer;
}

struct strs guard_names(struct command *c, int dirfd)
{
    const struct strs lists[] = { c->args, c->o.overlays, c->o.hooks };
    struct strs out = { NEWS(c->a, const char *, c->args.len + c->o.overlays.len + c->o.hooks.len + 1), 0 };
    const char *folder = NULL;
    struct stat dir;
    bool answer = false;
    if (fstat(dirfd, &dir) != 0)
        return out;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (uint32_t k = 0; k < lists[i].len; k++) {
            const char *path = lists[i].at[k], *slash = strrchr(path, '/');
            if (lies_in(c->a, &dir, path, &folder, &answer))
                out.at[out.len++] = slash == NULL ? path : slash + 1;
        }
    return out;
}

bool guard_is_input(int dirfd, struct strs names, const char *name, const struct ctx *cx)
{
    struct stat st;
    if (fstatat(dirfd, name, &st, 0) != 0)
        return false;
    for (uint32_t i = 0; i < names.len; i++)
        if (strcmp(names.at[i], name) == 0)
            return true;
    return found_in((struct strs){ cx->inputs, cx->input_count }, &st) != NULL;
}
