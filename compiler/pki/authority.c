#include "pki/authority.h"

#include "base/text.h"

/* ---- questions ---------------------------------------------------------------------------------------------------- */

bool authority_owns(const char *file)
{
    return strcmp(file, AUTHORITY_CRT) == 0 || strcmp(file, AUTHORITY_NEXT_CRT) == 0 || strcmp(file, AUTHORITY_OLD_CRT) == 0;
}

static bool same(struct pki_bytes a, struct pki_bytes b)
{
    return a.len == b.len && a.len > 0 && memcmp(a.at, b.at, a.len) == 0;
}

static bool signed_by(const struct store *f, const struct pki_certificate *c, const struct pki_certificate *by)
{
    if (!pki_issued_by(c, by))
        return false;
    return f->signer.key != NULL && same(by->der, f->signer.certificate) ? pki_signed_with(&f->signer, c->der)
                                                                         : pki_signed_by(c->der, by->der);
}

bool authority_signed(const struct store *f, const struct pki_certificate *c)
{
    if (f->o->rotate == ROTATE_KEYS)
        return signed_by(f, c, &f->signer_certificate);
    for (uint32_t i = 0; i < f->bundle.len; i++)
        if (signed_by(f, c, &f->bundle.at[i]))
            return true;
    return false;
}

static bool holds(const struct pki_chain *chain, const struct pki_certificate *c)
{
    for (uint32_t i = 0; i < chain->len; i++)
        if (same(chain->at[i].der, c->der))
            return true;
    return false;
}

/* ---- making --------------------------------------------------------------------------------------------------------- */

/* "orders CA", then "orders CA 2": two authorities of one name are hard to tell apart for people and programs. */
static const char *next_name(struct store *f)
{
    const char *now = f->signer_certificate.common_name, *blank = now == NULL ? NULL : strrchr(now, ' ');
    int64_t n = 0;
    for (const char *p = blank == NULL ? "" : blank + 1; *p != '\0' && n >= 0; p++)
        n = *p >= '0' && *p <= '9' && n < 100000 ? n * 10 + (*p - '0') : -1;
    if (n > 0)
        return str_join(f->a, arena_dup(f->a, now, (size_t)(blank - now)), " ", str_int(f->a, n + 1), NULL);
    return str_join(f->a, now == NULL ? f->o->authority : now, " 2", NULL);
}

/* Makes the certificate of an authority, and its key unless there is one; the key is written first. */
static bool make(struct store *f, const char *name, const char *key_file, struct pki_bytes *key, struct pki_chain *chain)
{
    const struct store_order *o = f->o;
    const struct pki_request r = { .key = *key, .kind = o->kind, .bits = o->bits, .common_name = name,
        .not_before = o->now - AUTHORITY_SLACK, .not_after = o->now + STORE_CA_DAYS * PKI_DAY };
    struct pki_made made;
    const char *why;
    uint32_t line;
    if (!pki_make(f->a, &r, NULL, &made, &why))
        return store_fail(f, key_file, str_join(f->a, "cannot be made: ", why, NULL));
    if (key->len == 0 && !store_write(f, key_file, pki_pem(f->a, "PRIVATE KEY", made.key), true, "made"))
        return false;
    const char *pem = pki_pem(f->a, "CERTIFICATE", made.certificate);
    *key = made.key;
    return pki_read(f->a, pem, strlen(pem), chain, &line, &why) || store_fail(f, key_file, why);
}

static const char *pem_of(struct arena *a, const struct pki_chain *chain)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < chain->len; i++)
        text_add(&t, pki_pem(a, "CERTIFICATE", chain->at[i].der));
    return text_str(&t);
}

static bool write_chain(struct store *f, const char *file, const struct pki_chain *chain, const char *what)
{
    return store_write(f, file, pem_of(f->a, chain), false, what);
}

/* ---- what is there -------------------------------------------------------------------------------------------------- */

static bool read_files(struct store *f)
{
    return store_read_key(f, AUTHORITY_KEY, &f->key) && store_read_chain(f, AUTHORITY_CRT, &f->bundle)
        && store_read_key(f, AUTHORITY_NEXT_KEY, &f->next_key) && store_read_chain(f, AUTHORITY_NEXT_CRT, &f->next)
        && store_read_chain(f, AUTHORITY_OLD_CRT, &f->old);
}

static bool make_first(struct store *f)
{
    if (f->bundle.len > 0)
        return true;
    if (!make(f, f->o->authority, AUTHORITY_KEY, &f->key, &f->bundle))
        return false;
    return write_chain(f, AUTHORITY_CRT, &f->bundle, store_until(f->a, "made", f->bundle.at[0].not_after));
}

/* A run of KEYS that was killed right before its end. */
static bool drop_taken(struct store *f)
{
    if (!same(f->key, f->next_key))
        return true;
    f->next_key.len = f->next.len = 0;
    return store_remove(f, AUTHORITY_NEXT_KEY) && store_remove(f, AUTHORITY_NEXT_CRT);
}

