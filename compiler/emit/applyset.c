#include "emit/applyset.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "base/text.h"

#include <stdlib.h>

#define KEY "applyset.kubernetes.io/"

struct names {
    const char **at;
    uint32_t     len;
};

/* The group of the core is empty, and leaves the point in front of it. */
static const char *id_of(struct arena *a, const char *name, const char *space)
{
    const char *text = str_join(a, name, ".", space, ".ConfigMap.", NULL);
    uint8_t digest[32];
    struct sha256 h;
    sha256_start(&h);
    sha256_add(&h, text, strlen(text));
    sha256_end(&h, digest);
    const char *digits = base64_of(a, digest, sizeof digest);
    digits = str_replace(a, str_replace(a, str_replace(a, digits, "+", "-"), "/", "_"), "=", "");
    return str_join(a, "applyset-", digits, "-v1", NULL);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once, with commas. */
static const char *list_of(struct arena *a, struct names *n)
{
    struct text t = { .a = a };
    qsort(n->at, n->len, sizeof *n->at, by_bytes);
    for (uint32_t i = 0; i < n->len; i++)
        if (i == 0 || strcmp(n->at[i], n->at[i - 1]) != 0)
            text_join(&t, t.len > 0 ? "," : "", n->at[i], NULL);
    return text_str(&t);
}

/* "StatefulSet.apps", "ConfigMap". */
static void add_kind(struct arena *a, const struct val *object, struct names *kinds)
{
    const char *kind = tree_str(object, "kind"), *version = tree_str(object, "apiVersion");
    const char *slash = version == NULL ? NULL : strchr(version, '/');
    if (kind != NULL)
        kinds->at[kinds->len++] = slash == NULL ? kind : str_join(a, kind, ".", arena_dup(a, version, (size_t)(slash - version)), NULL);
}

static void add_namespace(const struct val *object, const char *own, struct names *spaces)
{
    const char *space = tree_str(tree_get(object, "metadata"), "namespace");
    if (space != NULL && strcmp(space, own) != 0)
        spaces->at[spaces->len++] = space;
}

/* Only the tool that the annotation names may change the set, and asks for its name alone: kubectl puts its own version there. */
static struct val parent(struct arena *a, const struct plan *p, struct names *kinds, struct names *spaces)
{
    const char *name = str_join(a, p->d->name, "-applyset", NULL);
    const struct val id = MAP(a, { KEY "id", t_str(id_of(a, name, p->d->namespace_)) });
    return MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("ConfigMap") },
        { "metadata",   k8s_meta(a, p, name, tree_overlay(a, p->labels, &id), MAP(a,
            { KEY "additional-namespaces", t_str(list_of(a, spaces)) },
            { KEY "contains-group-kinds",  t_str(list_of(a, kinds)) },
            { KEY "tooling",               t_str(arena_printf(a, "kubectl/v1.%d.0", p->minor)) })) });
}

struct val applyset_emit(struct arena *a, const struct plan *p, const struct val *objects, const struct val *secrets)
{
    const uint32_t most = objects->len + secrets->len + 1;
    struct names kinds = { NEWS(a, const char *, most), 0 }, spaces = { NEWS(a, const char *, most), 0 };
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < objects->len; i++) {
        const struct val *o = &objects->seq[i];
        add_kind(a, o, &kinds);
        add_namespace(o, p->d->namespace_, &spaces);
        if (str_eq(tree_str(o, "kind"), "Namespace") && str_eq(tree_str(tree_get(o, "metadata"), "name"), p->d->namespace_))
            vals_add(&out, *o);
    }
    for (uint32_t i = 0; i < secrets->len; i++)
        add_kind(a, &secrets->seq[i], &kinds);
    vals_add(&out, parent(a, p, &kinds, &spaces));
    return vals_done(&out);
}
