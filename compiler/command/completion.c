/* completion.c: completion scripts, made from the tables of verbs, options, presets and fields. */
#include "command/page.h"
#include "command/presets.h"
#include "command/report.h"

/* Words that can follow: blank-separated lists for the shells. */
struct lists {
    const char *verbs, *presets, *fields;
};

static const char *joined(struct arena *a, const struct strs *list)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < list->len; i++)
        text_join(&t, i > 0 ? " " : "", list->at[i], NULL);
    return text_str(&t);
}

static void add_field(void *arg, const struct page_field *f)
{
    struct text *t = arg;
    if (f->field->kind != F_LATER && f->field->kind != F_IGNORED)
        text_join(t, t->len > 0 ? " " : "", f->path, NULL);
}

static struct lists make_lists(struct arena *a)
{
    struct text names = { .a = a }, fields = { .a = a };
    const struct strs presets = preset_names(a);
    for (const struct verb *v = verbs; v->name != NULL; v++)
        text_join(&names, v == verbs ? "" : " ", v->name, NULL);
    page_walk(a, add_field, &fields);
    return (struct lists){ text_str(&names), joined(a, &presets), text_str(&fields) };
}

static const char *options_of(struct arena *a, const struct verb *v)
{
    struct text t = { .a = a };
    for (const struct option_row *o = options; o->name != NULL; o++)
        if (o->verbs & v->bit)
            text_join(&t, t.len > 0 ? " --" : "--", o->name, NULL);
    return text_str(&t);
}

/* What may stand behind an option: words, or NULL for file names. */
static const char *values_of(const struct option_row *o, const struct lists *l)
{
    if (o->choices != NULL)
        return o->choices;
    if (strcmp(o->name, "preset") == 0)
        return l->presets;
    if (strcmp(o->name, "set") == 0)
        return l->fields;
    return o->kind == OPT_NUMBER ? "1 2 4 8" : NULL;
}

/* Words for the arguments of a verb, or NULL for file names. */
static const char *arguments_of(const struct verb *v, const struct lists *l)
{
    if (strcmp(v->name, "explain") == 0)
        return l->fields;
    if (strcmp(v->name, "presets") == 0)
        return l->presets;
    if (strcmp(v->name, "completion") == 0)
        return "bash zsh fish";
    if (strcmp(v->name, "man") == 0)
        return "1 5";
    return strcmp(v->name, "help") == 0 ? l->verbs : NULL;
}

/* ---- bash ------------------------------------------------------------------------------------------------------- */

/* Bash splits words at '=' by itself, so `--to=yaml` arrives as three words. */
static void bash_options(struct text *out, const struct lists *l)
{
    text_add(out, "    case \"$prev\" in\n");
    for (const struct option_row *o = options; o->name != NULL; o++) {
        if (o->arg == NULL)
            continue;
        text_join(out, "    --", o->name, NULL);
        if (o->letter != 0)
            text_f(out, "|-%c", o->letter);
        if (values_of(o, l) != NULL)
            text_join(out, ") COMPREPLY=($(compgen -W \"", values_of(o, l), "\" -- \"$cur\")); return ;;\n", NULL);
        else
            text_add(out, ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
    }
    text_add(out, "    esac\n");
}

static void bash_verbs(struct text *out, const struct lists *l)
{
    text_add(out, "    case \"$verb\" in\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        text_join(out, "    ", v->name, ") opts=\"", options_of(out->a, v), "\"; args=\"",
                  arguments_of(v, l) == NULL ? "" : arguments_of(v, l), "\" ;;\n", NULL);
    text_add(out, "    esac\n");
}

static void add_bash(struct text *out, const struct lists *l)
{
    text_add(out, "# bash completion of gregor\n"
                  "_gregor() {\n"
                  "    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" verb=\"\" opts=\"\" args=\"\" w\n"
                  "    [ \"$cur\" = \"=\" ] && cur=\"\"\n"
                  "    [ \"$prev\" = \"=\" ] && prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n"
                  "    COMPREPLY=()\n"
                  "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                  "        case \"$w\" in -*) ;; *) verb=\"$w\"; break ;; esac\n"
                  "    done\n");
    bash_options(out, l);
    text_join(out, "    if [ -z \"$verb\" ]; then\n        COMPREPLY=($(compgen -W \"", l->verbs,
              "\" -- \"$cur\") $(compgen -f -- \"$cur\"))\n        return\n    fi\n    opts=\"", options_of(out->a, verbs),
              "\"\n", NULL);
    bash_verbs(out, l);
    text_add(out, "    case \"$cur\" in\n"
                  "    -*) COMPREPLY=($(compgen -W \"$opts\" -- \"$cur\")) ;;\n"
                  "    *) if [ -n \"$args\" ]; then COMPREPLY=($(compgen -W \"$args\" -- \"$cur\"))\n"
                  "       else COMPREPLY=($(compgen -f -- \"$cur\")); fi ;;\n"
                  "    esac\n"
                  "}\n"
                  "complete -o filenames -F _gregor gregor\n");
}

