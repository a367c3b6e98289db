/* Rules about volumes: what stands in them, and the storage behind them. */
#include "model/k8s_walk.h"

#include <string.h>

/* ---- files in volumes --------------------------------------------------------------------------------- */

/* More files than this are not compared with each other. */
enum { FILES = 200 };

/* True when one of the paths is the other, or a folder that it is in. */
static bool overlap(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (*a == '\0' || *b == '\0') && (*a == '\0' || *a == '/') && (*b == '\0' || *b == '/');
}

/* ConfigMap, Secret and downward API volumes: the last of two files at one path wins, which nobody means. */
void k8s_rule_mapped_files(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *items = tree_get(v, "items");
    for (uint32_t i = 1; i < k8s_items(items) && i < FILES; i++)
        for (uint32_t k = 0; k < i; k++) {
            const struct val *path = tree_get(&items->seq[i], "path"), *other = tree_get(&items->seq[k], "path");
            const struct k8s_step list = { at, "items", 0 }, item = { &list, NULL, i }, step = { &item, "path", 0 };
            if (!k8s_filled(path) || !k8s_filled(other) || !overlap(path->s, other->s))
                continue;
            k8s_advise(w, path, &step, "is '%s', in the way of '%s'", k8s_shown(w, path->s), k8s_shown(w, other->s));
            break;
        }
}

/* The list of files of one source of a projected volume, whatever it is; NULL when it has none. */
static const struct val *files_of(const struct val *source, const char **kind)
{
    static const char *const kinds[] = { "secret", "configMap", "downwardAPI" };
    const struct val *items = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && items == NULL; i++) {
        items = tree_get(tree_get(source, kinds[i]), "items");
        *kind = kinds[i];
    }
    return items;
}

struct paths {
    const char *at[FILES];
    uint32_t    len;
};

static bool add_path(struct paths *all, const char *path)
{
    for (uint32_t i = 0; i < all->len; i++)
        if (strcmp(all->at[i], path) == 0)
            return false;
    if (all->len < FILES)
        all->at[all->len++] = path;
    return true;
}

void k8s_rule_projected(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *sources = tree_get(v, "sources");
    struct paths all = { .len = 0 };
    const char *kind = "";
    for (uint32_t s = 0; s < k8s_items(sources) && s < FILES; s++) {
        const struct val *items = files_of(&sources->seq[s], &kind);
        const struct k8s_step list = { at, "sources", 0 }, source = { &list, NULL, s }, of = { &source, kind, 0 };
        for (uint32_t i = 0; i < k8s_items(items) && i < FILES; i++) {
            const struct val *path = tree_get(&items->seq[i], "path");
            const struct k8s_step files = { &of, "items", 0 }, item = { &files, NULL, i };
            if (k8s_filled(path) && !add_path(&all, path->s))
                k8s_report_in(w, E_K8S_DUPLICATE, path, &item, "path", "is '%s', as another file of the volume is",
                              k8s_shown(w, path->s));
        }
    }
}

/* ---- storage ------------------------------------------------------------------------------------------ */

static void check_alone(struct k8s_walk *w, const struct val *modes, const struct k8s_step *at)
{
    if (k8s_items(modes) > 1 && k8s_has(modes, "ReadWriteOncePod"))
        k8s_report_in(w, E_K8S_RULE, modes, at, "accessModes", "may hold nothing beside 'ReadWriteOncePod'");
}

/* Without a group only another claim can be meant. */
static void check_source(struct k8s_walk *w, const struct val *v, const char *field, const struct k8s_step *at)
{
    const struct val *source = tree_get(v, field), *kind = tree_get(source, "kind");
    const struct k8s_step step = { at, field, 0 };
    if (k8s_filled(kind) && !k8s_filled(tree_get(source, "apiGroup")) && strcmp(kind->s, "PersistentVolumeClaim") != 0)
        k8s_report_in(w, E_K8S_MISSING, source, &step, "apiGroup", "is missing: only claims have none");
}

