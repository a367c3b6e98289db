/* Which objects a function wants to see. */
#include "hook/state.h"

#include "base/text.h"
#include "model/kubernetes.h"

#include <ctype.h>

/* `*` stands for any characters. */
static bool glob(const char *pattern, const char *s)
{
    const char *star = NULL, *from = NULL;
    while (*s != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            from = s;
        } else if (*pattern == *s) {
            pattern++;
            s++;
        } else if (star != NULL) {
            pattern = star + 1;
            s = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool kind_matches(const struct filter *f, const char *kind)
{
    if (f->kinds == NULL)
        return true;
    for (const char **k = f->kinds; *k != NULL; k++)
        if (str_eq(*k, kind))
            return true;
    return false;
}

bool filter_matches(const struct filter *f, const struct val *o)
{
    if (!kind_matches(f, tree_str(o, "kind")))
        return false;
    if (f->name == NULL && f->component == NULL)
        return true;
    const struct val *meta = tree_get(o, "metadata");
    const char *name = tree_str(meta, "name");
    if (f->name != NULL && (name == NULL || !glob(f->name, name)))
        return false;
    return f->component == NULL || str_eq(f->component, tree_str(tree_get(meta, "labels"), "app.kubernetes.io/component"));
}

/* ---- slips ------------------------------------------------------------------------------------------------------ */

static const char *lower(struct arena *a, const char *s)
{
    char *out = arena_dup(a, s, strlen(s));
    for (char *c = out; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

/* A policy whose filter is misspelt would never run, and nobody would know. Kinds of the site are no slips: HTTPRoute is two letters
 * from TCPRoute, so only one is forgiven, and the case of any. */
static bool is_slip(struct arena *a, const char *word, const char *meant)
{
    return meant != NULL && strcmp(word, meant) != 0 && str_distance(lower(a, word), lower(a, meant)) <= (strlen(word) > 4 ? 1 : 0);
}

static const char *component_at(const void *list, size_t i)
{
    static const char *const known[] = { "broker", "controller", "zookeeper", "admin", "scram-bootstrap", "lag-exporter" };
    (void)list;
    return i < sizeof known / sizeof *known ? known[i] : NULL;
}

static bool any_matches(const struct filter *f, const struct val *objects)
{
    for (uint32_t i = 0; i < objects->len; i++)
        if (filter_matches(f, &objects->seq[i]))
            return true;
    return false;
}

static void warn(struct hooks *h, const struct filter *f, const char *what, const char *word, const char *meant)
{
    if (is_slip(h->cx->a, word, meant))
        diag_did_you_mean(h->cx, error_report(h, W_HOOK_FILTER, f->at, "no object has the %s '%.80s' of this filter", what, word), meant);
}

void filter_check(struct hooks *h, const struct val *objects)
{
    for (uint32_t i = 0; i < h->running->filter_count; i++) {
        const struct filter *f = &h->running->filters[i];
        for (const char **k = f->kinds; k != NULL && *k != NULL; k++) {
            const char *one[] = { *k, NULL };
            const struct filter of_kind = { .kinds = one };
            if (k8s_api_version(*k) == NULL && !any_matches(&of_kind, objects))
                warn(h, f, "kind", *k, k8s_nearest_kind(*k));
        }
        const struct filter of_component = { .component = f->component };
        if (f->component != NULL && !any_matches(&of_component, objects))
            warn(h, f, "component", f->component, str_nearest(f->component, component_at, NULL));
    }
}
