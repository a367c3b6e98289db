/* command.h: the command line as data: one table of verbs, one of options, and what a parsed line holds.
 *
 * The tables (table.c) drive parsing, --help, completion and the manual. A verb gets a struct command and returns an exit
 * status; what it prints goes through report.h. Memory: the arena of the command, which lives until the process ends. */
#ifndef GREGOR_COMMAND_COMMAND_H
#define GREGOR_COMMAND_COMMAND_H

#include "pack/pack.h"

#define GREGOR_VERSION "0.1.0"

/* Exit status of the process. */
enum exit_status { EXIT_DONE, EXIT_FINDINGS, EXIT_USAGE, EXIT_ENVIRONMENT };

enum per_file    { PER_CLUSTER, PER_OBJECT };
enum diagnostics { DIAG_TEXT, DIAG_JSON, DIAG_SARIF, DIAG_GITHUB };
enum color       { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum warn        { WARN_PRINT, WARN_ERROR };
enum key_option  { KEY_EC, KEY_RSA_2048, KEY_RSA_3072, KEY_RSA_4096 };
enum dump        { DUMP_NONE, DUMP_SOURCE, DUMP_DESCRIPTION, DUMP_PLAN, DUMP_TREE };

/* Values of the options. Lists end with a NULL that `len` does not count; texts are those of argv. */
struct options {
    struct strs presets, overlays, sets, hooks;
    const char *output;  /* -o; NULL: standard output */
    const char *dir;     /* -d; NULL: no folder */
    const char *against; /* --against: manifests of before; NULL: nothing is compared */
    const char *secrets; /* --secrets: a file, with -d a folder; NULL: no Secrets are made */
    const char *depfile, *depfile_target; /* --depfile: a file; NULL: none. --depfile-target; NULL: the files of the result */
    const char *applyset; /* --applyset: a file, with -d a folder; NULL: no parent is made */
    struct strs clients; /* --client: certificates for these users */
    const char *renew;   /* --renew: days, or "all"; NULL: only what is not valid */
    const char *at;      /* --now, as written */
    int64_t     now;     /* --now, SOURCE_DATE_EPOCH or the clock; seconds since 1970 */
    int64_t     days;    /* --days; 0: a year */
    int         key, rotate; /* enum key_option; enum store_rotate */
    const char *kubernetes; /* post-render: the target; NULL: the default of descriptions */
    int64_t     jobs;    /* -j; 0: as many as there are processors */
    int         per_file, to, dump, diagnostics, color, warn;
    bool        hash_names;
    bool        check, quiet, help, version, argocd, flux;
    unsigned    through; /* --through: a bit for each tool (verify/through.h) */
};

struct verb;

struct command {
    struct arena      *a;
    const struct verb *verb;
    struct options     o;
    struct strs        args; /* what is neither verb nor option; ends with NULL */
};

struct verb {
    const char *name;
    unsigned    bit;      /* for option.verbs */
    const char *args;     /* as in the usage line */
    const char *help;     /* one line */
    const char *story;    /* a paragraph for --help of the verb and the manual */
    const char *example;  /* lines of examples, each ends with \n */
    int       (*run)(struct command *c);
};

enum option_kind { OPT_FLAG, OPT_TEXT, OPT_LIST, OPT_NUMBER, OPT_CHOICE, OPT_SET };

struct option_row {
    const char      *name;    /* without -- */
    char             letter;  /* 0: none */
    enum option_kind kind;
    const char      *arg;     /* name of the argument in help; NULL: none */
    const char      *choices; /* blank-separated, in the order of the enum; OPT_CHOICE: stored as index, OPT_SET: as a bit each */
    size_t           offset;  /* in struct options */
    int              first;   /* OPT_CHOICE: value of the first choice; OPT_NUMBER: the largest */
    unsigned         verbs;   /* bits of the verbs that take it */
    const char      *help;    /* one line */
};

extern const struct verb       verbs[];   /* ends with a NULL name */
extern const struct option_row options[]; /* ends with a NULL name */

/* Returns the verb of that name, or NULL. */
const struct verb *verb_find(const char *name);

/* Takes argv apart. Returns EXIT_DONE, or EXIT_USAGE after saying on standard error what is wrong. */
int options_parse(struct command *c, int argc, char **argv);

/* Sets o.now from --now, SOURCE_DATE_EPOCH or the clock. Returns EXIT_DONE, or EXIT_USAGE after telling. */
int clock_read(struct command *c);

/* The page of --help: all verbs, or one. */
void help_page(const struct verb *v, struct text *out);

/* Is this a name under which gregor is a function, or (`plugin`) a plugin of the old kind, which gets a file? (krm.c) */
bool krm_is_name(const char *program, bool *plugin);

/* Runs as a function when standard input is a ResourceList; `status` is the exit status then. Waits for the end of a pipe. */
bool krm_from_stdin(struct command *c, int *status);

/* The verbs, one file each. Each returns an exit status. */
int command_build(struct command *c);
int command_check(struct command *c);
int command_init(struct command *c);
int command_explain(struct command *c);
int command_schema(struct command *c);
int command_presets(struct command *c);
int command_pki(struct command *c);
int command_why(struct command *c);
int command_diff(struct command *c);
int command_images(struct command *c);
int command_krm(struct command *c);
int command_completion(struct command *c);
int command_man(struct command *c);
int command_users(struct command *c);
int command_post_render(struct command *c);
int command_version(struct command *c);
int command_help(struct command *c);

#endif