/* ---- zsh -------------------------------------------------------------------------------------------------------- */

/* Inside '...[help]' of _arguments: quotes, brackets and colons have a meaning. */
static const char *zsh_text(struct arena *a, const char *s)
{
    struct text t = { .a = a };
    for (; *s != '\0'; s++) {
        if (*s == '\'')
            text_add(&t, "'\\'");
        else if (strchr("[]:\\", *s) != NULL)
            text_char(&t, '\\');
        text_char(&t, *s);
    }
    return text_str(&t);
}

static void zsh_option(struct text *out, const struct option_row *o, const struct lists *l)
{
    const char *help = zsh_text(out->a, o->help), *values = values_of(o, l);
    text_join(out, "      '", o->kind == OPT_LIST || o->kind == OPT_SET ? "*" : "", "--", o->name, o->arg == NULL ? "[" : "=[", help, "]", NULL);
    if (o->arg != NULL && values != NULL)
        text_join(out, ":", o->arg, ":(", values, ")", NULL);
    else if (o->arg != NULL)
        text_join(out, ":", o->arg, ":_files", NULL);
    text_add(out, "' \\\n");
}

static void zsh_verb(struct text *out, const struct verb *v, const struct lists *l)
{
    text_join(out, "    ", v->name, ")\n      _arguments \\\n", NULL);
    for (const struct option_row *o = options; o->name != NULL; o++)
        if (o->verbs & v->bit)
            zsh_option(out, o, l);
    if (arguments_of(v, l) != NULL)
        text_join(out, "      '*:argument:(", arguments_of(v, l), ")' ;;\n", NULL);
    else
        text_add(out, "      '*:file:_files' ;;\n");
}

static void add_zsh(struct text *out, const struct lists *l)
{
    text_add(out, "#compdef gregor\n"
                  "_gregor() {\n"
                  "  local -a commands\n"
                  "  commands=(\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        text_join(out, "    '", v->name, ":", zsh_text(out->a, v->help), "'\n", NULL);
    text_add(out, "  )\n"
                  "  if (( CURRENT == 2 )); then\n"
                  "    _describe 'verb' commands\n"
                  "    _files\n"
                  "    return\n"
                  "  fi\n"
                  "  local verb=$words[2]\n"
                  "  shift words\n"
                  "  (( CURRENT-- ))\n"
                  "  case $verb in\n");
    for (const struct verb *v = verbs; v->name != NULL; v++)
        zsh_verb(out, v, l);
    text_add(out, "    *) _files ;;\n"
                  "  esac\n"
                  "}\n"
                  "compdef _gregor gregor\n");
}

/* ---- fish ------------------------------------------------------------------------------------------------------- */

static const char *fish_text(struct arena *a, const char *s)
{
    return str_replace(a, str_replace(a, s, "\\", "\\\\"), "'", "\\'");
}

static void fish_option(struct text *out, const struct verb *v, const struct option_row *o, const struct lists *l)
{
    text_join(out, "complete -c gregor -n '__fish_seen_subcommand_from ", v->name, "' -l ", o->name, NULL);
    if (o->letter != 0)
        text_f(out, " -s %c", o->letter);
    if (o->arg != NULL && values_of(o, l) != NULL)
        text_join(out, " -x -a '", values_of(o, l), "'", NULL);
    else if (o->arg != NULL)
        text_add(out, " -r");
    text_join(out, " -d '", fish_text(out->a, o->help), "'\n", NULL);
}

static void add_fish(struct text *out, const struct lists *l)
{
    text_add(out, "# fish completion of gregor\n");
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        text_join(out, "complete -c gregor -n __fish_use_subcommand -a ", v->name, " -d '", fish_text(out->a, v->help),
                  "'\n", NULL);
        for (const struct option_row *o = options; o->name != NULL; o++)
            if (o->verbs & v->bit)
                fish_option(out, v, o, l);
        if (arguments_of(v, l) != NULL)
            text_join(out, "complete -c gregor -f -n '__fish_seen_subcommand_from ", v->name, "' -a '", arguments_of(v, l),
                      "'\n", NULL);
    }
}

static const char *shell_at(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

int command_completion(struct command *c)
{
    static const char *const shells[] = { "bash", "zsh", "fish", NULL };
    struct text out = { .a = c->a };
    if (c->args.len != 1)
        return report_usage(c, NULL, "completion needs the name of a shell");
    const char *shell = c->args.at[0];
    const struct lists l = make_lists(c->a);
    if (strcmp(shell, "bash") == 0)
        add_bash(&out, &l);
    else if (strcmp(shell, "zsh") == 0)
        add_zsh(&out, &l);
    else if (strcmp(shell, "fish") == 0)
        add_fish(&out, &l);
    else
        return report_usage(c, str_nearest(shell, shell_at, shells), "no completion for '%s'", shell);
    return report_result(c, text_str(&out), out.len);
}
