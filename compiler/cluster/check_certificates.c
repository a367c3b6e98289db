/* check_certificates.c: who signs, which Secret holds what, and the name that the nodes have. Codes: check_security.def. */
#include "cluster/check.h"
#include "model/kubernetes.h"
#include "pki/authority.h"

static void no_issuer(const struct check *c)
{
    const struct tls *t = &c->d->tls;
    if (!t->enabled || t->source != TLS_CERT_MANAGER || t->issuer.name != NULL)
        return;
    struct diag *e = diag_at(c->cx, E_ISSUER, place(c->d, "tls.source"), "cert-manager does not know who signs");
    diag_hint(c->cx, e, "write issuer: {kind: ClusterIssuer, name: ...}");
}

static void issuer_unused(const struct check *c)
{
    if (!c->d->tls.enabled || c->d->tls.source == TLS_CERT_MANAGER || !check_own(c, "tls.issuer"))
        return;
    struct diag *w = diag_at(c->cx, W_ISSUER, place(c->d, "tls.issuer"), "'tls.issuer' has no effect: %s",
                             c->d->tls.source == TLS_EXISTING ? "the Secrets exist already" : "`gregor pki` signs");
    diag_hint(c->cx, w, "write source: cert-manager, or remove it");
}

static void folder_unused(const struct check *c)
{
    if (!c->d->tls.enabled || c->d->tls.source != TLS_CERT_MANAGER || !check_own(c, "tls.folder"))
        return;
    struct diag *w = diag_at(c->cx, W_TLS_FOLDER, place(c->d, "tls.folder"),
                             "'tls.folder' has no effect: cert-manager keeps the certificates in the cluster");
    diag_hint(c->cx, w, "write source: generated, or remove it");
}

const char *check_unknown_placeholder(struct arena *a, const char *s, const char *const *known)
{
    for (; *known != NULL; known++)
        s = str_replace(a, s, *known, "x");
    const char *open = strchr(s, '{'), *close = open == NULL ? NULL : strchr(open, '}');
    return open == NULL ? NULL : arena_dup(a, open, close == NULL ? strlen(open) : (size_t)(close + 1 - open));
}

static bool misses_placeholder(const struct check *c, const char *field, const char *s, const char *const *known,
                               const char *hint)
{
    const char *word = check_unknown_placeholder(c->cx->a, s, known);
    if (word == NULL)
        return false;
    struct diag *e = diag_at(c->cx, E_TLS_PLACEHOLDER, place(c->d, "tls.%s", field), "%s has no meaning in 'tls.%s'", word,
                             field);
    diag_hint(c->cx, e, "%s", hint);
    return true;
}

static bool has_certificate(const struct check *c, uint32_t set)
{
    return !c->sets[set].pool->is_zookeeper || c->d->zookeeper.tls;
}

/* The Secret of the last pod, whose name is the longest. */
static const char *last_secret(const struct check *c, const struct pod_set *set)
{
    struct arena *a = c->cx->a;
    const char *name = str_replace(a, c->d->tls.secret, "{name}", c->d->name);
    return str_replace(a, str_replace(a, name, "{set}", set->name), "{pod}",
                       str_join(a, set->name, "-", str_int(a, set->count - 1), NULL));
}

/* Beside the certificates of Secrets lie those of the authority (pki/authority.h): a Secret of that name would take their place. */
static const char *taken_name(const struct check *c, const char *name)
{
    return tls_folder(c->d) != NULL && authority_owns(str_join(c->cx->a, name, ".crt", NULL))
        ? "is the authority's in the folder of the certificates" : NULL;
}

/* One finding is enough: the others have the same cause. */
static void secret_names(const struct check *c)
{
    for (uint32_t i = 0; i < c->set_count; i++) {
        const char *name = last_secret(c, &c->sets[i]);
        const char *bad = has_certificate(c, i) ? k8s_bad_subdomain(name) : NULL;
        bad = bad == NULL && has_certificate(c, i) ? taken_name(c, name) : bad;
        if (bad == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_TLS_SECRET, place(c->d, "tls.secret"), "no Secret can be called '%s', which %s",
                                 name, bad);
        diag_hint(c->cx, e, "leave 'secret' out: the default is {set}-tls");
        return;
    }
}

