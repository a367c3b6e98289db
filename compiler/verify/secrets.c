/* What a hook or an included file adds may hold no secret: manifests are reviewed, committed and shown. Fragments of the description have been looked at
 * (cluster/check_secrets.c), and what gregor emits holds references; `--secrets` has its own objects, which stand in no file. */
#include "verify/objects.h"

#include "base/secret.h"

static void refuse(void *to, const char *key, const struct val *v)
{
    struct verifier *vf = to;
    struct diag *d = key == NULL ? objects_report(vf, E_SECRET_LEAVES, v, "an item of a list holds a secret in plain text")
                                 : objects_report(vf, E_SECRET_LEAVES, v, "'%.80s' holds a secret in plain text", key);
    diag_hide(vf->cx, v->at);
    if (d != NULL)
        diag_hint(vf->cx, d, "refer to a Secret: secretKeyRef, or a volume");
}

static void whole_secret(struct verifier *vf)
{
    const struct val *data = tree_get(vf->object, "data"), *texts = tree_get(vf->object, "stringData");
    if (vf->object->at.line == 0 || ((data == NULL || data->len == 0) && (texts == NULL || texts->len == 0)))
        return;
    struct diag *d = objects_report(vf, E_SECRET_LEAVES, vf->object, "a Secret with its contents would leave with the manifests");
    if (d != NULL)
        diag_hint(vf->cx, d, "let it be made elsewhere: an ExternalSecret, a SealedSecret, or kubectl create secret");
}

void secrets_check(struct verifier *vf, const char *kind)
{
    if (kind != NULL && strcmp(kind, "Secret") == 0)
        whole_secret(vf);
    else
        secret_find(vf->object, NULL, refuse, vf);
}
