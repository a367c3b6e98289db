/* platform.h: where disks come from on each platform. */
#ifndef GREGOR_MODEL_PLATFORM_H
#define GREGOR_MODEL_PLATFORM_H

#include "base/tree.h"

#define NO_PROVISIONER "kubernetes.io/no-provisioner" /* of a StorageClass whose volumes somebody makes beforehand */

struct platform_disks {
    const char *platform;      /* as descriptions name it; in the order of enum platform */
    const char *provisioner;   /* CSI driver of its block disks; NULL: none that every such cluster has */
    const char *parameters[4]; /* of a fast disk: key, value, ..., NULL */
    const char *zone_key;      /* the driver's own topology key for a zone */
};

/* `platform` is the number of the platform in a description. */
const struct platform_disks *platform_disks(int platform);

/* Parameters of a fast disk, or nothing. */
struct val platform_parameters(struct arena *a, int platform);

/* Topology key that the driver knows zones by, for allowedTopologies; Kubernetes' own label for a driver not listed. */
const char *platform_zone_key(const char *provisioner);

#endif
