/* What a hook or an included file adds may hold no secret: manifests are reviewed, committed and shown. Fragments of the description have been looked at
 * (cluster/check_secrets.c), and what gregor emits holds references; `--secrets` has its own objects, which stand in no file. What others have
 * rendered goes to the server at once (post-render): only what a hook put into it is looked at. */
#include "verify/objects.h"

#include "base/secret.h"

static void refuse(void *to, const char *key, const struct val *v)
{
    struct verifier *vf = to;
    if (ctx_from_manifests(vf->cx, v->at))
        return;
    struct diag *d = key == NULL ? objects_report(vf, E_SECRET_LEAVES, v, "an item of a list holds a secret in plain text")
                                 : objects_report(vf, E_SECRET_LEAVES, v, "'%.80s' holds a secret in plain text", key);
    diag_hide(vf->cx, v->at);
    if (d != NULL)
        diag_hint(vf->cx, d, "refer to a Secret: secretKeyRef, or a volume");
}

static bool holds_any(const struct verifier *vf, const char *key)
{
    const struct val *data = tree_get(vf->object, key);
    for (uint32_t i = 0; data != NULL && data->kind == V_MAP && i < data->len; i++)
        if (!ctx_from_manifests(vf->cx, data->map[i].v.at))
            return true;
    return false;
}

static void whole_secret(struct verifier *vf)
{
    if (vf->object->at.line == 0 || (!holds_any(vf, "data") && !holds_any(vf, "stringData")))
        return;
    if (ctx_from_hook(vf->cx, vf->object->at))
        diag_hide(vf->cx, vf->object->at);
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
