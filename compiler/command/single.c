#include "command/single.h"

#include "command/against.h"
#include "command/report.h"
#include "emit/sync.h"
#include "verify/through.h"

static enum stage stage_of(const struct options *o)
{
    switch (o->dump) {
    case DUMP_SOURCE:      return STAGE_SOURCE;
    case DUMP_DESCRIPTION: return STAGE_DESCRIPTION;
    case DUMP_PLAN:        return STAGE_PLAN;
    case DUMP_TREE:        return STAGE_TREE;
    default:               return STAGE_ALL;
    }
}

/* A file that cannot be read is no fault of the description: CI should tell the two apart. */
static void count(struct single *s, bool compiled)
{
    bool unreadable = false;
    for (uint32_t i = 0; i < s->cx->diag_count; i++) {
        const enum code code = s->cx->diags[i]->code;
        unreadable |= code == E_YAML_FILE;
        if (code_table[code].error)
            s->errors++;
        else
            s->warnings++;
    }
    const bool refused = s->warnings > 0 && s->c->o.warn == WARN_ERROR;
    s->status = unreadable ? EXIT_ENVIRONMENT : compiled && !refused ? EXIT_DONE : EXIT_FINDINGS;
}

static bool pack(struct single *s)
{
    const struct pack_job j = { .cx = s->cx, .made = s->made, .out = &s->files };
    if (s->c->o.hash_names)
        s->made->objects = pack_hashed(s->a, &s->made->objects);
    const enum pack_form form = (enum pack_form)s->c->o.to;
    return s->c->o.per_file == PER_OBJECT ? pack_objects(form, &j) : pack_cluster(form, &j);
}

/* A chart and a Template take care of the texts that their own tool would replace, and --flux is for Flux. */
static unsigned through(const struct options *o)
{
    const unsigned cared = o->to == TO_HELM ? 1u << THROUGH_HELM : o->to == TO_OPENSHIFT ? 1u << THROUGH_OPENSHIFT : 0;
    return (o->through | (o->flux ? 1u << THROUGH_FLUX : 0)) & ~cared;
}

/* Helm and Flux do not apply as `kubectl apply` does on the client's side. */
static bool uncopied(const struct options *o)
{
    return o->to == TO_HELM || o->flux || (o->through & (1u << THROUGH_HELM | 1u << THROUGH_FLUX)) != 0;
}

const char *single_read(struct single *s)
{
    const struct options *o = &s->c->o;
    const struct request r = { .path = s->path, .presets = o->presets.at, .overlays = o->overlays.at, .sets = o->sets.at,
                               .hooks = o->hooks.at, .secrets = o->secrets != NULL, .applyset = o->applyset != NULL, .now = o->now,
                               .uncopied = uncopied(o), .through = through(o), .sync = (o->argocd ? SYNC_ARGOCD : 0) | (o->flux ? SYNC_FLUX : 0) };
    s->cx       = NEW(s->a, struct ctx);
    s->cx->a    = s->a;
    s->made     = NEW(s->a, struct compiled);
    s->files    = (struct pack_files){ .a = s->a };
    s->findings = (struct text){ .a = s->a };
    s->errors   = s->warnings = 0;
    s->status   = compile_file(s->cx, &r, STAGE_SOURCE, s->made) ? EXIT_DONE : EXIT_FINDINGS;
    return s->status == EXIT_DONE ? tree_str(&s->made->root, "name") : NULL;
}

void single_finish(struct single *s)
{
    const enum stage last = stage_of(&s->c->o);
    const bool read = s->status == EXIT_DONE;
    const bool made = read && (last == STAGE_SOURCE || compile_root(s->cx, s->made->root, last, s->made));
    const int fits = made && last == STAGE_ALL ? against_judge(s) : EXIT_DONE;
    count(s, made && fits == EXIT_DONE && (last != STAGE_ALL || !s->pack || pack(s)));
    s->status = fits == EXIT_ENVIRONMENT ? fits : s->status;
    report_findings(s->log, s->cx, &s->findings);
}

void single_compile(struct single *s)
{
    single_read(s);
    single_finish(s);
}

void single_print(const struct single *s, struct text *out)
{
    if (s->c->o.dump != DUMP_NONE)
        compile_dump(s->cx, s->made, stage_of(&s->c->o), out);
    for (uint32_t i = 0; i < s->files.len; i++)
        text_bytes(out, s->files.at[i].bytes.p, s->files.at[i].bytes.len);
}

void single_print_secrets(const struct single *s, struct text *out)
{
    if (s->c->o.secrets != NULL)
        pack_list((enum pack_form)s->c->o.to, &s->made->secrets, out);
}

void single_print_applyset(const struct single *s, struct text *out)
{
    if (s->c->o.applyset != NULL)
        pack_list((enum pack_form)s->c->o.to, &s->made->applyset, out);
}

void single_fail(struct single *s, int status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    report_problem(s->c, arena_vprintf(s->a, fmt, ap), &s->findings);
    va_end(ap);
    s->errors++;
    if (status > s->status)
        s->status = status;
}
