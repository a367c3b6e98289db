#include "verify/objects.h"

#include "base/text.h"
#include "model/kubernetes.h"

#include <string.h>

/* ---- one object --------------------------------------------------------------------------------------- */

static void unknown_kind(struct verifier *vf, const char *api_version, const char *kind)
{
    const struct val *place = tree_get(vf->object, "kind");
    const char *other = k8s_api_version(kind), *known = other != NULL ? other : k8s_kind_unmodelled_version(kind, vf->minor);
    if (k8s_kind_unmodelled(api_version, kind, vf->minor)) {
        objects_report(vf, W_K8S_UNCHECKED, place, "no schema of '%.80s' '%.80s' is known, so the object is not checked",
                       api_version, kind);
        return;
    }
    struct diag *d = objects_report(vf, E_K8S_KIND, place, "Kubernetes 1.%d has no '%.80s' '%.80s'", vf->minor, api_version,
                                    kind);
    if (d != NULL && known != NULL)
        diag_hint(vf->cx, d, "write 'apiVersion: %s'", known);
    else if (d != NULL)
        diag_did_you_mean(vf->cx, d, k8s_nearest_kind(kind));
}

static void check_namespace(struct verifier *vf, const struct k8s_type *type, const struct head *h)
{
    if (k8s_namespaced(type) && *h->space == '\0') {
        struct diag *d = objects_report(vf, E_NO_NAMESPACE, h->metadata, "'metadata.namespace' is missing");
        if (d != NULL && h->metadata != NULL && ctx_from_hook(vf->cx, h->metadata->at))
            diag_hint(vf->cx, d, "write namespace = plan.namespace");
    } else if (*h->space != '\0' && !k8s_namespaced(type)) {
        objects_report(vf, E_K8S_RULE, tree_get(h->metadata, "namespace"),
                       "'metadata.namespace' must not stand: a %s lives in no namespace", h->kind);
    }
}

static void check_object(struct verifier *vf, const struct head *h, struct k8s_check *check)
{
    if (h->api_version == NULL || h->kind == NULL) {
        objects_report(vf, E_K8S_MISSING, NULL, "'%s' is missing", h->api_version == NULL ? "apiVersion" : "kind");
        return;
    }
    const struct k8s_type *type = k8s_kind(h->api_version, h->kind, vf->minor);
    if (type == NULL) {
        unknown_kind(vf, h->api_version, h->kind);
        return;
    }
    check->object   = vf->object;
    check->fallback = objects_place(vf->object);
    vf->failed |= !k8s_check_value(check, type, vf->object, "");
    check_namespace(vf, type, h);
}

/* Who applies labels the members of a set, and refuses what has the label; who applies without a set would make it a member of one. */
static void check_membership(struct verifier *vf, const struct head *h)
{
    const struct val *label = tree_at(h->metadata, "labels", "applyset.kubernetes.io/part-of", NULL);
    struct diag *d = label == NULL ? NULL : objects_report(vf, E_APPLYSET_MEMBER, label, "'applyset.kubernetes.io/part-of' must not be set");
    if (d != NULL)
        diag_hint(vf->cx, d, "remove it: `kubectl apply --prune --applyset` labels what it applies, and later deletes what has the label and is "
                             "not applied");
}

/* ---- the set ------------------------------------------------------------------------------------------ */

/* The Secret that a custom resource will make, or NULL. */
static const char *secret_of(const struct val *object, const char *kind, const char *name)
{
    if (strcmp(kind, "Certificate") == 0)
        return tree_str(tree_get(object, "spec"), "secretName");
    if (strcmp(kind, "ExternalSecret") == 0) {
        const char *target = tree_str(tree_at(object, "spec", "target", NULL), "name");
        return target != NULL ? target : name;
    }
    return strcmp(kind, "SealedSecret") == 0 ? name : NULL;
}

static void report_twice(struct verifier *vf, const struct entry *first)
{
    const struct val *name = tree_at(vf->object, "metadata", "name", NULL);
    const struct val *other = tree_at(first->object, "metadata", "name", NULL);
    const bool ours = vf->object->at.line == 0 && (name == NULL || name->at.line == 0); /* then the first one is the site's */
    const struct val *place = !ours ? name : other != NULL && other->at.line > 0 ? other : first->object;
    struct diag *d = objects_report(vf, E_TWICE, place, "an object of that kind and name is already there");
    if (d != NULL && !ours && other != NULL && other->at.line > 0)
        diag_note(vf->cx, d, other->at, "the first one is here");
}

static void add_object(struct verifier *vf, const struct head *h)
{
    if (h->kind == NULL || h->name == NULL)
        return;
    struct entry e = { .api_version = h->api_version != NULL ? h->api_version : "", .kind = h->kind, .space = h->space,
                       .name = h->name, .object = vf->object };
    const struct entry *first = objects_add(&vf->all, e);
    if (first != NULL && strcmp(first->api_version, e.api_version) == 0)
        report_twice(vf, first);
    const char *secret = secret_of(vf->object, e.kind, e.name);
    if (secret != NULL) {
        e.kind = "Secret";
        e.name = secret;
        objects_add(&vf->all, e);
    }
}

static void check_pod(struct verifier *vf)
{
    const char *path, *kind = tree_str(vf->object, "kind");
    const struct val *pod = kind == NULL ? NULL : objects_pod(vf->object, kind, &path);
    const char *api_version = tree_str(vf->object, "apiVersion");
    if (pod == NULL || pod->kind != V_MAP || api_version == NULL || k8s_kind(api_version, kind, vf->minor) == NULL)
        return; /* what has not been checked may have any shape */
    policy_check(vf, pod, path);
    expansion_check(vf, pod);
    if (vf->cluster != NULL)
        references_check(vf, pod, path);
}

bool verify_objects(struct ctx *cx, int minor, const char *cluster, const struct val *objects, uint32_t n, const struct hooks *hooks)
{
    struct verifier vf = { .cx = cx, .hooks = hooks, .minor = minor, .cluster = cluster, .all = objects_make(cx->a, n * 2) };
    const bool searched = hook_describes(hooks);
    struct k8s_memo memo;
    struct k8s_check check = { .cx = cx, .minor = minor, .memo = &memo };
    memset(&memo, 0, sizeof memo);
    for (uint32_t i = 0; i < n; i++) {
        vf.object = &objects[i];
        if (vf.object->kind == V_MAP) {
            const struct head h = objects_head(vf.object);
            add_object(&vf, &h);
            check_object(&vf, &h, &check);
            check_membership(&vf, &h);
            if (searched || vf.object->at.line > 0) /* a hook that changed the object has left its line */
                secrets_check(&vf, h.kind);
        } else if (vf.object->kind != V_POISON) {
            objects_report(&vf, E_K8S_TYPE, vf.object, "an object must be a map");
        }
    }
    for (uint32_t i = 0; i < n && !vf.failed; i++) {
        vf.object = &objects[i];
        check_pod(&vf);
    }
    return !vf.failed;
}