static void shared_certificate(const struct check *c)
{
    uint32_t sets = 0;
    for (uint32_t i = 0; i < c->set_count; i++)
        sets += has_certificate(c, i);
    if (c->d->tls.source != TLS_CERT_MANAGER || sets < 2 || strstr(c->d->tls.secret, "{set}") != NULL || tls_each_pod(&c->d->tls))
        return;
    struct diag *e = diag_at(c->cx, E_TLS_SHARED, place(c->d, "tls.secret"),
                             "%u Certificates would write one Secret '%s'", sets, c->d->tls.secret);
    diag_hint(c->cx, e, "let 'secret' hold {set}, or {pod} for a certificate of each pod");
}

static void secret(const struct check *c)
{
    static const char *const known[] = { "{name}", "{set}", "{pod}", NULL };
    if (!c->d->tls.enabled
        || misses_placeholder(c, "secret", c->d->tls.secret, known, "use {set}, the StatefulSet, {pod}, or {name}, the cluster"))
        return;
    secret_names(c);
    shared_certificate(c);
}

/* Kubernetes: letters, digits, '-', '_' and '.', at most 253, neither "." nor beginning with ".." (IsConfigMapKey). */
bool check_secret_key(const char *s)
{
    const size_t fine = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    return s[fine] == '\0' && fine <= 253 && strcmp(s, ".") != 0 && !str_starts(s, "..");
}

struct secret_key { const char *field, *value, *usual; };

static void secret_key(const struct check *c, const struct secret_key *keys, size_t i)
{
    const struct pos at = place(c->d, "tls.%s", keys[i].field);
    if (!check_secret_key(keys[i].value)) {
        struct diag *e = diag_at(c->cx, E_TLS_KEY, at, "'%s' is no key of a Secret", keys[i].value);
        diag_hint(c->cx, e, "write a name of letters, digits, '-', '_' and '.', such as %s", keys[i].usual);
    } else if (c->d->tls.source == TLS_CERT_MANAGER && strcmp(keys[i].value, keys[i].usual) != 0) {
        struct diag *e = diag_at(c->cx, E_TLS_KEY_FIXED, at, "cert-manager writes no key '%s'", keys[i].value);
        diag_hint(c->cx, e, "leave '%s' out: it writes %s", keys[i].field, keys[i].usual);
    }
    for (size_t n = 0; n < i; n++) {
        if (strcmp(keys[n].value, keys[i].value) != 0)
            continue;
        struct diag *e = diag_at(c->cx, E_TLS_KEY_TWICE, at, "'tls.%s' and 'tls.%s' are both '%s'", keys[n].field,
                                 keys[i].field, keys[i].value);
        diag_hint(c->cx, e, "name the key that holds each");
    }
}

static void pem_keys(const struct check *c)
{
    const struct tls *t = &c->d->tls;
    const struct secret_key keys[] = {
        { "certificate", t->certificate, "tls.crt" }, { "key", t->key, "tls.key" }, { "ca", t->ca, "ca.crt" },
        { "combined", t->combined, "tls-combined.pem" } };
    const size_t used = !c->kraft && c->d->zookeeper.tls ? 4 : 3;
    for (size_t i = 0; i < used; i++)
        secret_key(c, keys, i);
}

static void store_keys(const struct check *c)
{
    const struct tls *t = &c->d->tls;
    const struct tls_stores stores = tls_stores(t);
    const struct secret_key keys[] = {
        { "keystore", stores.key, "keystore.p12" }, { "truststore", stores.trust, "truststore.p12" },
        { "password.key", t->password.key, "password" } };
    for (size_t i = 0; i < (t->password.secret == NULL ? 3 : 2); i++)
        secret_key(c, keys, i);
    if (t->password.secret != NULL)
        secret_key(c, &keys[2], 0);
}

static void secret_keys(const struct check *c)
{
    if (c->d->tls.enabled && c->d->tls.type == STORE_PEM)
        pem_keys(c);
    else if (c->d->tls.enabled && c->d->tls.source == TLS_EXISTING)
        store_keys(c);
}

/* ---- key stores ------------------------------------------------------------------------------------------ */

static void store_source(const struct check *c)
{
    const struct tls *t = &c->d->tls;
    if (!t->enabled || t->type == STORE_PEM || t->source == TLS_EXISTING)
        return;
    struct diag *e = diag_at(c->cx, E_TLS_STORE, place(c->d, "tls.type"), "%s makes no key stores: Kafka reads PEM",
                             t->source == TLS_GENERATED ? "`gregor pki`" : "cert-manager, as gregor asks it,");
    diag_hint(c->cx, e, "leave 'type' out");
}

