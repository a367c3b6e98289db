#include "command/against.h"
#include "command/depfile.h"
#include "command/guard.h"
#include "command/report.h"

static int check_secrets(struct command *c)
{
    const struct options *o = &c->o;
    if (strcmp(o->secrets, "-") == 0)
        return report_usage(c, NULL, "'--secrets' needs a file of its own: standard output is for everybody's eyes");
    if (str_eq(o->secrets, o->output))
        return report_usage(c, NULL, "'--secrets' and '--output' need two files");
    if (o->dump != DUMP_NONE)
        return report_usage(c, NULL, "'--dump' shows no Secrets; leave out '--secrets'");
    return EXIT_DONE;
}

static int check_applyset(struct command *c)
{
    const struct options *o = &c->o;
    if (strcmp(o->applyset, "-") == 0)
        return report_usage(c, NULL, "'--applyset' needs a file of its own: the parent must not be applied with its members");
    if (str_eq(o->applyset, o->output) || str_eq(o->applyset, o->secrets))
        return report_usage(c, NULL, "'--applyset' and '%s' need two files", str_eq(o->applyset, o->output) ? "--output" : "--secrets");
    if (c->args.len > 1 && o->dir == NULL)
        return report_usage(c, NULL, "an ApplySet holds one cluster: several need '--dir'");
    if (o->dump != DUMP_NONE)
        return report_usage(c, NULL, "'--dump' shows no ApplySet; leave out '--applyset'");
    return EXIT_DONE;
}

static int check_form(struct command *c, const struct form *f)
{
    const struct options *o = &c->o;
    if (f->shape == PACK_FOLDER && o->dir == NULL && o->dump == DUMP_NONE)
        return report_usage(c, NULL, "'--to %s' makes a folder and needs '--dir'", f->name);
    if (o->to == TO_KRM && c->args.len > 1 && o->dir == NULL && o->dump == DUMP_NONE)
        return report_usage(c, NULL, "a ResourceList holds one cluster: several need '--dir'");
    if (o->per_file == PER_OBJECT && f->object == NULL)
        return report_usage(c, NULL, "'--to %s' knows no files of one object: leave '--per-file' out", f->name);
    if (o->to == TO_OPENSHIFT && o->hash_names)
        return report_usage(c, NULL, "'--hash-names' does not go with '--to %s': its namespace stays open, and ConfigMaps hold it", f->name);
    return EXIT_DONE;
}

static int check_options(struct command *c)
{
    const struct options *o = &c->o;
    if (c->args.len == 0)
        return report_usage(c, NULL, "build needs a description; - is standard input");
    if (o->dir != NULL && o->output != NULL)
        return report_usage(c, NULL, "'--dir' and '--output' exclude each other");
    if (o->per_file == PER_OBJECT && o->dir == NULL)
        return report_usage(c, NULL, "'--per-file' needs '--dir'");
    if (o->dir != NULL && o->dump != DUMP_NONE)
        return report_usage(c, NULL, "'--dump' writes to standard output or '--output', not to a folder");
    int status = check_form(c, &pack_forms[o->to]);
    if (status == EXIT_DONE && o->secrets != NULL)
        status = check_secrets(c);
    if (status == EXIT_DONE && o->applyset != NULL)
        status = check_applyset(c);
    return status == EXIT_DONE ? depfile_check(c) : status;
}

/* Only one text can replace a file in one step. */
static int write_joined(const struct fleet *f)
{
    struct text whole = { .a = f->c->a };
    for (uint32_t i = 0; i < f->count; i++)
        text_bytes(&whole, f->results[i].out, f->results[i].out_len);
    return report_result(f->c, text_str(&whole), whole.len);
}

static int write_secrets(const struct fleet *f)
{
    struct text whole = { .a = f->c->a };
    for (uint32_t i = 0; i < f->count; i++)
        text_bytes(&whole, f->results[i].secrets, f->results[i].secrets_len);
    return report_secrets(f->c, text_str(&whole), whole.len);
}

static int write_kept(const struct fleet *f)
{
    int status = f->c->o.secrets != NULL ? write_secrets(f) : EXIT_DONE;
    if (status == EXIT_DONE && f->c->o.applyset != NULL)
        status = report_file(f->c, f->c->o.applyset, f->results[0].applyset, f->results[0].applyset_len);
    if (status != EXIT_DONE)
        return status;
    if (f->c->o.output != NULL && strcmp(f->c->o.output, "-") != 0)
        return write_joined(f);
    for (uint32_t i = 0; i < f->count && status == EXIT_DONE; i++)
        status = report_result(f->c, f->results[i].out, f->results[i].out_len);
    return status;
}

static int write_depfile(struct command *c, struct text *deps)
{
    return c->o.depfile == NULL ? EXIT_DONE : report_file(c, c->o.depfile, text_str(deps), deps->len);
}

static int to_output(struct fleet *f)
{
    struct text deps = { .a = f->c->a };
    int status = fleet_run(f, FLEET_KEEP);
    if (status == EXIT_DONE)
        status = depfile_make(f, &deps);
    if (status == EXIT_DONE)
        status = write_kept(f);
    return status == EXIT_DONE ? write_depfile(f->c, &deps) : status;
}

static void tell_files(const struct fleet *f)
{
    struct text t = { .a = f->c->a };
    if (f->c->o.quiet || f->c->o.diagnostics != DIAG_TEXT)
        return;
    report_count(&t, f->written, "file");
    text_f(&t, " written, %llu unchanged", (unsigned long long)f->unchanged);
    if (f->removed > 0)
        text_f(&t, ", %llu removed", (unsigned long long)f->removed);
    text_char(&t, '\n');
    report_bytes(t.p, t.len);
}

static int to_folder(struct fleet *f)
{
    struct text deps = { .a = f->c->a };
    int status = folder_open(f->c, &f->folder);
    if (status != EXIT_DONE)
        return status;
    status = fleet_run(f, FLEET_FOLDER);
    folder_close(&f->folder);
    tell_files(f);
    if (status == EXIT_DONE)
        status = depfile_make(f, &deps);
    return status == EXIT_DONE ? write_depfile(f->c, &deps) : status;
}

/* --check compiles everything once before, silently; fleet_run() then compares the digests. What is wrong with a
 * description is told by the second run. */
int command_build(struct command *c)
{
    struct fleet f = { .c = c, .folder = { .fd = -1, .secrets_fd = -1, .applyset_fd = -1 } };
    int status = check_options(c);
    if (status == EXIT_DONE)
        status = guard_outputs(c);
    if (status == EXIT_DONE)
        status = against_check(c);
    if (status != EXIT_DONE)
        return status;
    if (c->o.secrets != NULL)
        report_private(c);
    if (c->o.check)
        fleet_run(&f, FLEET_DIGEST);
    f.status = EXIT_DONE;
    status = c->o.dir != NULL ? to_folder(&f) : to_output(&f);
    fleet_free(&f);
    return status;
}
