/* check_site.c: the values for the hooks. */
#include "cluster/check.h"
#include "model/kubernetes.h"

/* What other readers of YAML take for a boolean; gregor never guesses, so hooks get the text. */
static void site_words(const struct check *c, const struct val *v, const char *key)
{
    const char *other = v->kind == V_STR && (v->flags & VF_PLAIN) ? k8s_reads_as(v->s) : NULL;
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++)
        site_words(c, &v->map[i].v, v->map[i].key);
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++)
        site_words(c, &v->seq[i], key);
    if (other == NULL || strcmp(other, "a boolean") != 0 || str_eq(v->s, "true") || str_eq(v->s, "false"))
        return;
    struct diag *w = diag_at(c->cx, W_SITE_WORD, v->at, "'%.80s' is '%s', which hooks read as a text, and every text counts as true", key, v->s);
    diag_hint(c->cx, w, "write true or false, or put it in quotes");
}

static void site_values(const struct check *c)
{
    const struct val *site = tree_get(c->d->root, "site");
    if (site != NULL)
        site_words(c, site, "site");
}

check_rule *const check_site[] = { site_values, NULL };