static void store_zookeeper(const struct check *c)
{
    if (!c->d->tls.enabled || c->d->tls.type == STORE_PEM || c->kraft
        || (!c->d->zookeeper.tls && c->d->zookeeper.auth != ZAUTH_MTLS))
        return;
    struct diag *e = diag_at(c->cx, E_TLS_STORE_ZOOKEEPER, place(c->d, "tls.type"),
                             "ZooKeeper would need the password of the stores in its configuration");
    diag_hint(c->cx, e, "use PEM, which needs none: leave 'type' out");
}

static void store_unused(const struct check *c)
{
    static const char *const fields[] = { "keystore", "truststore", "password" };
    for (size_t i = 0; i < 3; i++) {
        if (!c->d->tls.enabled || c->d->tls.type != STORE_PEM || !check_own(c, "tls.%s", fields[i]))
            continue;
        struct diag *w = diag_at(c->cx, W_TLS_STORE, place(c->d, "tls.%s", fields[i]), "'tls.%s' has no effect: the Secrets hold PEM",
                                 fields[i]);
        diag_hint(c->cx, w, "write type: pkcs12 or type: jks, or remove it");
    }
}

static void store_password(const struct check *c)
{
    const char *name = c->d->tls.password.secret, *bad = name == NULL ? NULL : k8s_bad_subdomain(name);
    if (!c->d->tls.enabled || c->d->tls.type == STORE_PEM || bad == NULL)
        return;
    struct diag *e = diag_at(c->cx, E_TLS_SECRET, place(c->d, "tls.password.secret"), "no Secret can be called '%s', which %s", name, bad);
    diag_hint(c->cx, e, "leave 'secret' out when the Secret of the stores holds the password as well");
}

/* ---- the name of the nodes ----------------------------------------------------------------------------- */

#define LONGEST_COMMON_NAME 64

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

/* Empty texts and control characters were refused when the field was read. */
static const char *bad_common_name(const char *s)
{
    if (strpbrk(s, ",+;=<>\"'\\") != NULL)
        return "holds a character that has a meaning in names of certificates";
    if (s[0] == ' ' || s[0] == '#' || str_ends(s, " "))
        return "begins or ends with a character that names of certificates escape";
    return characters(s) > LONGEST_COMMON_NAME ? "has more than 64 characters" : NULL;
}

static void principal(const struct check *c)
{
    static const char *const known[] = { "{name}", "{namespace}", NULL };
    const struct pos at = place(c->d, "tls.principal");
    if (!c->d->tls.enabled || misses_placeholder(c, "principal", c->d->tls.principal, known,
                                                 "use {name}, the cluster, or {namespace}"))
        return;
    const char *name = tls_principal(c->cx->a, c->d);
    const int64_t user = check_find(&c->d->super_users, name);
    if (bad_common_name(name) != NULL) {
        struct diag *e = diag_at(c->cx, E_PRINCIPAL, at, "no node can be called '%s': it %s", name, bad_common_name(name));
        diag_hint(c->cx, e, "leave 'principal' out: the default is the name of the cluster");
    } else if (user >= 0) {
        struct diag *e = diag_at(c->cx, E_PRINCIPAL_USER, place(c->d, "superUsers[%u]", (unsigned)user),
                                 "'%s' is the name of the nodes", name);
        diag_hint(c->cx, e, "remove it: nodes are super users already; a person needs a name of their own");
    }
}

/* ---- names that nobody checks ---------------------------------------------------------------------------- */

/* An empty algorithm is the one that checks nothing; gregor plans and proves the names that https wants. */
static void unchecked_names(const struct check *c, const struct val *config)
{
    for (uint32_t i = 0; config != NULL && i < config->len; i++) {
        const char *key = config->map[i].key;
        if (!str_ends(key, "ssl.endpoint.identification.algorithm") || config->map[i].v.s[0] != '\0')
            continue;
        struct diag *w = diag_at(c->cx, W_TLS_NAMES, tree_key_at(config, i),
                                 "whoever has any certificate of the authority can pose as a broker to the others");
        diag_hint(c->cx, w, "remove '%s', and let each certificate hold the names of its node", key);
    }
}

static void names_of_peers(const struct check *c)
{
    if (!c->d->tls.enabled)
        return;
    unchecked_names(c, c->d->kafka.config);
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (!c->pools[i].is_zookeeper)
            unchecked_names(c, c->pools[i].pool->config);
}

check_rule *const check_certificates[] = { no_issuer, issuer_unused, folder_unused, secret, secret_keys, store_source, store_zookeeper, store_unused,
    store_password, principal, names_of_peers, NULL };
