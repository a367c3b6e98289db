/* check_classes.c: StorageClasses, those described and those named. */
#include "cluster/check.h"
#include "model/kubernetes.h"
#include "model/platform.h"

static const struct storage_class *class_named(const struct check *c, const char *name)
{
    for (uint32_t i = 0; i < c->d->storage_class_count; i++)
        if (str_eq(c->d->storage_classes[i].name, name))
            return &c->d->storage_classes[i];
    return NULL;
}

static void bad_class(const struct check *c, struct pos at, const char *name)
{
    const char *bad = name == NULL ? NULL : k8s_bad_subdomain(name);
    if (bad == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_CLASS_NAME, at, "'%s' is no name of a StorageClass: it %s", name, bad);
    diag_hint(c->cx, e, "use lower case letters, digits, '-' and '.'");
}

static void class_of_volume(const struct check *c, const struct check_volume *v)
{
    bad_class(c, place(c->d, "%s.class", v->path), v->storage->class);
}

static void class_names(const struct check *c)
{
    check_each_volume(c, class_of_volume);
    for (uint32_t i = 0; i < c->d->storage_class_count; i++)
        bad_class(c, place(c->d, "storageClasses[%u].name", i), c->d->storage_classes[i].name);
}

static void class_twice(const struct check *c)
{
    check_names_differ(c, E_CLASS_TWICE, "storageClasses", tree_get(c->d->root, "storageClasses"),
                       "give each class a name of its own");
}

static void class_default_twice(const struct check *c)
{
    const struct storage_class *first = NULL;
    for (uint32_t i = 0; i < c->d->storage_class_count; i++) {
        const struct storage_class *s = &c->d->storage_classes[i];
        if (s->is_default && first != NULL) {
            struct diag *e = diag_at(c->cx, E_CLASS_DEFAULT, place(c->d, "storageClasses[%u].default", i),
                                     "'%s' and '%s' cannot both be the default class", first->name, s->name);
            diag_hint(c->cx, e, "keep one default");
        }
        first = s->is_default && first == NULL ? s : first;
    }
}

static bool of_local_disks(const struct check *c, const char *name)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool *p = c->pools[i].pool;
        bool local = p->volume_count == 0 && p->storage.type == ST_LOCAL && str_eq(p->storage.class, name);
        for (uint32_t v = 0; v < p->volume_count; v++)
            local |= p->volumes[v].type == ST_LOCAL && str_eq(p->volumes[v].class, name);
        if (local)
            return true;
    }
    return false;
}

static void class_provisioner(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->storage_class_count; i++) {
        const struct storage_class *s = &c->d->storage_classes[i];
        if (s->provisioner != NULL || platform_disks(c->d->platform)->provisioner != NULL
            || of_local_disks(c, s->name))
            continue;
        struct diag *e = diag_at(c->cx, E_CLASS_PROVISIONER, place(c->d, "storageClasses[%u].name", i),
                                 "the class '%s' has no provisioner, and the platform does not tell one",
                                 s->name);
        diag_hint(c->cx, e, "write provisioner: the CSI driver of the site; or write platform");
    }
}

/* In-tree drivers and their successors; the code left Kubernetes in the version given. */
static const struct { const char *gone, *csi; int since; } in_tree[] = {
    { "kubernetes.io/aws-ebs", "ebs.csi.aws.com", 27 },
    { "kubernetes.io/azure-disk", "disk.csi.azure.com", 27 },
    { "kubernetes.io/gce-pd", "pd.csi.storage.gke.io", 28 },
    { "kubernetes.io/cinder", "cinder.csi.openstack.org", 26 },
    { "kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com", 30 } };

static void class_in_tree(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->storage_class_count; i++)
        for (size_t t = 0; t < sizeof in_tree / sizeof in_tree[0]; t++) {
            if (!str_eq(c->d->storage_classes[i].provisioner, in_tree[t].gone)
                || c->d->kubernetes < in_tree[t].since)
                continue;
            struct diag *w = diag_at(c->cx, W_CLASS_IN_TREE, place(c->d, "storageClasses[%u].provisioner", i),
                                     "'%s' left Kubernetes in 1.%d", in_tree[t].gone, in_tree[t].since);
            diag_hint(c->cx, w, "use %s", in_tree[t].csi);
        }
}

/* Volumes of a class that is described here, in pools that are spread over zones. */
static void class_and_zones(const struct check *c, const struct check_volume *v)
{
    const struct storage_class *s = v->storage->class == NULL ? NULL : class_named(c, v->storage->class);
    const struct strs *zones = &v->pool->pool->zones;
    if (s == NULL)
        return;
    const uint32_t i = (uint32_t)(s - c->d->storage_classes);
    if (s->binding == BIND_IMMEDIATE && (zones->len > 1 || v->storage->type == ST_LOCAL)) {
        struct diag *w = diag_at(c->cx, W_CLASS_IMMEDIATE, place(c->d, "storageClasses[%u].bindingMode", i),
                                 "a volume of '%s' may be made where its pod cannot run", s->name);
        diag_hint(c->cx, w, "use WaitForFirstConsumer");
    }
    for (uint32_t z = 0; z < zones->len && s->zones.len > 0; z++) {
        if (check_find(&s->zones, zones->at[z]) >= 0)
            continue;
        struct diag *e = diag_at(c->cx, E_CLASS_ZONES, place(c->d, "%s.zones[%u]", v->pool->path, z),
                                 "the class '%s' makes no disks in zone '%s'", s->name, zones->at[z]);
        diag_note(c->cx, e, place(c->d, "storageClasses[%u].zones", i), "its zones");
        diag_hint(c->cx, e, "add the zone to the class, or leave its 'zones' out");
    }
}

static void classes_and_zones(const struct check *c)
{
    check_each_volume(c, class_and_zones);
}

check_rule *const check_classes[] = {
    class_names, class_twice, class_default_twice, class_provisioner, class_in_tree, classes_and_zones, NULL
};
