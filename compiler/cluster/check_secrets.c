/* check_secrets.c: a description refers to secrets and holds none. Every text in it is looked at: by the name of its key wherever the
 * keys are not the language's own, and by its shape everywhere. */
#include "base/secret.h"
#include "cluster/check.h"
#include "cluster/fields.h"
#include "cluster/secret_file.h"

/* A field that is looked at. */
struct spot {
    const struct check *c;
    const char         *path; /* "brokers.pod" */
};

static bool reported(const struct check *c, struct pos at)
{
    for (uint32_t i = 0; i < c->cx->diag_count; i++)
        if (c->cx->diags[i]->at.line == at.line && c->cx->diags[i]->at.col == at.col && c->cx->diags[i]->at.file == at.file)
            return true;
    return false;
}

static const char *hint_for(const struct spot *s)
{
    if (strstr(s->path, "config") != NULL)
        return "mount a Secret with 'pod' and write ${file:/path:key}, with config.providers";
    if (str_ends(s->path, ".pod") || str_ends(s->path, ".env"))
        return "write valueFrom: {secretKeyRef: {name: ..., key: ...}}, or mount the Secret as a file";
    if (strstr(s->path, "jvm") != NULL)
        return "let the option name a file, and mount a Secret there with 'pod'";
    return "take it out, and name a Secret where the field can";
}

static void refuse(void *to, const char *key, const struct val *v)
{
    const struct spot *s = to;
    if (reported(s->c, v->at))
        return;
    struct diag *d = key == NULL
        ? diag_at(s->c->cx, E_PLAIN_SECRET, v->at, "an item of '%s' holds a secret in plain text", s->path)
        : diag_at(s->c->cx, E_PLAIN_SECRET, v->at, "'%s' in '%s' holds a secret in plain text", key, s->path);
    diag_hide(s->c->cx, v->at);
    diag_hint(s->c->cx, d, "%s", hint_for(s));
}

/* ---- the language's own fields ------------------------------------------------------------------------------------ */

static void walk_struct(const struct check *c, const struct type *t, const struct val *map, const char *path);

static void walk_field(const struct check *c, const struct field *f, const struct val *v, const char *path)
{
    const bool ours = f->kind == F_OBJECT || f->kind == F_OBJECTS;
    if (ours && v->kind == V_MAP)
        walk_struct(c, f->type, v, path);
    for (uint32_t i = 0; ours && v->kind == V_SEQ && i < v->len; i++)
        walk_struct(c, f->type, &v->seq[i], arena_printf(c->cx->a, "%s[%u]", path, i));
    struct spot spot = { c, path };
    if (!ours && v->kind == V_STR && secret_text(v->s)) /* the name of the field is the language's own */
        refuse(&spot, f->name, v);
    if (!ours && v->kind != V_STR)
        secret_find(v, NULL, refuse, &spot);
}

static void walk_struct(const struct check *c, const struct type *t, const struct val *map, const char *path)
{
    for (uint32_t i = 0; map->kind == V_MAP && i < map->len; i++) {
        const struct field *f = field_of(t, map->map[i].key);
        if (f != NULL)
            walk_field(c, f, &map->map[i].v, *path == '\0' ? f->name : str_join(c->cx->a, path, ".", f->name, NULL));
    }
}

static void plain_secrets(const struct check *c)
{
    walk_struct(c, &description_type, c->d->root, "");
}

/* ---- External Secrets ---------------------------------------------------------------------------------------------- */

static bool refers_to_secrets(const struct description *d)
{
    const struct sasl *s = &d->sasl;
    bool any = s->plain.secret != NULL || s->scram.secret != NULL || s->oauth.ca.secret != NULL || s->gssapi.keytab.secret != NULL
            || s->inter_broker.password.secret != NULL || s->controller.password.secret != NULL
            || (d->tls.enabled && d->tls.source == TLS_EXISTING)
            || (d->kafka.metadata == MD_ZOOKEEPER && zookeeper_auth(d) == ZAUTH_DIGEST);
    for (uint32_t i = 0; i < d->user_count; i++)
        any |= d->users[i].state == STATE_PRESENT && d->users[i].password.secret != NULL;
    return any;
}

static void external_unused(const struct check *c)
{
    if (c->d->external_secrets.store.name == NULL || refers_to_secrets(c->d) || !check_own(c, "externalSecrets"))
        return;
    struct diag *w = diag_at(c->cx, W_EXTERNAL_UNUSED, place(c->d, "externalSecrets"),
                             "'externalSecrets' has no effect: the cluster refers to no Secret");
    diag_hint(c->cx, w, "remove it");
}

static void external_key(const struct check *c)
{
    static const char *const known[] = { "{secret}", "{name}", "{namespace}", NULL };
    const char *key = c->d->external_secrets.key;
    if (c->d->external_secrets.store.name == NULL)
        return;
    const char *word = check_unknown_placeholder(c->cx->a, key, known);
    if (word == NULL && strstr(key, "{secret}") != NULL)
        return;
    struct diag *e = word != NULL
        ? diag_at(c->cx, E_EXTERNAL_KEY, place(c->d, "externalSecrets.key"), "%s has no meaning in 'externalSecrets.key'", word)
        : diag_at(c->cx, E_EXTERNAL_KEY, place(c->d, "externalSecrets.key"), "all Secrets would be read from '%s'", key);
    diag_hint(c->cx, e, word != NULL ? "use {secret}, the Secret, {name}, the cluster, or {namespace}" : "let it hold {secret}");
}

/* ---- password files ------------------------------------------------------------------------------------------------ */

static bool any_file(const struct check *c)
{
    bool any = false;
    for (uint32_t i = 0; i < c->d->user_count; i++)
        any |= secret_file_of(&c->d->users[i]);
    return any;
}

/* The folder stands in paths that are read and made: nothing in it may lead out. */
static void folder(const struct check *c)
{
    const char *s = c->d->secrets_folder;
    const bool out = *s == '/' || strcmp(s, "..") == 0 || str_starts(s, "../") || strstr(s, "/../") != NULL || str_ends(s, "/..");
    if (!out || (!any_file(c) && !check_own(c, "secretsFolder")))
        return;
    struct diag *e = diag_at(c->cx, E_SECRETS_FOLDER, place(c->d, "secretsFolder"), "'%s' is not below the folder of the description", s);
    diag_hint(c->cx, e, "write a relative path without '..'");
}

static void files(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        const struct user *u = &c->d->users[i];
        const char *bad = secret_file_of(u) ? secret_file_bad_name(u->password.file) : NULL;
        if (bad == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_PASSWORD_NAME, place(c->d, "users[%u].password.file", i),
                                 "no password file can be called '%s': it %s", u->password.file, bad);
        diag_hint(c->cx, e, "write a name such as %s; the folder has the field secretsFolder", u->name);
    }
}

static void keys(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->user_count; i++) {
        const struct user *u = &c->d->users[i];
        if (!secret_file_of(u) || strcmp(u->password.key, JAAS_KEY) != 0)
            continue;
        struct diag *e = diag_at(c->cx, E_PASSWORD_KEY, place(c->d, "users[%u].password.key", i),
                                 "'" JAAS_KEY "' is the key of the whole login, beside the password");
        diag_hint(c->cx, e, "leave 'key' out: the default is password");
    }
}

check_rule *const check_secrets[] = { plain_secrets, external_unused, external_key, folder, files, keys, NULL };
