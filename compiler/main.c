/* main.c: arguments in, exit status out. The verbs live in command/, the pipeline in compile.c. */
#include "command/report.h"
#include "source/source.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A descriptor that is closed at the start would be taken by the first file we open, and a result written into it. Here it
 * becomes one that refuses to be written to, which is then told like any other failed write. */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", O_RDONLY);
}

/* Kustomize runs a plugin by its kind, with a file as the only argument. */
static int run_named(struct command *c, char **argv, bool plugin)
{
    c->verb = verb_find("krm");
    for (char **arg = argv + 1; plugin && *arg != NULL; arg++)
        c->args.len++;
    c->args.at = (const char **)(argv + 1);
    return c->verb->run(c);
}

static int run(struct command *c, int argc, char **argv)
{
    struct text out = { .a = c->a };
    bool plugin = false;
    if (argc > 0 && krm_is_name(argv[0], &plugin))
        return run_named(c, argv, plugin);
    int status = options_parse(c, argc, argv);
    if (status != EXIT_DONE || (argc == 1 && krm_from_stdin(c, &status)))
        return status;
    if (c->o.version)
        return command_version(c);
    if (c->verb != NULL && !c->o.help)
        return c->verb->run(c);
    help_page(c->verb, &out);
    if (c->o.help)
        return report_result(c, text_str(&out), out.len);
    report_bytes(text_str(&out), out.len);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    jmp_buf out;
    struct arena a = { .out = &out };
    struct command c = { .a = &a };
    hold_standard_descriptors();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe and a file size limit are failed writes, told and counted as such */
    signal(SIGXFSZ, SIG_IGN);
    if (setjmp(out) != 0) {
        source_abandon();
        return report_no_memory();
    }
    const int status = run(&c, argc, argv);
    arena_free(&a);
    return status;
}
