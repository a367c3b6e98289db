/* expansion.c: what the kubelet makes of $(NAME) and $$ in the environment, the command and the arguments of a container
 * (third_party/forked/golang/expansion). It never complains: what it does not know stays, and of two dollars it makes one. */
#include "verify/objects.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct variable {
    const char *name;
    uint32_t    at; /* its number in the list */
};

/* A text of a container, and which variables the kubelet knows when it comes to it. */
struct place {
    struct verifier  *vf;
    const struct val *container, *env;
    struct variable  *sorted;  /* those of `env`, once a name is looked for */
    uint32_t          count;
    uint32_t          known;   /* of `env`; UINT32_MAX: all */
    bool              foreign; /* other variables may be there: from envFrom */
    bool              links;   /* and addresses of Services */
    bool              shell;   /* a shell may read the text afterwards, and $(NAME) is a command there */
    bool              must;    /* the container does not start with an unknown name */
};

static bool is_letter(char c, bool lower)
{
    return (c >= 'A' && c <= 'Z') || c == '_' || (lower && c >= 'a' && c <= 'z');
}

/* The length of a name in front of a closing parenthesis; 0: there is none. */
static size_t name_length(const char *s, bool lower)
{
    size_t n = 0;
    while (is_letter(s[n], lower) || (n > 0 && s[n] >= '0' && s[n] <= '9') || (n > 0 && lower && (s[n] == '-' || s[n] == '.')))
        n++;
    return s[n] == ')' ? n : 0;
}

/* Variables of Services: KUBERNETES_SERVICE_HOST is always there. */
static bool is_service(const struct place *p, const char *name)
{
    return str_starts(name, "KUBERNETES_") || (p->links && (strstr(name, "_SERVICE_") != NULL || strstr(name, "_PORT") != NULL));
}

static int by_name(const void *a, const void *b)
{
    const struct variable *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static void sort(struct place *p)
{
    const uint32_t n = p->env == NULL || p->env->kind != V_SEQ ? 0 : p->env->len;
    p->sorted = NEWS(p->vf->cx->a, struct variable, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const char *name = tree_str(&p->env->seq[i], "name");
        if (name != NULL)
            p->sorted[p->count++] = (struct variable){ name, i };
    }
    qsort(p->sorted, p->count, sizeof *p->sorted, by_name);
}

/* Where a name stands several times, its first place counts. */
static bool is_declared(struct place *p, const char *name)
{
    if (p->sorted == NULL)
        sort(p);
    uint32_t from = 0, to = p->count;
    while (from < to) {
        const uint32_t middle = from + (to - from) / 2;
        if (strcmp(p->sorted[middle].name, name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < p->count && strcmp(p->sorted[from].name, name) == 0 && p->sorted[from].at < p->known;
}

/* Texts of ours are fine until somebody takes a variable away: then that is the place, if it is known. */
static const struct val *blamed(const struct place *p, const struct val *v)
{
    const struct val *may[] = { v, p->env, p->container, p->vf->object };
    for (size_t i = 0; i < sizeof may / sizeof *may; i++)
        if (may[i] != NULL && may[i]->at.line > 0)
            return may[i];
    return NULL;
}

/* Returns false when something was reported. */
static bool check_name(struct place *p, const struct val *v, const char *name)
{
    const bool above = p->known != UINT32_MAX;
    v = blamed(p, v);
    if (v == NULL || p->foreign || is_service(p, name) || is_declared(p, name))
        return true;
    struct diag *d = objects_report(p->vf, W_KUBELET_NAME, v, "'$(%.80s)' names no variable %s, so %s", name,
                                    above ? "that stands above it" : "of the container",
                                    p->must ? "the container does not start" : "it stays as it is");
    if (d != NULL)
        diag_hint(p->vf->cx, d, p->must ? "add '%.80s' to 'env'" : above
                  ? "put '%.80s' above it in 'env'; what is meant to stay begins with '$$('"
                  : "add '%.80s' to 'env'; what is meant to stay begins with '$$('", name);
    return false;
}

static void check_dollars(const struct place *p, const struct val *v)
{
    struct diag *d = objects_report(p->vf, W_KUBELET_DOLLARS, v, "the kubelet makes '$' of '$$'");
    if (d != NULL)
        diag_hint(p->vf->cx, d, "write '$$$$' where two are meant");
}

/* Two dollars in front of a parenthesis or (for Flux) a brace, or four, were written by somebody who knows. Of a text one finding of each
 * kind is enough. */
static void check_text(struct place *p, const struct val *v)
{
    bool dollars_fine = true, names_fine = true;
    if (v == NULL || v->kind != V_STR)
        return;
    for (const char *s = strchr(v->s, '$'); s != NULL; s = strchr(s, '$')) {
        const size_t dollars = strspn(s, "$");
        s += dollars;
        if (dollars_fine && dollars == 2 && *s != '(' && *s != '{') {
            check_dollars(p, v);
            dollars_fine = false;
        }
        const size_t len = names_fine && dollars % 2 == 1 && *s == '(' ? name_length(s + 1, !p->shell) : 0;
        if (len > 0)
            names_fine = check_name(p, v, arena_dup(p->vf->cx->a, s + 1, len));
    }
}

static void check_list(struct place *p, const struct val *list)
{
    for (uint32_t i = 0; list != NULL && list->kind == V_SEQ && i < list->len; i++)
        check_text(p, &list->seq[i]);
}

static void check_container(struct verifier *vf, const struct val *c, bool links)
{
    const struct val *from = tree_get(c, "envFrom"), *mounts = tree_get(c, "volumeMounts");
    struct place p = { .vf = vf, .container = c, .env = tree_get(c, "env"), .links = links,
                       .foreign = from != NULL && from->kind == V_SEQ && from->len > 0 };
    for (; p.env != NULL && p.env->kind == V_SEQ && p.known < p.env->len; p.known++)
        check_text(&p, tree_get(&p.env->seq[p.known], "value"));
    p.known = UINT32_MAX;
    p.shell = true;
    check_list(&p, tree_get(c, "command"));
    check_list(&p, tree_get(c, "args"));
    p.shell = false;
    p.must  = true;
    for (uint32_t i = 0; mounts != NULL && mounts->kind == V_SEQ && i < mounts->len; i++)
        check_text(&p, tree_get(&mounts->seq[i], "subPathExpr"));
}

void expansion_check(struct verifier *vf, const struct val *pod)
{
    static const char *const lists[] = { "initContainers", "containers" };
    const struct val *links = tree_get(pod, "enableServiceLinks");
    const bool none = links != NULL && (links->kind == V_BOOL ? !links->b : links->kind == V_STR && strcmp(links->s, "false") == 0);
    for (size_t k = 0; k < 2; k++) {
        const struct val *list = tree_get(pod, lists[k]);
        for (uint32_t i = 0; list != NULL && list->kind == V_SEQ && i < list->len; i++)
            if (list->seq[i].kind == V_MAP)
                check_container(vf, &list->seq[i], !none);
    }
}
