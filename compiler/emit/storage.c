#include "emit/emit.h"

#include "base/text.h"
#include "cluster/cluster.h"
#include "model/platform.h"

/* True when some pool keeps local disks in that class: nobody provisions them. */
static bool is_of_local_disks(const struct plan *p, const char *class)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t j = 0; j < p->workloads[i].volume_count; j++) {
            const struct storage *s = p->workloads[i].volumes[j].storage;
            if (s->type == ST_LOCAL && str_eq(s->class, class))
                return true;
        }
    return false;
}

static struct val zones(struct arena *a, const struct plan *p, uint32_t class, const char *provisioner)
{
    const struct strs *zones = &p->d->storage_classes[class].zones;
    struct vals names = { .a = a };
    for (uint32_t i = 0; i < zones->len; i++)
        vals_add(&names, k8s_text_at(zones->at[i], place(p->d, "storageClasses[%u].zones[%u]", class, i)));
    return zones->len == 0 ? t_none() : SEQ(a, MAP(a,
        { "matchLabelExpressions", SEQ(a, MAP(a,
            { "key",    t_str(platform_zone_key(provisioner)) },
            { "values", vals_done(&names) })) }));
}

static struct val storage_class(struct arena *a, const struct plan *p, const struct storage_class *c)
{
    const uint32_t i = (uint32_t)(c - p->d->storage_classes);
    const bool local = c->provisioner == NULL && is_of_local_disks(p, c->name);
    const bool ours  = c->provisioner == NULL && !local; /* parameters belong to their driver */
    const char *provisioner = c->provisioner != NULL ? c->provisioner
                            : local ? NO_PROVISIONER : platform_disks(p->d->platform)->provisioner;
    const struct val mark = MAP(a,
        { "storageclass.kubernetes.io/is-default-class", t_if(c->is_default, t_str("true")) });
    return MAP(a,
        { "apiVersion",           t_str("storage.k8s.io/v1") },
        { "kind",                 t_str("StorageClass") },
        { "metadata",             k8s_cluster_meta(a, p, c->name, p->labels, mark) },
        { "provisioner",          c->provisioner == NULL ? t_str(provisioner)
                                : k8s_text_at(provisioner, place(p->d, "storageClasses[%u].provisioner", i)) },
        { "parameters",           c->parameters != NULL ? tree_sorted(a, *c->parameters)
                                : t_if(ours, platform_parameters(a, p->d->platform)) },
        { "reclaimPolicy",        t_str(c->reclaim == RECLAIM_RETAIN ? "Retain" : "Delete") },
        { "allowVolumeExpansion", t_if(!local, t_bool(c->expandable)) },
        { "volumeBindingMode",    t_str(c->binding == BIND_WAIT ? "WaitForFirstConsumer" : "Immediate") },
        { "mountOptions",         k8s_texts(a, &c->mount_options) },
        { "allowedTopologies",    provisioner == NULL ? t_none() : zones(a, p, i, provisioner) });
}

static struct val on_node(struct arena *a, const char *node)
{
    return MAP(a, { "required", MAP(a, { "nodeSelectorTerms", SEQ(a, MAP(a,
        { "matchExpressions", SEQ(a, MAP(a,
            { "key",      t_str("kubernetes.io/hostname") },
            { "operator", t_str("In") },
            { "values",   SEQ(a, t_str(node)) })) })) }) });
}

/* The claim that the StatefulSet makes for a pod. Bound from the start, so that a broker finds its own disk again and
 * never that of another volume of the same size. */
static struct val claim(struct arena *a, const struct plan *p, const struct volume *v, const char *pod)
{
    return pod == NULL ? t_none() : MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("PersistentVolumeClaim") },
        { "name",       t_str(str_join(a, v->name, "-", pod, NULL)) },
        { "namespace",  t_str(p->d->namespace_) });
}

static struct val persistent_volume(struct arena *a, const struct plan *p, const struct workload *w, const struct volume *v,
                                    uint32_t i, const char *pod)
{
    /* Not namespaced: the name has to differ from those of every other cluster. */
    const char *name = str_join(a, p->d->namespace_, "-", p->d->name, "-", w->pool->name, "-", v->name, "-",
                                str_int(a, i), NULL);
    return MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("PersistentVolume") },
        { "metadata",   k8s_cluster_meta(a, p, name, *w->labels, t_none()) },
        { "spec", MAP(a,
            { "capacity",                      MAP(a, { "storage", t_str(v->size) }) },
            { "volumeMode",                    t_str("Filesystem") },
            { "accessModes",                   SEQ(a, t_str("ReadWriteOnce")) },
            { "persistentVolumeReclaimPolicy", t_str("Retain") },
            { "storageClassName",              t_str(v->storage->class) },
            { "claimRef",                      claim(a, p, v, pod) },
            { "local",                         MAP(a, { "path", t_str(v->storage->path) }) },
            { "nodeAffinity",                  on_node(a, v->storage->nodes.at[i]) }) });
}

/* Where all pods of a StatefulSet belong to one zone, only the scheduler knows which of the nodes lie in it: the pool's
 * volumes are then made once and left unbound. */
static void local_volumes(struct arena *a, const struct plan *p, const struct workload *w, const struct volume *v,
                          struct vals *out)
{
    const struct storage *s = v->storage;
    if (s->type != ST_LOCAL || s->path == NULL)
        return;
    const uint32_t count = w->zone != NULL || s->nodes.len < w->node_count ? s->nodes.len : w->node_count;
    for (uint32_t i = 0; i < count; i++)
        vals_add(out, persistent_volume(a, p, w, v, i, w->zone != NULL ? NULL : w->nodes[i].pod));
}

static bool is_first_of_pool(const struct plan *p, const struct workload *w)
{
    return w == p->workloads || w[-1].pool != w->pool;
}

void emit_storage_classes(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; i < p->d->storage_class_count; i++)
        vals_add(out, storage_class(a, p, &p->d->storage_classes[i]));
    for (uint32_t i = 0; i < p->workload_count; i++)
        if (is_first_of_pool(p, &p->workloads[i]))
            for (uint32_t j = 0; j < p->workloads[i].volume_count; j++)
                local_volumes(a, p, &p->workloads[i], &p->workloads[i].volumes[j], out);
}
