/* k8s_immutable.h: which fields of an object that exists the API server refuses to change. */
#ifndef GREGOR_MODEL_K8S_IMMUTABLE_H
#define GREGOR_MODEL_K8S_IMMUTABLE_H

/* Returns what to do instead when the field at `path` ("spec.selector.matchLabels") of such an object cannot be changed, else NULL. */
const char *k8s_immutable(const char *kind, const char *path);

#endif
