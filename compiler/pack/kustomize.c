/* kustomize.c: a base for `kubectl apply -k` and overlays (EC 2.3): a file an object in base/, in the order in which they can be
 * applied; a component that brings the same to a kustomization which has others; and above them the kustomization to name.
 * Labels are those of the objects: a `labels:` block would reach selectors or claim templates, which must not change. */
#include "pack/pack.h"

#include "print/print.h"

#define BASE "base/"

static void kustomization(const struct pack_job *j, const char *path, const char *version, const char *kind, struct val resources)
{
    struct arena *a = j->cx->a;
    const bool component = strcmp(kind, "Component") == 0;
    const struct val file = MAP(a,
        { "apiVersion",  t_str(str_join(a, "kustomize.config.k8s.io/", version, NULL)) },
        { "kind",        t_str(kind) },
        { "sortOptions", t_if(!component, MAP(a, { "order", t_str("fifo") })) },
        { "resources",   resources });
    print_yaml(pack_file(j->out, path), &file);
}

bool kustomize_pack(const struct pack_job *j)
{
    struct arena *a = j->cx->a;
    struct vals resources = { .a = a };
    kustomization(j, "kustomization.yaml", "v1beta1", "Kustomization", SEQ(a, t_str("base")));
    kustomization(j, "component/kustomization.yaml", "v1alpha1", "Component", SEQ(a, t_str("../base")));
    for (uint32_t i = 0; i < j->made->objects.len; i++) {
        const struct val *o = &j->made->objects.seq[i];
        const char *path = pack_object_path(j->out, BASE, o, ".yaml");
        print_yaml(pack_file(j->out, path), o);
        vals_add(&resources, t_str(path + strlen(BASE)));
    }
    kustomization(j, BASE "kustomization.yaml", "v1beta1", "Kustomization", vals_done(&resources));
    return true;
}
