#include "verify/objects.h"

#include "base/text.h"
#include "model/kubernetes.h"

#include <string.h>

static const char *text(const struct val *v)
{
    return v->kind == V_STR ? v->s : NULL;
}

struct head objects_head(const struct val *object)
{
    struct head h = { .space = "" };
    for (uint32_t i = 0; i < object->len; i++) {
        const struct pair *p = &object->map[i];
        const char first = p->key[0];
        if (first == 'a' && strcmp(p->key, "apiVersion") == 0)
            h.api_version = text(&p->v);
        else if (first == 'k' && strcmp(p->key, "kind") == 0)
            h.kind = text(&p->v);
        else if (first == 'm' && strcmp(p->key, "metadata") == 0)
            h.metadata = &p->v;
    }
    h.name = tree_str(h.metadata, "name");
    const char *space = tree_str(h.metadata, "namespace");
    if (space != NULL)
        h.space = space;
    return h;
}

struct objects objects_make(struct arena *a, uint32_t n)
{
    uint32_t size = 64;
    while (size < n * 2)
        size *= 2;
    return (struct objects){ .slots = NEWS(a, struct entry, size), .size = size };
}

/* FNV-1a over the name and the first letter of the kind: what differs between the objects of a cluster. */
static uint32_t hash(const char *kind, const char *name)
{
    uint32_t h = 2166136261u ^ (unsigned char)kind[0];
    for (; *name != '\0'; name++)
        h = (h ^ (unsigned char)*name) * 16777619u;
    return h ^ h >> 15;
}

static struct entry *find(const struct objects *all, const char *kind, const char *space, const char *name)
{
    uint32_t i = hash(kind, name) & (all->size - 1);
    for (;; i = (i + 1) & (all->size - 1)) {
        struct entry *e = &all->slots[i];
        if (e->object == NULL || (strcmp(e->name, name) == 0 && strcmp(e->kind, kind) == 0 && strcmp(e->space, space) == 0))
            return e;
    }
}

const struct entry *objects_add(struct objects *all, struct entry e)
{
    struct entry *slot = find(all, e.kind, e.space, e.name);
    if (slot->object != NULL)
        return slot;
    *slot = e;
    return NULL;
}

const struct val *objects_find(const struct objects *all, const char *kind, const char *space, const char *name)
{
    return find(all, kind, space, name)->object;
}

static bool reported(const struct ctx *cx, enum code code, struct pos at, const char *what)
{
    for (uint32_t i = 0; i < cx->diag_count && i < 1000; i++) {
        const struct diag *d = cx->diags[i];
        if (d->code == code && d->at.line == at.line && d->at.col == at.col && d->at.file == at.file
            && str_ends(d->message, what))
            return true;
    }
    return false;
}

struct pos objects_place(const struct val *object)
{
    const struct val *template = object->at.line > 0 ? NULL : tree_at(object, "spec", "template", NULL);
    return template == NULL ? object->at : template->at;
}

struct diag *objects_report(struct verifier *vf, enum code code, const struct val *v, const char *fmt, ...)
{
    const struct pos at = v != NULL && v->at.line > 0 ? v->at : objects_place(vf->object);
    const char *kind = tree_str(vf->object, "kind"), *name = tree_str(tree_get(vf->object, "metadata"), "name");
    va_list ap;
    vf->failed |= at.line == 0 || code_table[code].error;
    va_start(ap, fmt);
    const char *what = arena_vprintf(vf->cx->a, fmt, ap);
    va_end(ap);
    if (at.line > 0 && reported(vf->cx, code, at, what))
        return NULL;
    struct diag *d = diag_at(vf->cx, at.line == 0 ? E_INTERNAL_OBJECT : code, at, "%.80s/%.80s: %s",
                             kind != NULL ? kind : "?", name != NULL ? name : "?", what);
    if (at.line == 0)
        diag_hint(vf->cx, d, "this is a fault of gregor: please report it together with the description");
    else if ((v == NULL || v->at.line == 0) && vf->object->at.line == 0)
        diag_hint(vf->cx, d, K8S_RELIED_ON);
    return d;
}

const struct val *objects_pod(const struct val *object, const char *kind, const char **path)
{
    static const char *const workloads[] = { "StatefulSet", "Deployment", "DaemonSet", "Job", "ReplicaSet", "ReplicationController" };
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        if (kind[0] == workloads[i][0] && strcmp(kind, workloads[i]) == 0) {
            *path = "spec.template.spec";
            return tree_at(object, "spec", "template", "spec", NULL);
        }
    if (strcmp(kind, "CronJob") == 0) {
        *path = "spec.jobTemplate.spec.template.spec";
        return tree_at(object, "spec", "jobTemplate", "spec", "template", "spec", NULL);
    }
    if (strcmp(kind, "PodTemplate") == 0) {
        *path = "template.spec";
        return tree_at(object, "template", "spec", NULL);
    }
    *path = "spec";
    return strcmp(kind, "Pod") == 0 ? tree_get(object, "spec") : NULL;
}
