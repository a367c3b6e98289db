#include "model/platform.h"

#include <stddef.h>

static const struct platform_disks disks[] = {
    { .platform = "generic" },
    { .platform = "eks", .provisioner = "ebs.csi.aws.com", .parameters = { "type", "gp3" },
      .zone_key = "topology.ebs.csi.aws.com/zone" },
    { .platform = "gke", .provisioner = "pd.csi.storage.gke.io", .parameters = { "type", "pd-ssd" },
      .zone_key = "topology.gke.io/zone" },
    { .platform = "aks", .provisioner = "disk.csi.azure.com", .parameters = { "skuName", "Premium_LRS" },
      .zone_key = "topology.disk.csi.azure.com/zone" },
    { .platform = "openshift" }, /* runs on any of the others */
    { .platform = "kind", .provisioner = "rancher.io/local-path" },
};
enum { COUNT = sizeof disks / sizeof *disks };

const struct platform_disks *platform_disks(int platform)
{
    return &disks[platform >= 0 && platform < COUNT ? platform : 0];
}

struct val platform_parameters(struct arena *a, int platform)
{
    struct pairs out = { .a = a };
    for (const char *const *at = platform_disks(platform)->parameters; *at != NULL; at += 2)
        pairs_add(&out, at[0], t_str(at[1]));
    return pairs_done(&out);
}

const char *platform_zone_key(const char *provisioner)
{
    for (int i = 0; i < COUNT; i++)
        if (disks[i].zone_key != NULL && strcmp(disks[i].provisioner, provisioner) == 0)
            return disks[i].zone_key;
    return "topology.kubernetes.io/zone";
}
