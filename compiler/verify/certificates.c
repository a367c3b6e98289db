#include "verify/certificates.h"

#include "cluster/cluster.h"

#include <inttypes.h>

#define SOON (30 * PKI_DAY)

/* One Secret's certificate while it is judged. */
struct judge {
    struct ctx               *cx;
    const struct plan        *p;
    const struct certificate *c;
    const struct pki_chain   *chain, *trusted;
};

static struct pos at_folder(const struct plan *p)
{
    return place(p->d, written(p->d, "tls.folder") ? "tls.folder" : "tls.source");
}

static bool is_generated(const struct plan *p)
{
    return p->d->tls.source == TLS_GENERATED;
}

static const char *command(const struct judge *j)
{
    return str_join(j->cx->a, "gregor pki ", j->cx->arguments == NULL ? "FILE" : j->cx->arguments, NULL);
}

/* What to do: gregor makes the files, or somebody else does. */
static void hint(const struct judge *j, struct diag *d, const char *others)
{
    if (is_generated(j->p))
        diag_hint(j->cx, d, "run `%s`", command(j));
    else
        diag_hint(j->cx, d, "%s", others);
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static void tell_problem(const struct judge *j, const struct certificate_file *f, const char *key)
{
    struct diag *e = f->missing ? diag_at(j->cx, E_CERT_MISSING, at_folder(j->p), "there is no '%s'", f->path)
                                : diag_at(j->cx, E_CERT_FILE, at_folder(j->p), "'%s' %s", f->path, f->problem);
    if (f->missing)
        hint(j, e, str_join(j->cx->a, "copy it from the Secret: the key ", key, "; or remove 'folder': nothing is checked then", NULL));
    else if (str_starts(f->problem, "cannot be read"))
        diag_hint(j->cx, e, "name a folder beside the description, or below it, that you may read");
    else
        diag_hint(j->cx, e, "a file of certificates is PEM text: the leaf first, then who signed it; the key stands elsewhere");
}

/* ---- one certificate ------------------------------------------------------------------------------------------------ */

/* What renews it, when gregor made it. */
static void hint_renewal(const struct judge *j, struct diag *d, const struct pki_certificate *c, const char *leaf_options)
{
    const char *options = c->is_ca ? "--rotate-ca trust " : leaf_options;
    if (is_generated(j->p))
        diag_hint(j->cx, d, "run `gregor pki %s%s`", options, j->cx->arguments == NULL ? "FILE" : j->cx->arguments);
    else
        diag_hint(j->cx, d, "renew it, and the copy");
}

static void judge_dates(const struct judge *j, const struct pki_certificate *c, const char *path)
{
    const int64_t now = j->cx->now;
    struct diag *d;
    if (now == 0)
        return;
    if (c->not_after <= now) {
        d = diag_at(j->cx, E_CERT_DATES, at_folder(j->p), "the certificate of '%s' in '%s' ended on %s", c->subject, path,
                    pki_date(j->cx->a, c->not_after));
        hint_renewal(j, d, c, "");
    } else if (c->not_before > now) {
        d = diag_at(j->cx, E_CERT_DATES, at_folder(j->p), "the certificate of '%s' in '%s' begins on %s", c->subject, path,
                    pki_time(j->cx->a, c->not_before));
        diag_hint(j->cx, d, "look at the clock of this machine, or wait");
    } else if (c->not_after - now < SOON) {
        d = diag_at(j->cx, W_CERT_SOON, at_folder(j->p), "the certificate of '%s' in '%s' ends in %" PRId64 " days, on %s",
                    c->subject, path, (c->not_after - now) / PKI_DAY, pki_date(j->cx->a, c->not_after));
        hint_renewal(j, d, c, "--renew 30 ");
    }
}

/* The curves that TLS of Java has, since 16 the only ones at all; with another a broker finds no way to sign and does not start. */
static bool is_curve_of_java(const struct pki_certificate *c)
{
    return str_eq(c->curve, "P-256") || str_eq(c->curve, "P-384") || str_eq(c->curve, "P-521");
}

/* NIST SP 800-57: 112 bits of strength; Kafka's reader of PEM keys knows RSA, DSA and EC alone. */
static const char *weakness(struct arena *a, const struct pki_certificate *c)
{
    if (c->key == PKI_OTHER)
        return "has a key of a kind that Kafka does not read: neither RSA nor EC";
    if (c->key == PKI_EC && !is_curve_of_java(c))
        return "has an EC key on another curve than P-256, P-384 and P-521";
    if (c->key == PKI_RSA && c->bits > 0 && c->bits < 2048)
        return str_join(a, "has an RSA key of ", str_int(a, c->bits), " bits", NULL);
    if (c->digest != NULL && (strcmp(c->digest, "SHA-1") == 0 || strcmp(c->digest, "MD5") == 0))
        return str_join(a, "is signed with ", c->digest, NULL);
    return NULL;
}

static bool is_root(const struct pki_certificate *c)
{
    return pki_issued_by(c, c);
}

/* The signature of a root proves nothing, so its digest does not matter. */
static void judge_strength(const struct judge *j, const struct pki_certificate *c, const char *path)
{
    const char *weak = weakness(j->cx->a, c);
    if (weak == NULL || (is_root(c) && str_starts(weak, "is signed")))
        return;
    struct diag *e = diag_at(j->cx, E_CERT_WEAK, at_folder(j->p), "the certificate of '%s' in '%s' %s", c->subject, path, weak);
    diag_hint(j->cx, e, "use EC keys on P-256, or RSA of 2048 bits or more, and SHA-256");
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

/* The field that asks for the name; names of pods and Services come from nowhere in particular. */
static struct pos at_name(const struct judge *j, const char *name)
{
    const struct plan *p = j->p;
    for (uint32_t x = 0; x < p->exposed_count; x++) {
        const struct listener *l = p->exposed[x].listener;
        const unsigned i = (unsigned)(l - p->d->listeners);
        if (str_eq(p->exposed[x].bootstrap.host, name))
            return place(p->d, "listeners[%u].bootstrap", i);
        for (uint32_t w = 0; w < p->workload_count; w++)
            for (uint32_t n = 0; p->workloads[w].is_broker && n < p->workloads[w].node_count; n++)
                if (str_eq(p->workloads[w].nodes[n].addresses[x].host, name))
                    return place(p->d, "listeners[%u].host", i);
    }
    return at_folder(p);
}

/* A pod's name without the domain of the cluster. */
static bool is_short_pod(const struct judge *j, const char *name)
{
    const struct certificate *c = j->c;
    return c->node != NULL && str_eq(name, str_join(j->cx->a, c->node->pod, ".", c->first->headless, ".", j->p->d->namespace_, ".svc",
                                                    NULL));
}

/* Short forms that nobody advertises: gregor's own certificates have them, those of others need not. */
static bool is_optional(const struct judge *j, const char *name)
{
    const char *service = j->c->first->component == COMP_ZOOKEEPER ? j->p->zookeeper_service : j->p->bootstrap_service;
    const bool ours = str_eq(name, service) || str_starts(name, "*.") || is_short_pod(j, name)
                   || str_starts(name, str_join(j->cx->a, service, ".", NULL));
    return !is_generated(j->p) && ours && !str_ends(name, str_join(j->cx->a, ".svc.", j->p->d->cluster_domain, NULL));
}

/* A wildcard of pods may be given as the name of each pod. Returns the first that is missing, or NULL. */
static const char *missing_pod(const struct judge *j, const char *wildcard)
{
    for (uint32_t i = 0; i < j->p->workload_count; i++) {
        const struct workload *w = &j->p->workloads[i];
        for (uint32_t n = 0; n < w->node_count; n++) {
            const char *name = str_join(j->cx->a, w->nodes[n].pod, wildcard + 1, NULL);
            if (str_eq(w->nodes[n].secret, j->c->secret) && !pki_covers(&j->chain->at[0], name))
                return name;
        }
    }
    return NULL;
}

/* What is missing of a name that is planned, or NULL. */
static const char *missing(const struct judge *j, const char *name)
{
    if (pki_covers(&j->chain->at[0], name) || is_optional(j, name))
        return NULL;
    return str_starts(name, "*.") && !is_generated(j->p) ? missing_pod(j, name) : name;
}

/* The first that is missing, and how many are. */
static const char *missing_names(const struct judge *j, uint32_t *count)
{
    const struct certificate *c = j->c;
    const char *first = NULL;
    *count = 0;
    for (uint32_t i = 0; i < c->dns_count + c->ip_count; i++) {
        const char *name = missing(j, i < c->dns_count ? c->dns[i] : c->ip[i - c->dns_count]);
        first = first == NULL ? name : first;
        *count += name != NULL;
    }
    return first;
}

static void judge_names(const struct judge *j)
{
    uint32_t count;
    const char *name = missing_names(j, &count);
    if (name == NULL)
        return;
    struct diag *e = diag_at(j->cx, E_CERT_NAMES, at_name(j, name), "the certificate in '%s' is not for '%s'%s", j->c->file.path, name,
                             count < 2 ? "" : str_join(j->cx->a, " and ", str_int(j->cx->a, count - 1), count == 2 ? " more name"
                                                       : " more names", NULL));
    hint(j, e, "have it signed with these subject alternative names; `gregor build --dump plan` lists the hosts");
}

static void judge_principal(const struct judge *j)
{
    const struct pki_certificate *leaf = &j->chain->at[0];
    if (str_eq(leaf->common_name, j->p->tls.principal))
        return;
    struct diag *e = diag_at(j->cx, E_CERT_PRINCIPAL, written(j->p->d, "tls.principal") ? place(j->p->d, "tls.principal")
                                                                                       : at_folder(j->p),
                             "'%s' is the certificate of '%s', and nodes are called '%s'", j->c->file.path, leaf->subject,
                             j->p->tls.principal);
    hint(j, e, "write principal: the common name of the certificates, which all nodes share");
}

static void judge_purpose(const struct judge *j)
{
    const struct pki_certificate *leaf = &j->chain->at[0];
    if (leaf->server && leaf->client)
        return;
    struct diag *e = diag_at(j->cx, E_CERT_PURPOSE, at_folder(j->p), "the certificate in '%s' is not for %s", j->c->file.path,
                             leaf->server ? "clients, and brokers are clients of each other" : "servers");
    diag_hint(j->cx, e, "have it signed for serverAuth and clientAuth");
}

/* ---- the chain --------------------------------------------------------------------------------------------------------- */

static bool judge_order(const struct judge *j)
{
    const struct pki_chain *chain = j->chain;
    for (uint32_t i = 0; i + 1 < chain->len; i++) {
        if (pki_issued_by(&chain->at[i], &chain->at[i + 1]))
            continue;
        struct diag *e = diag_at(j->cx, E_CERT_CHAIN, at_folder(j->p), "in '%s' '%s' did not sign what stands before it, '%s'",
                                 j->c->file.path, chain->at[i + 1].subject, chain->at[i].subject);
        diag_hint(j->cx, e, "order it: the leaf, who signed it, who signed that");
        return false;
    }
    return true;
}

static bool same(const struct pki_certificate *a, const struct pki_certificate *b)
{
    return a->der.len == b->der.len && memcmp(a->der.at, b->der.at, a->der.len) == 0;
}

/* Who is trusted and signed the top of the chain, or is it; NULL: nobody. */
static const struct pki_certificate *anchor(const struct judge *j)
{
    const struct pki_certificate *top = &j->chain->at[j->chain->len - 1];
    for (uint32_t i = 0; i < j->trusted->len; i++)
        if (same(top, &j->trusted->at[i]) || pki_issued_by(top, &j->trusted->at[i]))
            return &j->trusted->at[i];
    return NULL;
}

static void judge_trust(const struct judge *j)
{
    const struct pki_certificate *by = j->trusted->len == 0 ? NULL : anchor(j);
    struct diag *e;
    if (j->trusted->len == 0)
        return;
    if (by == NULL) {
        e = diag_at(j->cx, E_CERT_TRUST, at_folder(j->p), "nobody in '%s' signed '%s'", j->p->trusted.path, j->c->file.path);
        diag_hint(j->cx, e, "let the file of trusted certificates hold who signed the top of the chain");
        return;
    }
    judge_dates(j, by, j->p->trusted.path);
    if (by->is_ca && by->may_sign)
        return;
    e = diag_at(j->cx, E_CERT_AUTHORITY, at_folder(j->p), "'%s' in '%s' may sign no certificates", by->subject, j->p->trusted.path);
    diag_hint(j->cx, e, "an authority's certificate has basicConstraints CA:TRUE, and keyCertSign among its key usages");
}

static void judge(const struct judge *j)
{
    for (uint32_t i = 0; i < j->chain->len; i++) {
        judge_dates(j, &j->chain->at[i], j->c->file.path);
        judge_strength(j, &j->chain->at[i], j->c->file.path);
    }
    if (j->chain->at[0].is_ca && j->chain->len > 1) {
        judge_order(j); /* most likely it stands upside down: its names would be those of an authority */
        return;
    }
    judge_names(j);
    judge_principal(j);
    judge_purpose(j);
    if (judge_order(j))
        judge_trust(j);
}

/* ---- all of them --------------------------------------------------------------------------------------------------------- */

/* Nothing was made yet: one finding is enough. */
static bool nothing_there(const struct plan *p)
{
    for (uint32_t i = 0; i < p->certificate_count; i++)
        if (!p->certificates[i].file.missing)
            return false;
    return p->trusted.missing && p->certificate_count > 0;
}

static void tell_nothing(const struct judge *j)
{
    const char *folder = tls_folder(j->p->d);
    struct diag *e = diag_at(j->cx, E_CERT_MISSING, at_folder(j->p), "there are no certificates in '%s'", folder);
    hint(j, e, "copy ca.crt and the certificates from the Secrets, as <secret>.crt; or remove 'folder': nothing is checked then");
}

bool verify_certificates(struct ctx *cx, const struct plan *p)
{
    const uint32_t before = cx->error_count;
    struct judge j = { .cx = cx, .p = p, .trusted = &p->trusted.chain };
    if (p->trusted.path == NULL)
        return true;
    if (nothing_there(p)) {
        tell_nothing(&j);
        return false;
    }
    if (p->trusted.problem != NULL)
        tell_problem(&j, &p->trusted, p->d->tls.ca);
    for (uint32_t i = 0; i < p->trusted.chain.len; i++)
        judge_strength(&j, &p->trusted.chain.at[i], p->trusted.path);
    for (uint32_t i = 0; i < p->certificate_count; i++) {
        j.c     = &p->certificates[i];
        j.chain = &j.c->file.chain;
        if (j.c->file.problem != NULL)
            tell_problem(&j, &j.c->file, p->d->tls.certificate);
        else
            judge(&j);
    }
    return cx->error_count == before;
}