void k8s_rule_claim(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *modes = tree_get(v, "accessModes");
    const struct val *storage = tree_at(v, "resources", "requests", "storage", NULL);
    const struct k8s_step resources = { at, "resources", 0 }, requests = { &resources, "requests", 0 };
    int64_t milli;
    check_alone(w, modes, at);
    check_source(w, v, "dataSource", at);
    check_source(w, v, "dataSourceRef", at);
    if (storage != NULL && k8s_amount(storage, &milli) && milli <= 0)
        k8s_report_in(w, E_K8S_VALUE, storage, &requests, "storage", "must be more than nothing");
    if (w->c->partial)
        return;
    if (modes == NULL)
        k8s_report_in(w, E_K8S_MISSING, v, at, "accessModes", "is missing");
    if (storage == NULL)
        k8s_report_in(w, E_K8S_MISSING, k8s_written(tree_get(v, "resources"), v), &requests, "storage", "is missing");
}

void k8s_rule_persistent_volume(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *capacity = tree_get(v, "capacity"), *policy = tree_get(v, "persistentVolumeReclaimPolicy");
    const struct k8s_step of = { at, "capacity", 0 }, reclaim = { at, "persistentVolumeReclaimPolicy", 0 };
    check_alone(w, tree_get(v, "accessModes"), at);
    for (uint32_t i = 0; capacity != NULL && capacity->kind == V_MAP && i < capacity->len && i < FILES; i++)
        if (strcmp(capacity->map[i].key, "storage") != 0)
            k8s_report_in(w, E_K8S_RULE, &capacity->map[i].v, &of, capacity->map[i].key,
                          "must not stand: a volume has only 'storage'");
    if (k8s_is(policy, "Recycle")) {
        struct diag *d = k8s_advise(w, policy, &reclaim, "is the deprecated 'Recycle'");
        diag_hint(w->c->cx, d, "use 'Delete' and let a StorageClass make the volumes");
    }
    if (w->c->partial)
        return;
    if (capacity != NULL && tree_get(capacity, "storage") == NULL)
        k8s_report_in(w, E_K8S_MISSING, capacity, &of, "storage", "is missing");
    if (k8s_given(tree_get(v, "local")) && !k8s_given(tree_get(v, "nodeAffinity")))
        k8s_report_in(w, E_K8S_MISSING, v, at, "nodeAffinity", "is missing: a local volume is on one node");
}

static void check_topologies(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *list = tree_get(v, "allowedTopologies");
    for (uint32_t i = 1; i < k8s_items(list) && i < FILES; i++)
        for (uint32_t k = 0; k < i; k++) {
            const struct k8s_step in = { at, "allowedTopologies", 0 }, item = { &in, NULL, i };
            if (tree_same(&list->seq[i], &list->seq[k]))
                k8s_report(w, E_K8S_DUPLICATE, &list->seq[i], &item, "is the same as entry %u", k);
        }
}

/* What a driver reads; the server bounds it. */
void k8s_rule_storage_class(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    enum { MOST = 262144, ENTRIES = 512 };
    check_topologies(w, v, at);
    const struct val *parameters = tree_get(v, "parameters");
    const struct k8s_step of = { at, "parameters", 0 };
    size_t bytes = 0;
    for (uint32_t i = 0; parameters != NULL && parameters->kind == V_MAP && i < parameters->len; i++) {
        const struct pair *p = &parameters->map[i];
        bytes += strlen(p->key) + (p->v.kind == V_STR ? p->v.len : 0);
        if (*p->key == '\0')
            k8s_report_in(w, E_K8S_VALUE, &p->v, &of, p->key, "has an empty key");
    }
    if (bytes > MOST || (parameters != NULL && parameters->len > ENTRIES))
        k8s_report(w, E_K8S_RULE, parameters, &of, "hold %u entries of %zu bytes together, and may hold %d of %d",
                   parameters->len, bytes,
                   ENTRIES, MOST);
}
