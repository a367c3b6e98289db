#include "emit/emit.h"

#include "base/text.h"

#include <stdlib.h>

/* The order of EC 2.10: what others need comes first, so that `kubectl apply` of a stream and a directory work at once. */
static const char *const order[] = {
    "Namespace", "PriorityClass", "NetworkPolicy", "ServiceAccount", "Certificate", "ConfigMap", "StorageClass",
    "PersistentVolume", "Service", "PodDisruptionBudget", "StatefulSet", "Deployment", "CronJob", "Job", "PodMonitor", "ServiceMonitor", "PrometheusRule",
    "Ingress", "Route", "TLSRoute", NULL
};

/* Files are called by this number, so what the site brings shares that of the kind it has to stand beside: definitions before their resources,
 * quotas and rights before pods. */
static const struct { const char *kind, *beside; } guests[] = {
    { "CustomResourceDefinition", "PriorityClass" }, { "ResourceQuota", "NetworkPolicy" }, { "LimitRange", "NetworkPolicy" },
    { "ClusterRole", "ServiceAccount" }, { "Role", "ServiceAccount" }, { "ClusterRoleBinding", "Certificate" }, { "RoleBinding", "Certificate" },
    { "ExternalSecret", "Certificate" }, { "SealedSecret", "Certificate" }, { "ClusterIssuer", "Certificate" }, { "Issuer", "Certificate" },
    { "VolumeAttributesClass", "StorageClass" }, { "PersistentVolumeClaim", "PersistentVolume" },
};

unsigned emit_rank(const char *kind)
{
    unsigned i = 0;
    for (size_t k = 0; kind != NULL && k < sizeof guests / sizeof *guests; k++)
        if (guests[k].kind[0] == kind[0] && strcmp(guests[k].kind, kind) == 0) {
            kind = guests[k].beside;
            break;
        }
    while (order[i] != NULL && (kind == NULL || strcmp(order[i], kind) != 0))
        i++;
    return i;
}

struct placed {
    struct val  v;
    const char *name;
    unsigned    rank;
    uint32_t    place; /* before */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Numbers inside names count as numbers: broker 2 comes before broker 10. */
static int by_name(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (digit(*a) && digit(*b)) {
            char *a_end, *b_end;
            const unsigned long long m = strtoull(a, &a_end, 10), n = strtoull(b, &b_end, 10);
            if (m != n)
                return m < n ? -1 : 1;
            a = a_end;
            b = b_end;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    const int way = x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : by_name(x->name, y->name);
    return way != 0 ? way : x->place < y->place ? -1 : 1;
}

struct val emit_in_order(struct arena *a, const struct vals *objects)
{
    struct placed *list = NEWS(a, struct placed, objects->len);
    struct val *sorted = NEWS(a, struct val, objects->len);
    for (uint32_t i = 0; i < objects->len; i++) {
        const struct val *v = &objects->at[i];
        const char *name = tree_str(tree_get(v, "metadata"), "name");
        list[i] = (struct placed){ *v, name != NULL ? name : "", emit_rank(tree_str(v, "kind")), i };
    }
    qsort(list, objects->len, sizeof *list, by_place);
    for (uint32_t i = 0; i < objects->len; i++)
        sorted[i] = list[i].v;
    return (struct val){ .kind = V_SEQ, .len = objects->len, .seq = sorted };
}

bool emit_objects(struct ctx *cx, const struct plan *p, struct val *objects)
{
    static void (*const parts[])(struct arena *, const struct plan *, struct vals *) = {
        emit_account, emit_network_policies, emit_external_secrets, emit_certificates, emit_config, emit_storage_classes, emit_services,
        emit_exposed, emit_budgets, emit_workloads, emit_users, emit_admin, emit_scram_bootstrap, emit_lag_exporter, emit_monitors
    };
    struct vals out = { .a = cx->a };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        parts[i](cx->a, p, &out);
    for (uint32_t i = 0; p->d->include != NULL && i < p->d->include->len; i++)
        vals_add(&out, p->d->include->seq[i]);
    *objects = emit_in_order(cx->a, &out);
    return !diag_failed(cx);
}
