#include "command/page.h"
#include "command/presets.h"
#include "command/report.h"
#include "model/kubernetes.h"

#include <errno.h>
#include <sys/stat.h>

static const char *example_of(const char *path)
{
    const char *rest, *nearest;
    const struct field *f = field_path(path, &rest, &nearest);
    return f == NULL || f->example == NULL ? "" : f->example;
}

static void add_presets(struct text *out, const struct strs *presets)
{
    if (presets->len == 0) {
        text_add(out, "# presets: [production]       # layers below this file; `gregor presets` lists them\n");
        return;
    }
    text_add(out, "presets: [");
    for (uint32_t i = 0; i < presets->len; i++)
        text_join(out, i > 0 ? ", " : "", presets->at[i], NULL);
    text_add(out, "]\n");
}

/* The first line is found by editors; `gregor schema -o gregor.schema.json` makes the file it names. */
static void add_page(struct text *out, const char *name, const struct strs *presets)
{
    text_add(out, "# yaml-language-server: $schema=gregor.schema.json\n"
                  "# Editors complete and check this file when `gregor schema -o gregor.schema.json` lies beside it.\n"
                  "gregor: 1                     # version of the language\n");
    text_join(out, "name: ", name, "\n", NULL);
    text_add(out, "namespace: default            # every object lives here; part of every address\n");
    add_presets(out, presets);
    text_join(out, "\nkafka:\n  version: ", example_of("kafka.version"), "\n", NULL);
    text_add(out, "  # config: {num.partitions: 12}\n"
                  "\n# What is left out has a default: `gregor explain brokers` shows them.\n"
                  "# brokers:\n"
                  "#   count: 3\n"
                  "#   storage: 100Gi\n"
                  "#   memory: 4Gi\n"
                  "\n# listeners:\n"
                  "#   - {name: internal, port: 9092}\n");
}

static int check_presets(struct command *c)
{
    for (uint32_t i = 0; i < c->o.presets.len; i++) {
        const char *name = c->o.presets.at[i];
        if (preset_find(c->a, name) == NULL)
            return report_usage(c, preset_nearest(c->a, name), "there is no preset '%s'", name);
    }
    return EXIT_DONE;
}

/* What somebody wrote is never replaced by what we would start from. */
static int check_target(struct command *c)
{
    struct stat st;
    if (c->o.output == NULL || strcmp(c->o.output, "-") == 0 || lstat(c->o.output, &st) != 0 || S_ISCHR(st.st_mode)
        || S_ISFIFO(st.st_mode))
        return EXIT_DONE;
    return report_failure(c, "'%s' exists; init never replaces a file", c->o.output);
}

int command_init(struct command *c)
{
    struct text out = { .a = c->a };
    if (c->args.len > 1)
        return report_usage(c, NULL, "init takes one name");
    const char *name = c->args.len == 1 ? c->args.at[0] : example_of("name"), *bad = k8s_bad_label_name(name);
    if (bad == NULL && strlen(name) > 40)
        bad = "must have at most 40 characters";
    if (bad != NULL)
        return report_usage(c, NULL, "'%s' cannot name a cluster: it %s", name, bad);
    int status = check_presets(c);
    if (status == EXIT_DONE)
        status = check_target(c);
    if (status != EXIT_DONE)
        return status;
    add_page(&out, name, &c->o.presets);
    return report_result(c, text_str(&out), out.len);
}
