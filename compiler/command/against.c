#include "command/against.h"

#include "command/manifests.h"

/* In a context of its own: what looks like a secret in there would be veiled in the findings on the description. */
static bool read_before(struct single *s, struct val *before)
{
    struct ctx old = { .a = s->a };
    const bool fine = manifests_of(&old, s->c->o.against, s->made->description.name, before);
    diag_sort(&old);
    report_findings(s->log, &old, &s->findings);
    s->errors += old.error_count;
    return fine;
}

static bool judge(struct single *s, const struct val *before)
{
    bool known;
    const bool fine = plan_against(s->cx, &s->made->plan, before, &known);
    if (!known && s->before == NULL) {
        struct diag *w = diag_at(s->cx, W_AGAINST_NOTHING, no_pos(), "'%s' holds nothing of the cluster '%s'", s->c->o.against,
                                 s->made->description.name);
        diag_hint(s->cx, w, "a new cluster is compared with nothing; else name its manifests, or the folder that they were written to");
    }
    diag_sort(s->cx);
    return fine;
}

int against_judge(struct single *s)
{
    struct val before = t_none();
    if (s->before != NULL) {
        judge(s, s->before);
        return EXIT_DONE;
    }
    if (s->c->o.against == NULL)
        return EXIT_DONE;
    if (!read_before(s, &before))
        return EXIT_ENVIRONMENT;
    return judge(s, &before) ? EXIT_DONE : EXIT_FINDINGS;
}

int against_check(struct command *c)
{
    const bool alone = c->args.len == 1 && strcmp(c->args.at[0], "-") != 0 && !c->o.check;
    if (!str_eq(c->o.against, "-") || alone)
        return EXIT_DONE;
    return report_usage(c, NULL, "'--against -' reads standard input once, for one description that is a file");
}
