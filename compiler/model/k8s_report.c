/* Findings about a value: where it stands, what it is called, and whose fault it is. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

enum { SHOWN = 80 }; /* bytes of a text */

const char *k8s_shown(struct k8s_walk *w, const char *s)
{
    const size_t len = strlen(s);
    if (len <= SHOWN)
        return s;
    return str_join(w->c->cx->a, arena_dup(w->c->cx->a, s, SHOWN), "...", NULL);
}

static bool is_plain_key(const char *s)
{
    for (; *s != '\0'; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '_' || *s == '-'))
            return false;
    return true;
}

static void add_path(struct k8s_walk *w, struct text *t, const struct k8s_step *at)
{
    if (at->up == NULL) {
        text_add(t, at->key);
        return;
    }
    add_path(w, t, at->up);
    if (at->key == NULL)
        text_join(t, "[", str_int(t->a, at->index), "]", NULL);
    else if (is_plain_key(at->key))
        text_join(t, t->len > 0 ? "." : "", k8s_shown(w, at->key), NULL);
    else
        text_join(t, "[\"", k8s_shown(w, at->key), "\"]", NULL);
}

/* "'spec.replicas' ", or "" for the value as a whole. */
static const char *path_text(struct k8s_walk *w, const struct k8s_step *at)
{
    struct text t = { .a = w->c->cx->a };
    add_path(w, &t, at);
    return t.len == 0 ? "" : str_join(t.a, "'", text_str(&t), "' ", NULL);
}

/* "StatefulSet/orders-broker: ", or "" when the check does not know an object. */
static const char *object_text(struct k8s_walk *w)
{
    struct arena *a = w->c->cx->a;
    const char *kind = tree_str(w->c->object, "kind"), *name = tree_str(tree_get(w->c->object, "metadata"), "name");
    if (w->c->where != NULL)
        return str_join(a, w->c->where, ": ", NULL);
    return kind == NULL ? "" : str_join(a, k8s_shown(w, kind), "/", name == NULL ? "?" : k8s_shown(w, name), ": ", NULL);
}

/* Workloads of one pool repeat what is in its description: a finding is said once at its place. */
static bool is_said(const struct ctx *cx, enum code code, struct pos at, const char *ending)
{
    for (uint32_t i = 0; at.line > 0 && i < cx->diag_count && i < 1000; i++) {
        const struct diag *d = cx->diags[i];
        if (d->code == code && d->at.line == at.line && d->at.col == at.col && d->at.file == at.file
            && str_ends(d->message, ending))
            return true;
    }
    return false;
}

/* A finding to hang hints on that nobody sees. */
static struct diag *unsaid(struct k8s_walk *w)
{
    return NEW(w->c->cx->a, struct diag);
}

static struct diag *report(struct k8s_walk *w, enum code code, const struct val *v, const struct k8s_step *at,
                           const char *what)
{
    const bool own = v != NULL && v->at.line > 0;
    const bool internal = !own && w->c->fallback.line == 0;
    const bool hook = own && ctx_from_hook(w->c->cx, v->at);
    const char *ending  = str_join(w->c->cx->a, path_text(w, at), what, NULL);
    const char *message = own && !hook ? ending : str_join(w->c->cx->a, object_text(w), ending, NULL);
    w->failed = true;
    if (own && is_said(w->c->cx, code, v->at, ending))
        return unsaid(w);
    struct diag *d = diag_at(w->c->cx, internal ? E_INTERNAL_OBJECT : code, own ? v->at : w->c->fallback, "%s", message);
    if (internal)
        diag_hint(w->c->cx, d, "this is a fault of gregor: please report it together with the description");
    else if (!own && w->c->object != NULL && w->c->object->at.line == 0) /* the place is that of a fragment over the pod template */
        diag_hint(w->c->cx, d, K8S_RELIED_ON);
    return d;
}

struct diag *k8s_report(struct k8s_walk *w, enum code code, const struct val *v, const struct k8s_step *at,
                        const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(w->c->cx->a, fmt, ap);
    va_end(ap);
    return report(w, code, v, at, what);
}

struct diag *k8s_report_in(struct k8s_walk *w, enum code code, const struct val *v, const struct k8s_step *at,
                           const char *key, const char *fmt, ...)
{
    const struct k8s_step step = { at, key, 0 };
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(w->c->cx->a, fmt, ap);
    va_end(ap);
    return report(w, code, v, &step, what);
}

struct diag *k8s_advise(struct k8s_walk *w, const struct val *v, const struct k8s_step *at, const char *fmt, ...)
{
    const bool own = v != NULL && v->at.line > 0;
    const struct pos place = own ? v->at : w->c->fallback;
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(w->c->cx->a, fmt, ap);
    va_end(ap);
    if (is_said(w->c->cx, W_K8S_ADVICE, place, what))
        return unsaid(w);
    return diag_at(w->c->cx, W_K8S_ADVICE, place, "%s%s%s", own && !ctx_from_hook(w->c->cx, place) ? "" : object_text(w),
                   path_text(w, at), what);
}

const struct val *k8s_written(const struct val *a, const struct val *b)
{
    return a == NULL || (a->at.line == 0 && b != NULL && b->at.line > 0) ? b : a;
}