/* The certificate of the bundle that the key belongs to. Without a key the authority is elsewhere, and nothing can be signed. */
static bool choose_signer(struct store *f)
{
    const char *why;
    if (f->key.len == 0)
        return true;
    for (uint32_t i = 0; i < f->bundle.len; i++) {
        if (!pki_key_fits(f->key, f->bundle.at[i].der))
            continue;
        f->signer_certificate = f->bundle.at[i];
        return pki_signer_open(f->a, &f->signer, f->bundle.at[i].der, f->key, &why) || store_fail(f, AUTHORITY_KEY, why);
    }
    return store_fail(f, AUTHORITY_KEY, "belongs to no certificate in ca.crt");
}

/* ---- the three steps ------------------------------------------------------------------------------------------------ */

/* Also finishes a run of TRUST that was killed: what is there already is taken as it is. */
static bool trust(struct store *f)
{
    if (f->old.len > 0)
        return store_fail(f, AUTHORITY_OLD_CRT, "is still trusted: the last change of the authority needs --rotate-ca finish first");
    if (f->key.len == 0)
        return store_fail(f, AUTHORITY_KEY, "is not there: who holds the authority has to change it");
    if (f->next.len == 0 || f->next_key.len == 0) {
        if (!make(f, next_name(f), AUTHORITY_NEXT_KEY, &f->next_key, &f->next))
            return false;
        if (!write_chain(f, AUTHORITY_NEXT_CRT, &f->next, store_until(f->a, "made", f->next.at[0].not_after)))
            return false;
    }
    if (holds(&f->bundle, &f->next.at[0]))
        return true;
    if (f->bundle.len == PKI_MAX_CHAIN)
        return store_fail(f, AUTHORITY_CRT, "is full");
    f->bundle.at[f->bundle.len++] = f->next.at[0];
    return write_chain(f, AUTHORITY_CRT, &f->bundle, "trusts the new authority beside the old one");
}

static bool begin_keys(struct store *f)
{
    const char *why;
    const struct pki_chain old = { &f->signer_certificate, 1 };
    if (f->next.len == 0 && f->old.len > 0)
        return true; /* done before */
    if (f->next.len == 0 || f->next_key.len == 0 || !holds(&f->bundle, &f->next.at[0]))
        return store_fail(f, AUTHORITY_CRT, "does not trust a new authority yet: --rotate-ca trust comes first");
    if (f->signer.key == NULL)
        return store_fail(f, AUTHORITY_KEY, "is not there");
    if (!write_chain(f, AUTHORITY_OLD_CRT, &old, "made: the old authority, until --rotate-ca finish"))
        return false;
    pki_signer_close(&f->signer);
    f->signer_certificate = f->next.at[0];
    return pki_signer_open(f->a, &f->signer, f->next.at[0].der, f->next_key, &why) || store_fail(f, AUTHORITY_NEXT_KEY, why);
}

static bool end_keys(struct store *f)
{
    if (f->next.len == 0)
        return true;
    return store_write(f, AUTHORITY_KEY, pki_pem(f->a, "PRIVATE KEY", f->next_key), true, "is the new authority's")
        && store_remove(f, AUTHORITY_NEXT_KEY) && store_remove(f, AUTHORITY_NEXT_CRT);
}

static bool begin_finish(struct store *f)
{
    if (f->next.len > 0)
        return store_fail(f, AUTHORITY_NEXT_CRT, "has signed nothing yet: --rotate-ca keys comes first");
    return f->old.len > 0 || store_fail(f, AUTHORITY_CRT, "holds no old authority: there is nothing to finish");
}

/* Whoever shows a certificate of the old authority would be shut out. */
static bool nobody_left(struct store *f)
{
    const struct others others = store_others(f);
    struct pki_chain chain;
    for (size_t i = 0; i < f->o->want_count + others.len; i++) {
        const char *file = i < f->o->want_count ? str_join(f->a, f->o->wants[i].file, ".crt", NULL)
                                                : others.at[i - f->o->want_count];
        if (!store_read_chain(f, file, &chain))
            return false;
        for (uint32_t n = 0; chain.len > 0 && n < f->old.len; n++)
            if (signed_by(f, &chain.at[0], &f->old.at[n]))
                return store_fail(f, file, "is signed by the old authority: sign it anew, or move it out of the folder");
    }
    return true;
}

static bool end_finish(struct store *f)
{
    struct pki_chain left = { NEWS(f->a, struct pki_certificate, f->bundle.len), 0 };
    if (!nobody_left(f))
        return false;
    for (uint32_t i = 0; i < f->bundle.len; i++)
        if (!holds(&f->old, &f->bundle.at[i]))
            left.at[left.len++] = f->bundle.at[i];
    return write_chain(f, AUTHORITY_CRT, &left, "trusts the new authority alone") && store_remove(f, AUTHORITY_OLD_CRT);
}

bool authority_begin(struct store *f)
{
    if (!read_files(f) || !make_first(f) || !drop_taken(f) || !choose_signer(f))
        return false;
    switch (f->o->rotate) {
    case ROTATE_TRUST:  return trust(f);
    case ROTATE_KEYS:   return begin_keys(f);
    case ROTATE_FINISH: return begin_finish(f);
    default:            return true;
    }
}

bool authority_end(struct store *f)
{
    return f->o->rotate == ROTATE_KEYS ? end_keys(f) : f->o->rotate == ROTATE_FINISH ? end_finish(f) : true;
}
